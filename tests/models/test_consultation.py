"""The as-of rule of docs/data-model.md, line by line, and what holds a status together."""

import datetime

import pytest
from django.db import IntegrityError

from engagement.models import ConsultativeStatus, Organization, StatusState
from tests.factories import make_invitation, make_meeting, make_organization, make_status

pytestmark = pytest.mark.django_db

DAY = datetime.date(2006, 11, 15)
DAY_BEFORE = datetime.date(2006, 11, 14)


def counts(status: ConsultativeStatus, day: datetime.date) -> bool:
    return ConsultativeStatus.objects.published().on(day).filter(pk=status.pk).exists()


def test_the_ituc_has_no_status_on_14_november_2006_and_general_status_on_the_15th() -> None:
    ituc = Organization.objects.get(acronym="ITUC")
    assert not ituc.statuses.published().on(DAY_BEFORE).exists()
    assert ituc.statuses.published().on(DAY).get().category.slug == "general"


def test_a_status_granted_and_not_ended_counts_from_its_first_day_on() -> None:
    status = make_status(granted="2006-11-15")
    assert [counts(status, day) for day in (DAY_BEFORE, DAY, datetime.date(2100, 1, 1))] == [False, True, True]


def test_a_status_granted_in_a_year_counts_from_the_first_day_of_that_year() -> None:
    status = make_status(granted="2006")
    assert counts(status, datetime.date(2006, 1, 1))
    assert not counts(status, datetime.date(2005, 12, 31))


def test_a_status_ended_on_a_day_counts_no_more_on_that_day() -> None:
    status = make_status(granted="1990", ended="2006-11-15")
    assert counts(status, DAY_BEFORE)
    assert not counts(status, DAY)


def test_a_status_ended_in_a_month_counts_until_that_month_is_over() -> None:
    status = make_status(granted="1990", ended="2006-11")
    assert counts(status, DAY)
    assert not counts(status, datetime.date(2006, 12, 1))


def test_a_status_merely_stated_counts_inside_the_date_of_its_source_and_on_no_other_day() -> None:
    status = make_status(as_of="2002-05")
    inside = [datetime.date(2002, 5, 1), datetime.date(2002, 5, 31)]
    outside = [datetime.date(2002, 4, 30), datetime.date(2002, 6, 1), datetime.date.today()]
    assert all(counts(status, day) for day in inside)
    assert not any(counts(status, day) for day in outside)


def test_a_status_without_any_date_counts_on_no_day() -> None:
    status = make_status()
    assert not counts(status, datetime.date.today())
    assert status.state() == StatusState.UNDATED


def test_a_decade_is_a_date() -> None:
    status = make_status(granted="194X")
    assert counts(status, datetime.date(1940, 1, 1))
    assert status.state() == StatusState.CURRENT


def test_the_handbook_of_2002_makes_no_status_current() -> None:
    from_handbook = ConsultativeStatus.objects.filter(source__slug="mrg-handbook-2002")
    assert from_handbook.count() == 11
    assert {status.state() for status in from_handbook} == {StatusState.STATED}
    assert not from_handbook.current().exists()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"granted": "2006-11-15"}, StatusState.CURRENT),
        ({"granted": "1990", "ended": "2001"}, StatusState.FORMER),
        ({"ended": "2001"}, StatusState.FORMER),
        ({"as_of": "2002-05"}, StatusState.STATED),
        ({}, StatusState.UNDATED),
        ({"granted": "2199"}, None),
        ({"ended": "2199"}, None),
    ],
)
def test_a_status_is_in_one_state_at_most_and_in_the_same_in_python_and_in_the_database(
    fields: dict[str, str], state: StatusState | None
) -> None:
    status = make_status(**fields)
    own = ConsultativeStatus.objects.filter(pk=status.pk)
    assert status.state() == state
    assert [each for each in StatusState if own.in_state(each).exists()] == [each for each in [state] if each]


def test_a_status_cannot_end_before_it_begins() -> None:
    with pytest.raises(IntegrityError):
        make_status(granted="2006", ended="1999")


def test_an_organization_stands_on_a_day_by_an_invitation_to_a_meeting_that_spans_it() -> None:
    meeting = make_meeting(start="1998-06-02", end="1998-06-18")
    body = make_invitation(meeting=meeting).organization
    standing = Organization.objects.published()
    assert standing.on(datetime.date(1998, 6, 2)).filter(pk=body.pk).exists()
    assert standing.on(datetime.date(1998, 6, 18)).filter(pk=body.pk).exists()
    assert not standing.on(datetime.date(1998, 6, 19)).filter(pk=body.pk).exists()


def test_a_meeting_without_an_end_spans_its_first_date_as_written() -> None:
    body = make_invitation(meeting=make_meeting(start="2011-10")).organization
    standing = Organization.objects.published().filter(pk=body.pk)
    assert standing.on(datetime.date(2011, 10, 31)).exists()
    assert not standing.on(datetime.date(2011, 11, 1)).exists()


def test_facts_of_a_withdrawn_organization_are_withdrawn_with_it() -> None:
    status = make_status(granted="2000", organization=make_organization(published=False))
    assert not ConsultativeStatus.objects.published().filter(pk=status.pk).exists()


def test_a_blank_key_is_made_on_saving_and_a_taken_one_gets_a_number() -> None:
    first, second = make_organization(name="Same name"), make_organization(name="Same name")
    assert (first.slug, second.slug) == ("same-name", "same-name-2")
