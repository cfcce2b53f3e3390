"""The change log in SQLite: row triggers that write into it.

One transaction writes at a time, so the order in which numbers are given is the order of commits, and what is rolled
back takes its numbers with it.
"""

import datetime
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from django.db import OperationalError

from engagement.freshness.store import (
    DELETE,
    INSERT,
    LOG,
    NEWEST_ENTRY,
    PREFIX,
    STATE,
    UPDATE,
    Row,
    Store,
    Watched,
    literal,
)

TABLES = (
    # AUTOINCREMENT: a number is never given twice, not even if someone empties the log.
    f"""CREATE TABLE IF NOT EXISTS {LOG} (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        table_name TEXT NOT NULL,
        row_key INTEGER NOT NULL,
        action TEXT NOT NULL,
        noted_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
        row_name TEXT
    )""",
    f"CREATE INDEX IF NOT EXISTS {LOG}_by_table ON {LOG} (table_name, number)",
    f"CREATE INDEX IF NOT EXISTS {LOG}_by_row ON {LOG} (table_name, row_key, number)",
    f"CREATE TABLE IF NOT EXISTS {STATE} (name TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID",
)


class SQLiteStore(Store):
    def create_tables(self) -> None:
        for statement in TABLES:
            self.run(statement)
        if not self.run("SELECT 1 FROM pragma_table_info(%s) WHERE name = 'row_name'", [LOG]):  # an older log
            self.run(f"ALTER TABLE {LOG} ADD COLUMN row_name TEXT")

    # -- Triggers ------------------------------------------------------------------------------------------------

    def faulty(self, watched: Sequence[Watched]) -> dict[str, list[str]]:
        rows = self.run("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')")
        tables = {name for kind, name, _ in rows if kind == "table"}
        there = {name: sql for kind, name, sql in rows if kind == "trigger"}
        wanted: dict[str, dict[str, str]] = {}
        for each in watched:
            if each.table in tables:
                wanted.setdefault(each.table, {}).update(self.triggers(each))
        return {
            table: [name for name in triggers if name not in there]
            for table, triggers in wanted.items()
            if any(there.get(name) != sql for name, sql in triggers.items())
        }

    def watch(self, watched: Watched) -> None:
        for name, sql in self.triggers(watched).items():
            self.run(f"DROP TRIGGER IF EXISTS {self.quote(name)}")
            self.run(sql)

    def unwatch(self, tables: Collection[str]) -> None:
        for table, trigger in self._installed():
            if table in tables:
                self.run(f"DROP TRIGGER {self.quote(trigger)}")

    def strays(self, watched: Sequence[Watched]) -> set[str]:
        wanted = {name for each in watched for name in self.triggers(each)}
        return {table for table, trigger in self._installed() if trigger not in wanted}

    def note_all(self, watched: Watched) -> None:
        self.run(self._noting(watched, UPDATE))

    def note_new(self, watched: Watched, newest: int) -> None:
        self.run(f"{self._noting(watched, INSERT)} WHERE {self.quote(watched.primary_key)} > %s", [newest])

    def _noting(self, watched: Watched, action: str) -> str:
        this = self.quote(watched.table)
        return (
            f"INSERT INTO {LOG} (table_name, row_key, action, row_name) SELECT DISTINCT {literal(watched.noted_as)}, "
            f"{self.quote(watched.key)}, '{watched.action(action)}', {self._name(watched, this)} FROM {this}"
        )

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names, places = ", ".join(map(self.quote, columns)), ", ".join(["%s"] * len(columns))
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {self.quote(table)} ({names}) VALUES ({places})", rows)

    def take_keys(self, table: str, primary_key: str, number: int) -> Sequence[int]:
        """After the last one that was ever given (AUTOINCREMENT); who is in a transaction is the only writer."""
        largest = f"(SELECT max({self.quote(primary_key)}) FROM {self.quote(table)})"
        given = "(SELECT seq FROM sqlite_sequence WHERE name = %s)"
        [(last,)] = self.run(f"SELECT max(coalesce({largest}, 0), coalesce({given}, 0))", [table])
        return range(last + 1, last + 1 + number)

    def end_load(self, watched: Sequence[Watched]) -> None:
        """Nothing to do: SQLite looks at the keys that are there."""

    def _installed(self) -> list[tuple[str, str]]:
        """Table and name of each trigger of this room."""
        triggers = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        return [(table, name) for table, name in self.run(triggers) if name.startswith(PREFIX)]

    def triggers(self, watched: Watched) -> dict[str, str]:
        """By name, in the words in which SQLite keeps them."""
        key, same_key = self.quote(watched.key), self._same(watched.key)
        differs = " OR ".join(f"NOT ({self._same(column)})" for column in watched.columns)
        moved_to = f"CASE WHEN {same_key} THEN '{watched.action(UPDATE)}' ELSE '{watched.action(INSERT)}' END"
        inserted, deleted = f"'{watched.action(INSERT)}'", f"'{watched.action(DELETE)}'"
        old, new, either = (self._name(watched, *rows) for rows in (("OLD",), ("NEW",), ("NEW", "OLD")))
        parts = {
            "insert": ("INSERT", "", f"NEW.{key}", inserted, new),
            "update": ("UPDATE", f"WHEN {differs}", f"NEW.{key}", moved_to, either),
            # The row of the former key: UPDATEs that do not name the column never come here.
            "moved": (f"UPDATE OF {key}", f"WHEN NOT ({same_key})", f"OLD.{key}", deleted, old),
            "delete": ("DELETE", "", f"OLD.{key}", deleted, old),
        }
        return {
            f"{PREFIX}{part}_{watched.name}": self._trigger(f"{PREFIX}{part}_{watched.name}", watched, *words)
            for part, words in parts.items()
        }

    def _trigger(self, name: str, watched: Watched, event: str, when: str, key: str, action: str, said: str) -> str:
        values = f"{literal(watched.noted_as)}, {key}, {action}, {said}"
        return (
            f"CREATE TRIGGER {self.quote(name)} AFTER {event} ON {self.quote(watched.table)} {when} BEGIN "
            f"INSERT INTO {LOG} (table_name, row_key, action, row_name) VALUES ({values}); END"
        )

    def _same(self, column: str) -> str:
        """`IS` takes two NULLs for equal; the collation is named because a column may have one that folds case."""
        return f"OLD.{self.quote(column)} IS NEW.{self.quote(column)} COLLATE BINARY"

    # -- Reading one state ---------------------------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        if self.connection.connection is not None and self.connection.connection.in_transaction:
            yield  # within another reading
            return
        # Django would find out by a transaction of its own, which fails within this one. It is built in since 3.38.
        self.connection.features.__dict__.setdefault("supports_json_field", True)
        # Not atomic(): its BEGIN IMMEDIATE would keep all writers waiting.
        self.run("BEGIN DEFERRED")
        try:
            yield
        finally:
            self.run("COMMIT")

    def newest_entry(self) -> list[Row]:
        return self.connection.connection.execute(NEWEST_ENTRY).fetchall()

    def holds(self, table: str, column: str, value: str) -> bool:
        return bool(self.connection.connection.execute(self._holding(table, column, "?"), [value]).fetchall())

    # -- Waiting -------------------------------------------------------------------------------------------------

    def begin(self, stack: ExitStack, patience: float) -> None:
        with self._patient(patience):
            super().begin(stack, patience)

    @contextmanager
    def _patient(self, seconds: float) -> Iterator[None]:
        """BEGIN IMMEDIATE waits for the one who writes: here no longer than so many seconds."""
        [(before,)] = self.run("PRAGMA busy_timeout")
        self.run(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            yield
        finally:
            self.run(f"PRAGMA busy_timeout = {before}")

    def lock(self, name: str, patience: float) -> int:
        return self.state(name)  # BEGIN IMMEDIATE has already kept all others out.

    def is_busy(self, error: OperationalError) -> bool:
        return "locked" in str(error)

    # -- Moments -------------------------------------------------------------------------------------------------

    def moment(self, stored: int) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(stored / 1000, datetime.UTC)

    def stored(self, moment: datetime.datetime) -> int:
        return int(moment.timestamp() * 1000)
