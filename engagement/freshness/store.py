"""The two tables of this room, and the SQL that both engines take alike.

`freshness_change` is the log: one row for each change of a watched row, numbered in the order of commits.
`freshness_projection` says up to which number each projection has seen it. Neither is a Django model: they are no
part of the register, so `dumpdata`, `flush` and migrations pass them by. `sqlite.py` and `postgresql.py` say how
the engine fills the log.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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

Row = tuple[Any, ...]


class Busy(Exception):
    """Another process holds the projection, or (SQLite) is writing, for longer than one was willing to wait."""


@dataclass(frozen=True)
class Watched:
    """A table whose changes are noted, by the value of its column `key`.

    `columns` are those compared to tell whether a row differs: all but the generated ones. A table may be noted as
    another's: `noted_as` names the owner's table and `key` is the column that points to it. So it is with many-to-many
    tables, and, with `part`, a second time with tables whose rows are noted by themselves too.
    """

    table: str
    primary_key: str
    key: str
    columns: tuple[str, ...]
    noted_as: str
    part: bool = False

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

    # -- Reading the log ---------------------------------------------------------------------------------------

    def revision(self) -> int:
        [(number,)] = self.run(f"SELECT coalesce(max(number), 0) FROM {LOG}")
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
        columns, walk = "number, table_name, row_key, action, noted_at", PARTS_PASSED * each
        of_table = f"SELECT {columns} FROM {LOG} WHERE table_name = %s ORDER BY number DESC LIMIT {walk:d}"
        whole = f"SELECT * FROM ({of_table}) AS walked WHERE action <> '{PART}' ORDER BY number DESC LIMIT {each:d}"
        parts = [f"SELECT * FROM ({whole}) AS of_table"] * len(tables)
        return self.run(f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC", sorted(tables)) if parts else []

    def count(self, after: int, tables: Collection[str]) -> int:
        condition, parameters = self._among("number > %s", [after], tables)
        [(number,)] = self.run(f"SELECT count(*) FROM {LOG} WHERE {condition}", parameters)
        return int(number)

    def _select(self, condition: str, parameters: list[Any], order: str, limit: int | None) -> list[Row]:
        sql = f"SELECT number, table_name, row_key, action, noted_at FROM {LOG} WHERE {condition} ORDER BY {order}"
        return self.run(f"{sql} LIMIT %s", [*parameters, limit]) if limit is not None else self.run(sql, parameters)

    def _among(self, condition: str, parameters: list[Any], tables: Collection[str]) -> tuple[str, list[Any]]:
        if not tables:
            return condition, parameters
        places = ", ".join(["%s"] * len(tables))
        return f"{condition} AND table_name IN ({places})", [*parameters, *sorted(tables)]

    def trim(self, upto: int, before: datetime.datetime) -> int:
        """Delete what is old and has been overtaken: the newest entry of each row always stays."""
        sql = f"""
            DELETE FROM {LOG} WHERE number <= %s AND noted_at < %s AND number IN (
                SELECT number FROM (
                    SELECT number, max(number) OVER (PARTITION BY table_name, row_key) AS newest FROM {LOG}
                ) AS entry WHERE number < newest
            )"""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [upto, self.stored(before)])
            return cursor.rowcount

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

    # -- What the engines do each in their way -------------------------------------------------------------------

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


def let_go(error: BaseException) -> None:
    """Free the cursor of the statement that failed, now and in this thread.

    The frames of the traceback hold it in a cycle. Left to the garbage collector, it resets its statement at some
    later time, out of whatever thread: on SQLite that took the write lock from a transaction that was under way.
    """
    for each in (error, error.__cause__, error.__context__):
        if each is not None:
            clear_frames(each.__traceback__)
            each.__traceback__ = None


def literal(text: str) -> str:
    """As SQL for where a parameter cannot stand: in the definition of a trigger."""
    return "'" + text.replace("'", "''") + "'"
