"""What a question selects as a set of primary keys is what it selects in SQL, in the same order."""

import random

import pytest
from django.http import QueryDict

from engagement.directories import DIRECTORIES, Directory
from tests.directories.test_counting import ask, every_directory, random_pairs

pytestmark = pytest.mark.django_db

QUESTIONS = 40
PER_PAGE = 7


def sorted_somehow(directory: Directory, chance: random.Random) -> list[tuple[str, str]]:
    names = list(directory.filterset.base_filters["sort"].extra["choices"])
    return [("sort", chance.choice(names)[0])] if chance.random() < 0.7 else []


@every_directory
def test_random_questions_select_the_same_records_in_the_same_order_as_sql(directory: Directory) -> None:
    chance = random.Random(f"keys of {directory.name}")
    for _each in range(QUESTIONS):
        pairs = random_pairs(directory, chance)
        pairs += sorted_somehow(directory, chance)
        question = ask(directory, pairs)
        by_sql = list(question.qs.values_list("pk", flat=True))
        assert sorted(question.chosen) == sorted(by_sql), pairs
        start = chance.randint(0, max(0, len(by_sql) - 1))
        for first in (0, start):
            assert question.page(first, first + PER_PAGE) == by_sql[first : first + PER_PAGE], pairs


@every_directory
def test_a_page_holds_the_rows_of_the_whole_list_in_their_places(directory: Directory) -> None:
    question = directory.ask(QueryDict())
    rows = list(directory.rows(question))
    assert directory.page(question, 0, 5) == rows[:5]
    assert directory.page(question, max(0, len(rows) - 2), len(rows) + 5) == rows[-2:]
    assert len(question.chosen) == len(rows)


def test_there_is_a_directory_to_test() -> None:
    assert len(DIRECTORIES) == 12
