"""By what a person is found again in files and texts, however these are written, packed or encoded.

Compared are whole words, folded: accents, capitals, and the marks of CSV, JSON and XML make no difference. A single
word is no mark, since it may be anybody's. Of telephone numbers the digits are compared.
"""

import csv
import gzip
import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

# Letters and digits of the words together, and digits of a number, that are enough to be a mark.
OF_WORDS, OF_NUMBER = 4, 6
# Of a telephone number the last digits are the same with the code of the country and without it.
LAST = 9
# What stands before a name and may be left out.
TITLES = ("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "m", "mme", "mlle", "sr", "sra", "srta")
# Bytes of an unpacked file that are looked through. What is larger counts as holding what is looked for.
MOST_UNPACKED = 256 * 1024 * 1024
AT_ONCE = 1024 * 1024

ACCENTS, ELSE = re.compile("[\u0300-\u036f]+"), re.compile(r"[\W_]+")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s().\-/]+(?=\d)")
TAG = re.compile(r"<[^>]*>")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class TooLarge(Exception):
    """A file unpacks to more than is looked through."""


UNREADABLE = (TooLarge, OSError, EOFError, RuntimeError, ValueError, csv.Error, zipfile.BadZipFile, zlib.error)


def words(text: str) -> str:
    """The words with a space before, between and after them."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return f" {ELSE.sub(' ', plain).strip()} "


def digits(text: str) -> str:
    return BETWEEN_DIGITS.sub("", text)


def orders(text: str) -> Iterator[str]:
    """The words as they stand, and as lists of persons have them: without a title, the last one first."""
    parts = words(text).split()
    while len(parts) > 1:
        yield f" {' '.join(parts)} "
        yield f" {' '.join([parts[-1], *parts[:-1]])} "
        parts = parts[1:] if parts[0] in TITLES else []


@dataclass(frozen=True)
class Marks:
    """Words and numbers; what holds one of them is taken to be about the person."""

    words: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str], numbers: Iterable[str] = ()) -> "Marks":
        several = {order for text in texts for order in orders(text)}
        called = {"".join(filter(str.isdecimal, number))[-LAST:] for number in numbers}
        return cls(
            frozenset(each for each in several if len(each.replace(" ", "")) >= OF_WORDS),
            frozenset(each for each in called if len(each) >= OF_NUMBER),
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)

    def in_text(self, text: str) -> bool:
        held = words(text)
        if any(mark in held for mark in self.words):
            return True
        called = digits(text) if self.numbers else ""
        return any(mark in called for mark in self.numbers)

    def in_value(self, value: Any) -> bool:
        """In any text or number of what JSON holds."""
        return bool(self) and any(map(self.in_text, texts_of(value)))

    def in_file(self, data: bytes) -> bool:
        """Anywhere in a file that somebody brought: CSV in any encoding, a workbook, an archive."""
        try:
            return bool(self) and any(map(self.in_text, texts_in(data)))
        except UNREADABLE:
            return True

    def in_cells(self, data: bytes) -> bool:
        """In one cell of an export as the register keeps them; cells that only stand side by side make no match."""
        try:
            return bool(self) and any(map(self.in_text, cells_in(data)))
        except UNREADABLE:
            return True


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield str(name)
            yield from texts_of(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from texts_of(held)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


# -- Files ---------------------------------------------------------------------------------------------------


def texts_in(data: bytes) -> Iterator[str]:
    """The text of each file in it; of XML twice, as a tag may stand between words or within one."""
    for part in unpacked(data):
        text = decoded(part)
        if text.lstrip("\ufeff \r\n\t").startswith("<"):
            yield html.unescape(TAG.sub("", text))
            text = html.unescape(TAG.sub(" ", text))
        yield text


def cells_in(data: bytes) -> Iterator[str]:
    for part in unpacked(data):
        text = decoded(part)
        if text.startswith("{"):
            yield from (json.loads(each[0], strict=False) for each in QUOTED.finditer(text))
        else:
            yield from chain.from_iterable(csv.reader(io.StringIO(text, newline="")))


def unpacked(data: bytes) -> Iterator[bytes]:
    """The files of an archive, as a workbook is one; what was compressed; else the bytes themselves."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        left = MOST_UNPACKED
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                yield (part := bounded(archive.open(entry), left))
                left -= len(part)
    elif data.startswith(b"\x1f\x8b"):
        yield bounded(gzip.GzipFile(fileobj=io.BytesIO(data)), MOST_UNPACKED)
    else:
        yield data


def bounded(file: Any, most: int) -> bytes:
    found = io.BytesIO()
    with file:
        while chunk := file.read(AT_ONCE):
            if found.tell() + len(chunk) > most:
                raise TooLarge
            found.write(chunk)
    return found.getvalue()


def decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
