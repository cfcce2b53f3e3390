"""Where each letter of a list begins."""

import random
from itertools import groupby
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from engagement.directories import DIRECTORIES, Directory, countries, organizations, sources
from engagement.directories.filters import Sorting, opposite
from engagement.directories.letters import LATIN, Run, alphabet_of, letter_of, letters_between, runs_of
from engagement.models import Country, Organization
from engagement.search import normalise
from tests.directories.test_counting import ask, random_pairs
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

QUESTIONS = 12


def sorting_of(directory: Directory) -> Sorting:
    sorting: Sorting = directory.filterset.base_filters["sort"]
    return sorting


ALPHABETICAL = [
    (directory, each)
    for directory in DIRECTORIES
    for name, sort in sorting_of(directory).sorts.items()
    if sort.alphabetical
    for each in (name, opposite(name))
]
every_alphabetical_order = pytest.mark.parametrize(
    ("directory", "order"), ALPHABETICAL, ids=lambda value: getattr(value, "name", value)
)


def names(directory: Directory, pairs: list[tuple[str, str]]) -> list[str]:
    """The names by which the rows that answer the question are ordered, in their order."""
    question = ask(directory, pairs)
    sort, _turned = question.sorting.named(question.order)
    return list(question.qs.values_list(sort.columns[0], flat=True))


def expected(ordered: list[str]) -> list[Run]:
    runs, place = [], 0
    for letter, group in groupby(ordered, key=lambda name: letter_of(name[:1])):
        rows = len(list(group))
        runs.append(Run(letter, place, rows))
        place += rows
    return runs


@pytest.mark.slow
@every_alphabetical_order
def test_for_random_questions_a_letter_begins_at_the_first_row_that_has_it(directory: Directory, order: str) -> None:
    chance = random.Random(f"letters of {directory.name} by {order}")
    for _each in range(QUESTIONS):
        pairs = [*[pair for pair in random_pairs(directory, chance) if pair[0] != "q"], ("sort", order)]
        assert runs_of(ask(directory, pairs)) == expected(names(directory, pairs)), pairs


@every_alphabetical_order
def test_the_letters_of_all_rows_are_those_of_their_names(directory: Directory, order: str) -> None:
    ordered = names(directory, [("sort", order)])
    runs = runs_of(ask(directory, [("sort", order)]))
    assert ordered and runs == expected(ordered)
    assert sum(run.rows for run in runs or []) == len(ordered)


def test_every_list_that_readers_look_names_up_in_has_letters() -> None:
    assert {directory.name for directory, _order in ALPHABETICAL} >= {
        "organizations", "statuses", "constituents", "countries", "projects"
    }  # fmt: skip


def test_names_in_other_scripts_with_figures_and_signs_stand_where_they_belong() -> None:
    Organization.objects.all().delete()
    given = ["Ärzte", "Αθήνα", "3F", "“Quoted” union", "Zonta", "Женщины", "العمال", "ação", "(Body)"]
    for name in given:
        make_organization(name=name)
    ordered = names(organizations, [])
    runs = runs_of(ask(organizations, []))
    assert ordered == sorted(normalise(name) for name in given)
    assert runs == expected(ordered)
    assert {run.letter for run in runs or []} >= {"#", "A", "Z", "Α", "Ж", "ا"}
    assert sum(run.rows for run in runs or [] if run.letter == "A") == 2


def test_the_words_asked_for_come_by_relevance_and_have_no_letters() -> None:
    assert runs_of(ask(organizations, [("q", "union")])) is None


def test_the_words_asked_for_have_letters_again_when_they_are_sorted_by_name() -> None:
    pairs = [("q", "international"), ("sort", "name")]
    runs = runs_of(ask(organizations, pairs))
    assert runs == expected(names(organizations, pairs)) != []


def test_a_list_in_another_order_has_no_letters() -> None:
    assert runs_of(ask(organizations, [("sort", "-since")])) is None
    assert runs_of(ask(sources, [])) is None


def test_countries_stand_under_the_letter_of_their_name_in_the_language_of_the_page() -> None:
    germany = Country.objects.get(iso2="DE")
    for language, letter in (("en", "G"), ("fr", "A")):
        with translation.override(language):
            question = ask(countries, [])
            place = [row.pk for row in question.qs].index(germany.pk)
            (held,) = [run for run in runs_of(question) or [] if run.first <= place < run.first + run.rows]
            assert held.letter == letter


def test_the_letters_cost_one_query() -> None:
    question: Any = ask(organizations, [])
    assert question.chosen
    with CaptureQueriesContext(connection) as queries:
        runs_of(question)
    assert len(queries) == 1


def test_the_alphabet_offers_every_latin_letter_and_what_else_occurs() -> None:
    runs = [Run("#", 0, 1), Run("B", 1, 4), Run("Ж", 5, 1)]
    assert alphabet_of(runs) == ["#", *LATIN, "Ж"]
    assert alphabet_of(runs[1:2]) == list(LATIN)
    assert alphabet_of(list(reversed(runs)), turned=True) == ["Ж", *reversed(LATIN), "#"]


def test_a_letter_is_marked_where_it_first_stands_on_a_page() -> None:
    runs = [Run("#", 0, 1), Run("A", 1, 30), Run("B", 31, 2), Run("#", 33, 1)]
    assert letters_between(runs, 0, 25) == {0: "#", 1: "A"}
    assert letters_between(runs, 25, 50) == {25: "A", 31: "B", 33: "#"}
    assert letters_between(runs, 50, 75) == {}


@pytest.mark.parametrize(
    ("initial", "letter"),
    [("a", "A"), ("z", "Z"), ("7", "#"), ("", "#"), ("“", "#"), ("ж", "Ж"), ("ﬀ", "ﬀ"), ("ا", "ا")],
)
def test_a_first_character_stands_under_one_letter(initial: str, letter: str) -> None:
    assert letter_of(initial) == letter
