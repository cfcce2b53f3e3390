"""Where routes lead: each path is made once."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

MOST_PATHS = 10_000


def path_of(route: str, *arguments: str) -> str:
    """What `reverse` says of the route and its arguments, in the language of the page."""
    return _path(route, arguments, get_language(), get_script_prefix(), get_urlconf())


@lru_cache(maxsize=MOST_PATHS)
def _path(route: str, arguments: tuple[str, ...], language: str | None, prefix: str, urlconf: str | None) -> str:
    return reverse(route, urlconf, arguments)
