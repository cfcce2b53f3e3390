"""CSV: text in a Unicode encoding, cells between separators, quoted as RFC 4180 has it."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Formula, Raw, Refused
from engagement.exchange.importing.limits import LAST_ROW, too_far_down
from engagement.exchange.importing.texts import cleaned
from engagement.exchange.tables import restored

_SEPARATORS = ",;\t|"
_AT_ONCE = 1024 * 1024
# Of one row, all its cells together.
_MOST_CHARACTERS_A_ROW = 1_000_000
_LOOKED_AT = 64 * 1024
_QUOTED = re.compile(r'"[^"]*"?')
# What begins like a formula and is none: a number, a telephone number, a dash that stands for nothing.
_NO_FORMULA = re.compile(r"[+-]|-[\d.,][\d\s.,]*%?|\+[\d(][\d\s().,/-]*")
# What only Windows-1252 has there: letters with accents and typographic quotes.
_WINDOWS = re.compile(rb"[\x80\x85\x91-\x97\xa0-\xff]")


def rows(data: bytes) -> Iterator[list[Raw]]:
    """The rows of a CSV file, the header first, read while one iterates. Another encoding is refused at once."""
    encoding = _encoding(data)
    if encoding != "utf-16" and data.count(b"\n") > LAST_ROW:
        raise too_far_down()
    _refuse_what_is_not(encoding, data)
    return _rows(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=""))


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _refuse_what_is_not(encoding: str, data: bytes) -> None:
    """Nothing is read in an encoding that was merely guessed: letters that were read wrongly look like others."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _AT_ONCE):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _AT_ONCE], final=start + _AT_ONCE >= len(data))
        except UnicodeDecodeError as error:
            raise Refused(_not_unicode(data, encoding, start - pending + error.start)) from error


def _not_unicode(data: bytes, encoding: str, place: int) -> str:
    line = data.count(b"\n", 0, place) + 1
    says = _("Byte %(place)d, in line %(line)d, is not %(encoding)s.") % {
        "place": place + 1,
        "line": line,
        "encoding": "UTF-16" if encoding == "utf-16" else "UTF-8",
    }
    if encoding != "utf-16" and _WINDOWS.match(data, place):
        says += " " + _("It looks like Windows-1252, as Excel writes “CSV” without “UTF-8”.")
    return says + " " + _("Save the table as “CSV UTF-8” or as XLSX.")


def _rows(text: io.TextIOWrapper) -> Iterator[list[Raw]]:
    beginning = text.read(_LOOKED_AT)
    text.seek(0)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=_separator(beginning), strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(_badly_quoted(lines.first)) from error
        yield [_cell(cell) for cell in cells]


class _Lines:
    """The lines of a text, counted, and not more of them for one row than a row may have."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text, self.number, self.first, self.left = text, 0, 1, 0

    def begin(self) -> None:
        """A row begins with the next line."""
        self.first, self.left = self.number + 1, _MOST_CHARACTERS_A_ROW

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(self.left + 1):
            self.number += 1
            self.left -= len(line)
            if self.left < 0:
                raise Refused(_too_long(self.first))
            yield line


def _too_long(line: int) -> str:
    says = _("The row that begins in line %(line)d has more than %(most)d characters.")
    says = says % {"line": line, "most": _MOST_CHARACTERS_A_ROW}
    return says + " " + _('Perhaps a quotation mark (") is never closed.')


def _badly_quoted(line: int) -> str:
    says = _('The row that begins in line %(line)d has a quotation mark (") that is not closed, or text after one.')
    return says % {"line": line} + " " + _('Save the table as XLSX, or write marks inside a cell twice ("").')


def _separator(beginning: str) -> str:
    """The one that the header has most of, outside quotes; the comma where it has none."""
    header = re.split(r"[\r\n]", _QUOTED.sub("", beginning).lstrip("\ufeff"), maxsplit=1)[0]
    return max(_SEPARATORS, key=header.count)


def _cell(text: str) -> Raw:
    if not text:
        return None
    cell = cleaned(text)
    if not isinstance(cell, str):
        return cell
    if cell[0] in "=@" or (cell[0] in "+-" and not _NO_FORMULA.fullmatch(cell)):
        return Formula(cell)
    if cell[0] == "'":
        cell = restored(cell)
    return None if cell.isspace() else cell
