"""XLSX: the sheet with the rows, its cells as they are, read while one iterates.

Not by a library that makes objects of all there is: what a workbook unpacks to is not to be trusted before it is read.
"""

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from engagement.exchange.importing.archives import CONTENT_TYPES, damaged, opened
from engagement.exchange.importing.base import Raw, Refused
from engagement.exchange.importing.markup import Handler, local, refuse_document_types, streamed, whole
from engagement.exchange.importing.sheets import Book, SheetHandler, Strings, Styles

ROWS, ABOUT = "Rows", "About"
_MAIN = re.compile(r"spreadsheetml\.(sheet|template)\.main\+xml$")
_OTHERS = re.compile(r"macroEnabled|sheet\.binary")


def rows(data: bytes) -> Iterator[tuple[int, list[Raw]]]:
    """Number and cells of each row that is not blank, the header first."""
    archive = opened(data)
    refuse_document_types(archive)
    types = _ContentTypes()
    whole(archive, CONTENT_TYPES, types)
    if types.others:
        raise Refused(_("The workbook is of a kind that may hold macros (.xlsm, .xlsb). Save it as XLSX."))
    if not types.workbook:
        raise Refused(_("The archive holds no workbook. Save the table as XLSX or as CSV UTF-8."))
    return _chosen(archive, _book(archive, types.workbook))


class _ContentTypes(Handler):
    """Which part is the workbook."""

    workbook = ""
    others = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        self.others = self.others or bool(_OTHERS.search(kind))
        if tag == "Override" and _MAIN.search(kind):
            self.workbook = attributes.get("PartName", "").lstrip("/")


class _Relations(Handler):
    """Parts by the ids that another part calls them by."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.parts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"{self.folder}{target}"
            self.parts[attributes.get("Id", "")] = part
            self.kinds[attributes.get("Type", "").rpartition("/")[2]] = part


@dataclass
class _Parts:
    """book: what the workbook says of itself. sheets: name and part of each that is seen, in the order to look."""

    book: Book
    sheets: list[tuple[str, str]] = field(default_factory=list)


def _book(archive: zipfile.ZipFile, workbook: str) -> _Parts:
    folder, slash, name = workbook.rpartition("/")
    relations = _Relations(folder + slash)
    whole(archive, f"{folder}{slash}_rels/{name}.rels", relations)
    said = _Workbook()
    whole(archive, workbook, said)
    book = Book(said.epoch)
    if styles := relations.kinds.get("styles"):
        styled = Styles()
        whole(archive, styles, styled)
        book.dates = styled.dates()
    if strings := relations.kinds.get("sharedStrings"):
        whole(archive, strings, Strings(book.strings))
    seen = [(name, relations.parts.get(key, "")) for name, key in said.sheets if name != ABOUT]
    return _Parts(book, sorted(seen, key=lambda sheet: sheet[0] != ROWS))


class _Workbook(Handler):
    """The sheets that are seen, name and id; from which day dates count."""

    def __init__(self) -> None:
        self.epoch = datetime.datetime(1899, 12, 30)
        self.sheets: list[tuple[str, str]] = []

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true", "on"):
            self.epoch = datetime.datetime(1904, 1, 1)
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for name, value in attributes.items() if local(name) == "id" and ":" in name), "")
            self.sheets.append((attributes.get("name", ""), key))


def _chosen(archive: zipfile.ZipFile, parts: _Parts) -> Iterator[tuple[int, list[Raw]]]:
    """The rows of the first sheet that has a header."""
    for _name, part in parts.sheets:
        if part in archive.NameToInfo and "chartsheets/" not in part:
            found = _rows(archive, part, parts.book)
            first = next(found, None)
            if first and first[0] == 1:
                return _again(first, found)
    raise Refused(_("No sheet that is shown has a header: the names of the columns must stand in its first row."))


def _again(first: tuple[int, list[Raw]], others: Iterator[tuple[int, list[Raw]]]) -> Iterator[tuple[int, list[Raw]]]:
    yield first
    yield from others


def _rows(archive: zipfile.ZipFile, part: str, book: Book) -> Iterator[tuple[int, list[Raw]]]:
    sheet = SheetHandler(book)
    for _piece in streamed(archive, part, sheet):
        yield from sheet.taken()
    if sheet.merged:
        says = _("Cells of the header are merged (%(cells)s): each column needs a header of its own. Unmerge them.")
        raise Refused(says % {"cells": sheet.merged})
    if not sheet.complete:
        raise damaged()
