"""The change log as the rest of the register reads it."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from engagement.freshness.store import Row, Store
from engagement.freshness.stores import store


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `table` was written: `key` is its primary key, `number` its place in the order of commits.

    `action` (`insert`, `update`, `delete`) is what was done then; only the row itself says what it is now. A
    many-to-many link that comes or goes is an `update` of its owner; `part` says that something has changed which is
    part of the row and noted by itself too.
    """

    number: int
    table: str
    key: int
    action: str
    at: datetime.datetime


def revision(using: str = DEFAULT_DB_ALIAS) -> int:
    """The newest committed number, 0 before the first. Two equal revisions of one database: nothing has changed."""
    return store(using).revision()


def changes(
    after: int, limit: int | None = None, tables: Collection[str] = (), using: str = DEFAULT_DB_ALIAS
) -> list[Change]:
    """What came after revision `after`, oldest first.

    Every row that changed since is there, however old `after` is: trimming leaves each row's newest entry.
    """
    source = store(using)
    return as_changes(source, source.entries(after=after, tables=tables, limit=limit))


def recent(each: int, tables: Collection[str], using: str = DEFAULT_DB_ALIAS) -> list[Change]:
    """The newest changes of each of the tables, no more than `each`, newest first; of parts of rows nothing.

    However much is written to one table, it hides nothing of another; it costs the same whatever the log's length.
    """
    source = store(using)
    return as_changes(source, source.recent(tables, each))


def as_changes(source: Store, entries: Iterable[Row]) -> list[Change]:
    return [Change(number, table, key, action, source.moment(at)) for number, table, key, action, at in entries]


def rows(noted: Iterable[Change]) -> dict[str, list[int]]:
    """The rows concerned, each once: the keys by table, in the order in which they first changed."""
    keys: dict[str, dict[int, None]] = {}
    for change in noted:
        keys.setdefault(change.table, {})[change.key] = None
    return {table: list(of_table) for table, of_table in keys.items()}
