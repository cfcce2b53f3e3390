"""The rows of a directory as batches of cells, read by plain values where all its columns say what they read."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Prefetch, QuerySet

from engagement.directories import Directory
from engagement.directories.columns import Column, Each, Kind, Of, Own, Where, key_of, plain, reads_of
from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange.encodings import Plain
from engagement.exchange.reading import Among, Asked, Selection, always_text
from engagement.models.base import Place

# Rows read at once, with all that belongs to them; the first ones are sent sooner. Keys held at once.
FIRST, CHUNK, BLOCK = 400, 1000, 20_000
# What may stand in an address as it is.
SLUGS = re.compile(r"[-a-zA-Z0-9_]*")
# Stands for the argument of a route.
ARGUMENT = "0-argument-0"

Cells = Sequence[Any]


def batches(
    directory: Directory, question: DirectoryFilterSet, keys: Iterable[Sequence[int]], site: str, encoding: Plain
) -> Iterator[list[Cells]]:
    """The cells of the records with these primary keys, in their order, as the question's day has them.

    `site`: `https://register.example`.
    """
    rows = directory.ready(question)
    try:
        reader = Reader(directory.columns, rows, site, encoding)
    except FieldDoesNotExist:
        return (by_records(directory, rows, some, site, encoding) for some in keys)
    return map(reader.cells, keys)


def by_records(directory: Directory, rows: QuerySet, keys: Sequence[int], site: str, encoding: Plain) -> list[Cells]:
    """The same, whatever a column looks at."""
    return [
        [encoding.one(plain(column.value(record), column.kind, site)) for column in directory.columns]
        for record in directory.in_order(directory.in_full(rows), [*keys])
    ]


def keys_of(question: DirectoryFilterSet) -> Iterator[list[int]]:
    """The records that answer the question, in its order, so many at once as are read at once."""
    size = FIRST
    for start in range(0, len(question.chosen), BLOCK):
        block = question.page(start, start + BLOCK)
        for place in range(0, len(block), CHUNK) if start else chain([0], range(FIRST, len(block), CHUNK)):
            yield block[place : place + size]
            size = CHUNK


class Reader:
    """How the rows of one queryset are read."""

    def __init__(self, columns: Sequence[Any], rows: QuerySet, site: str, encoding: Plain) -> None:
        """Raises FieldDoesNotExist where a column does not say what it reads."""
        self._model, self._site, self._encoding = rows.model, site, encoding
        own: list[int] = []
        grouped: dict[tuple[str, Where | None], list[int]] = {}
        for place, column in enumerate(columns):
            value = column.value
            (grouped.setdefault((value.relation, value.where), []) if isinstance(value, Each) else own).append(place)
        self._own = Selection(rows, [self._asked(columns[place]) for place in own])
        self._key = self._own.place("pk")
        # The keys that are read next. The queries are made once, with the list itself, and only run again.
        self._keys: list[int] = []
        read = rows.order_by().prefetch_related(None).values_list(*self._own.lookups)
        self._rows = read.filter(Among("pk", self._keys))
        self._related = [
            Related(rows, relation, where, [columns[place].value for place in places], encoding, self._keys)
            for (relation, where), places in grouped.items()
        ]
        places = [*own, *chain.from_iterable(grouped.values())]
        # Where among the columns that are read each of a row's stands.
        self._order = [places.index(place) for place in range(len(columns))]

    def cells(self, keys: Sequence[int]) -> list[Cells]:
        """The rows of cells of the records with these primary keys, in their order; of one that is gone none."""
        self._keys[:] = keys
        found = {row[self._key]: row for row in self._rows.all()}
        self._keys[:] = [key for key in keys if key in found]
        values = [*zip(*map(found.__getitem__, self._keys), strict=True)]
        if not values:
            return []
        columns = self._own.cells(values)
        for related in self._related:
            columns += related.cells()
        return [*zip(*(columns[place] for place in self._order), strict=True)]

    def _asked(self, column: Column) -> Asked:
        model, encoding, kind = self._model, self._encoding, column.kind

        def one(value: Any) -> Any:
            return encoding.one(plain(value, kind, self._site))

        if kind is Kind.PAGE:
            return self._page(column, one)
        value = Own(model.key_field) if column.value is key_of else column.value
        return Asked(value, reads_of(value, column.reads), one, encoding.texts)

    def _page(self, column: Column, one: Callable[[Any], Any]) -> Asked:
        """The address of each row; where rows of one kind stand in one place, no route is asked for it."""
        model = self._model
        texts = self._encoding.texts
        reads = [lookup for place in model.places for lookup in (place.argument, place.search) if lookup]
        if len(model.places) == len(reads) == 1 and model.places[0].argument and always_text(model, reads[0]):
            addresses = partial(addresses_at, model.places[0], self._site)
            return Asked(
                column.value, (reads[0], model.key_field), one, texts, lambda *values: texts(addresses(*values))
            )
        return Asked(column.value, (*reads, model.key_field), one, texts)


def addresses_at(place: Place, site: str, arguments: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Where the rows of these arguments and keys stand. All addresses of a route differ only in the argument."""
    if not SLUGS.fullmatch("".join(arguments)) or "" in arguments:
        return [site + place.url(argument, key) for argument, key in zip(arguments, keys, strict=True)]
    before, after = place.page(ARGUMENT).split(ARGUMENT)
    if place.anchor:
        after = f"{after}#{place.anchor}-"
        return [f"{site}{before}{argument}{after}{key}" for argument, key in zip(arguments, keys, strict=True)]
    return [f"{site}{before}{argument}{after}" for argument in arguments]


