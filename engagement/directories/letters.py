"""The letters under which the rows of a list stand when they come in the order of a name."""

import string
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.db.models.functions import Substr

from engagement.directories.filters import RELEVANCE
from engagement.directories.questions import DirectoryFilterSet
from engagement.keysets import Coding

OTHER = "#"
LATIN = string.ascii_uppercase


@dataclass(frozen=True)
class Run:
    """Rows that stand together under one letter; `first` is the place of the first of them, counted from 0."""

    letter: str
    first: int
    rows: int


def runs_of(question: DirectoryFilterSet) -> list[Run] | None:
    """The rows that answer the question, letter by letter in their order; None in any other order.

    The names are folded and compared byte by byte, so that their first characters come in the order of their code
    points on both engines. What begins with a figure or a sign stands under “#”, what begins with a letter of another
    script under that letter.
    """
    if question.order == RELEVANCE:
        return None
    sort, turned = question.sorting.named(question.order)
    if not sort.alphabetical:
        return None
    column = sort.columns[0]
    initials = partial(initials_of, question.queryset, column)
    standing = question.keysets.codes(("initials", column), initials)
    counted = {initial: question.chosen.intersection_cardinality(some) for initial, some in standing.items()}
    runs: list[Run] = []
    place = 0
    for initial in sorted(counted, reverse=turned):
        letter, rows = letter_of(initial), counted[initial]
        if not rows:
            continue
        if runs and runs[-1].letter == letter:
            runs[-1] = Run(letter, runs[-1].first, runs[-1].rows + rows)
        else:
            runs.append(Run(letter, place, rows))
        place += rows
    return runs


def initials_of(records: QuerySet, column: str) -> list[Coding]:
    return [Coding(records.annotate(initial=Substr(column, 1, 1)), "initial")]


def letter_of(initial: str) -> str:
    """The letter under which a folded name with this first character stands."""
    large = initial.upper()
    return large if len(large) == 1 and large.isalpha() else initial if initial.isalpha() else OTHER


def alphabet_of(runs: list[Run], *, turned: bool = False) -> list[str]:
    """The letters to offer, with or without rows: “#” where it occurs, A to Z, those of other scripts that occur."""
    found = {run.letter for run in runs}
    others = [letter for letter in dict.fromkeys(run.letter for run in runs) if letter not in LATIN and letter != OTHER]
    letters = [*([OTHER] if OTHER in found else []), *LATIN]
    return [*others, *reversed(letters)] if turned else [*letters, *others]


def letters_between(runs: list[Run], start: int, end: int) -> dict[int, str]:
    """The places from `start` to before `end` at which a letter stands for the first time, with the letter."""
    found: dict[str, int] = {}
    for run in runs:
        if run.first < end and run.first + run.rows > start:
            found.setdefault(run.letter, max(run.first, start))
    return {place: letter for letter, place in found.items()}
