"""How many organizations are recorded in each category at the end of each year: the same as on that day."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import ConsultativeCategory, ConsultativeStatus
from engagement.pictures.holders import Holders, holders_by_year
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 6, 30)
DATES: list[dict[str, str]] = [
    {"granted": "1950"},
    {"granted": "1950-12-31", "ended": "1960-12-31"},
    {"granted": "1951-01-01", "ended": "1960-12"},
    {"granted": "1970", "ended": "1970"},
    {"granted": "1970-06", "ended": "1971-01-01"},
    {"granted": "194X", "ended": "1975/1980"},
    {"granted": "../1990", "ended": "2001-05-02"},
    {"granted": "2000/..", "ended": "2010/.."},
    {"granted": "2014~", "as_of": "1999"},
    {"as_of": "1985/1995"},
    {"as_of": "2002-05"},
    {"as_of": "2002-12"},
    {"as_of": "../1952"},
    {"as_of": "2020/.."},
    {"as_of": "2003", "ended": "2001"},
    {"ended": "1999"},
    {},
]


def drawn(today: datetime.date = TODAY) -> Holders:
    return holders_by_year(ConsultativeStatus.objects.published(), ConsultativeCategory.objects.published(), today)


def on_the_day(year: int, category: Any) -> int:
    """The rule of models.dates, asked of the database for the one day."""
    held = ConsultativeStatus.objects.published().on(datetime.date(year, 12, 31)).filter(category=category)
    return held.values("organization").distinct().count()


def assert_same_as_on_each_day(picture: Holders) -> None:
    for year, numbers in picture.rows:
        asked = [on_the_day(year, strip.category) for strip in picture.strips]
        assert numbers == asked, year


def test_of_the_register_every_year_has_the_numbers_of_its_last_day() -> None:
    picture = drawn(datetime.date.today())
    assert len(picture.rows) > 50
    assert_same_as_on_each_day(picture)


def test_every_kind_of_date_counts_as_it_does_on_the_day() -> None:
    source = make_source()
    regional = ConsultativeCategory.objects.get(slug="regional")
    for dates in DATES:
        make_status(category=regional, source=source, **dates)
    picture = drawn()
    assert regional in [strip.category for strip in picture.strips]
    assert_same_as_on_each_day(picture)


def test_an_organization_with_two_statuses_of_a_category_counts_once() -> None:
    regional, body = ConsultativeCategory.objects.get(slug="regional"), make_organization()
    for dates in ({"granted": "1980", "ended": "1990"}, {"granted": "1985", "ended": "1986"}, {"granted": "1989"}):
        make_status(category=regional, organization=body, **dates)
    make_status(category=regional, granted="1984-02")
    picture = drawn()
    assert_same_as_on_each_day(picture)
    [numbers] = [strip.numbers for strip in picture.strips if strip.category == regional]
    assert max(numbers) == numbers[-1] == 2


def test_the_last_year_is_the_last_that_is_over() -> None:
    assert drawn(datetime.date(2026, 12, 30)).rows[-1][0] == 2025
    assert drawn(datetime.date(2026, 12, 31)).rows[-1][0] == 2026


def test_statuses_that_count_on_no_such_day_are_told_by_their_number() -> None:
    before = drawn().outside
    make_status()
    make_status(as_of="2002-05")
    make_status(granted="1990-02-01", ended="1990-11-30")
    make_status(granted="1990", ended="1991-01-01")
    assert drawn().outside == before + 3


def test_a_category_that_nobody_held_is_no_strip() -> None:
    assert "regional" not in [strip.category.slug for strip in drawn().strips]


def test_without_any_date_there_is_nothing_to_draw() -> None:
    ConsultativeStatus.objects.all().delete()
    make_status()
    picture = drawn()
    assert (picture.years, picture.strips, picture.rows, picture.outside) == (None, [], [], 1)


def test_a_beginning_that_is_open_is_no_first_year() -> None:
    ConsultativeStatus.objects.all().delete()
    make_status(granted="../1950")
    make_status(granted="1980")
    picture = drawn()
    assert picture.years is not None and picture.years.first == 1980
    assert picture.rows[0] == (1980, [2])


def test_the_area_has_the_numbers_of_the_table() -> None:
    ConsultativeStatus.objects.all().delete()
    make_status(granted="1980", ended="1985")
    make_status(granted="1983")
    [strip] = drawn().strips
    turns = [(int(most), int(years)) for most, years in re.findall(r"V(\d+)h(\d+)", strip.outline)]
    heights = [drawn().most - down for down, years in turns for _ in range(years)]
    assert heights == strip.numbers
    assert strip.outline.startswith("M0 2V1h3V0h2V1h") and strip.outline.endswith("V2Z")


def test_it_takes_two_queries_however_many_statuses_there_are() -> None:
    source, categories = make_source(), list(ConsultativeCategory.objects.published())

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            holders_by_year(ConsultativeStatus.objects.published(), categories, TODAY)
        return len(asked)

    assert queries() == 2
    for year in range(1950, 2020):
        make_status(source=source, granted=str(year))
    assert queries() == 2
