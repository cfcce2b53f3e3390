"""The parts of an XLSX workbook that its rows are made of: styles, texts, cells."""

import datetime
import math
import re
from typing import Any

from django.utils.translation import gettext as _

from engagement.exchange.importing.archives import damaged
from engagement.exchange.importing.base import Broken, Dated, Formula, Raw
from engagement.exchange.importing.limits import (
    LAST_ROW,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    letters,
    too_far_down,
    too_many_columns,
)
from engagement.exchange.importing.markup import Handler, local
from engagement.exchange.importing.texts import cleaned, too_long

_MOST_CELLS = MOST_ROWS * MOST_COLUMNS
_MOST_STRINGS = 2_000_000
_SHORT = 200
_MOST_STRANGE = 200_000
# Formats of dates that have a number instead of a text; 17 shows no day. 18 to 21 and 45 to 47 are times of day.
_DATES, _MONTHS, _TIMES = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}, {17}, {18, 19, 20, 21, 45, 46, 47}
# What a format shows as it stands: quoted, after a backslash, in brackets (colours, languages), padding.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Shows:
    """How fine a format shows a date: to the day, the month, the year, or as a time alone."""

    DAY, MONTH, YEAR, TIME = "day", "month", "year", "time"


class Book:
    """What the cells of a sheet need to know. dates: by the number of a style, how fine it shows dates."""

    def __init__(self, epoch: datetime.datetime) -> None:
        self.epoch = epoch
        self.dates: dict[str, str] = {}
        # Texts that all sheets share; long ones as UTF-8, which takes the room that they have in the file.
        self.strings: list[Raw | bytes] = []


class Styles(Handler):
    """Which styles show dates."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.styles: list[str] = []
        self.inside = False

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.styles.append(attributes.get("numFmtId", "0"))

    def closed(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False

    def dates(self) -> dict[str, str]:
        found = ((str(place), _shows(key, self.formats.get(key, ""))) for place, key in enumerate(self.styles))
        return {place: shows for place, shows in found if shows}


def _shows(key: str, code: str) -> str:
    """Empty for a format that is not of dates."""
    number = int(key) if key.isdecimal() else 0
    if not code:
        known = ((_DATES, Shows.DAY), (_MONTHS, Shows.MONTH), (_TIMES, Shows.TIME))
        return next((shows for numbers, shows in known if number in numbers), "")
    first = code.split(";")[0]
    if _ELAPSED.search(first):
        return Shows.TIME
    shown = _LITERAL.sub("", first).lower().replace("general", "")
    if "d" in shown:
        return Shows.DAY
    if "h" in shown or "s" in shown:
        return Shows.DAY if "y" in shown else Shows.TIME
    if "m" in shown:
        return Shows.MONTH
    return Shows.YEAR if "y" in shown else ""


class Texts(Handler):
    """Collects the text of elements, as far as a cell may hold it; readings of characters (rPh) are no part of it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.collects = False
        self.aside = 0

    def fresh(self) -> None:
        self.pieces, self.length = [], 0

    def text(self, piece: str) -> None:
        if self.collects and self.length <= MOST_CHARACTERS * 7:
            self.pieces.append(piece)
            self.length += len(piece)

    def content(self) -> Raw:
        """Cleaned; characters that XML cannot hold are written as _x000D_."""
        text = self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)
        if "_x" in text:
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return cleaned(text) if len(text) <= MOST_CHARACTERS else too_long(text)


class Strings(Texts):
    """The texts that cells of all sheets share."""

    def __init__(self, strings: list[Raw | bytes]) -> None:
        super().__init__()
        self.strings = strings

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self.fresh()
        elif tag == "rPh":
            self.aside += 1
        elif tag == "t":
            self.collects = not self.aside

    def closed(self, tag: str) -> None:
        if tag == "t":
            self.collects = False
        elif tag == "rPh":
            self.aside -= 1
        elif tag == "si":
            if len(self.strings) >= _MOST_STRINGS:
                raise damaged()
            text = self.content()
            self.strings.append(text.encode() if isinstance(text, str) and len(text) > _SHORT else text)


