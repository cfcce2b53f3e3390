"""Answers that scripts of other sites may read."""

from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)


def open_to_all(response: Response) -> Response:
    """Readable from anywhere: there is nothing in it that is not public, and no cookie makes it another's."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, X-Data-Revision, Link, Retry-After, Content-Disposition"
    return response


def preflight(methods: Iterable[str]) -> HttpResponse:
    """What a browser asks before a script of another site may send a request that is more than plain."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(methods)
    response["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response
