"""The columns of what is brought: how a cell becomes what a record says, and how the register would write that cell.

A record is told as a State (desk.states): a column gives the part of it that a cell speaks of, and shows it as the
public export does. So "unchanged" is always "the register would write the same".
"""

import datetime
import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagement.desk.states import State, plain
from engagement.exchange.encodings import SEPARATOR
from engagement.exchange.importing.base import Broken, Options, Parser, Raw, Wrong
from engagement.exchange.importing.naming import ALSO
from engagement.exchange.importing.resolving import Book
from engagement.exchange.importing.texts import cleaned
from engagement.models.base import Record

# What a spreadsheet cell takes of a text; the rest of a longer one is not in an XLSX file.
MOST_IN_A_CELL = 32_767


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column that is written to the record.

    name: as in the head of a file, and in the public export where it has the column. says: what it holds. parse: the
    cell. to: the field, or a foreign key by its column. required: a new record needs it. A blank cell never empties
    what is required or `kept`.
    """

    name: str
    says: Any
    parse: Parser
    to: str
    model: type[Record]
    required: bool = False
    kept: bool = False
    example: str = ""
    more_names: tuple[str, ...] = ()

    @cached_property
    def also(self) -> tuple[str, ...]:
        """What else staff call it: the field's name in the languages of the interface, and what is usual."""
        names = [*ALSO.get(self.name, ()), *self.more_names]
        with_name = {each.attname: each for each in self.model._meta.concrete_fields}
        many = {each.name: each for each in self.model._meta.many_to_many}
        if named := with_name.get(self.to) or many.get(self.to):
            for language, _name in settings.LANGUAGES:
                with override(language):
                    names.append(str(named.verbose_name))
        return tuple(dict.fromkeys(names))

    def read(self, raw: Raw, options: Options, book: Book) -> State:
        """The part of the record's state that the cell speaks of. Raises Wrong."""
        return {self.to: plain(self.parse(raw, options))}

    def emptied(self) -> State | None:
        """What a blank cell says where it empties; None where that cannot be."""
        if self.required or self.kept:
            return None
        made: Any = self.model._meta.get_field(self.to)
        return {self.to: None if made.null else plain(made.get_default())}

    def shown(self, state: State, book: Book) -> str:
        """The cell as the register's export has it."""
        return as_cell(state.get(self.to))

    def same(self, raw: Raw, state: State, book: Book) -> bool:
        """Whether the cell is what the register would write of this state."""
        return says_the_same(raw, self.shown(state, book))


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    def shown(self, state: State, book: Book) -> str:
        """Whole numbers as such, others as the export's JSON has them."""
        value = state.get(self.to)
        if value is None:
            return ""
        exact = decimal.Decimal(value)
        return str(int(exact) if exact == exact.to_integral_value() else float(exact))

    def same(self, raw: Raw, state: State, book: Book) -> bool:
        if isinstance(raw, float) and state.get(self.to) is not None:
            # A workbook keeps fewer digits than the register.
            return f"{raw:.15g}" == f"{float(state[self.to]):.15g}"
        return super().same(raw, state, book)


@dataclass(frozen=True, kw_only=True)
class Link(Column):
    """A record that the row leads to: by its key, or by a name that is its alone."""

    target: type[models.Model]

    def read(self, raw: Raw, options: Options, book: Book) -> State:
        text = self.parse(raw, options)
        return {self.to: book.names(self.target).find(text) if text else None}

    def emptied(self) -> State | None:
        return None if self.required else {self.to: None}

    def shown(self, state: State, book: Book) -> str:
        return book.names(self.target).key_of(state.get(self.to))