class SheetHandler(Texts):
    """Collects the rows of a sheet that are not blank. merged: the cells of the header that are. complete: to the end.

    What the sheet says of its own size is not asked.
    """

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.rows: list[tuple[int, list[Raw]]] = []
        self.number = self.column = self.count = self.strange = 0
        self.cells: list[Raw] = []
        self.kind = self.style = ""
        self.formula: str | None = None
        self.merged = ""
        self.inside = self.complete = False

    def taken(self) -> list[tuple[int, list[Raw]]]:
        """The rows that came since one asked last."""
        rows, self.rows = self.rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """As of any handler, but without a further call for what there is most of: cells and their values."""
        self.depth += 1
        self.elements += 1
        if tag == "c" and self.inside:
            self.begin_cell(attributes)
        elif tag == "v" or (tag == "t" and not self.aside):
            self.collects = True
        elif tag != "is":
            self.opened(tag if ":" not in tag else local(tag), attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag == "c" and self.inside:
            self.end_cell()
        elif tag == "v" or tag == "t":
            self.collects = False
        elif tag != "is":
            self.closed(tag if ":" not in tag else local(tag))

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row" and self.inside:
            self.begin_row(attributes)
        elif tag == "c" and self.inside:
            self.begin_cell(attributes)
        elif tag in ("v", "t", "f"):
            self.collects = not self.aside
        elif tag == "rPh":
            self.aside += 1
        elif tag == "sheetData":
            self.inside = True
        elif tag == "mergeCell":
            self.merge(attributes.get("ref", ""))
        elif self.inside:
            self.refuse_many_strange()

    def refuse_many_strange(self) -> None:
        """Between rows and cells there may be extensions, one here and there."""
        self.strange += 1
        if self.strange > _MOST_STRANGE:
            raise damaged()

    def closed(self, tag: str) -> None:
        if tag == "row" and self.inside:
            if self.cells:
                self.rows.append((self.number, self.cells))
        elif tag == "c" and self.inside:
            self.end_cell()
        elif tag in ("v", "t", "f"):
            self.collects = False
            if tag == "f":
                self.formula = "".join(self.pieces)[:MOST_CHARACTERS]
                self.fresh()
        elif tag == "rPh":
            self.aside -= 1
        elif tag == "sheetData":
            self.inside = False
        elif tag == "worksheet":
            self.complete = True

    def begin_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes.get("r", "")) if "r" in attributes else self.number + 1
        if number > LAST_ROW:
            raise too_far_down()
        if number <= self.number:
            raise damaged()
        self.number, self.column, self.cells = number, -1, []

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > _MOST_CELLS:
            raise too_many_columns(_("Row %(row)d") % {"row": self.number})
        column = _column(attributes["r"]) if "r" in attributes else self.column + 1
        if column <= self.column:
            raise damaged()
        self.column = column
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
        self.formula = None
        self.fresh()

    def end_cell(self) -> None:
        value = self.value()
        if value is None:
            return
        if self.column >= MOST_COLUMNS:
            raise too_many_columns(f"{letters(self.column)}{self.number}")
        missing = self.column - len(self.cells)
        if missing:
            self.cells.extend([None] * missing)
        self.cells.append(value)

    def value(self) -> Raw:
        if self.formula is not None:
            return Formula(f"={self.formula}")
        if self.kind in ("inlineStr", "str"):
            return self.content()
        written = "".join(self.pieces).strip() if self.pieces else ""
        if not written:
            return None
        if self.kind == "s":
            return self.shared(written)
        if self.kind == "b":
            return written in ("1", "true")
        if self.kind == "e":
            says = _("The cell shows the error %(error)s of the spreadsheet program.")
            return Broken("cell-error", says % {"error": written[:20]}, written[:20])
        if self.kind == "d":
            return _iso(written)
        return self.numeric(written)

    def shared(self, written: str) -> Raw:
        place = _whole(written)
        if place >= len(self.book.strings):
            raise damaged()
        text = self.book.strings[place]
        return text.decode() if isinstance(text, bytes) else text

    def numeric(self, written: str) -> Raw:
        number = _number(written)
        shows = self.book.dates.get(self.style)
        if shows is None or isinstance(number, Broken):
            return number
        return _dated(number, shows, self.book.epoch)

    def merge(self, reference: str) -> None:
        first = _REFERENCE.match(reference)
        if first and first[2] == "1" and not self.merged:
            self.merged = reference[:20]


def _whole(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= 9):
        raise damaged()
    return int(written)


def _column(reference: str) -> int:
    """The column of a reference such as AB12, the first being 0."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise damaged()
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _number(written: str) -> Any:
    """An int where it is whole and exact, else a float."""
    number = float(written) if _NUMBER.fullmatch(written) else math.nan
    if not math.isfinite(number):
        return Broken("cell-number", _("The cell holds no number that can be read."), written[:40])
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _iso(written: str) -> Raw:
    try:
        moment = datetime.datetime.fromisoformat(written)
    except ValueError:
        return Broken("cell-date", _("The cell holds no date that can be read."), written[:40])
    return _day_or_moment(moment)


def _dated(number: float, shows: str, epoch: datetime.datetime) -> Raw:
    """A day; where the format shows only its month or year, that as text: it is never made finer than one sees."""
    if shows == Shows.TIME or number < 1:
        return Broken("cell-time", _("The cell holds a time of day, not a date."), str(number))
    # A day that never was, the 29th of February 1900, counts in one of the two calendars of spreadsheets.
    days = number + 1 if epoch.year == 1899 and number < 60 else number
    if epoch.year == 1899 and 60 <= number < 61:
        return Broken("cell-date", _("The cell holds the 29th of February 1900, which never was."), str(number))
    try:
        moment = epoch + datetime.timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return Broken("cell-date", _("The cell holds no date that can be read."), str(number))
    if shows == Shows.MONTH and moment.day == 1:
        return Dated(f"{moment:%Y-%m}")
    if shows == Shows.YEAR and (moment.month, moment.day) == (1, 1):
        return Dated(f"{moment:%Y}")
    return _day_or_moment(moment)


def _day_or_moment(moment: datetime.datetime) -> Raw:
    return moment.date() if moment.time() == datetime.time() else moment
