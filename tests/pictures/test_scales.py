"""From dates and numbers to places."""

from itertools import pairwise

import pytest

from engagement.models import PartialDate
from engagement.pictures.scales import Known, Mark, Years, moment, rungs, year_of

DATES = ["1940", "194X", "1947-05", "1947-05-31", "1947-06", "1993", "2006-11-15", "2006-11-16", "2014~", "2011/2013"]


def test_days_that_follow_each_other_as_text_do_so_as_moments() -> None:
    days = sorted({PartialDate(text).earliest for text in DATES} | {PartialDate(text).latest for text in DATES})
    moments = [moment(day) for day in days]
    assert all(earlier < later for earlier, later in pairwise(moments))


def test_a_year_is_as_long_as_a_year_and_ends_where_the_next_begins() -> None:
    assert moment("2006-01-01") == 2006
    assert moment("2006-07-01") == 2006.5
    assert moment("2006-12-31", over=True) == moment("2007-01-01")
    assert moment("2006-02-31", over=True) == pytest.approx(moment("2006-03-01"))


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_known_no_finer_than_it_is_written(text: str) -> None:
    known = Known.of(text)
    assert known.first == moment(PartialDate(text).earliest)
    assert known.last == moment(PartialDate(text).latest, over=True)
    assert known.is_day is (len(text) == 10 and text[4] == "-")


def test_an_open_date_has_one_end_only() -> None:
    assert Known.of("../2022") == Known(None, 2023.0, False)
    assert Known.of("2022/..") == Known(2022.0, None, False)


def test_a_date_has_a_year_only_where_it_cannot_lie_in_another() -> None:
    years = [year_of(text) for text in ("2006-11-15", "2006-11", "2014~", "2006-02/2006-05", "194X", "2011/2013")]
    assert years == [2006, 2006, 2014, 2006, None, None]
    assert year_of("../2022") is None


def test_the_years_hold_every_moment_and_begin_and_end_whole() -> None:
    assert Years.around([1993.2, 2006.9]) == Years(1993, 2006)
    assert Years.around([1993.2, moment("2006-12-31", over=True)]) == Years(1993, 2006)
    assert Years.around([2006.0]) == Years(2006, 2006)
    assert len(Years(1993, 2006)) == 14


def test_places_lie_in_the_picture_and_in_the_order_of_time() -> None:
    years = Years(1940, 2026)
    places = [years.at(moment(day)) for day in sorted(PartialDate(text).earliest for text in DATES)]
    assert all(0 <= place <= 1 for place in places)
    assert places == sorted(places)
    assert (years.at(1900), years.at(1940), years.at(2027), years.at(3000)) == (0, 0, 1, 1)


def test_a_part_goes_on_to_the_side_where_its_end_is_open() -> None:
    years = Years(2000, 2009)
    assert (years.part(None, 2005).at, years.part(None, 2005).width) == (0, 0.5)
    assert (years.part(2005, None).at, years.part(2005, None).end) == (0.5, 1)
    assert years.part(2007, 2005).width == 0


@pytest.mark.parametrize(("first", "last"), [(2026, 2026), (2025, 2026), (1993, 2026), (1940, 2026), (1, 2026)])
def test_the_years_written_are_few_and_leave_each_other_room(first: int, last: int) -> None:
    marks = Years(first, last).written
    assert 1 <= len(marks) <= 8
    assert all(later.at - earlier.at > 0.1 for earlier, later in pairwise(marks))
    assert all(0 <= mark.at <= 1 and first <= int(mark.text) <= last for mark in marks)


def test_the_years_below_columns_stand_in_the_middle_of_theirs() -> None:
    assert [mark.at for mark in Years(2020, 2023).named] == [0.125, 0.375, 0.625, 0.875]


def test_a_year_at_a_side_stays_in_the_picture() -> None:
    assert [Mark(at, "2000").anchor for at in (0, 0.5, 0.99)] == ["start", "middle", "end"]


@pytest.mark.parametrize(
    ("most", "expected"),
    [(1, [1]), (3, [1, 2, 3]), (4, [1, 2, 3, 4]), (9, [5]), (12, [5, 10]), (168, [50, 100, 150]), (1000, [500, 1000])],
)
def test_a_scale_has_a_few_round_numbers(most: int, expected: list[int]) -> None:
    assert rungs(most) == expected