class Related:
    """How what several columns say of one relation of the rows is read; `keys` holds those that are read next."""

    def __init__(
        self, rows: QuerySet, relation: str, where: Where | None, values: Sequence[Each], encoding: Plain,
        keys: list[int],
    ) -> None:  # fmt: skip
        self._encoding, self._keys = encoding, keys
        field: Any = rows.model._meta.get_field(relation)
        related = prefetched(rows, relation)
        order = [str(each) for each in related.query.order_by or related.model._meta.ordering]
        related = where.narrowed(related) if where else related
        if field.many_to_many and field.auto_created:
            raise FieldDoesNotExist("Pairs are read from the side that declares them.")
        # Between rows and related records there may stand one for each pair; `to` leads from it to the latter.
        to = f"{field.m2m_reverse_field_name()}__" if field.many_to_many else ""
        # The lookup to the row that it belongs to.
        self._owner = field.m2m_field_name() if to else field.field.name
        if to:
            pairs = field.remote_field.through._base_manager.all()
            order = [each.replace("-", f"-{to}", 1) if each.startswith("-") else to + each for each in order]
            related = pairs.filter(**{f"{to}in": related}) if related.query.where else pairs
        # By the row first; what else is ordered by is the same for all that belong to it.
        beneath = (f"{self._owner}__", f"-{self._owner}__")
        self._selection = Selection(related, [self._asked(value, to) for value in values])
        ordered = related.order_by(f"{self._owner}_id", *(each for each in order if not each.startswith(beneath)))
        read = ordered.values_list(f"{self._owner}_id", *self._selection.lookups)
        self._rows = read.filter(Among(f"{self._owner}_id", keys))

    def _asked(self, each: Each, to: str) -> Asked:
        parts = self._encoding.parts
        value, reads = each.value, reads_of(each.value, each.reads)
        if to:
            reads = tuple(to.removesuffix("__") if read == "pk" else to + read for read in reads)
            value = Of(reads[0]) if isinstance(value, Of) else of_pair(value, to.removesuffix("__"))
        return Asked(value, reads, lambda found: parts([str(found)])[0], parts)

    def cells(self) -> list[Sequence[Any]]:
        """The columns of cells for the rows with the keys."""
        owners, *values = [*zip(*self._rows.all(), strict=True)] or [()] * (1 + len(self._selection.lookups))
        return [self._encoding.lists(owners, parts, self._keys) for parts in self._selection.cells(values)]


def of_pair(value: Callable[[Any], Any], to: str) -> Callable[[Any], Any]:
    return lambda pair: value(getattr(pair, to))


def prefetched(rows: QuerySet, relation: str) -> QuerySet:
    """The related records that the list of `rows` would prefetch."""
    for lookup in rows._prefetch_related_lookups:  # type: ignore[attr-defined]  # there is no public name for it
        if isinstance(lookup, Prefetch) and lookup.prefetch_to == relation and lookup.queryset is not None:
            return lookup.queryset.prefetch_related(None)
    related: Any = rows.model._meta.get_field(relation).related_model
    return related._default_manager.all()
