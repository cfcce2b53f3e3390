"""Who is recorded in each category and how its statuses stand: the sets are what the database selects."""

import datetime

import pytest
from django.http import QueryDict
from pyroaring import BitMap

from engagement.directories import organizations, statuses
from engagement.directories.holdings import code_of, firsts_of, holders, invited, recorded, seated, seats, standings
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Country,
    Invitation,
    Organization,
    Seat,
    StatusState,
)
from tests.factories import make_invitation, make_organization, make_status

DAY = datetime.date(2006, 11, 15)
DATES: list[dict[str, str]] = [
    {"granted": "1990"},
    {"granted": "1990", "ended": "2000"},
    {"granted": "2010"},
    {"ended": "2001"},
    {"ended": "2011"},
    {"as_of": "2006"},
    {"as_of": "1999"},
    {},
]


def special() -> ConsultativeCategory:
    return ConsultativeCategory.objects.get(slug="special-list")


@pytest.mark.django_db
@pytest.mark.parametrize("day", [None, DAY])
def test_the_organizations_of_each_category_are_those_with_a_status_that_counts(day: datetime.date | None) -> None:
    for dates in DATES:
        make_status(**dates)
    make_status(organization=make_organization(published=False), granted="1990")
    found = recorded(day)
    for category in ConsultativeCategory.objects.published():
        rows = category.statuses.published()
        held = set((rows.on(day) if day else rows).values_list("organization", flat=True))
        assert set(found.get(category.slug, ())) == held
    assert found["special-list"]


@pytest.mark.django_db
def test_statuses_and_their_organizations_are_told_apart_by_how_they_stand_on_the_day() -> None:
    made = {frozenset(dates.items()): make_status(**dates) for dates in DATES}
    bodies, found, seen = holders(DAY), standings(DAY), standings(DAY, seen=True)
    for state in StatusState:
        rows = special().statuses.published().in_state(state, DAY)
        assert rows.exists()
        assert set(found[code_of("special-list", state)]) == set(rows.values_list("pk", flat=True))
        assert set(bodies[code_of("special-list", state)]) == set(rows.values_list("organization", flat=True))
    later, unbegun = (made[frozenset({dates})].pk for dates in (("granted", "2010"), ("ended", "2011")))
    assert {later, unbegun} <= set(found[code_of("special-list")])
    shown = BitMap.union(*(keys for code, keys in seen.items() if code.startswith(code_of("special-list"))))
    assert set(shown) == set(special().statuses.published().seen_on(DAY).values_list("pk", flat=True))


@pytest.mark.django_db
def test_whoever_was_invited_once_is_among_the_invited() -> None:
    body = make_invitation().organization
    assert body.pk in invited()
    assert set(invited()) == set(Invitation.objects.published().values_list("organization", flat=True))


@pytest.mark.django_db
def test_organizations_are_found_by_the_country_of_any_of_their_seats() -> None:
    for iso2, found in seated().items():
        rows = Seat.objects.published().filter(country__iso2=iso2)
        assert set(found) == set(rows.values_list("organization", flat=True))
        assert set(seats()[iso2]) == set(rows.values_list("pk", flat=True))
    assert "CH" in seated()


@pytest.mark.django_db
@pytest.mark.parametrize("most", [3, 10_000])
def test_the_first_of_some_records_come_in_the_order_of_their_directory(most: int) -> None:
    firsts = firsts_of(organizations)
    for kind in ("international", "national"):
        among = Organization.objects.published().filter(kind=kind)
        keys = list(among.order_by("sort_name", "slug").values_list("pk", flat=True))
        assert firsts(BitMap(keys), most) == keys[:most]
    question = statuses.ask(QueryDict())
    assert firsts_of(statuses)(question.chosen, most) == list(question.qs.values_list("pk", flat=True))[:most]


def test_a_status_that_changes_is_found_where_it_belongs_then(committed_register: None) -> None:
    status = make_status(granted="1990")
    assert status.organization_id in recorded()["special-list"]
    assert status.pk in standings(DAY)[code_of("special-list", "current")]
    ConsultativeStatus.objects.filter(pk=status.pk).update(ended="2000")
    assert status.pk in standings(DAY)[code_of("special-list", "former")]
    assert status.organization_id in holders(DAY)[code_of("special-list", "former")]
    assert status.organization_id not in holders(DAY)[code_of("special-list", "current")]
    seat = Seat.objects.create(
        organization=status.organization, country=Country.objects.get(iso2="CH"), source=status.source
    )
    assert seat.pk in seats()["CH"] and seat.organization_id in seated()["CH"]
    Organization.objects.filter(pk=status.organization_id).update(published=False)
    assert seat.pk not in seats()["CH"] and seat.organization_id not in seated()["CH"]
    assert status.organization_id not in recorded()["special-list"]
    assert status.pk not in BitMap.union(*standings(DAY).values())
