"""What a file is, told by its first bytes and only then by its name."""

import codecs
import re
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.exchange.importing.base import Refused

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# How the files of other programs begin, and what they are called.
_BEGINNINGS = (
    (b"%PDF", gettext_lazy("a PDF document")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"RIFF", gettext_lazy("a picture or a recording")),
    (b"II*\x00", gettext_lazy("a picture")),
    (b"MM\x00*", gettext_lazy("a picture")),
    (b"\x1f\x8b", gettext_lazy("a compressed file (gzip)")),
    (b"BZh", gettext_lazy("a compressed file (bzip2)")),
    (b"\xfd7zXZ", gettext_lazy("a compressed file (xz)")),
    (b"7z\xbc\xaf\x27\x1c", gettext_lazy("a compressed file (7z)")),
    (b"Rar!", gettext_lazy("a compressed file (RAR)")),
    (b"{\\rtf", gettext_lazy("a text document (RTF)")),
    (b"SQLite format 3\x00", gettext_lazy("a database")),
    (b"\x7fELF", gettext_lazy("a program")),
    (b"MZ\x90", gettext_lazy("a program")),
)
_MARKUP = (
    (re.compile(r"<(!doctype\s+html|html|head|body|table|div|meta)\b", re.I), gettext_lazy("a web page (HTML)")),
    (re.compile(r"<(\?xml|!doctype|!--|[a-z][\w:-]*[\s>/])", re.I), gettext_lazy("an XML file")),
    (re.compile(r'(\{\s*"|\[\s*[\[{"])'), gettext_lazy("a JSON file")),
)
_SUFFIXES_OF_TEXT = ("", ".csv", ".txt", ".tsv", ".tab")
_LOOKED_AT = 64 * 1024
_CONTROLS = frozenset(range(32)) - {9, 10, 13}
# A text with more control characters than one in so many is no text.
_TEXT_HAS_ONE_IN = 10


def is_workbook(file_name: str, data: bytes) -> bool:
    """Whether it is to be read as XLSX, else as CSV. Raise Refused for anything else, naming what it looks like."""
    if not data:
        raise Refused(_("The file is empty."))
    if data.startswith(_ZIP):
        return True
    if data.startswith(_OLE2):
        raise Refused(_of_office(data))
    found = next((name for beginning, name in _BEGINNINGS if data.startswith(beginning)), None) or _markup(data)
    if found:
        says = _("This is %(kind)s, not a table. Save the table as XLSX or as CSV UTF-8.")
        raise Refused(says % {"kind": found})
    _refuse_what_is_no_text(data)
    _refuse_other_names(file_name)
    return False


def _of_office(data: bytes) -> str:
    if _ENCRYPTED in data:
        return _("The workbook is protected by a password. Save it as XLSX without one.")
    return _("This is a file of an older Excel (.xls) or of another old Office program. Save it as XLSX.")


def _markup(data: bytes) -> object:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    beginning = data[:2048].decode(encoding, errors="ignore").lstrip()
    return next((name for pattern, name in _MARKUP if pattern.match(beginning)), None)


def _refuse_what_is_no_text(data: bytes) -> None:
    beginning = data[:_LOOKED_AT]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        beginning = beginning.decode("utf-16", errors="ignore").encode(errors="ignore")
    controls = sum(beginning.count(code) for code in _CONTROLS)
    if controls * _TEXT_HAS_ONE_IN <= len(beginning):
        return
    # Letters of our script have a zero beside them, always on the same side.
    few, many = sorted(side.count(0) for side in (beginning[::2], beginning[1::2]))
    if many * 3 > len(beginning) and few * _TEXT_HAS_ONE_IN < many:
        raise Refused(_("The text seems to be UTF-16 without the mark that says so. Save it as CSV UTF-8."))
    raise Refused(_("The file holds no text: it is neither CSV nor XLSX. Save the table as XLSX or as CSV UTF-8."))


def _refuse_other_names(file_name: str) -> None:
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in _SUFFIXES_OF_TEXT:
        says = _("The file is called “%(suffix)s” but is not such a file. Save the table as XLSX or as CSV UTF-8.")
        raise Refused(says % {"suffix": suffix})
