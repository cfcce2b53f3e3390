"""The standing of one organization as a line of time."""

import datetime
from typing import Any

import pytest

from engagement.models import Attendance, ConsultativeStatus, Organization
from engagement.pictures.scales import Years
from engagement.pictures.timelines import MOST_BARS, MOST_TICKS, Bar, Timeline, timeline
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 6, 30)


def drawn(body: Organization, on: datetime.date | None = None) -> Timeline:
    statuses: Any = ConsultativeStatus.objects.filter(organization=body).for_list()
    invitations: Any = body.invitations.for_list()
    return timeline(statuses, invitations, Attendance.objects.filter(organization=body).for_list(), TODAY, on)


def bar(**dates: str) -> tuple[Bar, Years]:
    """The bar of the one status with these dates, and the years it is drawn in."""
    picture = drawn(make_status(**dates).organization)
    assert picture.years is not None
    return picture.bars[0], picture.years


def test_a_status_known_to_the_day_is_certain_from_its_grant_to_today() -> None:
    status, years = bar(granted="2006-11-15")
    assert status.certain and not status.uncertain and not status.stated
    assert status.certain.at == pytest.approx(years.at(2006 + (10 + 14 / 31) / 12))
    assert status.certain.end == pytest.approx(years.at(2026 + (5 + 29 / 31) / 12))


def test_a_status_granted_in_a_year_is_uncertain_for_that_year_and_certain_after_it() -> None:
    status, years = bar(granted="1993", ended="2001-05-02")
    [begin] = status.uncertain
    assert [begin.at, begin.end] == pytest.approx([0, years.at(1994)])
    assert status.certain and status.certain.at == pytest.approx(begin.end)
    assert status.certain.end == pytest.approx(years.at(2001 + (4 + 1 / 31) / 12))


def test_an_end_known_to_the_month_is_uncertain_for_that_month() -> None:
    status, years = bar(granted="1993-01-01", ended="2001-05")
    [end] = status.uncertain
    assert [end.at, end.end] == pytest.approx([years.at(2001 + 4 / 12), years.at(2001 + 5 / 12)])
    assert status.certain and status.certain.end == pytest.approx(end.at)


def test_a_status_that_began_and_ended_in_one_year_has_no_certain_day() -> None:
    status, years = bar(granted="2006", ended="2006")
    [whole] = status.uncertain
    assert status.certain is None
    assert (whole.at, whole.end) == (years.at(2006), years.at(2007))


def test_a_beginning_that_is_open_goes_on_to_the_side() -> None:
    status, years = bar(granted="../1990")
    [begin] = status.uncertain
    assert begin.at == 0 and begin.end == pytest.approx(years.at(1991))
    assert status.certain and status.certain.at == pytest.approx(begin.end)


def test_what_is_only_stated_is_drawn_inside_the_date_of_its_source_and_not_to_today() -> None:
    status, years = bar(as_of="2010/2015")
    assert status.stated and not status.certain and not status.uncertain
    assert [status.stated.at, status.stated.end] == pytest.approx([years.at(2010), years.at(2016)])
    assert not status.is_point


def test_what_is_stated_for_a_short_time_is_a_point() -> None:
    body = make_status(granted="1950").organization
    make_status(organization=body, as_of="2002-05")
    assert [each.is_point for each in drawn(body).bars] == [False, True]


def test_an_end_without_a_beginning_is_an_end_and_no_bar() -> None:
    body = make_status(granted="1990").organization
    make_status(organization=body, ended="2001-05-02")
    picture = drawn(body)
    ended = next(each for each in picture.bars if each.status.ended)
    assert picture.years is not None
    assert ended.end == pytest.approx(picture.years.at(2001 + (4 + 1 / 31) / 12))
    assert not ended.certain and not ended.uncertain and not ended.stated


def test_what_has_no_date_is_named_and_has_no_place() -> None:
    body = make_status(granted="1990").organization
    undated = make_status(organization=body)
    picture = drawn(body)
    assert picture.undated == [undated]
    assert [each.status for each in picture.bars] != [] and undated not in [each.status for each in picture.bars]
    assert undated in [row for _kind, row in picture.rows]


def test_an_organization_without_any_date_has_no_years() -> None:
    picture = drawn(make_status().organization)
    assert (picture.years, picture.bars, picture.height) == (None, [], 0)
    assert drawn(make_organization()).rows == []


def test_bars_come_in_the_order_in_which_they_may_have_begun() -> None:
    body = make_organization()
    for dates in ({"granted": "2001"}, {"as_of": "1985"}, {"granted": "194X"}, {"ended": "1990"}):
        make_status(organization=body, **dates)
    bars = drawn(body).bars
    assert [each.status.granted or each.status.as_of or each.status.ended for each in bars] == [
        "194X", "1985", "1990", "2001",
    ]  # fmt: skip
    assert [each.y for each in bars] == sorted({each.y for each in bars})


def test_500_meetings_are_a_bounded_number_of_ticks_and_all_in_the_table() -> None:
    body, source = make_organization(), make_source()
    for number in range(500):
        start = f"{1950 + number % 70}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        make_invitation(organization=body, source=source, meeting=make_meeting(source=source, start=start))
    make_invitation(organization=body, source=source, meeting=make_meeting(source=source))
    picture = drawn(body)
    assert len(picture.invitations.ticks) <= MOST_TICKS
    assert picture.invitations.more == 500 - MOST_TICKS
    assert picture.invitations.undated == picture.undated_meetings == 1
    assert len(picture.rows) == 501


def test_meetings_of_one_day_are_one_tick_and_places_lie_in_the_picture() -> None:
    body = make_organization()
    for start in ("2001-06-05", "2001-06-05", "2001-06", "1998"):
        make_invitation(organization=body, meeting=make_meeting(start=start))
    ticks = drawn(body).invitations.ticks
    assert [tick.known for tick in ticks] == [False, True, False]
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)
    assert all(0 <= tick.at <= 1 for tick in ticks)


def test_many_statuses_are_a_bounded_number_of_bars() -> None:
    body, source = make_organization(), make_source()
    for year in range(1950, 2000):
        make_status(organization=body, source=source, granted=str(year))
    picture = drawn(body)
    assert len(picture.bars) == MOST_BARS
    assert len(picture.bars) + picture.more == len(picture.rows) == 50


def test_the_day_asked_for_has_its_place() -> None:
    body = make_status(granted="2000-01-01").organization
    picture = drawn(body, datetime.date(2013, 7, 1))
    assert picture.years is not None
    assert picture.day == pytest.approx(picture.years.at(2013.5))
    assert drawn(body).day is None


def test_a_day_before_everything_is_in_the_picture_too() -> None:
    picture = drawn(make_status(granted="2000").organization, datetime.date(1990, 7, 1))
    assert picture.years is not None and picture.years.first == 1990
