"""What a public answer may differ by: the release and the settings, the day, the data."""

import datetime
import hashlib
import time
from typing import NamedTuple

from django.conf import settings
from django.utils.http import http_date

from engagement import freshness
from ilo_portal.release import release, started

SHOWN_SETTINGS = (
    "SITE_NAME",
    "SITE_PUBLISHER",
    "REQUESTS",
    "DATA_LICENCE",
    "DEFAULT_FROM_EMAIL",
    "LIMITS",
    "PAGE_SIZE",
    "SECURITY_CONTACT",
)
SECONDS_OF_A_DAY = 24 * 60 * 60


class State(NamedTuple):
    """What an answer may differ by, from one moment to another: the day of UTC, counted from 1970, and the data."""

    day: int
    revision: int
    at: datetime.datetime


def utc_day() -> int:
    return int(time.time()) // SECONDS_OF_A_DAY


def state_now() -> State | None:
    """As this thread sees it, in a reading or without; None where the database does not answer."""
    newest = freshness.newest_entry()
    return State(utc_day(), newest.number, newest.at) if newest is not None else None


def fingerprint() -> str:
    """Of the release and the settings that show: what is the same for as long as the process lives."""
    shown = [release(), *(str(getattr(settings, name)) for name in SHOWN_SETTINGS)]
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()


def last_modified(state: State) -> str:
    """The latest of the newest entry, the beginning of the day and the start of the server, which may be that of
    another release or other settings."""
    return http_date(max(state.at.timestamp(), state.day * SECONDS_OF_A_DAY, started()))