@dataclass(frozen=True, kw_only=True)
class Links(Column):
    """Records that the row leads to: their keys, or names."""

    target: type[models.Model]

    def read(self, raw: Raw, options: Options, book: Book) -> State:
        names = book.names(self.target)
        return {self.to: sorted({names.find(text) for text in elements(raw, self.parse, options) if text})}

    def emptied(self) -> State | None:
        return {self.to: []}

    def shown(self, state: State, book: Book) -> str:
        return SEPARATOR.join(self.keys(state, book))

    def same(self, raw: Raw, state: State, book: Book) -> bool:
        return says_the_list(raw, self.keys(state, book))

    def keys(self, state: State, book: Book) -> list[str]:
        names = book.names(self.target)
        return [names.key_of(pk) for pk in sorted(state.get(self.to, ()), key=names.place_of)]


@dataclass(frozen=True, kw_only=True)
class Lines(Column):
    """A text of lines, which the export writes as a list."""

    def read(self, raw: Raw, options: Options, book: Book) -> State:
        return {self.to: "\n".join(text for text in elements(raw, self.parse, options) if text)}

    def shown(self, state: State, book: Book) -> str:
        return SEPARATOR.join(self.lines(state))

    def same(self, raw: Raw, state: State, book: Book) -> bool:
        return says_the_list(raw, self.lines(state))

    def lines(self, state: State) -> list[str]:
        return str(state.get(self.to) or "").splitlines()


@dataclass(frozen=True, kw_only=True)
class OfPart(Column):
    """A column that speaks of the record's parts (its seats, its partners): a list of texts, in one order (parts)."""

    part: str


@dataclass(frozen=True, kw_only=True)
class Key(Column):
    """The record's key: it says which record the row is."""


@dataclass(frozen=True)
class Ignored:
    """A column that may stand in a file and is not read: what a file of rejected rows has in front."""

    name: str
    also: tuple[str, ...] = ()


REASONS = (Ignored("row"), Ignored("problem"), Ignored("suggestion"))


def as_cell(value: Any) -> str:
    """A plain value as one cell has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def as_text(raw: Raw) -> str | Broken | None:
    """What a cell would be as text, to be compared; None for what is no text (a formula)."""
    if isinstance(raw, str):
        return raw.replace("\r\n", "\n") if "\r" in raw else raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat() if raw.time() == datetime.time() else raw.isoformat()
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    if isinstance(raw, int | float | decimal.Decimal):
        return str(raw)
    return raw if isinstance(raw, Broken) else None


def as_read(written: str) -> str | Broken | None:
    """What reading makes of a text that the register wrote."""
    if written.isascii() and written.isprintable():
        return written if written and not written.isspace() else None
    read = cleaned(written)
    return as_text(read) if read is not None else None


def says_the_same(raw: Raw, written: str) -> bool:
    """Whether a cell that was read is what the register would have written there."""
    if raw is None:
        return not written or as_read(written) is None
    brought = as_text(raw)
    if brought == written:
        return True
    if isinstance(brought, str) and len(brought) >= MOST_IN_A_CELL:
        return written.replace("\r\n", "\n").startswith(brought)
    return brought is not None and brought == as_read(written)


def says_the_list(raw: Raw, texts: Sequence[str]) -> bool:
    """Whether a cell is how the register writes a list, in the public export or in the file for staff."""
    return says_the_same(raw, SEPARATOR.join(texts)) or says_the_same(raw, joined(texts))


def elements(raw: Raw, parse: Parser, options: Options) -> list[str]:
    """The texts of a list in which blank ones count, as of cities that are not known."""
    text = as_text(raw)
    if not isinstance(text, str):
        return [parse(raw, options)]
    parts = text.split("\n") if "\n" in text else text.split(SEPARATOR.strip())
    return [parse(part.strip() or None, options) for part in parts]


def joined(texts: Sequence[str]) -> str:
    """Texts as a cell that holds several: one a line where the sign between elements stands in one of them."""
    return ("\n" if any(SEPARATOR.strip() in text for text in texts) else SEPARATOR).join(texts)


def needed(name: str) -> Wrong:
    return Wrong("required", _("A new record needs “%(column)s”.") % {"column": name})
