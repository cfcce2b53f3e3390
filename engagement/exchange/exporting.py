"""From a directory and a question to what leaves the register, whoever asks: a page's file, the API or a command."""

import datetime
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.conf import settings

from engagement.directories import Directory
from engagement.directories.following import known_tables
from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange.batches import batches, keys_of
from engagement.exchange.encodings import Plain
from engagement.exchange.formats import About, Format
from engagement.keysets import Pieces

# Bytes of a row of the API in memory, about.
OBJECT = 5_000


def file_of_rows(
    form: Format, said: About, directory: Directory, question: DirectoryFilterSet, site: str
) -> Iterator[bytes]:
    """Every row that answers the question, in its order, as a file of the format; rows are read while it is written.

    `site`: `https://register.example`.
    """
    return form.written(said, directory.columns, batches(directory, question, keys_of(question), site, form.encoding))


def objects(
    directory: Directory, question: DirectoryFilterSet, keys: Sequence[int], site: str
) -> list[dict[str, object]]:
    """The records with these primary keys, with the columns' names, as files in JSON and the API have them.

    Each is made once for as long as it says the same, as the rows of a page are.
    """
    day = question.day or datetime.date.today()
    name = ("objects", site, question.day is None, day)
    kept = question.keysets.get(name, Pieces(known_tables(directory.name), OBJECT), lasting=False)
    missing = [key for key in keys if key not in kept.by_record]
    made = dict(zip(missing, made_of(directory, question, missing, site), strict=True))
    for key, value in made.items():
        kept.add(key, value)
    found = (made.get(key) or kept.by_record.get(key) for key in keys)
    return [each for each in found if each]


def made_of(
    directory: Directory, question: DirectoryFilterSet, keys: Sequence[int], site: str
) -> list[dict[str, object] | None]:
    """The same, made now; None for a record that is gone meanwhile."""
    if not keys:
        return []
    names = [column.name for column in directory.columns]
    [rows] = batches(directory, question, [keys], site, Plain())
    if len(rows) == len(keys):
        return [dict(zip(names, row, strict=True)) for row in rows]
    alone = (next(batches(directory, question, [[key]], site, Plain())) for key in keys)
    return [dict(zip(names, row[0], strict=True)) if row else None for row in alone]


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
