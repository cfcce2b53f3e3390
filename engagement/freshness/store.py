"""The two tables of this room, and the SQL that both engines take alike.

`freshness_change` is the log: one row for each change of a watched row, numbered in the order of commits.
`freshness_projection` says up to which number each projection has seen it. Neither is a Django model: they are no
part of the register, so `dumpdata`, `flush` and migrations pass them by. `sqlite.py` and `postgresql.py` say how
the engine fills the log.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from traceback import clear_frames
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

LOG = "freshness_change"
STATE = "freshness_projection"
# What every trigger and function of this room begins with, so that those of tables no longer watched are found.
PREFIX = "freshness_note_"

INSERT, UPDATE, DELETE = "insert", "update", "delete"
# Something that is part of the row has changed; the row itself has not.
PART = "part"
# Entries looked at for one that is found, where parts of rows are passed over.
PARTS_PASSED = 10

# The newest number of the log.
REVISION = f"SELECT coalesce(max(number), 0) FROM {LOG}"
NEWEST_ENTRY = f"SELECT number, noted_at FROM {LOG} ORDER BY number DESC LIMIT 1"
# An entry, as it is read.
ENTRY = "number, table_name, row_key, action, noted_at, row_name"

Row = tuple[Any, ...]
# SQL that selects rows, and its parameters.
Statement = tuple[str, Sequence[Any]]


class Busy(Exception):
    """Another process holds the projection, or (SQLite) is writing, for longer than one was willing to wait."""


@dataclass(frozen=True)
class Watched:
    """A table whose changes are noted, by the value of its column `key`.

    `columns` are those compared to tell whether a row differs: all but the generated ones. A table may be noted as
    another's: `noted_as` names the owner's table and `key` is the column that points to it. So it is with many-to-many
    tables, and, with `part`, a second time with tables whose rows are noted by themselves too.

    `named_by` is the column with the name by which others know a row ('' for none), noted with each entry while the
    column `named_if` is true, before the change or after it: so that they can be told of a row that is gone.
    """

    table: str
    primary_key: str
    key: str
    columns: tuple[str, ...]
    noted_as: str
    part: bool = False
    named_by: str = ""
    named_if: str = ""

    @property
    def name(self) -> str:
        """By which its triggers and functions are called."""
        return f"{self.table}_in_{self.noted_as}" if self.part else self.table

    @property
    def links(self) -> bool:
        """Whether it is noted as another table's, both the former and the present owner."""
        return self.noted_as != self.table

    def action(self, action: str) -> str:
        """A link that comes or goes is a change of its owner."""
        if self.part:
            return PART
        return UPDATE if self.links else action


