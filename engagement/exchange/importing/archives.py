"""A workbook as a ZIP archive: opened only when it is small, plain and has the parts of a workbook.

What an archive says of its sizes is checked before anything is unpacked, and nothing is unpacked beyond what it said.
"""

import io
import re
import struct
import zipfile
import zlib

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Refused

MOST_ENTRIES = 200
MOST_UNPACKED = 100 * 1024 * 1024
# How many times its size an entry may unpack to, once that is more than SMALL.
MOST_RATIO = 100
SMALL = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
# What reading a damaged archive may raise, in zipfile and below.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)

_MOST_DIRECTORY = MOST_ENTRIES * 1024
_END, _END_SIZE, _END_64, _END_64_BACK = b"PK\x05\x06", 22, b"PK\x06\x07", 76
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1 | 0x40
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, if it is one that can be read without fear."""
    if directory_size(data) > _MOST_DIRECTORY:
        raise Refused(_unlike("entries"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise damaged() from error
    _refuse_bombs(archive.infolist())
    _refuse_other_kinds(archive)
    return archive


def damaged() -> Refused:
    return Refused(_("The workbook is damaged or incomplete. Open it in a spreadsheet program and save it as XLSX."))


def directory_size(data: bytes) -> int:
    """What the archive says of the size of its list of entries, which would be read whole. The larger, if twice."""
    last = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_COMMENT))
    return max((_said_at(data, place) for place in {last, len(data) - _END_SIZE}), default=0)


def _said_at(data: bytes, place: int) -> int:
    if place < 0 or data[place : place + 4] != _END or len(data) < place + _END_SIZE:
        return 0
    (size,) = struct.unpack_from("<L", data, place + 12)
    far = place - _END_64_BACK
    if far >= 0 and data[place - 20 : place - 16] == _END_64:
        (size_64,) = struct.unpack_from("<Q", data, far + 40)
        return max(size if size != 0xFFFFFFFF else 0, size_64)
    return size


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused(_unlike("entries"))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        says = _("Unpacked, the workbook is larger than %(most)d MB. Delete what is not needed, or split it.")
        raise Refused(says % {"most": MOST_UNPACKED // (1024 * 1024)})
    for entry in entries:
        if entry.file_size > max(SMALL, entry.compress_size * MOST_RATIO):
            raise Refused(_unlike("ratio"))
        if entry.flag_bits & _ENCRYPTED:
            raise Refused(_("The file is protected by a password. Save it without one."))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or _UNSAFE.search(entry.orig_filename):
            raise Refused(_unlike("names"))
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Refused(_unlike("names"))


def _unlike(what: str) -> str:
    said = {
        "entries": _("The archive has more entries than a workbook of rows has."),
        "ratio": _("The archive unpacks to very much more than its size, as no workbook of rows does."),
        "names": _("The archive has entries as no spreadsheet program makes them."),
    }
    return f"{said[what]} " + _("Save the table as XLSX anew, or as CSV UTF-8.")


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    names = {entry.filename for entry in archive.infolist()}
    if any(name.lower().endswith(("vbaproject.bin", ".xlm")) or "macrosheets/" in name.lower() for name in names):
        raise Refused(_("The workbook holds macros. Save it as XLSX, which has none."))
    if CONTENT_TYPES not in names and {"mimetype", "META-INF/manifest.xml"} & names:
        raise Refused(_("This is a document of OpenDocument (.ods, .odt). Save it as XLSX."))
    if CONTENT_TYPES not in names or not any(name.startswith("xl/") or "workbook" in name for name in names):
        raise Refused(_other_archive(names))


def _other_archive(names: set[str]) -> str:
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return _("This is a text document or a presentation. Save the table as XLSX or as CSV UTF-8.")
    return _("This is a ZIP archive and no workbook. Unpack it first; one table at a time, as XLSX or CSV UTF-8.")
