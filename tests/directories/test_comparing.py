"""What differs between two days, by the rule of "as of a day"."""

import datetime
from typing import Any

import pytest
from django.http import QueryDict

from engagement.directories.comparing import (
    MOST_SHOWN,
    CompareQuestion,
    Comparison,
    Renaming,
    Span,
    compared,
)
from engagement.directories.shown import Shown
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Membership,
    Organization,
    OrganizationLink,
    OrganizationName,
)
from tests.factories import make_country, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2010, 1, 1)


def between(first: str = "2000-01-01", last: str = "2010-01-01") -> Comparison:
    return compared(Span(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)))


def of(listed: Shown, body: Organization) -> list[ConsultativeStatus]:
    return [status for status in listed.rows if status.organization_id == body.pk]


def category(slug: str) -> ConsultativeCategory:
    return ConsultativeCategory.objects.get(slug=slug)


def make_name(organization: Organization, name: str, **fields: Any) -> OrganizationName:
    defaults = {"kind": "former", "lang": "en", "source": make_source()}
    return OrganizationName.objects.create(organization=organization, name=name, **{**defaults, **fields})


def make_membership(country: Any, **fields: Any) -> Membership:
    return Membership.objects.create(country=country, source=make_source(), **fields)


# -- The question --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", []),
        ("from=2006-11-14&to=2006-11-15", []),
        ("from=2006-11-14", ["to"]),
        ("to=2006-11-14", ["from"]),
        ("from=2006-11-14&to=2006-11-14", ["to"]),
        ("from=2006-11-15&to=2006-11-14", ["to"]),
        ("from=2006-11&to=2006-11-14", ["from"]),
        ("from=2006-11-14&to=2006-02-31", ["to"]),
        ("from=2006-11-14&to=2006-11-15&on=2006-11-15", ["on"]),
        ("from=2006-11-14&from=2006-11-13&to=2006-11-15", ["from"]),
    ],
)
def test_two_days_are_asked_for_the_earlier_first_and_nothing_else(query: str, named: list[str]) -> None:
    assert list(CompareQuestion(QueryDict(query)).problems()) == named


# -- Standing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "joins", "leaves"),
    [
        ({"granted": "2000-01-01"}, False, False),
        ({"granted": "2000-01-02"}, True, False),
        ({"granted": "2010-01-01"}, True, False),
        ({"granted": "2010-01-02"}, False, False),
        ({"granted": "2000"}, False, False),  # a year counts from its first day
        ({"granted": "2000-02"}, True, False),
        ({"granted": "200X"}, False, False),
        ({"granted": "1999", "ended": "2000-01-01"}, False, False),
        ({"granted": "1990", "ended": "2000-01-02"}, False, True),
        ({"granted": "1990", "ended": "2010-01-01"}, False, True),
        ({"granted": "1990", "ended": "2010-01-02"}, False, False),
        ({"granted": "1990", "ended": "2010"}, False, False),  # a year ends with its last day
        ({"granted": "2003", "ended": "2005"}, False, False),
    ],
)
def test_a_standing_is_compared_by_whether_it_counts_on_each_day(
    dates: dict[str, str], joins: bool, leaves: bool
) -> None:
    status = make_status(**dates)
    counts = [ConsultativeStatus.objects.on(day).filter(pk=status.pk).exists() for day in (FIRST, LAST)]
    assert counts == [leaves or (counts[0] and not joins), joins or (counts[1] and not leaves)]
    found = between()
    assert of(found.joined.dated, status.organization) == ([status] if joins else [])
    assert of(found.left.dated, status.organization) == ([status] if leaves else [])
    assert of(found.joined.stated, status.organization) == of(found.left.stated, status.organization) == []


def test_what_is_only_stated_for_one_of_the_days_neither_began_nor_ended() -> None:
    early, late = make_status(as_of="2000-01"), make_status(as_of="2010")
    found = between()
    assert of(found.left.stated, early.organization) == [early]
    assert of(found.joined.stated, late.organization) == [late]
    assert of(found.left.dated, early.organization) == of(found.joined.dated, late.organization) == []


def test_what_is_stated_without_a_grant_and_is_known_to_have_ended_has_ended() -> None:
    status = make_status(as_of="2000", ended="2005")
    assert of(between().left.dated, status.organization) == [status]


def test_two_sources_for_one_standing_are_one_entry_and_the_one_with_the_date() -> None:
    body = make_organization()
    make_status(organization=body, as_of="2010-01")
    granted = make_status(organization=body, granted="2005")
    assert of(between().joined.dated, body) == [granted]
    assert of(between().joined.stated, body) == []


def test_a_standing_that_another_source_still_states_has_not_been_left() -> None:
    body = make_organization()
    make_status(organization=body, granted="1990", ended="2005")
    make_status(organization=body, as_of="2010")
    found = between()
    assert of(found.left.dated, body) == of(found.joined.stated, body) == []


