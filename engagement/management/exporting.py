"""What `manage.py export_data` writes: the bytes that the web has at the same address, made in the same way."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError
from django.http import QueryDict
from django.utils.translation import override

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.searching import PORTION
from engagement.exchange import iati, packages
from engagement.exchange.exporting import about, file_of_rows
from engagement.exchange.formats import BYTES_AT_ONCE, FORMATS
from engagement.freshness import catch_up, reading
from engagement.web.addresses import tidied

COLLECTIONS: dict[str, Directory] = {directory.name: directory for directory in DIRECTORIES}
SITE = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+", re.ASCII)

Chunks = Iterator[bytes]


def exported(kind: str, suffix: str, on: str, query: str, site: str) -> Chunks:
    """The bytes, the first of which is there only when nothing is wrong; CommandError in one line says what is.

    suffix, on, query, site: '' where they are not given.
    """
    site = known_site(site)
    if kind in COLLECTIONS:
        chunks = of_collection(COLLECTIONS[kind], suffix or "csv", on, query, site)
    elif kind not in WHOLE:
        raise CommandError(f"{kind} is none of {', '.join([*COLLECTIONS, *WHOLE])}")
    elif suffix or on or query:
        raise CommandError(f"{kind} takes no format, day or query")
    else:
        chunks = WHOLE[kind](site)
    try:
        with override(settings.LANGUAGE_CODE):
            yield from chunks
    except DatabaseError as error:
        raise CommandError(f"Database: {' '.join(str(error).split())}") from error


def known_site(site: str) -> str:
    """The site as it was given, or the default one for ''."""
    site = site.rstrip("/") or default_site()
    if not SITE.fullmatch(site):
        raise CommandError(f"site: {site} is not an address like https://register.example")
    return site


def default_site() -> str:
    """The first of ALLOWED_HOSTS that is a name and not a pattern, by https where HTTPS is on."""
    hosts = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if "*" not in host]
    return f"{'https' if settings.HTTPS else 'http'}://{hosts[0] if hosts else 'localhost'}"


def of_collection(directory: Directory, suffix: str, on: str, query: str, site: str) -> Chunks:
    """The rows that answer the query, as a file of the format; `on` is another way to say that parameter."""
    if suffix not in FORMATS:
        raise CommandError(f"format: {suffix} is none of {', '.join(FORMATS)}")
    form, asked = FORMATS[suffix], tidied(QueryDict(query), tracking=False)
    if on:
        asked.appendlist("on", on)
    if asked.get("q"):
        catch_up(limit=PORTION)
    with reading() as state:
        question = directory.ask(asked)
        problems = question.problems() | {
            name: "belongs to pages" for name in question.page_parameters if name in asked
        }
        if problems:
            raise CommandError("; ".join(f"{name} {wrong}" for name, wrong in problems.items()))
        count = question.qs.count()
        if form.most is not None and count > form.most:
            raise CommandError(f"{suffix} holds at most {form.most} rows, these are {count}")
        said = about(directory, question, count, state.revision, site)
        yield from file_of_rows(form, said, directory, question, site)


def of_register(site: str) -> Chunks:
    with reading() as state, packages.opened(site, state.revision) as file:
        while chunk := file.read(BYTES_AT_ONCE):
            yield chunk


def of_activities(site: str) -> Chunks:
    today = datetime.datetime.now(datetime.UTC).date()
    with reading():
        told, projects = iati.counts(today)
        if not told:
            raise CommandError(iati.none_told(projects))
        yield from iati.activities(site, today)


# What holds all of the register.
WHOLE: dict[str, Callable[[str], Any]] = {"register": of_register, "iati-activities": of_activities}
