"""Files that strangers send: taken only if they are what their names say, and read within bounds."""

import io
import zipfile

import pytest

from engagement.web import paperfiles
from engagement.web.paperfiles import MOST_BYTES, NotTaken, clean_name, paper_of
from tests.asking import JPEG, PDF, PNG, archive, docx, odt

NONE_OF_THEM, NOT_WHAT_IT_SAYS, PASSWORD, MACROS = "none of them", "not what its name says", "password", "macros"


def encrypted_zip() -> bytes:
    """With the bit of encryption set in both headers of each part."""
    body = bytearray(docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            body[at + place] |= 1
            at = body.find(mark, at + 1)
    return bytes(body)


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr("[Content_Types].xml", "<Types/>")
        writing.writestr("word/document.xml", bytes(30 * 1024 * 1024))
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("Statutes of 2020.PDF", PDF, "application/pdf"),
        ("scan.jpeg", JPEG, "image/jpeg"),
        ("scan.png", PNG, "image/png"),
        ("v1.2 final.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("قائمة.odt", odt(), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_is_what_its_name_says_is_taken(name: str, body: bytes, content_type: str) -> None:
    paper = paper_of("statutes", name, body)
    assert (paper.file_name, paper.content_type, paper.size) == (name, content_type, len(body))
    assert paper.body == body and len(paper.sha256) == 64


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("statutes.pdf", b"", "empty"),
        ("statutes.pdf", b"MZ\x90\x00" + bytes(50), NOT_WHAT_IT_SAYS),
        ("statutes.pdf", b"%PDF-1.4\ncut short", NOT_WHAT_IT_SAYS),
        ("statutes.pdf", b"<html><script>%PDF-1.4 %%EOF", NOT_WHAT_IT_SAYS),
        ("statutes.pdf", PDF.replace(b"trailer <<", b"trailer << /Encrypt 5 0 R"), PASSWORD),
        ("statutes.pdf", PDF + bytes(MOST_BYTES), "larger than 5 MB"),
        ("statutes", PDF, NONE_OF_THEM),
        ("statutes.pdf.exe", PDF, NONE_OF_THEM),
        ("statutes.exe.pdf", PDF, NONE_OF_THEM),
        ("statutes.docm", docx(), NONE_OF_THEM),
        ("statutes.docm.docx", docx(), NONE_OF_THEM),
        ("page.svg", b"<svg/>", NONE_OF_THEM),
        ("scan.png", JPEG, NOT_WHAT_IT_SAYS),
        ("scan.jpg", PNG, NOT_WHAT_IT_SAYS),
        ("statutes.docx", odt(), NOT_WHAT_IT_SAYS),
        ("statutes.odt", docx(), NOT_WHAT_IT_SAYS),
        ("statutes.docx", PDF, NOT_WHAT_IT_SAYS),
        ("statutes.docx", docx()[:-30], NOT_WHAT_IT_SAYS),
        ("statutes.docx", paperfiles.OLE + bytes(600), PASSWORD),
        ("statutes.docx", encrypted_zip(), PASSWORD),
        ("statutes.docx", bomb(), NOT_WHAT_IT_SAYS),
        ("statutes.docx", docx(types="<Types ContentType='application/vnd.ms-word.document.macroEnabled'/>"), MACROS),
        ("statutes.odt", odt(kind="application/vnd.oasis.opendocument.spreadsheet"), NOT_WHAT_IT_SAYS),
        ("statutes.odt", odt(manifest="<manifest:encryption-data/>"), PASSWORD),
        ("statutes.odt", archive(mimetype="x", content_dot_xml="", **{"..__x": ""}), NOT_WHAT_IT_SAYS),
    ],
)  # fmt: skip
def test_what_is_not_is_refused_with_the_reason(name: str, body: bytes, why: str) -> None:
    with pytest.raises(NotTaken) as refused:
        paper_of("statutes", name, body)
    assert why in refused.value.says


def test_a_name_is_kept_without_folders_and_without_what_is_not_seen() -> None:
    assert clean_name("../../etc/passwd.pdf") == "passwd.pdf"
    assert clean_name("C:\\papers\\statutes.pdf") == "statutes.pdf"
    assert clean_name("annex\u202efdp.exe") == "annexfdp.exe"
    assert clean_name("a\r\nSet-Cookie: b\x00.pdf") == "aSet-Cookie: b.pdf"
    assert len(clean_name("x" * 400 + "." + "y" * 400)) <= 2 * paperfiles.LONGEST_NAME + 1
    assert clean_name(' ".pdf ') == '".pdf'
