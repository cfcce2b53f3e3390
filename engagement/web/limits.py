"""How often an address may ask: so many times a minute, then 429 until the minute is over (docs/operations.md)."""

import datetime
import hashlib
import ipaddress
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from engagement.web.once import once_of
from engagement.web.problems import problem

MINUTE = 60


def limited(kind: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """The view, as often a minute as `settings.LIMITS` allows to one address for this kind of request.

    What is sent from the page cache counts too: that one is told the kind.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def within_limits(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (once := once_of(request)) is not None:
                once.limit = kind
            wait = seconds_to_wait(request, kind)
            return too_many(kind, wait) if wait else view(request, *args, **kwargs)

        return within_limits

    return decorate


def seconds_to_wait(request: HttpRequest, kind: str) -> int:
    """Count this request; 0 where it is within the limit, else the seconds until the next minute."""
    now = int(datetime.datetime.now(datetime.UTC).timestamp())
    # Not the address itself: nothing personal is kept, not even for a minute.
    who = hashlib.blake2b(client_address(request).encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12)
    key = f"limit:{kind}:{now // MINUTE}:{who.hexdigest()}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # forgotten between the two
        count = None
    # None also from a cache that is down: nobody is turned away for that.
    return MINUTE - now % MINUTE if count is not None and count > settings.LIMITS[kind] else 0


def too_many(kind: str, wait: int) -> HttpResponseBase:
    """429, with the seconds to wait in `Retry-After`."""
    most = settings.LIMITS[kind]
    detail = _("At most %(most)s such requests a minute from one address.") % {"most": most}
    response = problem(429, _("Too many requests"), detail)
    response["Retry-After"] = str(wait)
    return response


def client_address(request: HttpRequest) -> str:
    return address_in(request.META)


def address_in(meta: Mapping[str, Any]) -> str:
    """Who asks: of `X-Forwarded-For` the last address that is not one of TRUSTED_PROXIES; without these the peer."""
    address = meta.get("REMOTE_ADDR", "")
    named = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
    forwarded = [each.strip() for each in named if each.strip()]
    while forwarded and is_trusted(address):
        address = forwarded.pop()
    return address


def is_trusted(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.TRUSTED_PROXIES)
