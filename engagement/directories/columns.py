"""The columns of a directory: what tables, files, the API and docs/data-dictionary.md say of each of its rows.

Declared once, beside the filters. Column names are part of the public contract.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
class Column:
    """One column.

    name: as in the head of a file. says: what it holds, in English. value: a row's, in one of the shapes of `kind`.
    needs: relations of the row that are prefetched for it, where lists of pages do without them.
    """

    name: str
    says: str
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    needs: tuple[str, ...] = ()


def of(lookup: str) -> Callable[[Any], Any]:
    """What the lookup leads to from a row; '' where a step of it is null."""

    def value(row: Any) -> Any:
        found = follow(row, lookup)
        return "" if found is None else found

    return value


def field(name: str, says: str, kind: Kind = Kind.TEXT, of_field: str = "") -> Column:
    """A field of the row itself, as it is."""
    return Column(name, says, lambda row: getattr(row, of_field or name), kind)


def coded(name: str, says: str) -> tuple[Column, Column]:
    """A field with a vocabulary: the code, and beside it how readers know it."""
    return (
        field(name, f"{says}: code", Kind.CODE),
        Column(f"{name}_label", f"{says}: label", lambda row: str(getattr(row, f"get_{name}_display")())),
    )


def linked(name: str, says: str, key: str, label: str = "", path: str = "") -> tuple[Column, Column]:
    """A record that the row leads to, by `path` or by the name itself: its key, and beside it how it is called."""
    path = path or name
    return (
        Column(name, f"{says}: key", of(f"{path}__{key}"), Kind.CODE),
        Column(f"{name}_label", f"{says}: name", of(f"{path}__{label}") if label else _named(path)),
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
    name: str, says: str, rows: str, lookup: str = "", kind: Kind = Kind.LIST, needs: tuple[str, ...] = ()
) -> Column:
    """What the lookup leads to from each of the row's related records, or how each is called."""
    value = of(lookup) if lookup else str
    return Column(name, says, lambda row: [str(value(one)) for one in getattr(row, rows).all()], kind, needs)


def key_and_name(name: Callable[[Any], Any] = str) -> tuple[Column, Column]:
    """The first columns of every directory."""
    return (
        Column("key", "The row's stable key", lambda row: row.natural_key()[0], Kind.CODE),
        Column("name", "Its name, or a label where it has no name of its own", lambda row: str(name(row))),
    )


def evidence() -> tuple[Column, ...]:
    """The last columns of every directory of facts."""
    return (
        field("locator", "Where in the source it stands: section, paragraph, article"),
        field("note", "What has to be known to read it rightly"),
        Column("source_key", "The source: key", lambda row: row.source.slug if row.source.published else "", Kind.CODE),
        Column("source", "The source: title", of("source__title")),
        Column("source_url", "The source: its own address, where it has one", of("source__url"), Kind.URL),
        field("as_of", "The date for which the source speaks", Kind.DATE),
        PAGE,
    )


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
