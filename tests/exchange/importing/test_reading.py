"""Rows of files: as they stand there, what the register wrote comes back as it was, and what is not clear is said."""

import datetime
import io
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import QueryDict
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.columns import Column, Kind
from engagement.exchange.encodings import cell as as_cell
from engagement.exchange.exporting import objects
from engagement.exchange.formats import FORMATS, About
from engagement.exchange.importing.base import Broken, Formula, Problem, Raw, Refused
from engagement.exchange.importing.limits import letters
from engagement.exchange.importing.reading import Line, read
from engagement.exchange.importing.texts import INVISIBLE
from tests.exchange.importing.files import CONTENT_TYPES, MAIN, PARTS, SHEET, archive, sheet, workbook

DAY = datetime.date(2006, 11, 15)
TEXTS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@", "'", "'quoted'", "plain", 'quo"te', '"', '""',
    "a;b,c|d",
    "two\nlines", "two\r\nlines", "\nx", " spaces ", "اتحاد", "a\u200fb", "e\u0301".encode().decode(), "\u2028", "😀",
    '=HYPERLINK("http://x")', "x" * 32_767, "_x000D_", "_x005F_", "x005F_", "_x000d_\r", "007", "1e5", "TRUE", "#REF!",
    "03/04/2006", "2006-11-15", "<b>&amp;</b>", "]]>", "-", "- a", "+41 22 799 61 11", "-5,3", "日本語", "\U0010fffd",
)  # fmt: skip


def lines(name: str, data: bytes) -> list[Line]:
    return list(read(name, data).rows)


def cells(name: str, data: bytes) -> list[tuple[Raw, ...]]:
    return [line.cells for line in lines(name, data)]


def exported(suffix: str, rows: Iterable[list[Any]], width: int) -> bytes:
    columns = tuple(Column(f"column_{place}", "", lambda row: row, Kind.TEXT) for place in range(width))
    return b"".join(FORMATS[suffix].write(About("Invented rows", 1, 1), columns, rows))


