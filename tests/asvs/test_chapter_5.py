"""V5 File handling: what is brought is looked at before it is opened."""

import io
import time
import tracemalloc
import zipfile

import pytest
from django.test import Client, override_settings

from engagement.exchange.importing.base import Refused
from engagement.exchange.importing.limits import MOST_BYTES
from engagement.exchange.importing.reading import read
from engagement.web import paperfiles
from engagement.web.paperfiles import NotTaken, paper_of
from tests.asking import JPEG, PDF, PNG, archive, docx, odt
from tests.exchange.importing.files import PARTS, SHEET
from tests.exchange.importing.files import archive as archived

pytestmark = pytest.mark.once

MB = 1024 * 1024


@pytest.mark.django_db
def test_asvs_5_2_1_what_is_too_large_is_refused_before_it_is_read(client: Client) -> None:
    with pytest.raises(NotTaken):
        paper_of("other", "large.pdf", PDF + bytes(paperfiles.MOST_BYTES))
    with pytest.raises(Refused):
        read("large.csv", b"name\r\n" + b"x" * MOST_BYTES)
    assert client.post("/meeting-check/", {"names": "x" * (4 * MB), "meeting": "ilc-106"}).status_code in (400, 413)
    form = "application/x-www-form-urlencoded"
    asked = client.post("/api/v1/reconcile", "queries=" + "x" * (4 * MB), content_type=form)
    assert asked.status_code in (400, 413)
    with override_settings(REQUESTS=True, SITE_PUBLISHER="Invented"):
        body = io.BytesIO(PDF + bytes(26 * MB))
        body.name = "large.pdf"
        answer = client.post("/requests/new/?kind=status", {"paper_other": body})
        assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("statutes.pdf", b"MZ\x90\x00" + bytes(100)), ("statutes.pdf", PNG), ("photo.png", JPEG), ("photo.jpg", PNG),
        ("text.docx", odt()), ("text.odt", docx()), ("text.docx", archive(a_dot_txt="x")), ("text.docx", PDF),
        ("statutes.exe", PDF), ("statutes.exe.pdf", PDF), ("statutes", PDF), ("page.html", b"<script>"),
        ("picture.svg", b"<svg/>"), ("statutes.pdf\x00.exe", PDF), ("macros.docm", docx()), ("statutes.pdf", b""),
    ],
)  # fmt: skip
def test_asvs_5_2_2_a_file_is_taken_only_if_its_ending_and_its_content_agree(name: str, body: bytes) -> None:
    with pytest.raises(NotTaken):
        paper_of("other", name, body)
    kinds = (("a.pdf", PDF), ("a.png", PNG), ("a.jpg", JPEG), ("a.docx", docx()), ("a.odt", odt()))
    assert [paper_of("other", *honest).size for honest in kinds] == [len(body) for _name, body in kinds]


def many_entries() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for number in range(20_000):
            file.writestr(f"word/{number}.xml", b"")
    return held.getvalue()


@pytest.mark.parametrize("swollen", ["much from little", "many entries"])
def test_asvs_5_2_3_what_an_archive_would_unpack_to_is_counted_before_it_is_unpacked(swollen: str) -> None:
    much = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * (150 * MB)}
    paper = archived(much) if swollen == "much from little" else many_entries()
    sheet = archived({**PARTS, SHEET: b"<worksheet>" + b" " * (150 * MB)}) if swollen == "much from little" else paper
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(NotTaken):
        paper_of("other", "x.docx", paper)
    with pytest.raises(Refused):
        [*read("x.xlsx", sheet).rows]
    took, (_now, most) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5 and most < 60 * MB
