"""With READ_ONLY the site is read and nothing is written: while the database is moved, mended or looked into."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from engagement.web.problems import problem
from engagement.web.publicity import NO_STORE
from engagement.web.writing import may_write

# Pages that are nothing but a form which would be refused: that is said before anything has been typed.
FORMS = frozenset(
    {
        "engagement:correction-new",
        "engagement:contact-check",
        "engagement:contact-confirm",
        "engagement:request-new",
        "engagement:request-continue",
        "admin:login",
        "admin_password_reset",
        "password_reset_confirm",
    }
)
# Seconds.
COME_AGAIN = 600


class ReadOnly:
    """503 for whatever may write, before its form or the session are looked at. Stands where the language is known."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.READ_ONLY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if may_write(request) or (match is not None and match.view_name in FORMS):
            return refusal(request)
        return None


def refusal(request: HttpRequest) -> HttpResponse:
    """503 and when to come again: a page, and in the API problem details."""
    if request.path_info.startswith("/api/"):
        response: HttpResponse = problem(503, _("Nothing can be written at the moment"), _("Please come again later."))
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(COME_AGAIN)
    response["Cache-Control"] = NO_STORE
    return response
