"""What the page of a record says beside its facts: how it is cited, and what machines read of it."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from engagement.exchange.linked import PARENTS, graph
from engagement.freshness import at_revision
from engagement.models import Source
from engagement.models.languages import ENGLISH, Named, language_of
from engagement.models.paths import path_of
from engagement.views.citing import of_record, to_cite
from engagement.views.feeds import feed_url_of
from engagement.web.addresses import site_of


def record_or_404(rows: QuerySet, **key: str) -> Any:
    """The record with this key, and beside it the `revision` of the data."""
    return get_object_or_404(at_revision(rows), **key)


def described(
    request: HttpRequest, record: Any, shown: dict[str, Any], on: datetime.date | None = None
) -> dict[str, Any]:
    """What the template is given: `shown`, and what the head and the foot of the page say of `record_or_404`'s record.

    Linked data speak of today: the page as of a past day has none.
    """
    site, language = site_of(request), get_language() or ENGLISH
    citation = of_record(record, site, record.revision, on)
    return {
        **shown,
        "cite": to_cite(citation, language_of_title(record)),
        "linked": None if on else graph(record, shown, site, language),
        "alternate_files": files_of(record),
        "described": record,
    }


def language_of_title(record: Any) -> str:
    """As BCP 47, '' where it is not known."""
    if isinstance(record, Source):
        return ""
    if isinstance(record, Named):
        return language_of(record, "name")
    return str(getattr(record, "name_lang", ENGLISH))


def files_of(record: Any) -> list[tuple[str, str]]:
    """Media type and path: the feed of its changes, and where it belongs to a directory the record in the API."""
    files = [("application/atom+xml", feed_url_of(record))]
    if directory := PARENTS[type(record)].directory:
        api = path_of(f"api:{directory.name}-record", *record.natural_key())
        files.append(("application/json", api))
    return files
