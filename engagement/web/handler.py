"""The way from WSGI into Django, for requests that say of themselves how they are to be read."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """Read as UTF-8, whatever its headers say. By a `charset` in Content-Type Django reads the address too, also of a
    GET: one address would have several answers, and the page cache would give one reader's to all. And it fails, before
    anything could answer, for the name of a codec that is none for text."""

    @property
    def encoding(self) -> Any:
        return None  # that of the site

    @encoding.setter
    def encoding(self, said: Any) -> None:
        pass


class Handler(WSGIHandler):
    request_class = Request
