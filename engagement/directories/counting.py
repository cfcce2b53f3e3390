"""The numbers beside filters. A number is what choosing the value gives, its own filter's present choice left out."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value

from engagement.directories.filters import Vocabulary
from engagement.directories.questions import DirectoryFilterSet

Counts = dict[str, dict[str, int]]


def facet_counts(question: DirectoryFilterSet) -> Counts:
    """By filter and value, in one query; a value that no row has may be missing."""
    parts = [
        part
        for name, each in question.filters.items()
        if isinstance(each, Vocabulary)
        for part in _counted(question, name, each)
    ]
    return _added_up(parts)


def counts_without(question: DirectoryFilterSet, pairs: list[tuple[str, str]]) -> Counts:
    """How many rows would be left if one of the values asked for were dropped; one query."""
    return _added_up([_count(_dropping(question, name, value), name, value) for name, value in pairs])


def _counted(question: DirectoryFilterSet, name: str, each: Vocabulary) -> Iterator[QuerySet]:
    coded = each.coded(question.answering(**{name: []}))
    if coded is None:
        for choice in each.known:
            yield _count(question.answering(**{name: [choice.value]}), name, choice.value)
    else:
        rows, lookup = coded
        yield _grouped(rows.annotate(facet_name=_text(name), facet_code=F(lookup)))


def _dropping(question: DirectoryFilterSet, name: str, value: str) -> QuerySet:
    asked = question.form.cleaned_data[name]
    left: Any = [each for each in asked if each != value] if isinstance(question.filters[name], Vocabulary) else None
    return question.answering(**{name: left})


def _count(rows: QuerySet, name: str, value: str) -> QuerySet:
    return _grouped(rows.annotate(facet_name=_text(name), facet_code=_text(value)))


def _grouped(rows: QuerySet) -> QuerySet:
    grouped = rows.order_by().values("facet_name", "facet_code")
    return grouped.annotate(facet_rows=Count("pk", distinct=True)).values_list("facet_name", "facet_code", "facet_rows")


def _added_up(parts: list[QuerySet]) -> Counts:
    counts: Counts = {}
    if parts:
        for facet, code, rows in parts[0].union(*parts[1:], all=True):
            counts.setdefault(facet, {})[code] = rows
    return counts


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())
