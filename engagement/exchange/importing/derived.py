"""Columns of the public export that say nothing of their own: accepted, and held to what the register would say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from engagement.desk.states import State
from engagement.exchange.encodings import cell
from engagement.exchange.importing.base import Options, Raw, Wrong
from engagement.exchange.importing.columns import Column, Link, Links, as_cell, as_text, says_the_same
from engagement.exchange.importing.resolving import Book


@dataclass(frozen=True, kw_only=True)
class Derived:
    """instead: the column to change. Its value is told of a state, or of the record as the export reads it."""

    name: str
    instead: str
    also: tuple[str, ...] = ()

    def shown(self, state: State, record: Any, book: Book) -> str:
        """What the register's export has in the column; `record` is None for one that is not there yet."""
        raise NotImplementedError

    def fits(self, raw: Raw, state: State, record: Any, book: Book) -> bool:
        return says_the_same(raw, self.shown(state, record, book))


@dataclass(frozen=True, kw_only=True)
class Label(Derived):
    """How readers know what a code or key means. It may stand in for the code, in any language of the interface."""

    column: Column
    lookup: str = "name"

    def shown(self, state: State, record: Any, book: Book) -> str:
        value = state.get(self.column.to)
        if isinstance(self.column, Links):
            names = book.names(self.column.target)
            return str(cell([str(names.of(pk, self.lookup)) for pk in sorted(value or (), key=names.place_of)]))
        if isinstance(self.column, Link):
            return str(book.names(self.column.target).of(value, self.lookup))
        choices: Any = self.column.model._meta.get_field(self.column.to)
        with override("en"):
            return str(dict(choices.flatchoices).get(value, ""))

    def fits(self, raw: Raw, state: State, record: Any, book: Book) -> bool:
        if super().fits(raw, state, record, book):
            return True
        try:
            return self.column.read(raw, Options(), book)[self.column.to] == state.get(self.column.to)
        except Wrong:
            return False


@dataclass(frozen=True, kw_only=True)
class OfLink(Derived):
    """What a record that the row leads to says."""

    column: Link
    lookup: str

    def shown(self, state: State, record: Any, book: Book) -> str:
        return str(book.names(self.column.target).of(state.get(self.column.to), self.lookup))


@dataclass(frozen=True, kw_only=True)
class OfRow(Derived):
    """What the export says of the whole record. Of one that is not there yet it says nothing."""

    value: Callable[[Any], Any]

    def shown(self, state: State, record: Any, book: Book) -> str:
        if record is None:
            return ""
        with override("en"):
            value = self.value(record)
        return as_cell(cell([str(each) for each in value] if isinstance(value, list) else value))


@dataclass(frozen=True, kw_only=True)
class Page(OfRow):
    """The address of the row in the register: of whatever site, in whatever language."""

    def fits(self, raw: Raw, state: State, record: Any, book: Book) -> bool:
        brought, path = as_text(raw), self.shown(state, record, book)
        return raw is None or (isinstance(brought, str) and bool(path) and brought.endswith(path))
