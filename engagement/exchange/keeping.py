"""Keeping what leaves the register, so that a citation gives the same rows later (docs/adr/0009-snapshots.md).

An export is made in one reading, in English as all files are, and written outside of it. What is kept is its JSON;
CSV and XLSX are made of that, so that they say the same whatever became of the rows and of the columns.
"""

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Sum
from django.db.models.functions import Length
from django.db.transaction import atomic
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.columns import Column, of
from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange import packages
from engagement.exchange.encodings import cell
from engagement.exchange.exporting import about, file_of_rows
from engagement.exchange.formats import BYTES_AT_ONCE, FORMATS, About, Row
from engagement.freshness import reading
from engagement.models import Keeper, Snapshot
from engagement.models.snapshots import LONGEST_QUERY, WHOLE, same

# Rows that a reader may have kept at once; the operator keeps any number.
MOST_KEPT_ROWS = 20_000
# The format of the whole register, and those in which what is kept is stored.
ARCHIVE = "zip"
AS_KEPT = ("json", ARCHIVE)
# The collections of which snapshots are kept, by name.
KEPT: dict[str, Directory] = {directory.name: directory for directory in DIRECTORIES if directory.kept}


class NotKept(Exception):
    """It says why, in the language of the page; `status` is the answer's."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class KeptOtherwise(Exception):
    """At the same revision the same question was kept with other rows: on another day, or by another release."""

    def __init__(self, kept: Snapshot) -> None:
        super().__init__(str(kept))
        self.kept = kept


# -- Making ----------------------------------------------------------------------------------------------------------


def query_of(question: DirectoryFilterSet) -> str:
    """The question in its canonical form, without the page."""
    return urlencode(question.of_rows())


def made(directory: Directory, query: QueryDict, site: str, revision: int) -> Snapshot:
    """The answer to a question without problems, not yet kept: the bytes of `/organizations.json?…`.

    Called in a reading of this revision.
    """
    with translation.override(settings.LANGUAGE_CODE):
        question = directory.ask(query)
        count = question.qs.count()
        said = about(directory, question, count, revision, site)
        body, sha256, size = packed(file_of_rows(FORMATS["json"], said, directory, question, site))
        return Snapshot(
            revision=revision,
            collection=directory.name,
            query=query_of(question),
            title=said.title,
            facts=said.facts,
            columns=[(column.name, column.kind, column.says) for column in directory.columns],
            rows=count,
            site=site,
            sha256=sha256,
            size=size,
            body=body,
        )


def packed(chunks: Iterable[bytes]) -> tuple[bytes, str, int]:
    """The chunks compressed, and the SHA-256 and the length of what they are uncompressed."""
    file, digest, size = io.BytesIO(), hashlib.sha256(), 0
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packer:
        for chunk in chunks:
            packer.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return file.getvalue(), digest.hexdigest(), size


def made_archive(site: str, revision: int) -> Snapshot:
    """The whole register as one archive, less the collections that are never kept. Called in a reading."""
    file = io.BytesIO()
    packages.write(file, site, revision, without=[directory.name for directory in DIRECTORIES if not directory.kept])
    with zipfile.ZipFile(file) as archive:
        described = json.loads(archive.read(packages.DESCRIPTOR))
    body = file.getvalue()
    return Snapshot(
        revision=revision,
        collection=WHOLE,
        title=described["title"],
        rows=sum(table["rows"] for table in described["resources"]),
        site=site,
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        body=body,
    )


def made_now(names: Sequence[str], site: str) -> list[Snapshot]:
    """All rows of the collections named, and the archive for WHOLE, not yet kept, of one state of the data."""
    with reading() as state:
        return [
            made_archive(site, state.revision) if name == WHOLE else made(KEPT[name], QueryDict(), site, state.revision)
            for name in names
        ]


# -- Keeping ---------------------------------------------------------------------------------------------------------


def keep(snapshot: Snapshot, keeper: Keeper) -> Snapshot:
    """The snapshot, kept now, or the one that was kept of its question at its revision, for good.

    Raises KeptOtherwise where that one has other rows. One that was withdrawn stays so.
    """
    snapshot.kept_by = keeper
    try:
        with atomic():
            snapshot.save(force_insert=True)
        return snapshot
    except IntegrityError:
        kept = Snapshot.objects.described().get(**same(snapshot))
    # Another site names other pages in each row; whether the rows are the same cannot be told then.
    if not kept.is_withdrawn and kept.site == snapshot.site and kept.sha256 != snapshot.sha256:
        raise KeptOtherwise(kept)
    return kept


def keep_for_reader(directory: Directory, question: DirectoryFilterSet, site: str) -> Snapshot:
    """The same for a reader, within the bounds that readers have; NotKept says which one was met."""
    if len(query_of(question)) > LONGEST_QUERY:
        raise NotKept(400, _("The question is too long to be kept."))
    with reading() as state:
        if (count := question.qs.count()) > MOST_KEPT_ROWS:
            raise NotKept(400, too_many_rows(count))
        snapshot = made(directory, question.data, site, state.revision)
    room = settings.SNAPSHOT_BYTES - held_for_readers()
    if len(snapshot.body) > room and not Snapshot.objects.filter(**same(snapshot)).exists():
        raise NotKept(503, _("The room for what readers keep is used up. The operator of the register can make more."))
    return keep(snapshot, Keeper.READER)


def too_many_rows(count: int) -> str:
    said = _(
        "At most %(most)s rows are kept at once, these are %(count)s. Ask for fewer, or cite the whole register: the "
        "operator keeps it as register.zip."
    )
    return said % {"most": MOST_KEPT_ROWS, "count": count}


def held_for_readers() -> int:
    """Bytes that readers' snapshots take, as they are stored."""
    of_readers = Snapshot.objects.filter(kept_by=Keeper.READER)
    held: int | None = of_readers.aggregate(held=Sum(Length("body")))["held"]
    return held or 0


