"""A small database of its own for tests that commit, and what the tests of the change log share.

The room knows tables and no models, so two tables of toys show what holds for the register, and the register's own
tables need not be emptied after each test.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from engagement.freshness import Watched, changes, revision

OWN = "own"
ON_POSTGRESQL = connection.vendor == "postgresql"
TOY = Watched("toy", "id", "id", ("id", "name"), noted_as="toy")
NAMED_TOY = Watched("toy", "id", "id", ("id", "name"), noted_as="toy", named_by="name")
LINK = Watched("toy_link", "id", "toy_id", ("id", "toy_id", "other"), noted_as="toy")

TABLES = (
    "CREATE TABLE toy (id integer PRIMARY KEY, name text)",
    "CREATE TABLE toy_link (id integer PRIMARY KEY, toy_id integer NOT NULL, other integer NOT NULL)",
    "CREATE TABLE part (id integer PRIMARY KEY, toy_id integer REFERENCES toy (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE toy_copy (id integer PRIMARY KEY, name text)",
    "CREATE TABLE applied (number bigint PRIMARY KEY)",
)

Noted = list[tuple[str, int, str]]


def run(sql: str, parameters: Any = None, using: str = OWN) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def add(key: int, name: str = "a toy") -> None:
    run("INSERT INTO toy (id, name) VALUES (%s, %s)", [key, name])


def number(using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the changes of this transaction their numbers, as its commit would."""
    connections[using].check_constraints()


@contextmanager
def noting() -> Iterator[Noted]:
    """What is noted of the register inside the block, in order: (table without its prefix, key, action)."""
    number()
    after, noted = revision(), Noted()
    yield noted
    number()
    noted += [(each.table.removeprefix("engagement_"), each.key, each.action) for each in changes(after)]


def own_noted(after: int = 0) -> Noted:
    return [(each.table, each.key, each.action) for each in changes(after, using=OWN)]


def start(work: Callable[[], object]) -> "Future[None]":
    """A thread with connections of its own; its `result()` raises what went wrong in it."""

    def with_connections_of_its_own() -> None:
        try:
            work()
        finally:
            connections[OWN].close()

    executor = ThreadPoolExecutor(1)
    future = executor.submit(with_connections_of_its_own)
    executor.shutdown(wait=False)
    return future


def is_waiting_for_a_lock() -> bool:
    """Whether any session of the own database waits for another (PostgreSQL)."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(run(waiting)[0][0])


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("what was waited for has not come")
