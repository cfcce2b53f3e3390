"""The change log as the rest of the register reads it."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from engagement.freshness.store import Row, Statement, Store, listed
from engagement.freshness.stores import store

# Entries of a table that are looked at for the newest of some rows, before all of them are.
WALK = 5_000
NOTHING: Statement = ("NULL", ())


@dataclass(frozen=True, slots=True)
class Change:
    """A row of `table` was written: `key` is its primary key, `number` its place in the order of commits.

    `action` (`insert`, `update`, `delete`) is what was done then; only the row itself says what it is now. A
    many-to-many link that comes or goes is an `update` of its owner; `part` says that something has changed which is
    part of the row and noted by itself too.

    `name` is the natural key of the row as it was when it was noted, '' where that is not told: of a row that the
    public could see neither before nor after, of a contact (a person's name), and of what is only linked to the row.
    """

    number: int
    table: str
    key: int
    action: str
    at: datetime.datetime
    name: str = ""


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


def newest(table: str, rows: QuerySet | Collection[int], limit: int, using: str = DEFAULT_DB_ALIAS) -> list[Change]:
    """The newest change of each of these rows of the table, parts of rows included, newest first.

    No more than `limit`. `rows` are primary keys, or a queryset of the table's model. Mostly the newest are among the
    newest entries of the table, however many rows there are; where these do not yield so many, the whole log of the
    table is looked through. Three statements at most.
    """
    source = store(using)
    walked = source.newest_entries(table, WALK)
    firsts: dict[int, Row] = {}
    for entry in walked:
        firsts.setdefault(entry[2], entry)
    wanted = among(rows, firsts)
    found = [entry for key, entry in firsts.items() if key in wanted]
    if len(found) < limit and len(walked) == WALK:
        found = source.newest_of(table, of_rows(rows, using), limit)
    return as_changes(source, found[:limit])


def about(rows: Mapping[str, Collection[int]], limit: int, using: str = DEFAULT_DB_ALIAS) -> list[Change]:
    """The newest changes of these rows, by table, newest first, no more than `limit`; of parts of rows nothing."""
    source = store(using)
    return as_changes(source, source.about({table: keys for table, keys in rows.items() if keys}, limit))


def touched(
    table: str,
    leading: Sequence[tuple[str, QuerySet]],
    after: tuple[int, int],
    limit: int,
    using: str = DEFAULT_DB_ALIAS,
) -> list[tuple[int, int]]:
    """Rows of the table that something has changed about: (the newest number, the row), in the order of these two.

    A change is about the row that it names, and about the rows to which `leading` leads from there: by table a
    queryset of `this` and `other`, a row of this table and one of the other. What comes after the pair `after`, no more
    than `limit`, in one statement.
    """
    statements = [(other, found) for other, pairs in leading if (found := compiled(pairs, using)) is not None]
    return [(int(number), int(row)) for number, row in store(using).touched(table, statements, after, limit)]


def names(table: str, rows: Collection[int], using: str = DEFAULT_DB_ALIAS) -> dict[int, str]:
    """How those of the rows were last called that the public could ever see, as far back as the log goes."""
    return dict(store(using).names(table, rows)) if rows else {}


def unname(table: str, rows: Collection[int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Forget how the rows were called, for an erasure. What is written later in the transaction is named anew."""
    if rows:
        store(using).unname(table, rows)


def as_changes(source: Store, entries: Iterable[Row]) -> list[Change]:
    return [
        Change(number, table, key, action, source.moment(at), name or "")
        for number, table, key, action, at, name in entries
    ]


def rows(noted: Iterable[Change]) -> dict[str, list[int]]:
    """The rows concerned, each once: the keys by table, in the order in which they first changed."""
    keys: dict[str, dict[int, None]] = {}
    for change in noted:
        keys.setdefault(change.table, {})[change.key] = None
    return {table: list(of_table) for table, of_table in keys.items()}


# -- Querysets as statements -----------------------------------------------------------------------------------------


def among(rows: QuerySet | Collection[int], keys: Collection[int]) -> Collection[int]:
    """Those of the keys that are of these rows."""
    if isinstance(rows, QuerySet):
        return set(rows.filter(pk__in=list(keys)).order_by().values_list("pk", flat=True))
    return set(rows)


def of_rows(rows: QuerySet | Collection[int], using: str) -> Statement:
    """That selects their primary keys."""
    if isinstance(rows, QuerySet):
        return compiled(rows.order_by().values("pk"), using) or NOTHING
    return (listed(rows), ()) if rows else NOTHING


def compiled(queryset: Any, using: str) -> Statement | None:
    """None where it is known to be empty."""
    try:
        sql, parameters = queryset.query.get_compiler(using).as_sql()
    except EmptyResultSet:
        return None
    return sql, parameters
