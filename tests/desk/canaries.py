"""A person who does not exist, planted where a contact leaves traces, and looked for in all that a database holds."""

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from django.db import connection
from openpyxl import Workbook

KEY = "zyxwana-quillfeather"
NAME, EMAIL = "Zyxwana Quillféather", "zyx.quill@invented.example"
PHONE, ADDRESS = "+41 22 555 71 93", "77 Gryphonlane"
FORMER = "Zyxwana Obotrite"
# In the form in which JSON and search have them, too.
SIGNS = ("zyxwana", "quillf", "obotrite", "zyx.quill", "5557193", "555 71 93", "gryphonlane")


def row(**fields: Any) -> dict[str, Any]:
    """What an import says of the person."""
    said = {"name": NAME, "email": EMAIL, "phone": PHONE, "address": ADDRESS}
    return {**said, "public": "true", "purpose": "Invented tests", "lawful_basis": "public-role", **fields}


def workbook(*rows: dict[str, Any]) -> bytes:
    """In the file, names are compressed."""
    book, file = Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for each in rows:
        book.active.append(list(each.values()))
    book.save(file)
    return file.getvalue()


def signs_in(told: Any) -> set[str]:
    """Those that stand in a value of any type, packed or not."""
    if told is None or isinstance(told, bool):
        return set()
    if isinstance(told, bytes | memoryview):
        return {sign for part in unpacked(bytes(told)) for sign in signs_in(part.decode("latin-1"))}
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, default=str)
    text = text.casefold()
    return {sign for sign in SIGNS if sign in text}


def unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    elif data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)


def tables_with_signs() -> dict[str, set[str]]:
    """By table the signs that any column of any row of it holds: every table that there is, whoever made it."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values = [value for told in cursor.fetchall() for value in told if not isinstance(value, int)]
            texts = "\n".join(value for value in values if isinstance(value, str))
            others = {sign for value in values if not isinstance(value, str) for sign in signs_in(value)}
            signs = signs_in(texts) | others
            if table == "django_session":
                cursor.execute("SELECT session_data FROM django_session")
                signs |= {sign for (data,) in cursor.fetchall() for sign in signs_in(session(data))}
            if signs:
                found[table] = signs
    return found


def session(data: str) -> bytes:
    packed = data.split(":", 1)[0]
    is_compressed = packed.startswith(".")
    packed = packed.lstrip(".")
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return zlib.decompress(raw) if is_compressed else raw
