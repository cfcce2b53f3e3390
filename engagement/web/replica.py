"""Public pages are read from the replica, where there is one (docs/adr/0018-replica.md)."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from engagement.freshness import replica
from engagement.freshness.lag import watch
from engagement.web.publicity import PUBLIC, publicity_of
from engagement.web.writing import READING, may_write

logger = logging.getLogger(__name__)

# Seconds for which one who has written reads what was written, whatever the replica has heard of it.
OWN_WRITES = 10
WROTE = "wrote"


class FromReplica:
    """Stands outside the page cache: what is kept is compared with the state of the database that answers.

    From the primary is answered whoever is logged in or has just written, what is not declared public, and everything
    while the replica is too far behind or does not answer. An answer that the replica did not live to give is made
    again from the primary.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not replica.is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.cookie = ("__Host-" if settings.HTTPS else "") + WROTE
        self.signer = TimestampSigner(salt=WROTE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        replica.leave()  # an answer that was given up half-way leaves the thread where it was
        if request.method not in READING:
            response = self.get_response(request)
            return self._remembered(request, response) if may_write(request) else response
        if self._is_owed_the_primary(request) or not watch.is_near():
            return self.get_response(request)
        return self._read(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if publicity_of(request) != PUBLIC:
            replica.leave()

    def _read(self, request: HttpRequest) -> HttpResponseBase:
        replica.enter()
        response = None
        try:
            response = self.get_response(request)
            if response.status_code >= 500 and replica.is_entered() and replica.has_failed():
                logger.warning("The replica failed while it answered: the primary is asked")
                replica.leave()
                response = self.get_response(request)
        finally:
            if response is None or not response.streaming:
                replica.leave()
        if response.streaming:  # it is read on when this has returned
            response._resource_closers.append(replica.leave)  # type: ignore[attr-defined]
        return response

    def _is_owed_the_primary(self, request: HttpRequest) -> bool:
        if "HTTP_COOKIE" not in request.META:
            return False
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return True
        try:
            return bool(self.signer.unsign(request.COOKIES.get(self.cookie, ""), max_age=OWN_WRITES))
        except BadSignature:
            return False

    def _remembered(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code < 400:
            response.set_cookie(
                self.cookie,
                self.signer.sign("1"),
                max_age=OWN_WRITES,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response
