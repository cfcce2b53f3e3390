"""Routes that fail, beside those of the site. What they say in failing is what somebody typed."""

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from engagement.api.answering import never_failing
from engagement.web.publicity import private, public
from ilo_portal.urls import urlpatterns as site_routes


def failing(request: HttpRequest) -> HttpResponse:
    typed = request.GET.get("typed", "")
    raise ValueError(f"{typed} is not what was expected")


def refusing(request: HttpRequest) -> HttpResponse:
    raise IntegrityError(f"Key (email)=({request.GET.get('typed', '')}) already exists.")


def unreachable(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"one ", b"two ", b"three"]))


urlpatterns = [
    path("failing/", private(failing)),
    path("refusing/", private(refusing)),
    path("unreachable/", private(unreachable)),
    path("streamed/", public(streamed)),
    path("api/failing", private(never_failing(failing))),
    *site_routes,
]
