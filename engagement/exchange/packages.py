"""The whole register as one archive: a Frictionless Data Package (specs.frictionlessdata.io, version 1).

The same revision gives the same bytes: nothing in it says when it was made or depends on the day.
"""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings
from django.db.models import F
from django.utils.translation import override

from engagement.exchange import shelves
from engagement.exchange.formats import BYTES_AT_ONCE, ROWS_AT_ONCE, taken
from engagement.exchange.relations import Cell, Table, in_byte_order, public, tables
from engagement.freshness import changes
from engagement.models import Source
from ilo_portal.release import release

CONTENT_TYPE = "application/zip"
PATH = "/data/register.zip"
DESCRIPTOR, README = "datapackage.json", "README.md"
# The earliest that an archive can say of when a file was written.
NEVER = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
# How the names of archives begin that stay on the disk.
SERIES = "register-"

# Licences by what settings.DATA_LICENCE calls them: the name of opendefinition.org, and where it stands.
LICENCES = {
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC BY-SA 4.0": ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODbL 1.0": ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "ODC-BY 1.0": ("ODC-BY-1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "PDDL 1.0": ("PDDL-1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
}

INDEPENDENT = (
    "An independent register of public facts. It is not affiliated with the International Labour Organization, nor "
    "endorsed by it, and this is not the ILO speaking."
)
CONVENTIONS = """\
- `datapackage.json` says what each column holds, which rows another row refers to, and of every source the terms.
- Rows are known by their `key`; a reference holds the key of a row in another table.
- An empty cell says that nothing is recorded, never that there is nothing. A reference to what is not public is empty.
- Dates are as fine as their source (EDTF): `2006-11-15`, `2006-11`, `2006`, `2014~` (about), `194X`, `2011/2013`.
- Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) has
  an apostrophe before it; so has text that begins with apostrophes and such a sign. Without the first apostrophe it is
  as it was recorded."""


# -- Writing ---------------------------------------------------------------------------------------------------------


def write(file: IO[bytes], site: str, revision: int, without: Collection[str] = ()) -> None:
    """The archive of what is public now, to a file that can be sought in. Called in a reading of this revision.

    site: `https://register.example`. without: the names of tables that are left out. Rows are read while written.
    """
    with override(settings.LANGUAGE_CODE), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        resources = [written(archive, table) for table in tables(without)]
        said = introduction() + "".join(f"\n\nLeft out here: {name}." for name in without)
        described = json.dumps(descriptor(resources, said, site, revision), ensure_ascii=False, indent=1)
        add(archive, DESCRIPTOR, [described.encode(), b"\n"])
        add(archive, README, [readme(said, site, revision).encode()])


def written(archive: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    """The table, put into the archive, as the descriptor has it."""
    path, rows = f"{table.name}.csv", Counted(table.rows())
    size, sha256 = add(archive, path, csv_chunks([cell.name for cell in table.cells], rows))
    return resource(table, path) | {"rows": rows.count, "bytes": size, "hash": f"sha256:{sha256}"}


class Counted(Iterator[list[Any]]):
    """Rows, and how many there were so far."""

    def __init__(self, rows: Iterator[list[Any]]) -> None:
        self._rows, self.count = rows, 0

    def __next__(self) -> list[Any]:
        row = next(self._rows)
        self.count += 1
        return row


def csv_chunks(header: list[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, without the byte-order mark: programs would take it for a part of the first name."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield taken(held)
    yield taken(held)


def add(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> tuple[int, str]:
    """A file of the archive; its length and its SHA-256."""
    entry = zipfile.ZipInfo(name, NEVER)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE
    size, digest = 0, hashlib.sha256()
    with archive.open(entry, "w") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


# -- Describing ------------------------------------------------------------------------------------------------------


def descriptor(resources: list[dict[str, Any]], said: str, site: str, revision: int) -> dict[str, Any]:
    publisher = settings.SITE_PUBLISHER
    return {
        "profile": "tabular-data-package",
        "name": "register",
        "title": str(settings.SITE_NAME),
        "description": f"{said}\n\n{CONVENTIONS}",
        "homepage": f"{site}/data/",
        "version": str(revision),
        "licenses": [licence(site)],
        "contributors": [{"title": publisher, "role": "publisher"}] if publisher else [],
        "sources": [*sources(site)],
        "resources": resources,
    }


def introduction() -> str:
    return f"Published by {settings.SITE_PUBLISHER}." if settings.SITE_PUBLISHER else INDEPENDENT


def licence(site: str) -> dict[str, str]:
    """Of the compilation. A licence that is not known here stands on the page about the data."""
    title = settings.DATA_LICENCE
    if title in LICENCES:
        name, path = LICENCES[title]
        return {"name": name, "path": path, "title": title}
    return {"path": f"{site}/data/", "title": title}


def sources(site: str) -> Iterator[dict[str, str]]:
    """Every source with its own address, else the one that it has here, and the terms under which it may be used."""
    for source in public(Source).order_by(in_byte_order(F("slug"))).iterator(chunk_size=ROWS_AT_ONCE):
        path = source.url if source.url.startswith(("http://", "https://")) else f"{site}{source.get_absolute_url()}"
        yield {"title": source.title, "path": path, **({"licence": source.licence} if source.licence else {})}


def resource(table: Table, path: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        **({"description": table.description} if table.description else {}),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": [*map(field, table.cells)],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [reference(cell, table) for cell in table.cells if cell.table],
        },
    }


def field(cell: Cell) -> dict[str, Any]:
    constraints = {
        **({"required": True} if cell.required else {}),
        **({"enum": list(cell.values)} if cell.values else {}),
    }
    return {
        "name": cell.name,
        "title": cell.title,
        "type": cell.kind,
        **({"description": cell.description} if cell.description else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def reference(cell: Cell, table: Table) -> dict[str, Any]:
    """In Table Schema a table that refers to itself calls itself ''."""
    resource = "" if cell.table == table.name else cell.table
    return {"fields": [cell.name], "reference": {"resource": resource, "fields": ["key"]}}


def readme(said: str, site: str, revision: int) -> str:
    return f"""\
# {settings.SITE_NAME}

{said}

What the register publishes, at revision {revision}: one CSV file a table. The newest is at {site}{PATH}.

{CONVENTIONS}

## Licence

The compilation: {settings.DATA_LICENCE}. Of each source its own terms hold: `licence` in `sources.csv`.

## How to cite

{". ".join(filter(None, [str(settings.SITE_NAME), settings.SITE_PUBLISHER]))}. Revision {revision}. {site}{PATH}

Add the day on which you got it, and for a single fact cite the source that its row names.
"""


# -- Keeping ---------------------------------------------------------------------------------------------------------


def opened(site: str, revision: int) -> BinaryIO:
    """The archive, from the disk if somebody has asked for it before. Called in a reading of this revision."""
    path = place(site, revision)
    if (kept := shelves.opened(path)) is not None:
        return kept
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  # whoever asks closes it
    try:
        write(file, site, revision)
        keep(file, path)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def place(site: str, revision: int) -> Path:
    """Where it is kept: elsewhere for another release, another site, other settings.

    And after another newest change: a database that was restored, or replaced, counts its revisions anew.
    """
    newest = [str(change.at) for change in changes(after=revision - 1, limit=1)]
    with override(settings.LANGUAGE_CODE):
        shown = [str(settings.SITE_NAME), settings.SITE_PUBLISHER, settings.DATA_LICENCE]
    digest = hashlib.sha256("\n".join([release(), site, *shown, *newest]).encode()).hexdigest()[:16]
    return shelves.folder() / f"{SERIES}{revision}-{digest}.zip"


def keep(file: IO[bytes], path: Path) -> None:
    """For whoever asks next, who sees all of it or nothing."""
    file.seek(0)
    for _chunk in shelves.Copied(iter(partial(file.read, BYTES_AT_ONCE), b""), path, SERIES):
        pass


def described(path: Path) -> dict[str, Any] | None:
    """What an archive that is kept says of itself, None where there is none."""
    with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
        said: dict[str, Any] = json.loads(archive.read(DESCRIPTOR))
        return said
    return None
