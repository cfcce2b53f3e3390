"""The language of a page: the one that its address names."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes


class LanguageOfAddress:
    """English without a prefix, `/fr/…`, `/es/…`; neither a cookie nor the browser's wishes are asked.

    In place of Django's LocaleMiddleware, which asks both and says `Vary: Accept-Language` of whatever has no prefix:
    a cache would then keep a copy for each browser of a page that is the same for all. Files and health have no
    language, and say none.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if elsewhere := rightly_prefixed(request):
            return HttpResponsePermanentRedirect(elsewhere)
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        # Afterwards nothing is left of it: the next request of this thread may have another.
        with translation.override(language.lower(), deactivate=True):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


def rightly_prefixed(request: HttpRequest) -> str:
    """The address whose prefix is in lower case, and left out for English; '' if it is so already."""
    prefix, _slash, rest = request.path_info.removeprefix("/").partition("/")
    code = prefix.lower()
    if code not in dict(settings.LANGUAGES) or (prefix == code != settings.LANGUAGE_CODE):
        return ""
    script = request.path.removesuffix(request.path_info)
    path = f"{script}/{rest}" if code == settings.LANGUAGE_CODE else f"{script}/{code}/{rest}"
    query = request.META.get("QUERY_STRING", "")
    return escape_leading_slashes(escape_uri_path(path)) + (f"?{query}" if query else "")
