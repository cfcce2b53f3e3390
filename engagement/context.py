"""What every template may use: the site's name, who stands behind it, whether it takes requests, licence, languages.

Reads neither user nor session.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from engagement.web.addresses import address, pairs_of, tidied
from engagement.web.opened import requests_open


@dataclass(frozen=True)
class PageInLanguage:
    """The page of a request in one of the site's languages, and the first page in it."""

    code: str
    name: str
    is_current: bool
    url: str
    absolute_url: str
    home: str


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_PUBLISHER": settings.SITE_PUBLISHER,
        "REQUESTS_OPEN": requests_open(),
        "DATA_LICENCE": settings.DATA_LICENCE,
        "page_in_languages": SimpleLazyObject(lambda: page_in_languages(request)),
    }


def page_in_languages(request: HttpRequest) -> list[PageInLanguage]:
    """The same page, asked the same, in each language."""
    asked = address(request.path, pairs_of(tidied(request.GET)))
    pages = []
    for code, name in settings.LANGUAGES:
        url = translate_url(asked, code)
        with override(code):
            home = reverse("engagement:home")
        is_current = code == get_language()
        pages.append(PageInLanguage(code, name, is_current, url, request.build_absolute_uri(url), home))
    return pages
