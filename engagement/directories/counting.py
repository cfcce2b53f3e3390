"""The numbers beside filters. A number is what choosing the value gives, its own filter's present choice left out."""

from typing import Any

from engagement.directories.filters import Vocabulary
from engagement.directories.questions import DirectoryFilterSet

Counts = dict[str, dict[str, int]]


def facet_counts(question: DirectoryFilterSet) -> Counts:
    """By filter and value; a value that no record has may be missing."""
    counts: Counts = {}
    for name, each in question.filters.items():
        if isinstance(each, Vocabulary):
            without, codes = question.without(name), question.codes_of(name)
            counts[name] = {code: without.intersection_cardinality(records) for code, records in codes.items()}
    return counts


def counts_without(question: DirectoryFilterSet, pairs: list[tuple[str, str]]) -> Counts:
    """How many records would be left if one of the values asked for were dropped."""
    counts: Counts = {}
    for name, value in pairs:
        counts.setdefault(name, {})[value] = len(question.keys(**{name: left_of(question, name, value)}))
    return counts


def left_of(question: DirectoryFilterSet, name: str, dropped: str) -> Any:
    """What is left of the values of a parameter without one of them."""
    if not isinstance(question.filters[name], Vocabulary):
        return None
    return [value for value in question.form.cleaned_data[name] if value != dropped]
