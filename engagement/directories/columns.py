"""The columns of a directory: what tables, files, the API and docs/data-dictionary.md say of each of its rows.

Declared once, beside the filters. Column names are part of the public contract.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from engagement.models.base import follow


class Kind(StrEnum):
    """What a column holds, as plain values: text unless said otherwise; '' or None where nothing is known."""

    TEXT = "text"
    CODE = "code"  # one of a vocabulary, or the key of a record
    DATE = "date"  # a partial date as it is stored (EDTF): 2006-11-15, 2006-11, 2006, 2011/2013
    DAY = "day"  # datetime.date, None where it is not known
    INTEGER = "integer"
    NUMBER = "number"  # Decimal
    BOOLEAN = "boolean"
    URL = "url"  # an address elsewhere
    PAGE = "page"  # the path of a page of the register
    LIST = "list"  # texts or codes, a list
    DATES = "dates"  # partial dates, a list

    @property
    def is_list(self) -> bool:
        return self in (Kind.LIST, Kind.DATES)


@dataclass(frozen=True)
class Own:
    """A field of the row itself, as it is."""

    lookup: str

    def __call__(self, row: Any) -> Any:
        return getattr(row, self.lookup)


@dataclass(frozen=True)
class Of:
    """What the lookup leads to from a row; '' where a step of it is null."""

    lookup: str

    def __call__(self, row: Any) -> Any:
        found = follow(row, self.lookup)
        return "" if found is None else found


@dataclass(frozen=True)
class Where:
    """That a field has the value, or with `equal` False that it has another."""

    field: str
    value: str
    equal: bool = True

    def holds(self, record: Any) -> bool:
        return (getattr(record, self.field) == self.value) == self.equal

    def narrowed(self, rows: QuerySet) -> QuerySet:
        asked = {self.field: self.value}
        return rows.filter(**asked) if self.equal else rows.exclude(**asked)


@dataclass(frozen=True)
class Each:
    """What `value` gives of each of the row's related records, as texts.

    relation: the accessor of the related records. reads: see Column, from a related record. where: which of them
    count; None for all.
    """

    relation: str
    value: Callable[[Any], Any] = str
    reads: tuple[str, ...] = ()
    where: Where | None = None

    def __call__(self, row: Any) -> list[str]:
        related = getattr(row, self.relation).all()
        return [str(self.value(one)) for one in related if self.where is None or self.where.holds(one)]


@dataclass(frozen=True)
class Column:
    """One column.

    name: as in the head of a file. says: what it holds, in English. value: a row's, in one of the shapes of `kind`.
    needs: relations of the row that are prefetched for it, where lists of pages do without them.
    reads: the lookups that are all `value` looks at; one that ends at a foreign key stands for that whole record, `pk`
    for the row. Files are read by these without making records; () where nothing says so. Own, Of and Each say it
    themselves.
    """

    name: str
    says: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def reads_of(value: Callable[[Any], Any], declared: tuple[str, ...] = ()) -> tuple[str, ...]:
    """All that `value` looks at, as lookups; () where it is not known."""
    return (value.lookup,) if isinstance(value, Own | Of) else declared


def of(lookup: str) -> Of:
    """What the lookup leads to from a row; '' where a step of it is null."""
    return Of(lookup)


def field(name: str, says: str, kind: Kind = Kind.TEXT, of_field: str = "") -> Column:
    """A field of the row itself, as it is."""
    return Column(name, says, Own(of_field or name), kind)


def coded(name: str, says: str) -> tuple[Column, Column]:
    """A field with a vocabulary: the code, and beside it how readers know it."""
    return (
        field(name, f"{says}: code", Kind.CODE),
        Column(
            f"{name}_label", f"{says}: label",
            lambda row: str(getattr(row, f"get_{name}_display")()), reads=(name,),
        ),
    )  # fmt: skip


def linked(name: str, says: str, key: str, label: str = "", path: str = "") -> tuple[Column, Column]:
    """A record that the row leads to, by `path` or by the name itself: its key, and beside it how it is called."""
    path = path or name
    called = of(f"{path}__{label}") if label else _named(path)
    return (
        Column(name, f"{says}: key", of(f"{path}__{key}"), Kind.CODE),
        Column(f"{name}_label", f"{says}: name", called, reads=(path,)),
    )


def _named(path: str) -> Callable[[Any], str]:
    return lambda row: str(of(path)(row))


def many(name: str, says: str, rows: str, key: str, needs: tuple[str, ...] = ()) -> tuple[Column, Column]:
    """Related records: their keys, and beside them how they are called."""
    return (
        each(name, f"{says}: keys", rows, key, needs=needs),
        each(f"{name}_label", f"{says}: names, in the same order", rows, needs=needs),
    )


def each(
    name: str, says: str, rows: str, lookup: str = "", kind: Kind = Kind.LIST, needs: tuple[str, ...] = (),
    where: Where | None = None,
) -> Column:  # fmt: skip
    """What the lookup leads to from each of the row's related records, or how each is called."""
    value = Each(rows, of(lookup), where=where) if lookup else Each(rows, reads=("pk",), where=where)
    return Column(name, says, value, kind, needs)


def key_and_name(name: Callable[[Any], Any] = str, reads: tuple[str, ...] = ()) -> tuple[Column, Column]:
    """The first columns of every directory. `reads`: as in Column, where `name` does not say it itself."""
    called = name if isinstance(name, Of) else lambda row: str(name(row))
    return (
        Column("key", "The row's stable key", key_of, Kind.CODE),
        Column("name", "Its name, or a label where it has no name of its own", called, reads=reads),
    )


def key_of(row: Any) -> Any:
    return row.natural_key()[0]


def evidence() -> tuple[Column, ...]:
    """The last columns of every directory of facts."""
    return (
        field("locator", "Where in the source it stands: section, paragraph, article"),
        field("note", "What has to be known to read it rightly"),
        Column(
            "source_key", "The source: key",
            lambda row: row.source.slug if row.source.published else "", Kind.CODE, reads=("source",),
        ),
        Column("source", "The source: title", of("source__title")),
        Column("source_url", "The source: its own address, where it has one", of("source__url"), Kind.URL),
        field("as_of", "The date for which the source speaks", Kind.DATE),
        PAGE,
    )  # fmt: skip


PAGE = Column("url", "Where it stands in the register", lambda row: row.get_absolute_url(), Kind.PAGE)


def plain(value: Any, kind: Kind, site: str) -> Any:
    """A value as JSON has it: text, number, true or false, a list of texts, null. `site`: `https://register.example`."""
    if kind is Kind.PAGE:
        return f"{site}{value}" if value else ""
    if kind is Kind.NUMBER and value is not None:
        return int(value) if value == value.to_integral_value() else float(value)
    if kind is Kind.DAY:
        return value.isoformat() if value else None
    return str(value) if kind in (Kind.TEXT, Kind.CODE, Kind.DATE, Kind.URL) else value
