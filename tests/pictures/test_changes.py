"""What began and what ended, year by year."""

import datetime
from collections import Counter
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import ConsultativeCategory, ConsultativeStatus, Invitation
from engagement.pictures.changes import (
    APART,
    HIGHEST,
    HIGHEST_ONE,
    Changes,
    Row,
    changes,
    changes_of_category,
    changes_of_statuses,
)
from tests.factories import make_invitation, make_meeting, make_source, make_status

TABLE = [("1990", 3, 0), ("1991", 0, 2), ("1995", 10, 1)]


def picture(*rows: tuple[str, int, int]) -> Changes:
    return changes(Counter({date: n for date, n, _ in rows}), Counter({date: n for date, _, n in rows}))


def regional() -> ConsultativeCategory:
    return ConsultativeCategory.objects.get(slug="regional")


def test_every_number_of_the_table_is_a_column_as_high_as_the_others_in_proportion() -> None:
    drawn = picture(*TABLE)
    assert drawn.rows == [Row(*row) for row in TABLE]
    assert sorted(column.number for column in drawn.columns) == [1, 2, 3, 10]
    heights = {column.height / column.number for column in drawn.columns}
    assert max(heights) == pytest.approx(min(heights))


def test_what_began_stands_on_the_line_and_what_ended_hangs_from_it() -> None:
    drawn = picture(*TABLE)
    for column in drawn.columns:
        assert column.y >= 0 and column.y + column.height <= drawn.height + 0.01
        assert (column.y + column.height if column.rises else column.y) == pytest.approx(drawn.line)


def test_columns_stand_in_the_order_of_the_years_inside_the_picture_and_do_not_overlap() -> None:
    rising = [column.part for column in picture(*((str(year), 1, 0) for year in range(1950, 2027))).columns]
    assert all(earlier.end < later.at for earlier, later in pairwise(rising))
    assert rising[0].at > 0 and rising[-1].end < 1


def test_a_few_changes_are_no_towers_and_many_stay_within_bounds() -> None:
    assert picture(("1990", 1, 0)).height == HIGHEST_ONE
    assert picture(("1990", 500, 300)).height == pytest.approx(HIGHEST)


def test_a_single_year_stands_among_others_in_which_nothing_is_recorded() -> None:
    only = changes(Counter({"1993": 1}), Counter())
    assert only.years is not None and (only.years.first, only.years.last) == (1989, 1998)
    assert only.columns[0].part.width < 0.1


def test_a_date_that_leaves_the_year_open_is_one_pale_column_over_all_its_years() -> None:
    drawn = picture(("194X", 1, 0), ("2006", 1, 0))
    decade, year = drawn.columns
    assert not decade.known and year.known and drawn.has_open_years
    assert decade.part.width > 9 * year.part.width
    assert decade.height == year.height
    assert drawn.rows[0] == Row("194X", 1, 0)


def test_a_date_that_leaves_too_much_open_is_in_the_table_and_not_drawn() -> None:
    drawn = picture(("../1990", 2, 1), ("1900/1950", 1, 0), ("2006", 1, 0))
    assert len(drawn.columns) == 1 and drawn.undrawn == 4
    assert [row.date for row in drawn.rows] == ["../1990", "1900/1950", "2006"]


def test_nothing_dated_is_no_picture() -> None:
    empty = picture()
    assert (empty.rows, empty.years, empty.columns, empty.marks) == ([], None, [], [])
    only_open = picture(("../1990", 2, 0))
    assert only_open.years is None and only_open.undrawn == 2


def test_numbers_are_written_only_where_they_do_not_touch_and_else_there_is_a_scale() -> None:
    dense = picture(*((str(year), year % 7 + 1, year % 3) for year in range(1950, 2027)))
    for rises in (True, False):
        places = [column.part.middle for column in dense.numbers if column.rises is rises]
        assert all(later - earlier >= APART for earlier, later in pairwise(places))
    assert dense.rungs and not picture(*TABLE).rungs


def test_the_year_with_most_is_named_only_where_it_is_one() -> None:
    drawn = picture(*TABLE).most
    assert drawn is not None and drawn.date == "1995"
    assert picture(("1990", 2, 0), ("1991", 2, 0)).most is None
    assert picture(("1990", 2, 0)).most is None


@pytest.mark.django_db
def test_statuses_are_counted_by_the_year_of_their_dates_in_one_query() -> None:
    source, category = make_source(), regional()
    for granted, ended in (("1990-05-01", "1995-06"), ("1990", ""), ("1990-12", "1995"), ("194X", ""), ("", "1996")):
        make_status(category=category, source=source, granted=granted, ended=ended)
    make_status(category=category, source=source, as_of="1990")
    with CaptureQueriesContext(connection) as queries:
        drawn = changes_of_category(category)
    assert len(queries) == 1
    assert drawn.rows == [Row("194X", 1, 0), Row("1990", 3, 0), Row("1995", 0, 2), Row("1996", 0, 1)]


@pytest.mark.django_db
def test_as_of_a_day_later_grants_and_ends_are_left_out() -> None:
    category = regional()
    make_status(category=category, granted="1990", ended="1995-06")
    make_status(category=category, granted="1996-03-01")
    on = [changes_of_category(category, datetime.date.fromisoformat(day)) for day in ("1995-06-15", "1995-06-30")]
    assert [drawn.rows for drawn in on] == [[Row("1990", 1, 0)]] * 2
    after = changes_of_category(category, datetime.date(1996, 3, 1))
    assert after.rows == [Row("1990", 1, 0), Row("1995", 0, 1), Row("1996", 1, 0)]


@pytest.mark.django_db
def test_of_the_register_every_grant_and_end_with_a_date_is_counted_once() -> None:
    statuses = ConsultativeStatus.objects.published()
    drawn = changes_of_statuses(statuses)
    assert drawn.begun == statuses.exclude(granted="").count() > 0
    assert drawn.ended == statuses.exclude(ended="").count()


@pytest.mark.django_db
def test_where_standing_is_by_invitation_the_invitations_are_counted() -> None:
    invited = ConsultativeCategory.objects.get(slug="invited")
    make_invitation(meeting=make_meeting(start="1965-06"))
    make_invitation(meeting=make_meeting())
    drawn = changes_of_category(invited)
    assert drawn.begun == Invitation.objects.published().exclude(meeting__start="").count()
    assert Row("1965", 1, 0) in drawn.rows and drawn.ended == 0
    before = changes_of_category(invited, datetime.date(1964, 1, 1))
    assert before.rows == []


@pytest.mark.django_db
def test_a_withdrawn_status_is_not_counted_by_year() -> None:
    category = regional()
    make_status(category=category, granted="1990", published=False)
    assert changes_of_category(category).rows == []
