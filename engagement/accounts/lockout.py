"""Who fails to log in too often waits.

Counted in the tables of django-axes, so that all processes count together, and in place of its own rules: a failure
there is one row without a name. Names are kept as keyed hashes, since people type passwords where the name belongs.
"""

import datetime
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from engagement.web.limits import client_address


@dataclass(frozen=True)
class Limit:
    """At most so many failures within so long. The next has to wait until the first of them is that old."""

    failures: int
    within: datetime.timedelta


# One name from one address: a typing mistake costs nothing, a guess costs three minutes.
PAIR = Limit(5, datetime.timedelta(minutes=15))
# One name from all addresses together; an address from which the account was used lately is not held up by it.
NAME = Limit(10, datetime.timedelta(minutes=10))
# One address, whatever the names.
ADDRESS = Limit(50, datetime.timedelta(hours=1))

KEPT = max(limit.within for limit in (PAIR, NAME, ADDRESS))
# How long an address is known as one from which the account is used.
KNOWN = datetime.timedelta(days=30)
# What stands for an address that cannot be read.
UNREADABLE = "0.0.0.0"


@dataclass(frozen=True)
class Guess:
    """Who tries to log in, from where. Both as they stand in the tables."""

    name: str
    address: str

    @property
    def is_from_known_address(self) -> bool:
        """Has this account been used from here lately?"""
        rows = AccessLog.objects.filter(username=self.name, ip_address=self.address)
        return self.address != UNREADABLE and rows.filter(attempt_time__gt=timezone.now() - KNOWN).exists()

    def locked_until(self, more: int = 0) -> datetime.datetime | None:
        """Until when it is refused, if it is; `more` failures than the limits say are let pass."""
        of_address = AccessFailureLog.objects.filter(ip_address=self.address)
        of_name = AccessFailureLog.objects.filter(username=self.name)
        ends = [end_of(PAIR, of_address.filter(username=self.name), more), end_of(ADDRESS, of_address, more)]
        if not self.is_from_known_address:
            ends.append(end_of(NAME, of_name, more))
        return max(filter(None, ends), default=None)

    def count(self) -> AccessFailureLog:
        return AccessFailureLog.objects.create(username=self.name, ip_address=self.address)

    def has_succeeded(self) -> None:
        """Its failures are forgotten, and the address is one from which the account is used."""
        AccessFailureLog.objects.filter(username=self.name, ip_address=self.address).delete()
        AccessLog.objects.filter(username=self.name, ip_address=self.address).delete()
        AccessLog.objects.create(username=self.name, ip_address=self.address)


def end_of(limit: Limit, failures: QuerySet[AccessFailureLog], more: int = 0) -> datetime.datetime | None:
    recent = failures.filter(attempt_time__gt=timezone.now() - limit.within).order_by("-attempt_time")
    over = limit.failures + more
    first = recent.values_list("attempt_time", flat=True)[over - 1 : over].first()
    return first and first + limit.within


def hashed(name: str) -> str:
    return hashlib.blake2b(name.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()


def counted_address(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network of 64 bits, since whoever has one address there has all of it."""
    try:
        found = ipaddress.ip_address(client_address(request))
    except ValueError:
        return UNREADABLE
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    within = ipaddress.ip_network((int(found), 64), strict=False).network_address
    return str(found.ipv4_mapped or within)


def purge() -> None:
    """What no rule asks for any more is deleted: failures after an hour, known addresses after a month."""
    now = timezone.now()
    AccessFailureLog.objects.filter(attempt_time__lte=now - KEPT).delete()
    AccessLog.objects.filter(attempt_time__lte=now - KNOWN).delete()


class Handler(AxesDatabaseHandler):
    """What django-axes asks and tells (`AXES_HANDLER`)."""

    def is_allowed(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        """A guess is counted before the password is looked at: many at the same moment cannot all pass."""
        guess = Guess(hashed((credentials or {}).get("username") or ""), counted_address(request))
        request.locked_until = guess.locked_until()
        if request.locked_until is None:
            counted = guess.count()
            request.locked_until = guess.locked_until(more=1)
            if request.locked_until is not None:
                counted.delete()
        return request.locked_until is None

    def user_login_failed(self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any) -> None:
        """It was counted before. A good moment to clear away."""
        purge()

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        purge()
        Guess(hashed(user.get_username()), counted_address(request)).has_succeeded()

    def user_logged_out(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Nothing is kept of it."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """For `axes_reset`, `axes_reset_ip` and `axes_reset_username`."""
        failures = AccessFailureLog.objects.all()
        if ip_address:
            failures = failures.filter(ip_address=ip_address)
        if username:
            failures = failures.filter(username=hashed(username))
        return failures.delete()[0]
