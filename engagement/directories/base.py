"""What a directory is: one public collection, declared once and read by every face of the site."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from engagement.directories.columns import Column
from engagement.directories.questions import DirectoryFilterSet


def nothing_more() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Notes:
    """What the reader of a list as of a past day has to know besides.

    latest: when the latest decision was taken that is seen, a partial date or ''.
    undated: how many rows meet the rest of the question and have no date by which they could count, in words;
    '' for none. undated_query: the query that lists them, None where no list has them alone.
    """

    latest: str = ""
    undated: str = ""
    undated_query: list[tuple[str, str]] | None = None


def no_notes(question: DirectoryFilterSet) -> Notes:
    return Notes()


@dataclass(frozen=True, eq=False)
class Directory:
    """One collection.

    name: the segment in addresses and the folder of its templates (`organizations`).
    title, lede: heading and first line; `lede` is called per page and says how complete the list is.
    count_label: called with the number of rows, gives “224 organizations”.
    records: everything the public may see, unordered and unfiltered.
    filterset: the only place where its query parameters are defined.
    more: further context for the list's page that is not rows (programmes beside projects).
    with_remarks: whether a row's evidence is shown in full, with what further sources say.
    notes_on: called with a question that is asked for a day.
    in_index: whether search engines may list the page.
    kept: whether its rows may be kept for citing (snapshots), for good.
    columns: what a table, a file and the API say of each row, in this order.
    """

    name: str
    title: Any
    count_label: Callable[[int], str]
    records: Callable[[], Any]
    filterset: type[DirectoryFilterSet]
    lede: Callable[[], str]
    more: Callable[[], dict[str, Any]] = field(default=nothing_more)
    with_remarks: bool = True
    notes_on: Callable[[Any], Notes] = no_notes
    in_index: bool = True
    kept: bool = True
    columns: tuple[Column, ...] = ()

    def ask(self, query: QueryDict) -> DirectoryFilterSet:
        """The question that `query` puts to the directory; check `problems()` before `rows()`."""
        return self.filterset(query, queryset=self.records(), collection=self.name)

    def rows(self, question: DirectoryFilterSet) -> QuerySet:
        """The records that answer a question without problems, in order, ready for a list."""
        return question.qs.for_list_on(question.day) if question.day else question.qs.for_list()

    def page(self, question: DirectoryFilterSet, start: int, stop: int) -> list[Any]:
        """Some of these rows, from the place `start` to before `stop`, read by their keys."""
        return self.in_order(self.ready(question), question.page(start, stop))

    def ready(self, question: DirectoryFilterSet) -> QuerySet:
        """All records of the directory, ready for a list that is read for the day asked for."""
        records = question.queryset
        return records.for_list_on(question.day) if question.day else records.for_list()

    @staticmethod
    def in_order(rows: QuerySet, keys: list[int]) -> list[Any]:
        """The rows with these primary keys, in the order of the keys."""
        found = {row.pk: row for row in rows.filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]

    def rows_in_full(self, question: DirectoryFilterSet) -> QuerySet:
        """The same rows in the same order, with all that the columns say of them."""
        return self.in_full(self.rows(question))

    def in_full(self, rows: QuerySet) -> QuerySet:
        """Rows that are ready for a list, with all that the columns say of them."""
        needed = dict.fromkeys(name for column in self.columns for name in column.needs)
        return rows.prefetch_related(*needed)