def saved(fill: Callable[[Any], None]) -> bytes:
    """A workbook as another program writes it."""
    book = Workbook()
    fill(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_cells(*values: Any, formats: str = "General") -> bytes:
    def fill(book: Any) -> None:
        book.active.append([letters(place) for place in range(len(values))])
        book.active.append(list(values))
        for cell in book.active[2]:
            if formats != "General":
                cell.number_format = formats

    return saved(fill)


# -- What the register wrote comes back ------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_text_that_the_register_writes_comes_back_as_it_was(suffix: str) -> None:
    rows = [[str(number), text] for number, text in enumerate(TEXTS)]
    assert cells(f"a.{suffix}", exported(suffix, rows, 2)) == [
        (number, unicodedata.normalize("NFC", text) if text.strip() else None) for number, text in rows
    ]


def any_text(chance: random.Random) -> str:
    alphabet = "=+-@'\"\t\r\n;,| _x0D5Fé\u0301اتح😀\u200f<&]>"
    text = "".join(chance.choices(alphabet, k=chance.randint(1, 12))).strip(INVISIBLE)
    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("seed", range(5))
def test_whatever_text_is_written_comes_back_as_it_was(suffix: str, seed: int) -> None:
    chance = random.Random(seed)
    rows = [[str(number), any_text(chance), any_text(chance)] for number in range(300)]
    found = cells(f"a.{suffix}", exported(suffix, rows, 3))
    assert found == [tuple(text if text.strip() else None for text in row) for row in rows]


def test_numbers_truth_and_lists_come_back_as_the_file_has_them() -> None:
    row = [7, -0.5, 12.0, True, ["Invented Union", "B"], None, ""]
    assert cells("a.xlsx", exported("xlsx", [row], 7)) == [(7, -0.5, 12, "true", "Invented Union; B", None, None)]
    assert cells("a.csv", exported("csv", [row], 7)) == [("7", "-0.5", "12.0", "true", "Invented Union; B", None, None)]


def test_what_the_second_sheet_says_of_the_rows_is_not_read() -> None:
    table = read("a.xlsx", exported("xlsx", [["a"]], 1))
    assert table.header == ("column_0",) and len(list(table.rows)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
def test_the_files_of_every_directory_come_back_cell_by_cell(directory: Directory) -> None:
    question = directory.ask(QueryDict())
    rows = [[*row.values()] for row in objects(directory, question, question.page(0, 300), "https://register.example")]
    assert rows
    for suffix in ("csv", "xlsx"):
        file = b"".join(FORMATS[suffix].write(About("", len(rows), 1), directory.columns, rows))
        table = read(f"a.{suffix}", file)
        assert table.header == tuple(column.name for column in directory.columns)
        for line, row in zip(table.rows, rows, strict=True):
            assert [as_written(cell) for cell in line.cells] == [as_written(as_cell(value)) for value in row]


def as_written(cell: Any) -> str:
    """A number as text, whichever kind of number; text that is composed and has no invisible ends."""
    try:
        return "" if cell is None else str(float(cell))
    except ValueError:
        return unicodedata.normalize("NFC", cell).strip(INVISIBLE) if cell.strip() else ""


# -- CSV -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_encoding_and_line_ends_are_found(separator: str, encoding: str, end: str) -> None:
    rows = (("name", "note, with; all|"), ("Fédération inventée", "x"), ("اتحاد", "y"))
    text = end.join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    table = read("a.csv", text.encode(encoding))
    assert table.header == rows[0]
    assert [line.cells for line in table.rows] == [rows[1], rows[2]]


def test_a_header_that_begins_like_an_archive_is_a_header() -> None:
    assert read("a.csv", b"PK,name\n1,a\n").header == ("PK", "name")


def test_a_file_with_one_column_needs_no_separator() -> None:
    assert cells("a.csv", b"name\nInvented Union\n") == [("Invented Union",)]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    data = b'name,note\na,"two\nlines"\n\n , \n,,,\nb,c\n'
    assert [(line.number, line.cells) for line in lines("a.csv", data)] == [(2, ("a", "two\nlines")), (6, ("b", "c"))]


def test_a_short_row_has_blank_cells_and_a_long_one_is_a_problem() -> None:
    short, long, blank = lines("a.csv", b"name,city\na\nb,c,d\ne,f,,\n")
    assert short == Line(2, ("a", None))
    assert long.cells == ("b", "c")
    [problem] = long.problems
    assert (problem.row, problem.column, problem.rule, problem.value) == (3, "", "row-long", "d")
    assert "column C" in problem.says
    assert blank == Line(4, ("e", "f"))


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+1+1", "-1+cmd", "-A1", "+A1", "=HYPERLINK(A1)", "\u200b=1+1", "\ufeff@x"]
)
def test_what_a_spreadsheet_would_calculate_is_a_formula(cell: str) -> None:
    [(found,)] = cells("a.csv", f"name\n{cell}\n".encode())
    assert found == Formula(cell.strip(INVISIBLE))


@pytest.mark.parametrize("cell", ["-", "-1", "-0.5", "-1 234,50", "+41 22 799 61 11", "+41(0)22-799", "-5%", "'=1+1"])
def test_numbers_telephones_and_neutralised_text_are_no_formulas(cell: str) -> None:
    [(found,)] = cells("a.csv", f'name\n"{cell}"\n'.encode())
    assert found == ("=1+1" if cell == "'=1+1" else cell)


def test_text_is_composed_and_without_invisible_ends() -> None:
    data = "name\n\u00a0Fe\u0301de\u0301ration\u200b\u00a0\n\u200b\n".encode()
    assert cells("a.csv", data) == [("Fédération",)]


def test_text_after_a_closed_quote_is_refused_with_its_line() -> None:
    with pytest.raises(Refused, match="begins in line 2 "):
        lines("a.csv", b'name,city\n"a"b,c\n')


def test_a_cell_that_is_too_long_is_broken_and_the_others_are_read() -> None:
    [(first, second)] = cells("a.csv", b"name,city\n" + b"x" * 32_768 + b",Geneva\n")
    assert isinstance(first, Broken) and first.rule == "cell-long" and second == "Geneva"


def test_nothing_is_read_before_it_is_asked_for() -> None:
    table = read("a.csv", b'name\na\n"b')
    assert next(table.rows) == Line(2, ("a",))
    with pytest.raises(Refused):
        next(table.rows)


# -- Headers ---------------------------------------------------------------------------------------------------


def test_headers_are_trimmed_and_blank_ones_at_the_end_left_out() -> None:
    assert read("a.csv", b" name ,two  words,,\n").header == ("name", "two words")


def test_a_column_without_a_header_is_a_problem_once_it_is_used() -> None:
    first, second, third = lines("a.csv", b"name,,city\na,,b\nc,d,e\nf,g,h\n")
    assert first.problems == () and third.problems == ()
    assert [problem.rule for problem in second.problems] == ["header-missing"]
    assert "Column B" in second.problems[0].says


@pytest.mark.parametrize("data", [b"\nname\na\n", b",,\na,b\n", b" \n"])
def test_the_names_of_the_columns_stand_in_the_first_row(data: bytes) -> None:
    with pytest.raises(Refused, match="first row is blank"):
        read("a.csv", data)


def test_a_header_that_is_calculated_or_broken_is_refused() -> None:
    with pytest.raises(Refused, match="column B is no text"):
        read("a.csv", b"name,=A1\n")
    with pytest.raises(Refused, match="column A is no text"):
        read("a.xlsx", saved(lambda book: book.active.append([DAY])))


# -- XLSX ------------------------------------------------------------------------------------------------------


def test_cells_of_a_workbook_are_what_they_are_there() -> None:
    moment = datetime.datetime(2006, 11, 15, 9, 30)
    values = ("Invented Union", "=A1", "#REF!", 12.0, 0.1, True, DAY, moment, None, 41227996196)
    found = cells("a.xlsx", with_cells(*values))[0]
    assert found[0] == "Invented Union"
    assert found[1] == Formula("=A1")
    assert isinstance(found[2], Broken) and found[2].rule == "cell-error" and "#REF!" in found[2].says
    assert found[3] == 12 and isinstance(found[3], int) and found[4] == 0.1
    assert found[5:] == (True, DAY, moment, None, 41227996196)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("yyyy-mm-dd", DAY.replace(day=1)), ("dd/mm/yy", DAY.replace(day=1)), ("mmm-yy", "2006-11"),
        ("mmmm yyyy", "2006-11"),
        ('[$-40C]mmmm" "yyyy', "2006-11"), ("yyyy", DAY.replace(day=1)), ('"d"0', 39022), ("0.00", 39022),
        ("[Red]0", 39022), ("d\\-mmm;@", DAY.replace(day=1)), ("General", 39022),
    ],
)  # fmt: skip
def test_a_date_is_not_made_finer_than_its_format_shows_it(shown: str, expected: Raw) -> None:
    assert cells("a.xlsx", with_cells(39022, formats=shown)) == [(expected,)]


