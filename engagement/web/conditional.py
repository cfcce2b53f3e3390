"""Answers that are a function of the release, the settings, the day, the newest change of the data and the address.

Whoever has one of them need not load it again: its ETag says all of that, and an equal one is a 304.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from engagement import freshness
from engagement.freshness import Newest
from engagement.web.once import once_of
from engagement.web.states import State, fingerprint, last_modified, utc_day

Response = TypeVar("Response", bound=HttpResponseBase)
ALWAYS_ASK = "public, max-age=0, must-revalidate"
# Of what holds for this answer alone: it has no ETag by which a cache could ask.
NOT_KEPT = "no-cache"


def etag_of(request: HttpRequest, newest: Newest) -> str:
    """Weak: a compressed answer has the same one. The day is UTC's, for what counts today is another thing tomorrow.

    A register that was brought back from a backup comes to the same revision by other changes, at other moments.
    """
    parts = [fingerprint(), str(utc_day()), str(newest.number), newest.at.isoformat()]
    parts += [str(request.scheme), request.get_host(), request.get_full_path()]
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f'W/"{digest[:32]}"'


def unchanged(request: HttpRequest, newest: Newest) -> HttpResponseBase | None:
    """The 304 for one who has the answer that was made after this change already, None for anyone else."""
    if settings.DEBUG:  # templates change without another release
        return None
    response = get_conditional_response(request, etag=etag_of(request, newest))
    if response is None and has_its_date(request, newest):
        response = HttpResponseNotModified()
    return headed(response, request, newest) if response is not None else None


def has_its_date(request: HttpRequest, newest: Newest) -> bool:
    """Whether the client names the very Last-Modified, and no ETag, which says more.

    A later one does not do: moments are noted before commits, so that the newest entry may be older than the last.
    """
    named = request.META.get("HTTP_IF_MODIFIED_SINCE")
    if not named or "HTTP_IF_NONE_MATCH" in request.META:
        return False
    return last_modified(State(utc_day(), *newest)) == named


def marked(response: Response, request: HttpRequest, newest: Newest) -> Response:
    """With its ETag, its date and the revision of the newest change, of which it was made: caches may keep it
    and ask whether it holds.

    Not where the view says otherwise, and not while what is searched lags behind the data: the same revision will soon
    have another answer.
    """
    response["X-Data-Revision"] = str(newest.number)
    if "Cache-Control" in response:
        return response
    if request.META.get("QUERY_STRING") and freshness.is_behind():
        response["Cache-Control"] = NOT_KEPT
        return response
    return headed(response, request, newest)


def headed(response: Response, request: HttpRequest, newest: Newest) -> Response:
    state = State(utc_day(), *newest)
    response["ETag"] = etag_of(request, newest)
    response["X-Data-Revision"] = str(newest.number)
    response["Cache-Control"] = ALWAYS_ASK
    response["Last-Modified"] = last_modified(state)
    if (once := once_of(request)) is not None:
        once.made_of = state
    return response


def by_revision(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view's answer with its ETag, of one state of the data; 304 where that has not changed. Errors have none.

    Where another thread is rendering the same page, what it has rendered.
    """

    @wraps(view)
    def conditional(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        once = once_of(request)
        if once is not None and once.is_rendered_by_another():
            return HttpResponse()  # the middleware puts the page in its place
        day = utc_day()
        with freshness.reading() as reading:
            if (known := unchanged(request, reading.newest)) is not None:
                return known
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            if utc_day() != day:  # it says what was true before midnight
                response["Cache-Control"] = NOT_KEPT
            return marked(response, request, reading.newest)

    return conditional