def test_who_left_one_category_and_joined_another_is_shown_once_as_moved() -> None:
    body = make_organization()
    before = make_status(organization=body, granted="1990", ended="2005-03-01")
    after = make_status(organization=body, granted="2005-03-01", category=category("general"))
    found = between()
    assert of(found.joined.dated, body) == of(found.left.dated, body) == []
    [move] = [move for move in found.moved.rows if move.organization == body]
    assert (move.before, move.after) == ([before], [after])


def test_who_holds_one_category_on_and_joins_another_has_joined_and_not_moved() -> None:
    body = make_organization()
    make_status(organization=body, granted="1990")
    joined = make_status(organization=body, granted="2005", category=category("general"))
    found = between()
    assert of(found.joined.dated, body) == [joined]
    assert body not in [move.organization for move in found.moved.rows]


def test_withdrawn_organizations_are_in_no_comparison() -> None:
    body = make_organization(published=False)
    make_status(organization=body, granted="2005")
    make_name(body, "Former", until="2005")
    found = between()
    assert of(found.joined.dated, body) == []
    assert body not in [renaming.organization for renaming in found.renamed.rows]


def test_what_has_no_date_and_what_began_and_ended_in_between_is_told_by_its_number() -> None:
    before = between()
    make_status()
    make_status(granted="2003", ended="2005")
    after = between()
    assert (after.undated - before.undated, after.passing - before.passing) == (1, 1)


def test_a_long_list_shows_its_first_entries_and_the_number_of_all() -> None:
    source, before = make_source(), between().joined.dated.total
    for _each in range(MOST_SHOWN + 3):
        make_status(granted="2005", source=source)
    listed = between().joined.dated
    assert (len(listed.rows), listed.total, listed.is_part) == (MOST_SHOWN, before + MOST_SHOWN + 3, True)


# -- Names, mergers, succession ------------------------------------------------------------------------------------


def renamings_of(body: Organization, **span: str) -> list[tuple[str, str, str]]:
    found: list[Renaming] = [each for each in between(**span).renamed.rows if each.organization == body]
    return [(each.before, each.after, each.date) for each in found]


def test_the_last_former_name_gave_way_to_the_present_one() -> None:
    body = make_organization(name="Present")
    make_name(body, "Former", until="2005-04")
    assert renamings_of(body) == [("Former", "Present", "2005-04")]
    assert renamings_of(body, first="2005-04-30", last="2010-01-01") == [("Former", "Present", "2005-04")]
    assert renamings_of(body, first="2005-05-01", last="2010-01-01") == []
    assert renamings_of(body, last="2005-04-30") == []


def test_a_name_that_took_anothers_place_is_shown_once() -> None:
    body = make_organization(name="Present")
    make_name(body, "First", until="2003")
    make_name(body, "Second", since="2003-06", until="2007")
    assert renamings_of(body) == [("First", "Second", "2003"), ("Second", "Present", "2007")]
    assert renamings_of(body, last="2004-01-01") == [("First", "Second", "2003")]


def test_what_followed_a_name_is_not_guessed_where_another_may_lie_between() -> None:
    body = make_organization(name="Present")
    make_name(body, "First", until="2003")
    make_name(body, "Of unknown date")
    assert renamings_of(body) == [("First", "", "2003")]


def test_names_of_other_kinds_with_dates_are_told_as_far_as_recorded() -> None:
    body = make_organization(name="Present", acronym="P")
    make_name(body, "F", kind="acronym", until="2005")
    make_name(body, "Présent", kind="language", lang="fr", since="2006")
    assert sorted(renamings_of(body)) == [("", "Présent", "2006"), ("F", "P", "2005")]


def test_mergers_and_successions_of_the_span_are_listed_and_undated_ones_counted() -> None:
    one, two, source = make_organization(), make_organization(), make_source()
    before = between()

    def link(kind: str, date: str, **bodies: Organization) -> OrganizationLink:
        given = {"organization": one, "other": two, **bodies}
        return OrganizationLink.objects.create(kind=kind, date=date, source=source, **given)

    merged = link("merged-into", "2006-11-01")
    link("affiliate-of", "2006")
    link("successor-of", "")
    link("successor-of", "2010-02", organization=two, other=one)
    found = between()
    assert [each for each in found.linked.rows if each.source == source] == [merged]
    assert found.undated_links - before.undated_links == 1


# -- Member States -------------------------------------------------------------------------------------------------


def test_member_states_that_joined_left_or_came_back_are_told_apart() -> None:
    new, old, back, stated = (make_country(code) for code in ("XA", "XB", "XC", "XD"))
    joined = make_membership(new, since="2005")
    left = make_membership(old, since="1950", until="2005-12-31")
    make_membership(back, since="1950", until="2003")
    make_membership(back, since="2004")
    spoken = make_membership(stated, as_of="2010-01")
    found = between()
    assert joined in found.members_joined.dated.rows
    assert left in found.members_left.dated.rows
    assert spoken in found.members_joined.stated.rows
    for changed in (found.members_joined, found.members_left):
        assert back not in [spell.country for spell in (*changed.dated.rows, *changed.stated.rows)]


def test_a_withdrawn_country_is_no_member_that_joined() -> None:
    spell = make_membership(make_country("XA", published=False), since="2005")
    assert spell not in between().members_joined.dated.rows
