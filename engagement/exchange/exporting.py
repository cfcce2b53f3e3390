"""From a directory and a question to what leaves the register, whoever asks: a page's file, the API or a command."""

import datetime
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings

from engagement.directories import Directory
from engagement.directories.columns import plain
from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange.formats import About, Row

# Rows read at once, with all that belongs to them.
CHUNK = 500


def rows_of(directory: Directory, question: DirectoryFilterSet, site: str) -> Iterator[Row]:
    """Every row that answers the question, in its order, read while it is asked for. `site`: `https://register.example`."""
    for record in directory.rows_in_full(question).iterator(chunk_size=CHUNK):
        yield row_of(directory, record, site)


def row_of(directory: Directory, record: object, site: str) -> Row:
    """The plain value of each column."""
    return [plain(column.value(record), column.kind, site) for column in directory.columns]


def as_object(directory: Directory, record: object, site: str) -> dict[str, object]:
    """The same with the columns' names, as files in JSON and the API have it."""
    return {column.name: plain(column.value(record), column.kind, site) for column in directory.columns}


def about(directory: Directory, question: DirectoryFilterSet, count: int, revision: int, site: str) -> About:
    """What the file of the answer says of itself."""
    asked = urlencode([pair for pair in question.canonical() if pair[0] != "page"])
    return About(
        str(directory.title),
        count,
        revision,
        (
            ("register", str(settings.SITE_NAME)),
            ("address", f"{site}/{directory.name}/" + (f"?{asked}" if asked else "")),
            ("query", asked),
            ("read on", datetime.datetime.now(datetime.UTC).date().isoformat()),
            ("licence of the compilation", settings.DATA_LICENCE),
            ("terms of the sources", f"{site}/sources/"),
        ),
    )