class Store(ABC):
    """The log and the state of the projections in one database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def run(self, sql: str, parameters: Sequence[Any] | None = None) -> list[Row]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def quote(self, name: str) -> str:
        return self.connection.ops.quote_name(name)

    def _name(self, watched: Watched, *rows: str) -> str:
        """How a row is called, in the first of `rows` that has it, if the public sees it in any of them: as SQL."""
        if not watched.named_by:
            return "NULL"
        called = ", ".join(f"{row}.{self.quote(watched.named_by)}" for row in rows)
        name = f"coalesce({called})" if len(rows) > 1 else called
        if not watched.named_if:
            return name
        shown = " OR ".join(f"{row}.{self.quote(watched.named_if)}" for row in rows)
        return f"CASE WHEN {shown} THEN {name} END"

    # -- Reading the log ---------------------------------------------------------------------------------------

    def revision(self) -> int:
        [(number,)] = self.run(REVISION)
        return int(number)

    def entries(
        self, *, after: int = 0, upto: int | None = None, tables: Collection[str] = (), limit: int | None = None
    ) -> list[Row]:
        """Numbers above `after` and not above `upto`, oldest first. No tables: all of them."""
        condition, parameters = self._among("number > %s", [after], tables)
        if upto is not None:
            condition, parameters = f"{condition} AND number <= %s", [*parameters, upto]
        return self._select(condition, parameters, "number", limit)

    def recent(self, tables: Collection[str], each: int) -> list[Row]:
        """The newest entries of each table, no more than `each`, newest first; parts of rows are left out.

        One walk down the index a table, so that its length is nothing to the length of the log; where nearly all
        that a table notes is parts, the walk ends before it has found so many.
        """
        of_table = self._walk(PARTS_PASSED * each)
        whole = f"SELECT * FROM ({of_table}) AS walked WHERE action <> '{PART}' ORDER BY number DESC LIMIT {each:d}"
        parts = [f"SELECT * FROM ({whole}) AS of_table"] * len(tables)
        return self.run(f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC", sorted(tables)) if parts else []

    def count(self, after: int, tables: Collection[str]) -> int:
        condition, parameters = self._among("number > %s", [after], tables)
        [(number,)] = self.run(f"SELECT count(*) FROM {LOG} WHERE {condition}", parameters)
        return int(number)

    def _select(self, condition: str, parameters: list[Any], order: str, limit: int | None) -> list[Row]:
        sql = f"SELECT {ENTRY} FROM {LOG} WHERE {condition} ORDER BY {order}"
        return self.run(f"{sql} LIMIT %s", [*parameters, limit]) if limit is not None else self.run(sql, parameters)

    def _among(self, condition: str, parameters: list[Any], tables: Collection[str]) -> tuple[str, list[Any]]:
        if not tables:
            return condition, parameters
        places = ", ".join(["%s"] * len(tables))
        return f"{condition} AND table_name IN ({places})", [*parameters, *sorted(tables)]

    def about(self, rows: Mapping[str, Collection[int]], limit: int) -> list[Row]:
        """The newest entries about these rows, by table, newest first; parts of rows are left out."""
        of_table = f"SELECT {ENTRY} FROM {LOG} WHERE action <> '{PART}' AND table_name = %s AND row_key IN "
        parts = [f"{of_table} ({listed(keys)})" for keys in rows.values()]
        return self.run(f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC LIMIT %s", [*rows, limit]) if parts else []

    def newest_entries(self, table: str, most: int) -> list[Row]:
        """The newest of a table, no more than `most`, newest first; parts of rows included."""
        return self.run(self._walk(most), [table])

    def newest_of(self, table: str, rows: Statement, limit: int) -> list[Row]:
        """The newest entry of each of the table's `rows`, newest first, no more than `limit`, of the whole log."""
        sql, parameters = rows
        of_each = (
            f"SELECT max(number) AS newest FROM {LOG} WHERE table_name = %s AND row_key IN ({sql}) GROUP BY row_key"
        )
        wanted = f"SELECT newest FROM ({of_each}) AS of_each ORDER BY newest DESC LIMIT {limit:d}"
        entries = f"SELECT {ENTRY} FROM {LOG} WHERE number IN ({wanted}) ORDER BY number DESC"
        return self.run(entries, [table, *parameters])

    def touched(
        self, table: str, leading: Sequence[tuple[str, Statement]], after: tuple[int, int], limit: int
    ) -> list[Row]:
        """Pairs of the newest number about a row of the table and the row, in this order, no more than `limit`.

        `leading`: by table a statement that selects `this` and `other`, a row of this table and one of that.
        """
        number, row = after
        parts, parameters = (
            [f"SELECT row_key, number FROM {LOG} WHERE table_name = %s AND number >= %s"],
            [table, number],
        )
        for other, (sql, of_statement) in leading:
            parts.append(
                f"SELECT pair.this, entry.number FROM ({sql}) AS pair "
                f"JOIN {LOG} AS entry ON entry.row_key = pair.other "
                "WHERE entry.table_name = %s AND entry.number >= %s"
            )
            parameters += [*of_statement, other, number]
        about = f"SELECT max(number) AS newest, row_key FROM ({' UNION ALL '.join(parts)}) AS entries GROUP BY row_key"
        # No number is smaller than the first of the pair: one that is not greater is the same.
        behind = "HAVING max(number) > %s OR row_key > %s ORDER BY newest, row_key LIMIT %s"
        return self.run(f"{about} {behind}", [*parameters, number, row, limit])

    def names(self, table: str, rows: Collection[int]) -> list[Row]:
        """(row, name) of those that were ever named, by the newest entry that does."""
        named = f"table_name = %s AND row_name IS NOT NULL AND row_key IN ({listed(rows)})"
        newest = f"SELECT max(number) FROM {LOG} WHERE {named} GROUP BY row_key"
        return self.run(f"SELECT row_key, row_name FROM {LOG} WHERE number IN ({newest})", [table])

    def unname(self, table: str, rows: Collection[int]) -> None:
        """Entries about these rows no longer tell how they were called; that the rows changed stays."""
        self.run(f"UPDATE {LOG} SET row_name = NULL WHERE table_name = %s AND row_key IN ({listed(rows)})", [table])

    def _walk(self, most: int) -> str:
        """The newest entries of a table, whose name is the parameter."""
        return f"SELECT {ENTRY} FROM {LOG} WHERE table_name = %s ORDER BY number DESC LIMIT {most:d}"

    def trim(self, upto: int, before: datetime.datetime) -> int:
        """Delete what is old and has been overtaken: the newest entry of each row always stays, and the newest of
        those that name it, for what is part of a row may be noted after the row is gone."""
        sql = f"""
            DELETE FROM {LOG} WHERE number <= %s AND noted_at < %s AND number IN (
                SELECT number FROM (
                    SELECT number, max(number) OVER (PARTITION BY table_name, row_key, row_name IS NULL) AS newest
                    FROM {LOG}
                ) AS entry WHERE number < newest
            )"""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [upto, self.stored(before)])
            return cursor.rowcount

    def clear(self) -> None:
        """No entry, and no projection that has seen one."""
        self.run(f"DELETE FROM {LOG}")
        self.run(f"DELETE FROM {STATE}")

    def put(self, entries: Sequence[Row]) -> None:
        """Entries of another log, under their numbers, which are larger than any here: the next one follows them."""
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {LOG} ({ENTRY}) VALUES (%s, %s, %s, %s, %s, %s)", entries)

    # -- The projections -----------------------------------------------------------------------------------------

    def standing(self) -> tuple[int, dict[str, int]]:
        """The revision, and what each projection has seen, in one statement."""
        rows = self.run(
            f"SELECT '' AS name, coalesce(max(number), 0) AS seen FROM {LOG} UNION ALL SELECT name, seen FROM {STATE}"
        )
        seen = {name: int(number) for name, number in rows}
        return seen.pop(""), seen

    @contextmanager
    def hold(self, name: str, patience: float) -> Iterator[int]:
        """A transaction in which no other process moves the projection; gives the number it has seen.

        Waits `patience` seconds for whoever holds it, then raises Busy.
        """
        with ExitStack() as stack:
            try:
                self.begin(stack, patience)
                seen = self.lock(name, patience)
            except OperationalError as error:
                if self.is_busy(error):
                    let_go(error)
                    raise Busy(name) from None
                raise
            yield seen

    def begin(self, stack: ExitStack, patience: float) -> None:
        stack.enter_context(atomic(using=self.connection.alias))

    def state(self, name: str, suffix: str = "") -> int:
        self.run(f"INSERT INTO {STATE} (name, seen) VALUES (%s, 0) ON CONFLICT DO NOTHING", [name])
        [(seen,)] = self.run(f"SELECT seen FROM {STATE} WHERE name = %s {suffix}", [name])
        return int(seen)

    def note_seen(self, name: str, number: int) -> None:
        self.run(f"UPDATE {STATE} SET seen = %s WHERE name = %s", [number, name])

    # -- Reading one state ---------------------------------------------------------------------------------------

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """What is read in it is of one moment. Within a transaction it is left to that one."""
        if self.connection.in_atomic_block:
            yield
        else:
            with self.snapshot():
                yield

    def is_settled(self) -> bool:
        """Whether what is read now is of some revision: no transaction may have written anything meanwhile."""
        return not self.connection.in_atomic_block

    # -- What the engines do each in their way -------------------------------------------------------------------

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """A transaction that sees one state of the database, writes nothing and takes no lock that others wait for."""

    @abstractmethod
    def holds(self, table: str, column: str, value: str) -> bool:
        """Whether a row has the value, past Django's cursor too."""

    def _holding(self, table: str, column: str, place: str) -> str:
        return f"SELECT 1 FROM {self.quote(table)} WHERE {self.quote(column)} = {place} LIMIT 1"

    @abstractmethod
    def newest_entry(self) -> list[Row]:
        """Number and moment of the newest entry, no row where there is none, past Django's cursor: glance.py."""

    @abstractmethod
    def lock(self, name: str, patience: float) -> int:
        """Lock the projection's row of the state, which is made if missing; what it has seen."""

    @abstractmethod
    def is_busy(self, error: OperationalError) -> bool: ...

    @abstractmethod
    def moment(self, stored: Any) -> datetime.datetime:
        """`noted_at` as it comes out of the log."""

    @abstractmethod
    def stored(self, moment: datetime.datetime) -> Any:
        """A moment as `noted_at` holds it."""

    @abstractmethod
    def create_tables(self) -> None:
        """Make what is missing of the log and the state, and let one process at a time install."""

    @abstractmethod
    def faulty(self, watched: Sequence[Watched]) -> dict[str, list[str]]:
        """By table: the triggers that are missing, none where they are there in another version.

        Tables that do not exist and those in order are left out.
        """

    @abstractmethod
    def watch(self, watched: Watched) -> None:
        """Put the table's triggers in the place of those it may have."""

    @abstractmethod
    def unwatch(self, tables: Collection[str]) -> None:
        """Remove the triggers of these tables."""

    @abstractmethod
    def strays(self, watched: Sequence[Watched]) -> set[str]:
        """Tables that have triggers of this room and are not among those watched."""

    @abstractmethod
    def note_all(self, watched: Watched) -> None:
        """Note every row of the table as changed."""

    # -- Filling tables ------------------------------------------------------------------------------------------

    def newest_key(self, watched: Watched) -> int:
        """The largest primary key of the table, 0 where it is empty."""
        key, table = self.quote(watched.primary_key), self.quote(watched.table)
        [(number,)] = self.run(f"SELECT coalesce(max({key}), 0) FROM {table}")
        return int(number)

    @abstractmethod
    def load(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Write the rows, as many at once as the engine takes."""

    def alter(self, table: str, columns: Sequence[str], primary_key: str, rows: Sequence[Row]) -> None:
        """Write the columns of rows that are there. Each row: their values, then the primary key."""
        assigned = ", ".join(f"{self.quote(column)} = %s" for column in columns)
        with self.connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {self.quote(table)} SET {assigned} WHERE {self.quote(primary_key)} = %s", rows)

    @abstractmethod
    def take_keys(self, table: str, primary_key: str, number: int) -> Sequence[int]:
        """Primary keys for so many new rows, in the caller's transaction; nobody else gets them."""

    @abstractmethod
    def end_load(self, watched: Sequence[Watched]) -> None:
        """After rows that brought their own primary keys: the next one given is larger, and triggers can be made."""

    @abstractmethod
    def note_new(self, watched: Watched, newest: int) -> None:
        """Note every row with a larger primary key as inserted."""


def let_go(error: BaseException) -> None:
    """Free the cursor of the statement that failed, now and in this thread.

    The frames of the traceback hold it in a cycle. Left to the garbage collector, it resets its statement at some
    later time, out of whatever thread: on SQLite that took the write lock from a transaction that was under way.
    """
    for each in (error, error.__cause__, error.__context__):
        if each is not None:
            clear_frames(each.__traceback__)
            each.__traceback__ = None


def listed(keys: Collection[int]) -> str:
    """As SQL: integers need no parameters, of which SQLite takes no more than 32,766."""
    return ", ".join(f"{key:d}" for key in keys)


def literal(text: str) -> str:
    """As SQL for where a parameter cannot stand: in the definition of a trigger."""
    return "'" + text.replace("'", "''") + "'"
