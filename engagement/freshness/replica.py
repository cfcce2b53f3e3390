"""Which of two databases a thread reads: the primary, or a streaming replica of it (docs/adr/0018-replica.md).

All of the register asks the connection `default`. While a thread answers from the replica, that name leads to the
replica: rows, the revision, sets, what is searched and the state of a kept page are then of one database, in whatever
way they are asked for, past Django too.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

ALIAS = "replica"

_threads = threading.local()


def is_configured() -> bool:
    """DATABASE_REPLICA_URL is set."""
    return ALIAS in settings.DATABASES


def enter() -> None:
    """From now on this thread reads the replica."""
    if not is_entered():
        _threads.primary = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[ALIAS]


def leave() -> None:
    """From now on this thread reads the primary."""
    if is_entered():
        connections[DEFAULT_DB_ALIAS] = _threads.primary
        del _threads.primary


def is_entered() -> bool:
    return hasattr(_threads, "primary")


def has_failed() -> bool:
    """Whether the replica refused this thread something since the request began, other than for what was asked, or has
    hung up."""
    connection: Any = connections[ALIAS]
    return bool(connection.errors_occurred or connection.connection is None or connection.connection.closed)


@contextmanager
def left() -> Iterator[None]:
    """For what is to be written: within it the thread reads and writes the primary."""
    entered = is_entered()
    leave()
    try:
        yield
    finally:
        if entered:
            enter()
