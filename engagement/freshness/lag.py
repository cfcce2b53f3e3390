"""How far the replica is behind its primary, measured by each process beside its work: no reader waits for it.

PostgreSQL’s `pg_last_xact_replay_timestamp()` alone says too much where nobody writes, and nothing where the replica no
longer hears of its primary. So both are asked where they are: the replica is behind since the moment at which the
primary was first seen at a place that the replica has not come to. The timestamp says how it was before the first look.
"""

import logging
import select
import socket
import threading
import time
import weakref
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from psycopg2 import extensions

from engagement.freshness.replica import ALIAS

logger = logging.getLogger(__name__)

# Seconds: a replica that is further behind is not read; how often it is looked at, and one look may take; for how long
# a look is good; how long after the last reader it is still looked at.
MOST, INTERVAL, PATIENCE, GOOD_FOR, IDLE = 5.0, 1.0, 1.5, 4.0, 60.0

STANDING = """
    SELECT pg_is_in_recovery(),
        (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0')::bigint,
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float"""


class Silent(Exception):
    """A server that has not answered in time."""


class Server:
    """One of the two, asked with a limit that holds whatever has become of it: a stopped process, a cut cable."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._connection: Any = None

    def standing(self) -> tuple[bool, int, float | None]:
        """Whether it is a replica, how far its log goes in bytes, seconds since the last commit that it replayed."""
        deadline = time.monotonic() + PATIENCE
        try:
            if self._connection is None:
                settings = connections[self._alias].get_connection_params()
                settings.pop("cursor_factory", None)
                self._connection = psycopg2.connect(**settings, async_=True)
                self._wait(deadline)
            with self._connection.cursor() as cursor:
                cursor.execute(STANDING)
                self._wait(deadline)
                row: tuple[bool, int, float | None] = cursor.fetchone()
                return row
        except BaseException:
            self._forget()
            raise

    def _wait(self, deadline: float) -> None:
        while (state := self._connection.poll()) != extensions.POLL_OK:
            waiting = select.poll()
            waiting.register(self._connection, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
            if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise Silent

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@dataclass(frozen=True)
class Place:
    """Where the primary's log was, in bytes, at a moment, and how many seconds the replica was behind by then."""

    bytes: int
    at: float
    before: float = 0.0


class Watch:
    """Looks at both once a second for as long as somebody asks, in a thread of its own."""

    def __init__(self) -> None:
        self.lag: float | None = None  # seconds; None: the replica does not answer, or is none
        self._is_near = False
        self._measured_at = self._asked_at = 0.0
        self._servers = (Server(DEFAULT_DB_ALIAS), Server(ALIAS))
        self._ahead: list[Place] = []  # places of the primary that the replica has not come to
        self._is_followed = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def is_near(self) -> bool:
        """Whether the replica may answer now: at most MOST seconds behind, or the primary is what does not answer."""
        self._asked_at = now = time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._begin()
        return self._is_near and now - self._measured_at < GOOD_FOR

    def look(self, seconds: float) -> float | None:
        """The lag as it is now; waits for a look that is under way, or the first one, for no more than `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.is_near() and self._asked_at - self._measured_at > 2 * INTERVAL and self._asked_at < deadline:
            time.sleep(0.05)
        return self.lag if self._asked_at - self._measured_at < GOOD_FOR else None

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="replica", daemon=True)
                self._thread.start()

    def _follow(self) -> None:
        self._ahead, self._is_followed = [], False
        while time.monotonic() - self._asked_at < IDLE:
            began = time.monotonic()
            self._measure()
            time.sleep(max(0.0, INTERVAL - (time.monotonic() - began)))

    def _measure(self) -> None:
        primary = self._place_of_primary()
        try:
            is_replica, place, since_replayed = self._servers[1].standing()
        except (Silent, psycopg2.Error) as error:
            self._is_near, self.lag = False, None
            logger.info("The replica does not answer: %s", " ".join(str(error).split()) or "no answer in time")
            if isinstance(error, Silent):
                hang_up()
        else:
            self.lag = self._behind(primary, place, since_replayed) if is_replica else None
            self._is_near = self.lag is not None and (self.lag <= MOST or primary is None)
        self._measured_at = time.monotonic()

    def _place_of_primary(self) -> int | None:
        try:
            return self._servers[0].standing()[1]
        except (Silent, psycopg2.Error):
            return None

    def _behind(self, primary: int | None, place: int, since_replayed: float | None) -> float:
        now = time.monotonic()
        if primary is not None:
            unknown = float("inf") if since_replayed is None else since_replayed
            self._ahead.append(Place(primary, now, 0.0 if self._is_followed else unknown))
            self._is_followed = True
        self._ahead = [each for each in self._ahead if each.bytes > place]
        return now - self._ahead[0].at + self._ahead[0].before if self._ahead else 0.0


watch = Watch()

# -- Readers of a replica that has stopped ----------------------------------------------------------------------------

_open: weakref.WeakSet[Any] = weakref.WeakSet()


def note_opened(connection: Any, **kwargs: Any) -> None:
    if connection.alias == ALIAS:
        _open.add(connection.connection)


connection_created.connect(note_opened)


def hang_up() -> None:
    """End the connections to the replica. Who waits for it gets an error, and is answered by the primary: to them a
    server that has stopped looks like one that takes long."""
    for connection in list(_open):
        if not connection.closed:
            with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
                shut(line)


def shut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        logger.info("A connection to the replica was closed already: %s", error)
