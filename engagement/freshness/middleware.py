"""Who writes through the site sees it at once: the projections catch up before the answer leaves."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from engagement.freshness.projector import catch_up

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class DrainAfterWriting:
    """Stands above all middleware that opens transactions, so that they are committed when it comes to its turn."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in SAFE:
            catch_up()
        return response
