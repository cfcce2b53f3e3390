"""Files that strangers send with a request: read within bounds, and taken only if they are what their names say.

What is checked: the size, the ending, the first bytes and, of archives, the parts. What a file says to the program
that opens it is not: staff get it as a download that no browser runs (engagement/admin/requests.py).
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _

from engagement.desk.models import RequestPaper
from engagement.desk.requests import MOST_TOGETHER
from engagement.exchange.importing.archives import DAMAGED, directory_size

MOST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 120
MOST_ENTRIES, MOST_DIRECTORY, MOST_UNPACKED, MOST_RATIO = 2_000, 512 * 1024, 100 * 1024 * 1024, 200
SMALL = 1024 * 1024
# Endings that have no business before the last one: `statutes.exe.pdf`.
RUN = frozenset({
    "bat", "cmd", "docm", "dotm", "exe", "hta", "htm", "html", "jar", "js", "lnk", "msi", "php", "ps1", "scr", "sh",
    "svg", "vbs", "xlsm", "zip",
})  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")
_ENCRYPTED_ENTRY = 0x1 | 0x40


class NotTaken(Exception):
    """The file is refused; the reason in words."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class Bounded(FileUploadHandler):
    """Keeps of a file, and of all together, no more than is needed to know that it is too much. `skipped`: the field
    and the name of each that was not kept."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.skipped: list[tuple[str, str]] = []
        self.kept = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.kept += len(raw_data)
        if start + len(raw_data) > MOST_BYTES or self.kept > MOST_TOGETHER:
            self.skipped.append((str(self.field_name), clean_name(str(self.file_name))))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


# -- One file --------------------------------------------------------------------------------------------------------


def paper_of(kind: str, name: str, body: bytes) -> RequestPaper:
    """The file as a paper, not saved. Raises NotTaken."""
    ending = ending_of(name)
    if ending not in KINDS:
        raise NotTaken(_("PDF, JPEG, PNG, DOCX and ODT are taken; this is none of them."))
    if not body:
        raise NotTaken(_("The file is empty."))
    if len(body) > MOST_BYTES:
        raise NotTaken(too_large())
    content_type, check = KINDS[ending]
    check(body)
    sha256 = hashlib.sha256(body).hexdigest()
    return RequestPaper(
        kind=kind, file_name=clean_name(name), content_type=content_type, sha256=sha256, size=len(body), body=body
    )


def too_large() -> str:
    return _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // (1024 * 1024)}


def ending_of(name: str) -> str:
    """The ending that says what it is; '' where another one before it is that of a program or the like."""
    endings = [each.strip().lower() for each in clean_name(name).split(".")[1:]]
    if not endings or RUN.intersection(endings[:-1]):
        return ""
    return endings[-1]


def clean_name(name: str) -> str:
    """The name without folders and without what is not seen, and not too long."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    stem, dot, ending = " ".join(seen.split()).strip(". ").rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:LONGEST_NAME]}"


# -- What is in it ---------------------------------------------------------------------------------------------------


def damaged() -> NotTaken:
    return NotTaken(_("What is in the file is not what its name says, or it is damaged."))


def locked() -> NotTaken:
    return NotTaken(_("The file is protected by a password. Save it without one."))


def check_pdf(body: bytes) -> None:
    if not body.startswith(b"%PDF-") or b"%%EOF" not in body[-2048:]:
        raise damaged()
    if _ENCRYPTED_PDF.search(body):
        raise locked()


def check_jpeg(body: bytes) -> None:
    if not body.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in body:
        raise damaged()


def check_png(body: bytes) -> None:
    if not body.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND" not in body[-64:]:
        raise damaged()


def check_docx(body: bytes) -> None:
    if body.startswith(OLE):  # Word wraps what it encrypts in its older form
        raise NotTaken(_("The file is protected by a password, or of an older Word. Save it as PDF or as DOCX."))
    archive = opened(body)
    names = {entry.filename for entry in archive.infolist()}
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise damaged()
    types = part(archive, "[Content_Types].xml").lower()
    if b"macroenabled" in types or any("vbaproject" in name.lower() for name in names):
        raise NotTaken(_("The file holds macros. Save it without them, or as PDF."))


def check_odt(body: bytes) -> None:
    archive = opened(body)
    names = {entry.filename for entry in archive.infolist()}
    if not {"mimetype", "content.xml"} <= names:
        raise damaged()
    if part(archive, "mimetype").strip() != b"application/vnd.oasis.opendocument.text":
        raise damaged()
    if "META-INF/manifest.xml" in names and b"encryption-data" in part(archive, "META-INF/manifest.xml"):
        raise locked()
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise NotTaken(_("The file holds macros. Save it without them, or as PDF."))


KINDS: dict[str, tuple[str, Callable[[bytes], None]]] = {
    "pdf": ("application/pdf", check_pdf),
    "jpg": ("image/jpeg", check_jpeg),
    "jpeg": ("image/jpeg", check_jpeg),
    "png": ("image/png", check_png),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", check_docx),
    "odt": ("application/vnd.oasis.opendocument.text", check_odt),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


def opened(body: bytes) -> zipfile.ZipFile:
    """The archive, if it is a plain one; nothing is unpacked yet."""
    if not body.startswith(b"PK\x03\x04") or directory_size(body) > MOST_DIRECTORY:
        raise damaged()
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except DAMAGED as error:
        raise damaged() from error
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in entries):
        raise locked()
    swollen = any(entry.file_size > max(SMALL, entry.compress_size * MOST_RATIO) for entry in entries)
    if swollen or len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise damaged()
    if any(_UNSAFE.search(entry.orig_filename) or PurePosixPath(entry.filename).is_absolute() for entry in entries):
        raise damaged()
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part: what is looked for stands there."""
    try:
        with archive.open(name) as file:
            return file.read(SMALL)
    except DAMAGED as error:
        raise damaged() from error
