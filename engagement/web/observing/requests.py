"""The portal as WSGI has it, with a line and figures for each request, and its id in the answer."""

import ipaddress
import logging
import logging.config
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.module_loading import import_string

from engagement.web.limits import address_in, is_trusted
from engagement.web.observing import lines
from engagement.web.observing.identity import set_request_id
from engagement.web.observing.metrics import Counts, counts
from engagement.web.observing.middleware import ROUTE, USER
from engagement.web.pagecache.middleware import KEPT

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Done = Callable[[int], None]

logger = logging.getLogger(lines.REQUESTS)

# What a proxy may call a request: nothing that could mean anything in a log or a page.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"})
# Answers that say that there is something at the address.
FOUND = frozenset({200, 206, 304})
LANGUAGE_PREFIXES = frozenset({"fr", "es"})
KINDS = {"api": "api", "admin": "admin", "healthz": "health", "readyz": "health", "metrics": "health"}
# Of an address stays as much as tells one network from another.
PREFIX_LENGTHS = {4: 24, 6: 48}


def observed(application: Application) -> Application:
    """What a server is to call. From now on this process logs to standard output, and reports errors to SENTRY_DSN."""
    logging.config.dictConfig(lines.configuration())
    if settings.SENTRY_DSN:  # by name: whoever reports nothing need not load what reports
        import_string("engagement.web.observing.errors.report")(settings.SENTRY_DSN)
    return Observed(application)


class Observed:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._counts: Counts | None = counts() if settings.METRICS_TOKEN else None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        given = id_of(environ)
        set_request_id(given)
        status = 500

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status
            status = int(line[:3])
            return start_response(line, [*headers, ("X-Request-ID", given)], *error)

        def done(size: int) -> None:
            self._note(environ, status, time.perf_counter() - began, size)

        response = self._application(environ, start)
        if isinstance(response, HttpResponse):
            body = [response.content]
            response.close()
            done(len(body[0]))
            return body
        return Passing(response, given, done)

    def _note(self, environ: Environ, status: int, seconds: float, size: int) -> None:
        if self._counts is not None:
            self._counts.add(kind_of(environ["PATH_INFO"]), status, seconds, environ.get(KEPT, ""))
        if logger.isEnabledFor(logging.INFO):
            method = environ["REQUEST_METHOD"]
            said = {
                "method": method if method in METHODS else "other",
                "path": shown_path(environ, status),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "bytes": size,
                "address": shortened(address_in(environ)),
            }
            if USER in environ:
                said["user"] = environ[USER]
            logger.handle(lines.OfRequest(said))


class Passing(Iterator[bytes]):
    """An answer that is sent while it is made, counted as it passes."""

    def __init__(self, response: Iterable[bytes], given: str, done: Done) -> None:
        self._response, self._chunks = response, iter(response)
        self._given, self._done, self._size = given, done, 0

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        self._size += len(chunk)
        return chunk

    def close(self) -> None:
        set_request_id(self._given)
        try:
            if (close := getattr(self._response, "close", None)) is not None:
                close()
        finally:
            self._done(self._size)


def id_of(environ: Environ) -> str:
    """The `X-Request-ID` of a proxy that is believed (TRUSTED_PROXIES), else a new one of 16 characters."""
    named: str = environ.get("HTTP_X_REQUEST_ID", "")
    if named and is_trusted(environ.get("REMOTE_ADDR", "")) and WELL_FORMED.fullmatch(named):
        return named
    return secrets.token_hex(8)


def shown_path(environ: Environ, status: int) -> str:
    """The path, where something public stands there; else its route, for a path may hold a secret or a name that
    somebody looked for; `-` where there is no route."""
    path: str = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    route, is_public = environ.get(ROUTE, ("-", False))
    if route == "-":
        is_public = status in FOUND and (KEPT in environ or environ["PATH_INFO"].startswith(settings.STATIC_URL))
    return path if is_public and status < 400 else route


@lru_cache(4096)
def shortened(address: str) -> str:
    """The network: of IPv4 the first 24 bits, of IPv6 48; `-` for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "-"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{PREFIX_LENGTHS[found.version]}", strict=False))


def kind_of(path: str) -> str:
    """For figures: one of few words."""
    if path.startswith(settings.STATIC_URL):
        return "static"
    first, _slash, rest = path[1:].partition("/")
    if first in LANGUAGE_PREFIXES:
        first, _slash, rest = rest.partition("/")
    return KINDS.get(first) or ("file" if "." in path.rpartition("/")[2] else "page")
