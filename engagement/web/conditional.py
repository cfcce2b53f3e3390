"""Answers that are a function of the release, the settings, the day, the revision of the data and the address.

Whoever has one of them need not load it again: its ETag says all of that, and an equal one is a 304.
"""

import datetime
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from engagement import freshness
from ilo_portal.release import release

Response = TypeVar("Response", bound=HttpResponseBase)
SHOWN_SETTINGS = ("SITE_NAME", "SITE_PUBLISHER", "DATA_LICENCE", "DEFAULT_FROM_EMAIL", "PAGE_SIZE")


def etag_of(request: HttpRequest, revision: int) -> str:
    """Weak: a compressed answer has the same one. The day is UTC's, for what counts today is another thing tomorrow."""
    shown = [str(getattr(settings, name)) for name in SHOWN_SETTINGS]
    parts = [release(), *shown, datetime.datetime.now(datetime.UTC).date().isoformat(), str(revision)]
    parts += [str(request.scheme), request.get_host(), request.get_full_path()]
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f'W/"{digest[:32]}"'


def unchanged(request: HttpRequest, revision: int) -> HttpResponseBase | None:
    """The 304 for one who has the answer of this revision already, None for anyone else."""
    response = get_conditional_response(request, etag=etag_of(request, revision))
    return marked(response, request, revision) if response is not None else None


def marked(response: Response, request: HttpRequest, revision: int) -> Response:
    """With its ETag and the revision that it was made of. Caches may keep it and have to ask whether it still holds."""
    response["ETag"] = etag_of(request, revision)
    response["X-Data-Revision"] = str(revision)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def by_revision(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """The view's answer with its ETag, of one state of the data; 304 where that has not changed. Errors have none."""

    @wraps(view)
    def conditional(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with freshness.reading() as reading:
            if (known := unchanged(request, reading.revision)) is not None:
                return known
            response = view(request, *args, **kwargs)
        return marked(response, request, reading.revision) if response.status_code == 200 else response

    return conditional
