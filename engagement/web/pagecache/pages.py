"""An answer as it was sent, and those that a process keeps."""

import gzip
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.cookie import SimpleCookie
from django.http.response import ResponseHeaders
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from engagement.web.compression import BROTLI, ENCODERS, GZIP, PLAIN, is_worth_it, wanted_by
from engagement.web.states import State

# What a page takes beside its bodies: key, headers and objects, measured at 2.5 to 4 kB.
BESIDE_BODIES = 4096
# Of the bytes that all pages may take, one may take this part.
MOST_OF_ALL = 16
OF_BODIES = frozenset(f"content-{part}" for part in ("type", "length", "encoding", "language", "disposition"))
DECODERS = {BROTLI: brotli.decompress, GZIP: gzip.decompress}

Stored = dict[str, tuple[str, Any]]  # headers as ResponseHeaders holds them


class Page:
    """A public answer of status 200, and what it was made of: it holds as long as that is the state of things.

    `limit` is the kind of request as which it is counted, '' for none.
    Its body is kept plain and in each encoding that was once asked for: no answer from here waits for a compressor.
    """

    __slots__ = (
        "_bodies", "_headers", "_unchanged", "etag", "headers", "is_compressible", "limit", "modified", "state",
    )  # fmt: skip

    def __init__(
        self,
        state: State,
        headers: Mapping[str, str],
        body: bytes,
        *,
        encoding: str = PLAIN,
        is_compressible: bool,
        limit: str = "",
    ) -> None:
        self.state, self.headers, self.is_compressible, self.limit = state, headers, is_compressible, limit
        self.etag, self.modified = headers["ETag"], headers.get("Last-Modified", "")
        self._bodies = {encoding: body, PLAIN: DECODERS[encoding](body) if encoding else body}
        about_none = {name: value for name, value in headers.items() if name.lower() not in OF_BODIES}
        self._headers: dict[str, Stored] = {}
        self._unchanged = stored(about_none)

    @classmethod
    def of(cls, response: HttpResponse, state: State, limit: str = "") -> "Page":
        """With the headers of the answer. Its own may be used no more: Vary is added."""
        is_compressible = is_worth_it(response)
        if is_compressible:
            patch_vary_headers(response, ["Accept-Encoding"])
        headers = dict(response.headers.items())
        return cls(state, headers, response.content, is_compressible=is_compressible, limit=limit)

    @property
    def size(self) -> int:
        """Bytes."""
        return BESIDE_BODIES + sum(map(len, self._bodies.values()))

    def encoding_for(self, request: HttpRequest) -> str:
        return wanted_by(request) if self.is_compressible else PLAIN

    def has(self, encoding: str) -> bool:
        return encoding in self._bodies

    def body(self, encoding: str) -> bytes:
        """Makes it where it has not been asked for yet: then the page has another size."""
        body = self._bodies.get(encoding)
        if body is None:
            body = self._bodies[encoding] = ENCODERS[encoding](self._bodies[PLAIN])
        return body

    def answer(self, request: HttpRequest, encoding: str) -> HttpResponse:
        """The page, without its body for HEAD, or 304 for one who has it."""
        if self._is_known(request.META):
            return response_of(304, self._unchanged, b"")
        headers = self._headers.get(encoding)
        if headers is None:
            length = str(len(self.body(encoding)))
            encoded = {"Content-Encoding": encoding} if encoding else {}
            headers = self._headers[encoding] = stored({**self.headers, **encoded, "Content-Length": length})
        return response_of(200, headers, self._bodies[encoding] if request.method == "GET" else b"")

    def _is_known(self, meta: Mapping[str, Any]) -> bool:
        if (etags := meta.get("HTTP_IF_NONE_MATCH")) is not None:
            return etags == self.etag or etags.strip() == "*" or weakly(self.etag) in map(weakly, parse_etags(etags))
        return bool(self.modified) and meta.get("HTTP_IF_MODIFIED_SINCE") == self.modified


def weakly(etag: str) -> str:
    return etag.removeprefix("W/")


def stored(headers: Mapping[str, str]) -> Stored:
    return ResponseHeaders(headers)._store


def response_of(status: int, headers: Stored, body: bytes) -> HttpResponse:
    """As HttpResponse(body, status=status, headers=…), which examines each header anew and takes ten times as long."""
    response = HttpResponse.__new__(HttpResponse)
    own = ResponseHeaders.__new__(ResponseHeaders)
    own._store = headers.copy()
    response.__dict__.update(
        headers=own,
        cookies=SimpleCookie(),
        closed=False,
        status_code=status,
        _charset=None,
        _container=[body],
        _handler_class=None,
        _reason_phrase=None,
        _resource_closers=[],
    )
    return response


class Pages:
    """Those that were asked for last, by what was asked, in no more than `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.bytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Page, int]] = OrderedDict()

    def get(self, key: Hashable) -> Page | None:
        found = self._kept.get(key)
        if found is None:
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, page: Page) -> None:
        """Also to be called when its size has changed. A page that is too large is left out."""
        size = page.size
        with self._lock:
            self._drop(key)
            if size > self.most // MOST_OF_ALL:
                return
            self._kept[key] = (page, size)
            self.bytes += size
            while self.bytes > self.most:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        _page, size = self._kept.pop(key, (None, 0))
        self.bytes -= size

    def __len__(self) -> int:
        return len(self._kept)
