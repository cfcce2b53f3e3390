"""What is told of all requests together: nothing that is not shown can be computed from what is."""

import datetime
import random
from itertools import product

import pytest
from django.utils import timezone

from engagement.desk import requests
from engagement.desk.models import Request, RequestKind, RequestStep, Stage
from engagement.directories.request_statistics import (
    FEWEST,
    Marks,
    Shown,
    State,
    marked,
    settled,
    statistics,
    with_totals,
)
from tests.asking import make_request

N, F, K = Shown.NUMBER, Shown.FEW, Shown.KEPT_BACK
HIGHEST = 13  # up to which a number that is kept back is tried: higher than any of these tables holds


def alternatives(numbers: list[list[int]], marks: Marks) -> dict[tuple[int, int], set[int]]:
    """By brute force: of every table that looks like this one, the numbers at each place that is not shown."""
    rows, columns = len(numbers) - 1, len(numbers[0]) - 1
    inner = [[range_of(numbers[row][column], marks[row][column]) for column in range(columns)] for row in range(rows)]
    found: dict[tuple[int, int], set[int]] = {
        (row, column): set() for row in range(rows + 1) for column in range(columns + 1) if marks[row][column] != N
    }
    for flat in product(*(values for row in inner for values in row)):
        table = with_totals([flat[row * columns : (row + 1) * columns] for row in range(rows)])
        totals = [(row, column) for row, column in every(table) if row == rows or column == columns]
        if all(looks_like(table[row][column], numbers[row][column], marks[row][column]) for row, column in totals):
            for row, column in found:
                found[row, column].add(table[row][column])
    return found


def every(table: list[list[int]]) -> list[tuple[int, int]]:
    return [(row, column) for row in range(len(table)) for column in range(len(table[0]))]


def range_of(number: int, mark: Shown) -> range:
    if mark == N:
        return range(number, number + 1)
    return range(FEWEST) if mark == F else range(FEWEST, HIGHEST)


def looks_like(other: int, number: int, mark: Shown) -> bool:
    return {N: other == number, F: other < FEWEST, K: other >= FEWEST}[mark]


@pytest.mark.parametrize("seed", range(60))
def test_no_number_that_is_not_shown_follows_from_the_others(seed: int) -> None:
    chance = random.Random(seed)
    rows, columns = chance.choice([(1, 3), (2, 2), (1, 4), (2, 1)])
    pool = [0, 0, 1, 4, 5, 6, 7] if seed % 2 else [0, 3, 5, 5, 7]
    numbers = with_totals([[chance.choice(pool) for _column in range(columns)] for _row in range(rows)])
    marks = marked(numbers)
    assert all(marks[row][column] != N for row, column in every(numbers) if numbers[row][column] < FEWEST)
    if all(mark == K for row in marks for mark in row):
        return  # nothing is told at all
    for place, could_be in alternatives(numbers, marks).items():
        assert len(could_be) > 1, (numbers, marks, place)


@pytest.mark.parametrize("seed", range(200))
def test_the_reckoning_agrees_with_trying_all_tables(seed: int) -> None:
    """`settled` on marks of all sorts, sound or not."""
    chance = random.Random(1_000 + seed)
    rows, columns = chance.choice([(1, 2), (2, 2), (1, 3)])
    numbers = with_totals([[chance.choice([0, 2, 4, 5, 6]) for _c in range(columns)] for _r in range(rows)])
    marks = [[F if n < FEWEST else chance.choice([N, N, K]) for n in row] for row in numbers]
    if all(mark == K for row in marks for mark in row):
        return
    exposed = {place for place, could_be in alternatives(numbers, marks).items() if len(could_be) == 1}
    assert set(settled(numbers, marks)) == exposed, (numbers, marks)


def test_one_small_number_beside_a_total_takes_another_with_it() -> None:
    marks = marked(with_totals([[3, 20, 30], [10, 20, 30]]))
    assert marks == [[F, K, N, N], [K, K, N, N], [N] * 4]
    assert marked(with_totals([[10, 20], [30, 40]])) == [[N] * 3] * 3


def test_large_tables_are_settled_within_a_moment_and_keep_most_of_what_they_say() -> None:
    chance = random.Random(7)
    numbers = with_totals([[chance.randrange(0, 60) for _state in State] for _year in range(20)])
    marks = marked(numbers)
    assert not [*settled(numbers, marks)]
    assert sum(mark == N for row in marks for mark in row) > len(numbers) * len(State) / 2


@pytest.mark.django_db
def test_requests_are_counted_by_kind_year_and_what_became_of_them() -> None:
    this_year = timezone.localdate().year
    for number in range(12):
        made = make_request()
        if number < 6:
            requests.advance(made, Stage.COMPLETE)
            requests.advance(made, Stage.GRANTED)
    make_request(kind=RequestKind.DETAILS, sent=False)
    before = make_request()
    Request.objects.filter(pk=before.pk).update(sent_at=datetime.datetime(this_year - 2, 5, 1, tzinfo=datetime.UTC))
    tables = {table.kind: table for table in statistics()}
    assert tables[RequestKind.DETAILS].rows == [] and tables[RequestKind.INVITATION].rows == []
    rows = dict(tables[RequestKind.STATUS].rows)
    assert [*rows] == [str(this_year - 2), str(this_year - 1), str(this_year), ""]
    granted = [*State].index(State.GRANTED)
    assert rows[str(this_year)][granted].number == 6
    assert rows[str(this_year - 2)][-1].shown == F
    assert rows[""][-1].number == 13


@pytest.mark.django_db
def test_a_median_is_told_of_five_that_left_the_stage_and_of_no_fewer() -> None:
    for number in range(FEWEST):
        made = make_request()
        requests.advance(made, Stage.COMPLETE)
        if number:
            requests.advance(made, Stage.SCHEDULED)
        received = made.steps.order_by("pk").first()
        at = received.at - datetime.timedelta(days=number * 2)
        RequestStep.objects.filter(pk=received.pk).update(at=at)
    days = dict(next(table for table in statistics() if table.kind == RequestKind.STATUS).days)
    assert days[Stage.RECEIVED] == 4
    assert days[Stage.COMPLETE] is None and days[Stage.DEFERRED] is None
