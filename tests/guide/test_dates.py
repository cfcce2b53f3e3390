"""Windows: only what a source publishes, to the day where it does, never further."""

import datetime

import pytest

from engagement.guide.dates import Standing, day_of, days_of_meeting, is_over, window_of
from engagement.models import Meeting

DAY = datetime.date


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (DAY(2023, 1, 1), Standing.COMING),
        (DAY(2023, 1, 2), Standing.OPEN),
        (DAY(2023, 2, 13), Standing.OPEN),
        (DAY(2023, 2, 14), Standing.CLOSED),
    ],
)
def test_a_window_is_open_from_its_first_to_its_last_day(day: DAY, standing: Standing) -> None:
    meeting = Meeting(requests_from="2023-01-02", requests_until="2023-02-13")
    window = window_of(meeting, day)
    assert window and window.standing == standing
    assert window.days == (DAY(2023, 1, 2), DAY(2023, 2, 13))


def test_a_meeting_for_which_no_window_is_published_has_none() -> None:
    assert window_of(Meeting(start="2027-06-01", end="2027-06-12"), DAY(2026, 11, 24)) is None


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2027-01-02", "", (DAY(2027, 1, 2), DAY(2027, 1, 2))),
        ("", "2027-02-13", (DAY(2027, 2, 13), DAY(2027, 2, 13))),
        ("2027-01", "2027-02-13", None),
        ("2027-01-02", "2027-02", None),
        ("2027-01-02~", "2027-02-13", None),
        ("2027-01-02", "2027-02-13?", None),
        ("2027", "2027", None),
    ],
)
def test_a_window_has_days_only_where_what_is_published_are_days(first: str, last: str, days: object) -> None:
    window = window_of(Meeting(requests_from=first, requests_until=last), DAY(2026, 11, 24))
    assert window is not None and window.days == days


def test_a_window_dated_to_the_month_is_closed_when_the_month_is_over() -> None:
    meeting = Meeting(requests_until="2027-02")
    assert window_of(meeting, DAY(2027, 2, 28)).standing == Standing.OPEN
    assert window_of(meeting, DAY(2027, 3, 1)).standing == Standing.CLOSED


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2023-06-05", "2023-06-16", (DAY(2023, 6, 5), DAY(2023, 6, 16))),
        ("2023-06-05", "", (DAY(2023, 6, 5), DAY(2023, 6, 5))),
        ("2023-06-05", "2023-06", None),
        ("2023-06", "", None),
        ("", "", None),
    ],
)
def test_a_meeting_has_days_only_where_its_dates_are_days(start: str, end: str, days: object) -> None:
    assert days_of_meeting(Meeting(start=start, end=end)) == days


def test_what_is_no_certain_day_is_no_day() -> None:
    assert day_of("2023-06-05") == DAY(2023, 6, 5)
    assert [day_of(text) for text in ("", "2023", "2023-06", "2023-06-05~", "2020/2021", "../2022", "194X")] == [
        None
    ] * 7


def test_a_meeting_is_over_when_its_last_day_is_past_and_not_when_none_is_known() -> None:
    assert is_over(Meeting(start="2023-06-05", end="2023-06-16"), DAY(2023, 6, 17))
    assert not is_over(Meeting(start="2023-06-05", end="2023-06-16"), DAY(2023, 6, 16))
    assert not is_over(Meeting(start="2023-06"), DAY(2023, 6, 30))
    assert not is_over(Meeting(), DAY(2023, 6, 30))
