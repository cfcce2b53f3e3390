"""Rows as files: CSV, XLSX and JSON, written while rows are read, so that memory does not grow with their number."""

import datetime
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import xlsxwriter

from engagement.directories.columns import Column
from engagement.exchange.encodings import Csv, Json, Plain, cell
from engagement.exchange.tables import FORMULA

BYTE_ORDER_MARK = "\ufeff"
# Of a line of a CSV file (RFC 4180).
END = "\r\n"
# Rows of an XLSX file. It is written whole before its first byte is sent, and a sheet ends at 1,048,576.
MOST_XLSX_ROWS = 100_000
# What a workbook says of when it was made: nothing, so that the same rows are the same bytes.
EPOCH = datetime.datetime(2000, 1, 1)
# Characters in a cell of a spreadsheet.
MOST_CHARACTERS = 32_767
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 64 * 1024

# A row: the plain value of each column (directories.columns.plain), in their order.
Row = Sequence[Any]
# Rows at once: of each the cells, as the encoding of a format has them.
Batch = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class About:
    """What a file says of itself where its format has room for it.

    title: what the rows are. facts: name and text, in this order.
    """

    title: str
    count: int
    revision: int
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Format:
    """suffix: how an address and a file name end. most: rows, None for any number.

    written: the bytes of a file, of batches of cells in this encoding.
    """

    suffix: str
    content_type: str
    encoding: Plain
    written: Callable[[About, Sequence[Column], Iterable[Batch]], Iterator[bytes]]
    most: int | None = None

    def write(self, about: About, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
        """The bytes of a file, of rows of plain values."""
        return self.written(about, columns, encoded(rows, self.encoding))


def encoded(rows: Iterable[Row], encoding: Plain) -> Iterator[Batch]:
    """Rows of plain values in batches of cells."""
    one, remaining = encoding.one, iter(rows)
    while batch := [[one(value) for value in row] for row in islice(remaining, ROWS_AT_ONCE)]:
        yield batch


def csv_file(about: About, columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, with the byte-order mark by which spreadsheets know it."""
    before = f"{BYTE_ORDER_MARK}{','.join(Csv().texts([column.name for column in columns]))}{END}"
    for batch in batches:
        yield f"{before}{END.join(map(','.join, batch))}{END}".encode()
        before = ""
    yield before.encode()


def taken(written: io.StringIO) -> bytes:
    """What was written so far, which is then no longer there."""
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text.encode()


def json_file(about: About, columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """`{"count", "revision", "results": [...]}`, one row a line."""
    names = [json.dumps(column.name).replace("%", "%%") for column in columns]
    line = "{" + ", ".join(f"{name}: %s" for name in names) + "}"
    head = json.dumps({"count": about.count, "revision": about.revision}, ensure_ascii=False)[:-1]
    before = f'{head}, "results": [\n'
    for batch in batches:
        yield (before + ",\n".join([line % tuple(row) for row in batch])).encode()
        before = ",\n"
    yield ("\n]}\n" if before == ",\n" else f"{before}]}}\n").encode()


def xlsx_file(about: About, columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """A workbook: the rows on the first sheet, what they are on the second. The same bytes for the same rows."""
    with tempfile.TemporaryFile() as file:
        # Row by row into a temporary file; text stays text, whatever it looks like.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"title": about.title, "created": EPOCH})
            sheet = book.add_worksheet("Rows")
            sheet.freeze_panes(1, 2)
            write_rows(book, sheet, columns, chain.from_iterable(batches))
            write_facts(book.add_worksheet("About"), about)
        file.seek(0)
        while chunk := file.read(BYTES_AT_ONCE):
            yield chunk


def write_rows(book: Any, sheet: Any, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    head, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, head)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            shown = cell(value)
            if isinstance(shown, str):
                # Like the apostrophe that one types: it stays text even when the cell is edited.
                sheet.write_string(line, place, shown[:MOST_CHARACTERS], quoted if shown.startswith(FORMULA) else None)
            else:
                sheet.write_number(line, place, shown)


def write_facts(sheet: Any, about: About) -> None:
    own = (("title", about.title), ("rows", about.count), ("revision", about.revision))
    for line, (name, value) in enumerate((*own, *about.facts)):
        sheet.write_string(line, 0, name)
        sheet.write_number(line, 1, value) if isinstance(value, int) else sheet.write_string(line, 1, value)


FORMATS = {
    each.suffix: each
    for each in (
        Format("csv", "text/csv; charset=utf-8", Csv(), csv_file),
        Format(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Plain(),
            xlsx_file,
            MOST_XLSX_ROWS,
        ),
        Format("json", "application/json", Json(), json_file),
    )
}
