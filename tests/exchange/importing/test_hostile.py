"""Files that were made to do harm, or that are not what they seem: each is refused, with a reason, soon."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from engagement.exchange.importing.base import Broken, Refused
from engagement.exchange.importing.limits import MOST_BYTES
from engagement.exchange.importing.reading import read
from tests.exchange.importing.files import CONTENT_TYPES, MAIN, PARTS, SHEET, archive, sheet, workbook

LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
MB = 1024 * 1024
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARK_OF_UTF_16 = b"\xff\xfe"


def noise(size: int) -> bytes:
    return random.Random(4711).randbytes(size)


def nested_bomb() -> bytes:
    inner = archive({"0": b"0" * MB})
    for _depth in range(5):
        inner = archive({str(number): inner for number in range(10)})
    return inner


def much_from_little() -> bytes:
    return archive({**PARTS, SHEET: b"<worksheet>" + b" " * (60 * MB)})


def more_than_allowed() -> bytes:
    """Each entry within the ratio, all together too large."""
    half = noise(MB // 50) + b" " * (2 * MB - MB // 50)
    return archive({**PARTS, **{f"xl/media/{number}.xml": half for number in range(60)}})


def lying_of_sizes() -> bytes:
    """The list of entries says that the sheet unpacks to a hundred bytes."""
    honest = archive({**PARTS, SHEET: f'<worksheet xmlns="{MAIN}">' + " " * (50 * MB) + "</worksheet>"})
    size = struct.pack("<L", 50 * MB + len(f'<worksheet xmlns="{MAIN}"></worksheet>'))
    assert honest.count(size) >= 1
    return honest.replace(size, struct.pack("<L", 100))


def lying_of_entries() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for number in range(50_000):
            file.writestr(f"xl/{number}", b"")
    data = written.getvalue()
    end = data.rindex(b"PK\x05\x06")
    return data[: end + 8] + struct.pack("<HH", 1, 1) + data[end + 12 :]


def many_names() -> bytes:
    return sheet("".join(f"<a{number}/>" for number in range(500_000)))


def many_attributes() -> bytes:
    return sheet("".join(f'<row r="{n}" a{n}="1" b{n}="2"/>' for n in range(2, 200_000)))


def many_cells_in_a_row() -> bytes:
    return sheet('<row r="2">' + "<c/>" * 20_000_000 + "</row>")


def encrypted_entry() -> bytes:
    data = bytearray(workbook())
    # The flag in both headers of each entry.
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + flag] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def with_entry(name: str, part: str = "") -> Callable[[], bytes]:
    return lambda: archive({**PARTS, name: part})


def of_kind(kind: str) -> Callable[[], bytes]:
    return lambda: workbook(types=PARTS[CONTENT_TYPES].replace("openxmlformats-officedocument.spreadsheetml", kind))


def utf_16(text: str) -> bytes:
    return text.encode("utf-16-le")


HARMFUL: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty file": ("a.csv", lambda: b"", "empty"),
    "only a mark": ("a.csv", lambda: b"\xef\xbb\xbf", "first row is blank"),
    "too large": ("a.csv", lambda: b"a" * (MOST_BYTES + 1), "larger than 20 MB"),
    "nested archives": ("a.xlsx", nested_bomb, "no workbook"),
    "much from little": ("a.xlsx", much_from_little, "very much more than its size"),
    "more than allowed": ("a.xlsx", more_than_allowed, "larger than 100 MB"),
    "lying of sizes": ("a.xlsx", lying_of_sizes, "damaged"),
    "lying of entries": ("a.xlsx", lying_of_entries, "more entries"),
    "many entries": ("a.xlsx", lambda: archive(PARTS | {f"xl/{n}": "" for n in range(300)}), "more entries"),
    "laughs in the texts": ("a.xlsx", lambda: workbook(strings=f"{LAUGHS}<sst>&c;</sst>"), "document type"),
    "laughs in the sheet": ("a.xlsx", lambda: workbook(sheet=f"{LAUGHS}<worksheet>&c;</worksheet>"), "document type"),
    "laughs in the types": ("a.xlsx", lambda: workbook(types=f"{LAUGHS}<Types>&c;</Types>"), "document type"),
    "laughs in UTF-16": ("a.xlsx", lambda: workbook(sheet=f"{LAUGHS}<worksheet/>".encode("utf-16")), "document type"),
    "laughs behind a comment": (
        "a.xlsx", lambda: workbook(sheet=f"<!--{'x' * 100_000}-->{LAUGHS}<worksheet/>"), "document type",
    ),
    "an entity from outside": ("a.xlsx", lambda: workbook(strings=f"{OUTSIDE}<sst>&x;</sst>"), "document type"),
    "an endless comment": ("a.xlsx", lambda: workbook(sheet="<!--" + noise(MB).hex() + "-->"), "not as a spreadsheet"),
    "an endless tag": ("a.xlsx", lambda: sheet(f'<row r="2" x="{noise(MB).hex()}"/>'), "not as a spreadsheet"),
    "a deep sheet": ("a.xlsx", lambda: sheet("<a>" * 100_000), "not as a spreadsheet"),
    "many strange elements": ("a.xlsx", lambda: sheet("<a/>" * 210_000), "damaged"),
    "many names": ("a.xlsx", many_names, "not as a spreadsheet"),
    "many attributes": ("a.xlsx", many_attributes, "not as a spreadsheet"),
    "many cells in a row": ("a.xlsx", many_cells_in_a_row, "very much more than its size"),
    "another encoding in XML": (
        "a.xlsx", lambda: workbook(sheet='<?xml version="1.0" encoding="iso-8859-1"?><worksheet/>'), "not in UTF-8",
    ),
    "a truncated workbook": ("a.xlsx", lambda: workbook()[:-40], "damaged"),
    "half a workbook": ("a.xlsx", lambda: workbook()[:600], "damaged"),
    "a sheet that ends early": ("a.xlsx", lambda: workbook(sheet=PARTS[SHEET][:-20]), "damaged"),
    "a sheet that is no XML": ("a.xlsx", lambda: workbook(sheet="no <b> XML"), "damaged"),
    "random bytes": ("a.xlsx", lambda: noise(MB), "no text"),
    "random bytes after PK": ("a.xlsx", lambda: b"PK\x03\x04" + noise(MB), "damaged"),
    "a file in the file system": ("a.xlsx", with_entry("../../etc/passwd"), "no spreadsheet program"),
    "an absolute name": ("a.xlsx", with_entry("/etc/passwd"), "no spreadsheet program"),
    "a name of Windows": ("a.xlsx", with_entry("C:\\Windows\\x"), "no spreadsheet program"),
    "one name twice": ("a.xlsx", with_entry("XL/workbook.xml"), "no spreadsheet program"),
    "an entry packed otherwise": ("a.xlsx", lambda: archive(PARTS, zipfile.ZIP_LZMA), "no spreadsheet program"),
    "an entry with a password": ("a.xlsx", encrypted_entry, "protected by a password"),
    "a workbook with a password": (
        "a.xlsx", lambda: OLE2 + noise(5_000) + utf_16("EncryptedPackage"), "protected by a password",
    ),
    "an old workbook": ("a.xls", lambda: OLE2 + noise(5_000), "older Excel"),
    "macros": ("a.xlsx", with_entry("xl/vbaProject.bin"), "macros"),
    "a workbook for macros": ("a.xlsx", of_kind("ms-excel.sheet.macroEnabled.spreadsheetml"), "may hold macros"),
    "OpenDocument": (
        "a.ods",
        lambda: archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
        "OpenDocument",
    ),
    "a text document": (
        "a.docx", lambda: archive({CONTENT_TYPES: "<Types/>", "word/document.xml": ""}), "text document",
    ),
    "any archive": ("a.zip", lambda: archive({"a.csv": "name\n"}), "no workbook"),
    "an archive without entries": ("a.xlsx", lambda: archive({}), "no workbook"),
    "a cell far out": (
        "a.xlsx", lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "XFD1048576.*100 columns",
    ),
    "a row beyond the last": ("a.xlsx", lambda: sheet('<row r="1048577"/>'), "beyond row"),
    "rows out of order": ("a.xlsx", lambda: sheet('<row r="3"/><row r="2"/>'), "damaged"),
    "a text that is not there": ("a.xlsx", lambda: sheet('<row><c t="s"><v>99</v></c></row>'), "damaged"),
    "a place that is none": ("a.xlsx", lambda: sheet('<row r="2"><c r="2A"><v>1</v></c></row>'), "damaged"),
    "a million lines": ("a.csv", lambda: b"name\n" + b"x\n" * 1_000_000, "more than 50000 rows"),
    "two million blank lines": ("a.csv", lambda: b"name\n" + b"\n" * 2_000_000, "beyond row"),
    "one long line": ("a.csv", lambda: b"name\n" + b"x" * (19 * MB), "more than 1000000 characters"),
    "many short cells in a line": ("a.csv", lambda: b"name\n" + b"x," * (9 * MB), "more than 1000000 characters"),
    "a long row of lines": ("a.csv", lambda: b"name\n" + b'"\r",' * (4 * MB), "more than 1000000 characters"),
    "a long header": ("a.csv", lambda: b"x" * (19 * MB), "more than 1000000 characters"),
    "many columns": ("a.csv", lambda: b"name\n" + b"x," * 101, "100 columns"),
    "a quote that is not closed": ("a.csv", lambda: b'name\nx\n"y\nz\n', "begins in line 3 .*not closed"),
    "UTF-16 without its mark": ("a.csv", lambda: utf_16("name,city\r\nInvented Union,Geneva\r\n"), "UTF-16 without"),
    "half a character of UTF-16": ("a.csv", lambda: MARK_OF_UTF_16 + utf_16("name\n") + b"\x00", "not UTF-16"),
    "Latin-1": ("a.csv", lambda: "name\nFédération\n".encode("latin-1"), "Byte 7, in line 2, .*Windows-1252"),
    "only zeros": ("a.csv", lambda: b"\x00" * MB, "no text"),
    "a web page called xls": ("a.xls", lambda: b"<html><table><tr><td>name</td></tr></table></html>", "HTML"),
    "a web page called xlsx": ("a.xlsx", lambda: b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "HTML"),
    "a web page called csv": ("a.csv", lambda: b"  <table><tr><td>name</td></tr></table>", "HTML"),
    "a web page in UTF-16": ("a.csv", lambda: MARK_OF_UTF_16 + utf_16("<html></html>"), "HTML"),
    "XML": ("a.xlsx", lambda: b'<?xml version="1.0"?><Workbook/>', "XML"),
    "JSON": ("a.csv", lambda: b'{"count": 1, "results": []}', "JSON"),
    "PDF": ("a.csv", lambda: b"%PDF-1.7\n", "PDF"),
    "a picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n", "picture"),
    "gzip": ("a.csv", lambda: b"\x1f\x8b\x08\x00", "gzip"),
    "text called xlsx": ("a.xlsx", lambda: b"name\nInvented Union\n", "called .*xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMFUL)
def test_a_file_that_would_do_harm_is_refused_with_a_reason(what: str) -> None:
    name, build, gist = HARMFUL[what]
    data = build()
    with pytest.raises(Refused, match=gist):
        for _line in read(name, data).rows:
            pass


def test_a_sheet_is_not_asked_for_its_size() -> None:
    for said in ("A1:XFD1048576", "A1", "nonsense"):
        data = sheet('<row r="2"><c r="A2"><v>7</v></c></row>', before=f'<dimension ref="{said}"/>')
        assert [(line.number, line.cells) for line in read("a.xlsx", data).rows] == [(2, (7,))]


def test_control_characters_break_their_cell_and_no_other() -> None:
    [line] = read("a.csv", b"name,city,note\nInvented\x00Union,Geneva,a\x1bb\n").rows
    first, second, third = line.cells
    assert isinstance(first, Broken) and first.rule == "cell-control" and "U+0000" in first.says
    assert second == "Geneva"
    assert isinstance(third, Broken) and "U+001B" in third.says


def test_letters_that_were_lost_or_read_wrongly_break_their_cell() -> None:
    [line] = read("a.csv", "name,city\nF\ufffdd\ufffdration,F\x82d\n".encode()).rows
    assert [cell.rule for cell in line.cells if isinstance(cell, Broken)] == ["cell-lost", "cell-control"]


def test_a_text_of_many_megabytes_in_a_cell_breaks_it_and_is_not_kept() -> None:
    data = sheet(f'<row r="2"><c t="inlineStr"><is><t>{noise(2 * MB).hex()}</t></is></c></row>')
    [line] = read("a.xlsx", data).rows
    [cell] = line.cells
    assert isinstance(cell, Broken) and cell.rule == "cell-long" and len(cell.value) < 200


def test_a_million_blank_rows_and_cells_say_nothing() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(2, 100_000))
    assert list(read("a.xlsx", sheet(rows)).rows) == []


def test_the_plain_workbook_that_the_others_are_made_of_is_read() -> None:
    table = read("a.xlsx", workbook())
    assert table.header == ("name",)
    assert [line.cells for line in table.rows] == [("Invented Union",)]


@pytest.mark.parametrize(
    ("limit", "data"),
    [
        ("engagement.exchange.importing.markup._MOST_ELEMENTS", sheet("<row><c><v>1</v></c></row>" * 10)),
        ("engagement.exchange.importing.sheets._MOST_CELLS", sheet("<row><c/></row>" * 10)),
        (
            "engagement.exchange.importing.sheets._MOST_STRINGS",
            workbook(strings="<sst><si><t>name</t></si>" + "<si/>" * 9 + "</sst>"),
        ),
    ],
)
def test_what_a_workbook_is_made_of_is_counted(limit: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limit, 100)
    for _line in read("a.xlsx", data).rows:
        pass
    monkeypatch.setattr(limit, 5)
    with pytest.raises(Refused):
        for _line in read("a.xlsx", data).rows:
            pass
