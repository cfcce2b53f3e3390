"""What is known of a request within Django alone, told to what stands outside: the route and who is logged in."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from engagement.web.publicity import PRIVATE, publicity_of

# Keys of the environment of a request (PEP 3333), which `request.META` is.
ROUTE, USER = "register.route", "register.user"


class NotingForTheLog:
    """Stands within the page cache: an answer from there costs nothing here."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Only where something has asked for it: the log costs nobody a query.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.pk:
            request.META[USER] = user.pk
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        match = request.resolver_match
        if match is not None:
            request.META[ROUTE] = f"/{match.route}", publicity_of(request) != PRIVATE
