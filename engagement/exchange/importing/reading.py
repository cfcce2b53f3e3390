"""From the bytes of a CSV or XLSX file to its header and rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagement.exchange.importing import separated, sniffing, workbooks
from engagement.exchange.importing.base import Problem, Raw, Refused, shown
from engagement.exchange.importing.limits import (
    LAST_ROW,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    letters,
    too_far_down,
    too_large,
    too_many_columns,
    too_many_rows,
)


@dataclass(frozen=True)
class Line:
    """A row. number: as the spreadsheet numbers it. cells: one for each header, None where blank.

    problems: of the row as a whole, such as cells beyond the header; it is not to be taken then.
    """

    number: int
    cells: tuple[Raw, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Table:
    """A file as rows. They are read while one iterates, once; Refused may come then too. Blank rows are left out."""

    header: tuple[str, ...]
    rows: Iterator[Line]


def read(file_name: str, data: bytes) -> Table:
    """Raise Refused, saying why and what to do, unless the file is a CSV or XLSX one that can be read safely."""
    if len(data) > MOST_BYTES:
        raise too_large()
    rows = workbooks.rows(data) if sniffing.is_workbook(file_name, data) else _numbered(separated.rows(data))
    number, first = next(rows, (0, []))
    header = _header(first) if number == 1 else ()
    if not header:
        raise Refused(_("The first row is blank: the names of the columns must stand there."))
    return Table(header, _lines(header, rows))


def _numbered(rows: Iterator[list[Raw]]) -> Iterator[tuple[int, list[Raw]]]:
    """The rows that are not blank, each with its number."""
    for number, cells in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise too_far_down()
        if any(cell is not None for cell in cells):
            yield number, cells


def _header(cells: list[Raw]) -> tuple[str, ...]:
    used = _used(cells)
    if used > MOST_COLUMNS:
        raise too_many_columns(_("Row %(row)d") % {"row": 1})
    for place, cell in enumerate(cells[:used]):
        if cell is not None and not isinstance(cell, str | int):
            says = _("The header of column %(column)s is no text: “%(value)s”.")
            raise Refused(says % {"column": letters(place), "value": shown(cell)})
    return tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells[:used])


def _used(cells: list[Raw]) -> int:
    """How many cells there are up to the last that is not blank."""
    used = len(cells)
    while used and cells[used - 1] is None:
        used -= 1
    return used


def _lines(header: tuple[str, ...], rows: Iterator[tuple[int, list[Raw]]]) -> Iterator[Line]:
    """Each row as long as the header. Columns without a header are told of once, rows beyond it each time."""
    width = len(header)
    nameless = {place for place, name in enumerate(header) if not name}
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise too_many_rows()
        problems = [_beyond(number, cells, width)] if len(cells) > width and _used(cells) > width else []
        for place in [place for place in nameless if place < len(cells) and cells[place] is not None]:
            nameless.discard(place)
            problems.append(_nameless(number, cells, place))
        cells = cells[:width] if len(cells) >= width else cells + [None] * (width - len(cells))
        yield Line(number, tuple(cells), tuple(problems))


def _beyond(number: int, cells: list[Raw], width: int) -> Problem:
    if len(cells) > MOST_COLUMNS and _used(cells) > MOST_COLUMNS:
        raise too_many_columns(_("Row %(row)d") % {"row": number})
    place = next(place for place in range(width, len(cells)) if cells[place] is not None)
    says = _("The row has more cells than the header: column %(column)s has no name.")
    return Problem(number, "", "row-long", says % {"column": letters(place)}, shown(cells[place]))


def _nameless(number: int, cells: list[Raw], place: int) -> Problem:
    says = _("Column %(column)s has no header, but it has cells. Name it, or delete it.")
    return Problem(number, "", "header-missing", says % {"column": letters(place)}, shown(cells[place]))
