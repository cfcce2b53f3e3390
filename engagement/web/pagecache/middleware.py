"""Stands outside all other middleware: what it has kept is sent before anything else begins."""

from collections.abc import Callable, Hashable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from engagement.web.compression import compressed
from engagement.web.conditional import NOT_KEPT
from engagement.web.limits import seconds_to_wait
from engagement.web.once import ATTRIBUTE, Once, Turns
from engagement.web.pagecache.pages import Page, Pages
from engagement.web.pagecache.shared import shared
from engagement.web.publicity import BESIDE_THE_LOG, NO_STORE, PRIVATE, PUBLIC, publicity_of
from engagement.web.states import fingerprint, state_now, utc_day

READING = frozenset({"GET", "HEAD"})
# In the environment of a request whose answer may be kept: `hit` where it was, else `miss`.
KEPT = "register.kept"


class PageCache:
    """Kept are answers of status 200 to GET whose route is declared public and that say what they were made of.

    Nothing personal can be among them: an answer that sets or depends on a cookie is left out, and a request with an
    Authorization neither finds nor leaves anything. With PAGE_CACHE=0 nothing is kept.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.pages = Pages(settings.PAGE_CACHE_BYTES if settings.PAGE_CACHE else 0)
        self.shared = shared(fingerprint()) if settings.PAGE_CACHE else None
        self.turns = Turns()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.pages.most or request.method not in READING or "HTTP_AUTHORIZATION" in request.META:
            return finished(request, self.get_response(request))
        key = key_of(request)
        page = self.pages.get(key)
        if page is not None and page.state == state_now() and is_within_limit(request, page):
            request.META[KEPT] = "hit"
            return self._sent(request, key, page)
        return self._rendered(request, key)  # for one who asks too often, the view's refusal

    def _rendered(self, request: HttpRequest, key: Hashable) -> HttpResponseBase:
        once = Once(key, self.turns, lambda: self._found(key), utc_day())
        setattr(request, ATTRIBUTE, once)
        try:
            response = self.get_response(request)
            page = once.found or self._kept(request, key, response, once)
        finally:
            once.finish()
        if page is None:
            return finished(request, response)
        request.META[KEPT] = "hit" if once.found else "miss"
        return self._sent(request, key, page)

    def _found(self, key: Hashable) -> Page | None:
        """What another thread has rendered by now, or another process."""
        state = state_now()
        if state is None:
            return None
        page = self.pages.get(key)
        if page is not None and page.state == state:
            return page
        page = self.shared.get(key, state) if self.shared else None
        if page is not None:
            self.pages.put(key, page)
        return page

    def _kept(self, request: HttpRequest, key: Hashable, response: HttpResponseBase, once: Once[Page]) -> Page | None:
        if once.made_of is None or once.made_of.day != once.day or not may_be_kept(request, response):
            return None
        assert isinstance(response, HttpResponse)
        page = Page.of(response, once.made_of, once.limit)
        self.pages.put(key, page)
        if self.shared:
            self.shared.put(key, page)
        return page

    def _sent(self, request: HttpRequest, key: Hashable, page: Page) -> HttpResponse:
        encoding = page.encoding_for(request)
        if not page.has(encoding):
            page.body(encoding)
            self.pages.put(key, page)  # it weighs more now
        return page.answer(request, encoding)


def key_of(request: HttpRequest) -> Hashable:
    """Where it was asked, in the words of the request. They were examined when the page was made: a host that is not
    allowed has none."""
    meta = request.META
    host = meta.get("HTTP_HOST") or (meta.get("SERVER_NAME"), meta.get("SERVER_PORT"))
    return request.scheme, host, meta.get("SCRIPT_NAME"), meta.get("PATH_INFO"), meta.get("QUERY_STRING")


def is_within_limit(request: HttpRequest, page: Page) -> bool:
    """Counts the request, if it is of a kind that is counted."""
    return not page.limit or not seconds_to_wait(request, page.limit)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    varies = {each.strip().lower() for each in response.get("Vary", "").split(",")}
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and publicity_of(request) == PUBLIC
        and "ETag" in response
        and not response.cookies
        and varies <= {"", "accept-encoding"}
        and "Content-Encoding" not in response
    )


def finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An answer that is not kept: compressed if it is public, and with a word on who may keep it."""
    publicity = publicity_of(request)
    response.headers.setdefault("Cache-Control", NO_STORE if publicity == PRIVATE else NOT_KEPT)
    if isinstance(response, HttpResponse) and publicity in (PUBLIC, BESIDE_THE_LOG):
        return compressed(request, response)
    return response
