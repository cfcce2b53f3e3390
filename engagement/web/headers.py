"""What browsers are told beside Django's own headers: what other sites may load, and what no page here asks for."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What a script that came in against all odds could ask a reader for. No page needs any of it.
REFUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in REFUSED)
SAME_ORIGIN, CROSS_ORIGIN = "same-origin", "cross-origin"


class Headers:
    """Stands outside whatever answers, static files and redirects too, and inside the page cache, which keeps an answer
    with its headers: who is sent a kept page pays nothing here.

    Answers that scripts of other sites may read (web/opening.py) may be loaded by other sites in any other way, too.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_open = "Access-Control-Allow-Origin" in response
        said = response.headers
        said.setdefault("Cross-Origin-Resource-Policy", CROSS_ORIGIN if is_open else SAME_ORIGIN)
        said.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        said.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response
