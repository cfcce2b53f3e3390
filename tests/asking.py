"""Requests for tests: rows of them, files that are what their names say, and files that are not."""

import io
import zipfile
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from engagement.desk import requests
from engagement.desk.models import Request, RequestKind
from engagement.models import ConsultativeCategory, Country

_numbers = count(1)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def make_request(*, sent: bool = True, **fields: Any) -> Request:
    """A request for the Special List, complete but for its papers; a draft where it is not `sent`."""
    number = next(_numbers)
    made, _told = requests.begin(fields.pop("kind", RequestKind.STATUS), fields.pop("language", "en"))
    defaults = {
        "name": f"Invented applicant {number}",
        "country": Country.objects.get(iso2="CH"),
        "category": ConsultativeCategory.objects.get(slug="special-list"),
        "first_time": True,
        "contact_name": f"Invented person {number}",
        "email": f"person-{number}@invented.example",
    }
    requests.fill(made, {**defaults, **fields})
    if sent:
        requests.send(made)
    return made


def archive(**parts: bytes | str) -> bytes:
    """A ZIP archive; `__` in a name is a slash, and `_dot_` a dot."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, said in parts.items():
            writing.writestr(name.replace("__", "/").replace("_dot_", "."), said)
    return held.getvalue()


def docx(**more: bytes | str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as writing:
        writing.writestr("[Content_Types].xml", more.pop("types", "<Types/>"))
        writing.writestr("word/document.xml", "<document/>")
    return held.getvalue()


def odt(kind: str = "application/vnd.oasis.opendocument.text", manifest: str = "<manifest/>") -> bytes:
    return archive(mimetype=kind, content_dot_xml="<content/>", **{"META-INF__manifest_dot_xml": manifest})


def sent_file(name: str, body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="application/octet-stream")
