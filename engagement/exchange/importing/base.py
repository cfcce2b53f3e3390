"""What the parts of an import hand to one another: cells as a file has them, problems with reasons, the options."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Formula:
    """A cell that is calculated: the file has its text, and what it came to cannot be trusted."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Broken:
    """A cell that holds no value. rule: which fault. says: a sentence for people. value: what of it can be shown."""

    rule: str
    says: str
    value: str = ""

    def __str__(self) -> str:
        return self.value


class Dated(str):
    """The month or year that a cell shows of a date, as the register writes it: no text that anyone wrote."""

    __slots__ = ()


# A cell as the file has it; None is a blank one. A whole number is an int, however the file writes it.
Raw = str | int | float | Decimal | bool | datetime.date | datetime.datetime | Formula | Broken | None


@dataclass(frozen=True)
class Options:
    """How a file is to be understood.

    source: the key of the source for rows that name none. as_of: the date for which it speaks. clears: blank cells
    empty what the register has; else they leave it. day_first: how 03/04/2006 reads; None: it is a problem.
    """

    source: str = ""
    as_of: str = ""
    clears: bool = False
    day_first: bool | None = None


@dataclass(frozen=True)
class Problem:
    """Why something in a file cannot be taken.

    row: as the spreadsheet numbers it, the header is 1; 0 for the file. column: the header as in the file, "" for the
    row. rule: a stable code. says: a sentence for people. suggestion: "" where there is none.
    """

    row: int
    column: str
    rule: str
    says: str
    value: str = ""
    suggestion: str = ""


class Wrong(Exception):
    """One cell cannot be taken; whoever knows its row and column makes a Problem of it."""

    def __init__(self, rule: str, says: str, suggestion: str = "") -> None:
        super().__init__(says)
        self.rule, self.says, self.suggestion = rule, says, suggestion

    def at(self, row: int, column: str, raw: Raw) -> Problem:
        return Problem(row, column, self.rule, self.says, shown(raw), self.suggestion)


class Refused(Exception):
    """A whole file cannot be taken. It may come while rows are read: nothing of the file is to be kept then."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def held(raw: Raw) -> str | int | float | Decimal | datetime.date | None:
    """The value of a cell that is neither calculated nor broken; text without blanks at its ends, "" is None."""
    if isinstance(raw, Formula):
        says = _("The cell holds a formula, or text that begins like one (=, +, -, @).")
        raise Wrong("cell-formula", says + " " + _("Put the value there, or an apostrophe before the text."))
    if isinstance(raw, Broken):
        raise Wrong(raw.rule, raw.says)
    return raw.strip() or None if isinstance(raw, str) else raw


# What makes a value of a cell, or raises Wrong. For a blank cell it gives the field's own nothing: "", None or [].
Parser = Callable[[Raw, Options], Any]

MOST_SHOWN = 200


def shown(raw: Raw) -> str:
    """A cell for people, not longer than a line or two."""
    text = "" if raw is None else str(raw)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
