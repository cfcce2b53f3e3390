"""CSV, XLSX and JSON: the same rows in each, text that stays text, files that are the same when the rows are."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from openpyxl import load_workbook

from engagement.directories.columns import Column, Kind
from engagement.exchange.formats import BYTE_ORDER_MARK, FORMATS, MOST_CHARACTERS, About
from engagement.exchange.tables import restored

KINDS = {
    "key": Kind.CODE, "name": Kind.TEXT, "names": Kind.LIST, "number": Kind.INTEGER, "budget": Kind.NUMBER,
    "derived": Kind.BOOLEAN, "url": Kind.PAGE,
}  # fmt: skip
COLUMNS = tuple(Column(name, "", lambda row: row, kind) for name, kind in KINDS.items())
ABOUT = About("Organizations", 2, 4711, (("query", "q=ituc"), ("licence", "CC BY 4.0")))
HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@", "'", "plain", 'quo"te', "a;b,c", "two\nlines",
    "اتحاد", "\u202eabc", "\u2028", "=HYPERLINK(\"http://x\")", "x" * 40_000, "😀",
)  # fmt: skip


def row(key: str, name: str = "") -> list[Any]:
    return [key, name, [name, ""], 7, 0.5, True, "https://register.example/"]


def written(suffix: str, rows: Iterable[list[Any]], about: About = ABOUT) -> bytes:
    return b"".join(FORMATS[suffix].write(about, COLUMNS, rows))


def read_csv(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode().removeprefix(BYTE_ORDER_MARK), newline="")))


def test_a_csv_file_begins_with_the_byte_order_mark_and_has_the_columns_for_a_head() -> None:
    file = written("csv", [row("a", "A"), [*row("b", "B")[:3], None, None, False, ""]])
    assert file.startswith("\ufeffkey,name,".encode())
    assert read_csv(file) == [
        list(KINDS),
        ["a", "A", "A; ", "7", "0.5", "true", "https://register.example/"],
        ["b", "B", "B; ", "", "", "false", ""],
    ]


def test_no_text_begins_a_formula_in_csv_and_every_text_comes_back_as_it_was() -> None:
    cells = [line[1] for line in read_csv(written("csv", [row(str(n), text) for n, text in enumerate(HOSTILE)]))[1:]]
    assert [restored(cell) for cell in cells] == list(HOSTILE)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_numbers_stay_numbers_even_when_they_are_negative() -> None:
    line = [*row("a"), *()]
    line[3:5] = [-7, -0.5]
    assert read_csv(written("csv", [line]))[1][3:5] == ["-7", "-0.5"]
    sheet = load_workbook(io.BytesIO(written("xlsx", [line]))).worksheets[0]
    assert [cell.value for cell in sheet[2]][3:5] == [-7, -0.5]


def test_json_says_count_and_revision_and_gives_the_rows_with_the_names_of_the_columns() -> None:
    said = json.loads(written("json", [row("a", "A"), row("b", "اتحاد")]))
    assert list(said) == ["count", "revision", "results"]
    assert (said["count"], said["revision"]) == (2, 4711)
    assert said["results"][1] == dict(zip(KINDS, row("b", "اتحاد"), strict=True))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_without_rows_is_whole(suffix: str) -> None:
    file = written(suffix, [])
    if suffix == "json":
        assert json.loads(file)["results"] == []
    elif suffix == "csv":
        assert read_csv(file) == [list(KINDS)]
    else:
        assert [cell.value for cell in load_workbook(io.BytesIO(file)).worksheets[0][1]] == list(KINDS)


def test_the_first_sheet_holds_the_rows_and_the_second_says_what_they_are() -> None:
    book = load_workbook(io.BytesIO(written("xlsx", [row(str(n), text) for n, text in enumerate(HOSTILE)])))
    rows, about = book.worksheets
    cells = [rows.cell(line, 2) for line in range(2, 2 + len(HOSTILE))]
    # Line ends are the only thing that the format itself writes in another way.
    expected = [text[:MOST_CHARACTERS].replace("\r", "_x000D_") for text in HOSTILE]
    assert [(cell.value or "").replace("\r", "_x000D_") for cell in cells] == expected
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells[:7]] == [True] * 6 + [False]
    assert [(line[0].value, line[1].value) for line in about.iter_rows()] == [
        ("title", "Organizations"), ("rows", 2), ("revision", 4711), ("query", "q=ituc"), ("licence", "CC BY 4.0"),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_rows_are_the_same_bytes(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(suffix, [row("a", "A")])
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert written(suffix, [row("a", "A")]) == first


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_rows_are_sent_while_more_are_read(suffix: str) -> None:
    read: list[int] = []

    def rows() -> Iterable[list[Any]]:
        for number in range(10_000):
            read.append(number)
            yield row(str(number))

    chunks = FORMATS[suffix].write(ABOUT, COLUMNS, rows())
    next(iter(chunks))
    assert 0 < len(read) < 1_000
