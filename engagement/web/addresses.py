"""Addresses as readers and links bring them, and as the site writes them."""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

TRACKING = ("fbclid", "gclid")
TRACKING_PREFIXES = ("utm_", "mc_")


def tidied(query: QueryDict, *, tracking: bool = True) -> QueryDict:
    """The query less empty values, and with `tracking` less what mailings and advertisements add to links of pages."""
    kept = query.copy()
    for name in query:
        values = [value for value in query.getlist(name) if value.strip()]
        if not values or (tracking and (name in TRACKING or name.startswith(TRACKING_PREFIXES))):
            del kept[name]
        else:
            kept.setlist(name, values)
    return kept


def address(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def pairs_of(query: QueryDict) -> list[tuple[str, str]]:
    """Every name with every value, in the order in which they came."""
    return [(name, value) for name in query for value in query.getlist(name)]


def site_of(request: HttpRequest) -> str:
    """`https://register.example`, as the reader reached it."""
    return request.build_absolute_uri("/").removesuffix("/")
