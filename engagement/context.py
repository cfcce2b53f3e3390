"""What every template may use: the site's name, who stands behind it, whether it takes requests and changes,
licence, whether it holds invented data, languages.

Reads neither user nor session.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse, translate_url
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from engagement.directories.invented import holds_invented
from engagement.models.paths import path_of
from engagement.web.addresses import address, pairs_of, site_of, tidied
from engagement.web.frames import frame
from engagement.web.opened import requests_open

# Paths that have one way only to be written.
PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*")


@dataclass(frozen=True)
class PageInLanguage:
    """The page of a request in one of the site's languages, and the first page in it."""

    code: str
    name: str
    is_current: bool
    url: str
    absolute_url: str
    home: str

    def __html__(self) -> SafeString:
        """The link to it, as a list item."""
        return self._framed("engagement/_language.html", self.url)

    @property
    def alternate(self) -> SafeString:
        """The elements of the page's head that name it."""
        return self._framed("engagement/_alternate.html", self.absolute_url)

    def at_home(self) -> SafeString:
        """The link to the first page in the language, as a list item."""
        return self._framed("engagement/_language.html", self.home)

    def _framed(self, template: str, url: str) -> SafeString:
        around = frame(template, "url", code=self.code, name=self.name, is_current=self.is_current)
        return around.filled(url=url)


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_PUBLISHER": settings.SITE_PUBLISHER,
        "REQUESTS_OPEN": requests_open(),
        "READ_ONLY": settings.READ_ONLY,
        "DATA_LICENCE": settings.DATA_LICENCE,
        "HOLDS_INVENTED": SimpleLazyObject(holds_invented),
        # Of no path that the site does not have: what is kept for each section would be kept for any number of them.
        "section": section_of(request.path) if request.resolver_match else "",
        "page_in_languages": SimpleLazyObject(lambda: page_in_languages(request)),
    }


def page_in_languages(request: HttpRequest) -> list[PageInLanguage]:
    """The same page, asked the same, in each language."""
    asked = address(request.path, pairs_of(tidied(request.GET)))
    language, site = get_language(), site_of(request)
    prefix, urlconf = get_script_prefix(), get_urlconf()
    homes = {code: home_in(code, prefix, urlconf) for code, _name in settings.LANGUAGES}
    rest = below(homes.get(language or ""), asked, request)
    pages = []
    for code, name in settings.LANGUAGES:
        url = translate_url(asked, code) if rest is None else f"{homes[code]}{rest}"
        pages.append(PageInLanguage(code, name, code == language, url, f"{site}{iri_to_uri(url)}", homes[code]))
    return pages


def section_of(path: str) -> str:
    """What the main navigation is marked by: `/fr/meetings/` for the list, `/fr/meetings/…` for all pages below it."""
    home = path_of("engagement:home")
    first, slash, further = path.removeprefix(home).partition("/")
    return f"{home}{first}{slash}{'…' if further else ''}"


@cache
def home_in(language: str, prefix: str, urlconf: str | None) -> str:
    """The path of the first page in the language."""
    with override(language):
        return reverse("engagement:home", urlconf)


def below(home: str | None, asked: str, request: HttpRequest) -> str | None:
    """What the address has behind the path of the first page, where that is all that differs between languages.

    None for what is not a page of the register, and where a path could be written in another way.
    """
    match = request.resolver_match
    is_page = match is not None and match.namespaces == ["engagement"] and PLAIN.fullmatch(request.path)
    return asked.removeprefix(home) if is_page and home and asked.startswith(home) else None
