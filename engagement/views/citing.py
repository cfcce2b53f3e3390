"""How a page is cited, in words and with the addresses of its files (`cite_files.py`)."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from engagement.directories import Directory
from engagement.directories.questions import DirectoryFilterSet
from engagement.exchange.citing import STYLES, Citation, around, plainly
from engagement.models import Snapshot
from engagement.models.paths import path_of
from engagement.models.snapshots import WHOLE
from engagement.views.facets import asked_of, words_of
from engagement.views.snapshot_addresses import TITLES, title_of
from engagement.web.addresses import address


def cited(title: str, url: str, revision: int, as_of: datetime.date | None = None, *, rows: bool = False) -> Citation:
    """A page of this site, read today by UTC, in the language of the page."""
    today = datetime.datetime.now(datetime.UTC).date()
    return Citation(title, url, today, revision, str(settings.SITE_NAME), settings.SITE_PUBLISHER, as_of, rows)


def of_record(record: Any, site: str, revision: int, on: datetime.date | None = None) -> Citation:
    path = address(record.get_absolute_url(), [("on", on.isoformat())] if on else [])
    return cited(str(record), f"{site}{path}", revision, on)


def of_list(directory: Directory, question: DirectoryFilterSet, site: str, revision: int) -> Citation:
    """Of what a question without problems finds, all pages of it."""
    path = path_of(f"engagement:{directory.name}")
    title = with_question(str(directory.title), question)
    return cited(title, f"{site}{address(path, question.of_rows())}", revision, question.day, rows=True)


def of_register(site: str, revision: int) -> Citation:
    """Of all of it, by the page of its data."""
    return cited(str(TITLES[WHOLE]), f"{site}{path_of('engagement:data')}", revision, rows=True)


def of_snapshot(kept: Snapshot, question: DirectoryFilterSet | None, site: str) -> Citation:
    """At the revision that it was kept at. `question` is what it answers, as far as it can still be asked."""
    title, day = str(title_of(kept)), None
    if question is not None and not question.problems():
        title, day = with_question(title, question), question.day
    return cited(title, f"{site}{kept.cited_path}", kept.revision, day, rows=True)


def with_question(title: str, question: DirectoryFilterSet) -> str:
    """“Organizations (Category: Special List; Country: France)”; the day is said by itself."""
    words = "; ".join(words_of(question, *pair) for pair in asked_of(question) if pair[0] != "on")
    return f"{title} ({words})" if words else title


def to_cite(citation: Citation, language: str) -> dict[str, Any]:
    """What `_cite.html` shows: the words around the title, the title with its language, the files by name."""
    before, after = around(citation)
    parts = urlsplit(citation.url)
    files = files_citing(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return {"before": before, "title": plainly(citation.title), "language": language, "after": after, "files": files}


def files_citing(path: str) -> list[tuple[str, str]]:
    """By name the files that cite the page at the path, which may have a query."""
    return [(name, f"{file}?{asked_to_cite(path)}") for name, file in citing_files()]


def citing_files() -> Iterator[tuple[str, str]]:
    """Names and paths of the files, each of which is asked what to cite."""
    return ((style.name, path_of(f"files:cite-{style.suffix}")) for style in STYLES.values())


def asked_to_cite(path: str) -> str:
    return urlencode({"page": path}, safe="/")
