"""Requests that nothing on this site can make sense of: they are refused before anything reads them.

PostgreSQL takes no text with the character NUL, and what is not UTF-8 would be read as something else. Bodies are read
by forms, which say beside the field what they do not take.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote_plus, unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from engagement.web.opening import open_to_all
from engagement.web.problems import problem, refused

# Characters as they are sent. Pages link to addresses of some hundreds; OpenRefine asks with whole questions in them.
MOST_OF_PATH, MOST_OF_QUERY = 2048, 8192
UNREADABLE, TOO_LONG = 400, 414
API, NUL = "/api/", "\x00"
READING, UTF_8 = frozenset({"GET", "HEAD"}), frozenset({"utf-8", "utf8"})
_FILE = re.compile(r"\.[a-z]{2,5}$")


class Guard:
    """Stands where the language of the address is known, and before sessions, forms and views."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        status = trouble_with(request.path_info, request.META.get("QUERY_STRING", "")) or trouble_with_charset(request)
        return refusal(request, status) if status else self.get_response(request)


def trouble_with_charset(request: HttpRequest) -> int:
    """A body in another character set than UTF-8 is refused, as Django does with most: it would be misread. Where there
    is no body the header means nothing (web/handler.py)."""
    charset = (request.content_params or {}).get("charset", "")
    has_body = request.method not in READING
    return UNREADABLE if has_body and charset and charset.lower() not in UTF_8 else 0


def trouble_with(path: str, query: str) -> int:
    """The status to refuse an address with, 0 for one that can be read. The path as Django has it, the query as it was
    sent: its bytes as WSGI hands them over, as characters of Latin-1."""
    if len(path) > MOST_OF_PATH or len(query) > MOST_OF_QUERY:
        return TOO_LONG
    try:
        path.encode()
        asked = unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:  # half a character (a surrogate) is none in UTF-8, either
        return UNREADABLE
    return UNREADABLE if NUL in path or NUL in asked else 0


def refusal(request: HttpRequest, status: int) -> HttpResponse:
    """A page; of files and of the API problem details."""
    query = request.META.get("QUERY_STRING", "")
    if request.path_info.startswith(API):
        return open_to_all(in_words(status, query))
    if _FILE.search(request.path_info):
        return in_words(status, query)
    return HttpResponse(render_to_string("400.html", {"is_too_long": status == TOO_LONG}), status=status)


def in_words(status: int, query: str) -> HttpResponse:
    if status == TOO_LONG:
        most = f"A path may have {MOST_OF_PATH} characters, a query {MOST_OF_QUERY}."
        return problem(TOO_LONG, "The address is too long", most)
    if named := unreadable_in(query):
        return refused(dict.fromkeys(named, "is no text: it holds a NUL character, or is not UTF-8"))
    return problem(UNREADABLE, "Not understood", "The request holds a NUL character, or is not UTF-8.")


def unreadable_in(query: str) -> list[str]:
    """The parameters of which a value cannot be read, by names that can."""
    pairs = [part.partition("=") for part in query.split("&")]
    return [unquote_plus(name) for name, _, value in pairs if trouble_with("", value) and not trouble_with("", name)]
