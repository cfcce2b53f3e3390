"""What the API is asked: a question of a directory, how much of the answer, in which form. Nothing is ignored."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from engagement.directories import Directory
from engagement.directories.questions import DirectoryFilterSet

WHOLE = re.compile(r"0|[1-9][0-9]{0,15}")
# The largest number that every reader of JSON takes for what it is.
LARGEST = 2**53 - 1


class Refused(Exception):
    """A request that asks for what there is not. `problems`: what is wrong, by parameter."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Number:
    """A parameter of the API itself: a whole number. `default`: None where it means something not to give it."""

    name: str
    says: str
    least: int
    most: int
    default: int | None = None

    def read(self, text: str) -> int:
        if not (WHOLE.fullmatch(text) and self.least <= int(text) <= self.most):
            raise ValueError(f"is not a whole number from {self.least} to {self.most}")
        return int(text)


@dataclass(frozen=True)
class OneOf:
    """A parameter of the API itself: one of few words, the first of which goes without saying."""

    name: str
    says: str
    words: tuple[str, ...]

    @property
    def default(self) -> str:
        return self.words[0]

    def read(self, text: str) -> str:
        if text not in self.words:
            raise ValueError(f"is none of {', '.join(self.words)}")
        return text


Parameter = Number | OneOf

LIMIT = Number("limit", "How many to give at most", 1, 500, 100)
OFFSET = Number("offset", "How many to leave out before the first", 0, 10**9, 0)
SINCE = Number("since", "The revision after which to look", 0, LARGEST)
ROW = Number("row", "The row of that revision behind which to go on, as `next` has it", 1, LARGEST)
FORMAT = OneOf("format", "The form of the rows", ("json", "csv"))


def ask(
    directory: Directory, query: QueryDict, parameters: Sequence[Parameter], filters: Collection[str]
) -> tuple[DirectoryFilterSet, dict[str, Any]]:
    """The question that `query` puts to the directory by those of its filters, and the value of each own parameter."""
    values, problems = read(query, parameters, filters)
    asked = query.copy()
    for name in values:
        asked.pop(name, None)
    question = directory.ask(asked)
    if problems := question.problems() | problems:
        raise Refused(problems)
    return question, values


def ask_only(query: QueryDict, parameters: Sequence[Parameter] = ()) -> dict[str, Any]:
    """The value of each own parameter, where there is nothing else to be asked."""
    values, problems = read(query, parameters)
    if problems:
        raise Refused(problems)
    return values


def read(
    query: QueryDict, parameters: Sequence[Parameter], besides: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, str]]:
    """The value of each parameter, its default where it is not given, and what is wrong with the query, by name.

    `besides`: names of parameters that are somebody else's to read.
    """
    values: dict[str, Any] = {each.name: each.default for each in parameters}
    problems = {name: "is not a parameter here" for name in query if name not in values and name not in besides}
    for name, given in query.lists():
        if not all(value.strip() for value in given):
            problems.setdefault(name, "is given without a value")
    for each in parameters:
        try:
            values[each.name] = each.read(only_one(query, each.name)) if each.name in query else each.default
        except ValueError as error:
            problems.setdefault(each.name, str(error))
    return values, problems


def only_one(query: QueryDict, name: str) -> str:
    (first, *more) = query.getlist(name)
    if more:
        raise ValueError("is given more than once")
    return str(first)