# -- Giving back -----------------------------------------------------------------------------------------------------


def opened(snapshot: Snapshot) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=io.BytesIO(snapshot.body))


def content(snapshot: Snapshot) -> Iterator[bytes]:
    """The export as it was kept, byte for byte."""
    with io.BytesIO(snapshot.body) if snapshot.is_whole else opened(snapshot) as file:
        while chunk := file.read(BYTES_AT_ONCE):
            yield chunk


def rows_in(snapshot: Snapshot) -> Iterator[Row]:
    """The rows, in the order of the columns that they had, read one by one: each stands on a line of its own."""
    with opened(snapshot) as lines:
        next(lines)  # the count and the revision
        for line in islice(lines, snapshot.rows):
            yield [*json.loads(line.rstrip(b",\n")).values()]


def file_of(snapshot: Snapshot, suffix: str) -> Iterator[bytes]:
    """The bytes of a file of the rows, or those that were kept."""
    if suffix in AS_KEPT:
        return content(snapshot)
    facts = tuple((name, text) for name, text in snapshot.facts)
    said = About(snapshot.title, snapshot.rows, snapshot.revision, facts)
    return FORMATS[suffix].write(said, columns_of(snapshot), rows_in(snapshot))


def columns_of(snapshot: Snapshot) -> list[Column]:
    """The columns as they were. Of the kinds there may be others by now, so these stay what they were called."""
    return [Column(name, says, of(name)) for name, _kind, says in snapshot.columns]


def file_name(snapshot: Snapshot, suffix: str) -> str:
    """As the file of the directory was called at that revision."""
    day: Any = dict(snapshot.asked).get("on")
    return f"{snapshot.collection}{f'-on-{day}' if day else ''}-revision-{snapshot.revision}.{suffix}"


# -- Finding ---------------------------------------------------------------------------------------------------------


def holding(text: str) -> Iterator[Snapshot]:
    """Those in which the text stands, in capitals or not: to be withdrawn where it is a person's. All are read."""
    wanted = text.casefold()
    for snapshot in Snapshot.objects.filter(withdrawn_at=None).newest_first().iterator(chunk_size=1):
        if any(wanted in each.casefold() for each in texts_of(snapshot)):
            yield snapshot


def texts_of(snapshot: Snapshot) -> Iterator[str]:
    """What was asked, and every cell; of an archive also what it says of itself."""
    yield from (value for _name, value in snapshot.asked)
    if not snapshot.is_whole:
        yield from (str(cell(value)) for row in rows_in(snapshot) for value in row)
        return
    with zipfile.ZipFile(io.BytesIO(snapshot.body)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            yield from chain.from_iterable(csv.reader(io.StringIO(text))) if name.endswith(".csv") else [text]