def test_a_year_that_is_shown_as_one_is_a_year() -> None:
    assert cells("a.xlsx", with_cells(38718, formats="yyyy")) == [("2006",)]


def test_a_time_of_day_is_no_date() -> None:
    for value, shown in ((0.5, "hh:mm"), (0.5, "yyyy-mm-dd"), (39022.5, "[h]:mm")):
        [(cell,)] = cells("a.xlsx", with_cells(value, formats=shown))
        assert isinstance(cell, Broken) and cell.rule == "cell-time"


def test_days_of_both_calendars_of_spreadsheets_are_read() -> None:
    def fill(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active.append(["day"])
        book.active.append([DAY])

    assert cells("a.xlsx", saved(fill)) == [(DAY,)]
    for serial, day in (
        (1, datetime.date(1900, 1, 1)),
        (59, datetime.date(1900, 2, 28)),
        (61, datetime.date(1900, 3, 1)),
    ):
        assert cells("a.xlsx", with_cells(serial, formats="yyyy-mm-dd")) == [(day,)]
    [(never,)] = cells("a.xlsx", with_cells(60, formats="yyyy-mm-dd"))
    assert isinstance(never, Broken) and never.rule == "cell-date"


@pytest.mark.parametrize("written", ["1e999", "nan", "inf", "x", "1_0", "--1"])
def test_a_number_that_is_none_breaks_its_cell(written: str) -> None:
    [(cell,)] = cells("a.xlsx", sheet(f'<row r="2"><c r="A2"><v>{written}</v></c></row>'))
    assert isinstance(cell, Broken) and cell.rule == "cell-number"


def test_the_first_sheet_that_is_shown_and_has_a_header_is_read() -> None:
    def fill(book: Any) -> None:
        book.active.title = "About"
        book.active.append(["about"])
        book.create_sheet("Hidden").append(["hidden"])
        book["Hidden"].sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("Lower")["A3"] = "lower"
        book.create_sheet("Invented").append(["found"])

    assert read("a.xlsx", saved(fill)).header == ("found",)


def test_the_sheet_of_an_own_export_comes_first_wherever_it_stands() -> None:
    def fill(book: Any) -> None:
        book.active.append(["other"])
        book.create_sheet("Rows").append(["key"])

    assert read("a.xlsx", saved(fill)).header == ("key",)


def test_a_workbook_without_a_header_is_refused() -> None:
    for fill in (lambda book: None, lambda book: book.active.__setitem__("A3", "lower")):
        with pytest.raises(Refused, match="No sheet that is shown has a header"):
            read("a.xlsx", saved(fill))


def test_merged_cells_are_a_problem_in_the_header_alone() -> None:
    def fill(book: Any, merged: str) -> None:
        for row in (["name", "city"], ["a", "b"], ["c", None]):
            book.active.append(row)
        book.active.merge_cells(merged)

    assert cells("a.xlsx", saved(lambda book: fill(book, "A3:B3"))) == [("a", "b"), ("c", None)]
    with pytest.raises(Refused, match="merged \\(A1:B1\\)"):
        lines("a.xlsx", saved(lambda book: fill(book, "A1:B1")))


def test_rows_of_a_workbook_keep_their_numbers_and_say_what_is_beyond_the_header() -> None:
    def fill(book: Any) -> None:
        book.active.append(["name", None, "city"])
        book.active["A5"], book.active["E7"], book.active["B9"] = "a", "beyond", "nameless"

    found = lines("a.xlsx", saved(fill))
    assert [(line.number, [problem.rule for problem in line.problems]) for line in found] == [
        (5, []), (7, ["row-long"]), (9, ["header-missing"]),
    ]  # fmt: skip
    assert found[1].problems == (
        Problem(7, "", "row-long", "The row has more cells than the header: column E has no name.", "beyond"),
    )


def test_texts_in_pieces_are_joined_and_readings_of_characters_left_out() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>name</t></si><si><r><t>Invented </t></r><r><t xml:space="preserve">Union </t></r>'
        "<rPh sb='0' eb='1'><t>reading</t></rPh></si></sst>"
    )
    assert cells("a.xlsx", workbook(strings=strings)) == [("Invented Union ",)]


def test_prefixes_of_namespaces_do_not_matter() -> None:
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", PARTS[SHEET]).replace("xmlns=", "xmlns:x=")
    assert cells("a.xlsx", workbook(sheet=prefixed)) == [("Invented Union",)]


def test_a_workbook_is_told_by_its_content_whatever_its_name() -> None:
    assert cells("a.csv", workbook()) == [("Invented Union",)]
    assert cells("a.XLSX", workbook()) == [("Invented Union",)]


def test_a_workbook_needs_its_sheets_and_says_so() -> None:
    with pytest.raises(Refused, match="damaged"):
        read("a.xlsx", archive({CONTENT_TYPES: PARTS[CONTENT_TYPES], "xl/workbook.xml": PARTS["xl/workbook.xml"]}))


def test_columns_have_the_names_that_spreadsheets_give_them() -> None:
    assert [letters(place) for place in (0, 25, 26, 99, 701, 702, 16_383)] == ["A", "Z", "AA", "CV", "ZZ", "AAA", "XFD"]
