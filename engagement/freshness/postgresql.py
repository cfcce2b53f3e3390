"""The change log in PostgreSQL: statement triggers that keep aside what changed, and a number given at commit.

During a transaction each statement leaves at most three rows in `freshness_pending`: a table, an action and the keys.
Nobody else sees them and nobody waits for them. At commit one deferred trigger takes the lock on numbering and moves
the transaction's rows into the log. The lock is released when the transaction has become visible, so numbers follow
the order in which transactions become visible: who has seen n will never later meet a smaller number.

The trigger waits for its turn in two steps. Whatever else is deferred, the foreign keys above all, may wait for rows
that others have locked, and these may wait for the numbering: a deadlock. So the first firing only rings again, which
puts the second behind everything that was deferred, and no one who numbers waits for anything any more.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from io import StringIO
from typing import Any

from django.db import OperationalError
from django.db.backends.utils import truncate_name
from django.db.transaction import atomic
from psycopg2.extras import Json

from engagement.freshness.store import (
    DELETE,
    ENTRY,
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

PENDING = "freshness_pending"
BELL = "freshness_bell"
NUMBERING = "freshness_number"
# Arbitrary, and the same for all who write to the database: one lock for numbering, one for installing.
NUMBERING_LOCK, INSTALLING_LOCK = 6_118_905_201, 6_118_905_202
LOCK_NOT_AVAILABLE = "55P03"

# Unlogged: their rows never outlive the transaction that wrote them.
RELATIONS = {
    LOG: f"""CREATE TABLE {LOG} (
        number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        table_name text NOT NULL,
        row_key bigint NOT NULL,
        action text NOT NULL,
        noted_at timestamptz NOT NULL,
        row_name text
    )""",
    f"{LOG}_by_table": f"CREATE INDEX {LOG}_by_table ON {LOG} (table_name, number)",
    f"{LOG}_by_row": f"CREATE INDEX {LOG}_by_row ON {LOG} (table_name, row_key, number)",
    STATE: f"CREATE TABLE {STATE} (name text PRIMARY KEY, seen bigint NOT NULL)",
    PENDING: f"""CREATE UNLOGGED TABLE {PENDING} (
        transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
        place bigint GENERATED ALWAYS AS IDENTITY,
        table_name text NOT NULL,
        action text NOT NULL,
        row_keys bigint[] NOT NULL,
        row_names text[]
    )""",
    f"{PENDING}_by_transaction": f"CREATE INDEX {PENDING}_by_transaction ON {PENDING} (transaction)",
    BELL: f"""CREATE UNLOGGED TABLE {BELL} (
        transaction xid8 PRIMARY KEY DEFAULT pg_current_xact_id(),
        again boolean NOT NULL DEFAULT false
    )""",
}

# Columns that relations made by an earlier release lack.
COLUMNS = {(LOG, "row_name"): "text", (PENDING, "row_names"): "text[]"}
IS_THERE = "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s"

# Whoever may write to a table has it noted, so the functions run with their owner's rights; hence the fixed path.
# A session keeps the plan of its first statement: one made for a bulk load would be compiled anew, for half a second,
# at each single save that follows.
OPTIONS = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET jit = off"

NUMBERING_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {NUMBERING}() RETURNS trigger {OPTIONS} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE {BELL} SET again = true WHERE transaction = NEW.transaction;
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({NUMBERING_LOCK});
    INSERT INTO {LOG} (table_name, row_key, action, noted_at, row_name)
        SELECT table_name, row_key, action, clock_timestamp(), row_name
        FROM {PENDING}, unnest(row_keys, row_names) WITH ORDINALITY AS entry (row_key, row_name, rank)
        WHERE transaction = NEW.transaction ORDER BY place, rank;
    DELETE FROM {PENDING} WHERE transaction = NEW.transaction;
    -- Constraints may be checked before the end (loaddata does): what follows must ring anew.
    DELETE FROM {BELL} WHERE transaction = NEW.transaction;
    RETURN NULL;
END $$"""

NUMBERING_TRIGGER = f"""
CREATE CONSTRAINT TRIGGER {NUMBERING} AFTER INSERT OR UPDATE ON {BELL}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {NUMBERING}()"""

NOTING_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {{function}}() RETURNS trigger {OPTIONS} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {{insert}};
    ELSIF TG_OP = 'UPDATE' THEN
        {{update}};
    ELSIF TG_OP = 'DELETE' THEN
        {{delete}};
    ELSE
        {{truncate}};
    END IF;
    IF FOUND THEN
        INSERT INTO {BELL} DEFAULT VALUES ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$"""

NOTE = f"INSERT INTO {PENDING} (table_name, action, row_keys, row_names) "

TRIGGERS = {
    "freshness_insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS after_it",
    "freshness_update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it",
    "freshness_delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS before_it",
    "freshness_truncate": "BEFORE TRUNCATE ON {table}",
}

NUMBERING_IS_THERE = f"""
    SELECT count(*) FROM pg_trigger
    WHERE tgrelid = to_regclass('{BELL}') AND tgname = '{NUMBERING}' AND tgenabled <> 'D'"""

# A disabled trigger is as good as none.
INSTALLED = """
    SELECT function.proname, coalesce(obj_description(function.oid, 'pg_proc'), ''),
        coalesce(array_agg(trigger.tgname::text) FILTER (WHERE trigger.tgenabled <> 'D'), '{}'),
        coalesce(min(relation.relname::text), '')
    FROM pg_proc AS function
    LEFT JOIN pg_trigger AS trigger ON trigger.tgfoid = function.oid
    LEFT JOIN pg_class AS relation ON relation.oid = trigger.tgrelid
    WHERE function.pronamespace = current_schema()::regnamespace AND starts_with(function.proname, %s)
    GROUP BY function.oid"""

EXISTING = "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"

ESCAPED = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def line(row: Row) -> str:
    """A row as COPY reads it."""
    return "\t".join(map(cell, row))


def cell(value: Any) -> str:
    if isinstance(value, Json):
        value = value.dumps(value.adapted)
    return r"\N" if value is None else str(value).translate(ESCAPED)


class PostgreSQLStore(Store):
    def create_tables(self) -> None:
        self.run("SELECT pg_advisory_xact_lock(%s)", [INSTALLING_LOCK])
        for name, statement in RELATIONS.items():
            # Not IF NOT EXISTS: that locks a table whose index is there, and writers would queue behind it.
            [(missing,)] = self.run("SELECT to_regclass(%s) IS NULL", [name])
            if missing:
                self.run(statement)
        for (relation, column), kind in COLUMNS.items():
            [(there,)] = self.run(IS_THERE, [relation, column])
            if not there:
                self.run(f"ALTER TABLE {relation} ADD COLUMN {column} {kind}")
        self.run(NUMBERING_FUNCTION.format(schema=self._schema))

    # -- Triggers ------------------------------------------------------------------------------------------------

    def faulty(self, watched: Sequence[Watched]) -> dict[str, list[str]]:
        tables = {table for (table,) in self.run(EXISTING)}
        there = {function: (mark, set(triggers)) for function, mark, triggers, _ in self.run(INSTALLED, [PREFIX])}
        [(numbering,)] = self.run(NUMBERING_IS_THERE)
        faults: dict[str, list[str]] = {}
        for each in watched:
            mark, triggers = there.get(self.function_name(each), ("", set()))
            missing = [name for name in self.triggers(each) if name not in triggers]
            missing += [] if numbering else [NUMBERING]
            if each.table in tables and (missing or mark != self.mark(each)):
                faults.setdefault(each.table, []).extend(missing)
        return faults

    def watch(self, watched: Watched) -> None:
        self._watch_bell()
        function, table = self.quote(self.function_name(watched)), self.quote(watched.table)
        self.run(self.function(watched))
        for name, when in self.triggers(watched).items():
            on = when.format(table=table)
            self.run(f"CREATE OR REPLACE TRIGGER {name} {on} FOR EACH STATEMENT EXECUTE FUNCTION {function}()")
            # CREATE OR REPLACE leaves a disabled trigger disabled.
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        self.run(f"COMMENT ON FUNCTION {function}() IS '{self.mark(watched)}'")

    def triggers(self, watched: Watched) -> dict[str, str]:
        """When each fires, by name."""
        return {f"{name}_part" if watched.part else name: when for name, when in TRIGGERS.items()}

    def _watch_bell(self) -> None:
        [(numbering,)] = self.run(NUMBERING_IS_THERE)
        if not numbering:
            self.run(f"DROP TRIGGER IF EXISTS {NUMBERING} ON {BELL}")
            self.run(f"TRUNCATE {BELL}, {PENDING}")  # What was left unnumbered is noted anew, the whole table.
            self.run(NUMBERING_TRIGGER)

    def unwatch(self, tables: Collection[str]) -> None:
        for function, _, _, table in self.run(INSTALLED, [PREFIX]):
            if table in tables:
                self.run(f"DROP FUNCTION {self.quote(function)}() CASCADE")

    def strays(self, watched: Sequence[Watched]) -> set[str]:
        wanted = {self.function_name(each) for each in watched}
        return {table for function, _, _, table in self.run(INSTALLED, [PREFIX]) if function not in wanted}

    def note_all(self, watched: Watched) -> None:
        self._note(watched, UPDATE, self._rows(watched, self.quote(watched.table)))

    def note_new(self, watched: Watched, newest: int) -> None:
        rows = self._rows(watched, self.quote(watched.table))
        self._note(watched, INSERT, f"{rows} WHERE {self.quote(watched.primary_key)} > {newest:d}")

    def _note(self, watched: Watched, action: str, rows: str) -> None:
        self.run(f"{NOTE} {self._gathered(watched, action, rows)}")
        self.run(f"INSERT INTO {BELL} DEFAULT VALUES ON CONFLICT DO NOTHING")

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        file = StringIO("".join(f"{line(row)}\n" for row in rows))
        with self.connection.cursor() as cursor, self.connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {self.quote(table)} ({', '.join(map(self.quote, columns))}) FROM STDIN", file)

    def take_keys(self, table: str, primary_key: str, number: int) -> Sequence[int]:
        sequence = f"pg_get_serial_sequence({literal(self.quote(table))}, {literal(primary_key)})"
        return [key for (key,) in self.run(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [number])]

    def end_load(self, watched: Sequence[Watched]) -> None:
        self.connection.check_constraints()  # a table with checks that are still to come gets no trigger
        for each in watched:
            table, key = self.quote(each.table), self.quote(each.primary_key)
            sequence = f"pg_get_serial_sequence({literal(table)}, {literal(each.primary_key)})"
            self.run(f"SELECT setval({sequence}, max({key})) FROM {table} HAVING max({key}) > 0")

    def put(self, entries: Sequence[Row]) -> None:
        """COPY alone brings numbers of its own into a column that gives them always."""
        self.load(LOG, [name.strip() for name in ENTRY.split(",")], entries)
        self.run(f"SELECT setval(pg_get_serial_sequence('{LOG}', 'number'), max(number)) FROM {LOG}")

    def function_name(self, watched: Watched) -> str:
        return truncate_name(f"{PREFIX}{watched.name}", length=63)

    def function(self, watched: Watched) -> str:
        actions = {
            "insert": self._gathered(watched, INSERT, self._rows(watched, "after_it")),
            "update": self._differing_links(watched) if watched.links else self._differing(watched),
            "delete": self._gathered(watched, DELETE, self._rows(watched, "before_it")),
            "truncate": self._gathered(watched, DELETE, self._rows(watched, self.quote(watched.table))),
        }
        statements = {action: NOTE + select for action, select in actions.items()}
        function = self.quote(self.function_name(watched))
        return NOTING_FUNCTION.format(function=function, schema=self._schema, **statements)

    def mark(self, watched: Watched) -> str:
        """The comment on the function, by which another version of it is known."""
        return hashlib.sha256(self.function(watched).encode()).hexdigest()

    def _rows(self, watched: Watched, relation: str) -> str:
        return (
            f"SELECT {self.quote(watched.key)} AS row_key, {self._name(watched, relation)} AS row_name FROM {relation}"
        )

    def _gathered(self, watched: Watched, action: str, rows: str) -> str:
        """All the keys in one row, with the names; no row where there are none. Links name their owners once."""
        keys = "array_agg(DISTINCT row_key)" if watched.links else "array_agg(row_key)"
        return (
            f"SELECT {literal(watched.noted_as)}, '{watched.action(action)}', {keys}, {self._names(watched)} "
            f"FROM ({rows}) AS changed HAVING count(*) > 0"
        )

    def _names(self, watched: Watched) -> str:
        return "array_agg(row_name)" if watched.named_by else "NULL::text[]"

    def _pairs(self, watched: Watched) -> str:
        """Rows before and after, where they differ.

        Whole rows are compared, not columns by name: so a migration that drops one cannot break the function. A full
        join is never done by nested loops, whatever the plan that was kept from a statement of one row.
        """
        key = self.quote(watched.primary_key)
        return (
            f"before_it FULL JOIN after_it ON before_it.{key} = after_it.{key} "
            "WHERE ROW(before_it.*) IS DISTINCT FROM ROW(after_it.*)"
        )

    def _differing(self, watched: Watched) -> str:
        before, after = (f"{side}.{self.quote(watched.key)}" for side in ("before_it", "after_it"))
        action = f"CASE WHEN {before} IS NULL THEN '{INSERT}' WHEN {after} IS NULL THEN '{DELETE}' ELSE '{UPDATE}' END"
        return (
            f"SELECT {literal(watched.noted_as)}, action, array_agg(row_key), {self._names(watched)} FROM ("
            f"SELECT {action} AS action, coalesce({after}, {before}) AS row_key, "
            f"{self._name(watched, 'after_it', 'before_it')} AS row_name FROM {self._pairs(watched)}"
            ") AS changed GROUP BY action"
        )

    def _differing_links(self, watched: Watched) -> str:
        before, after = (f"{side}.{self.quote(watched.key)}" for side in ("before_it", "after_it"))
        pairs = f"SELECT {before} AS former, {after} AS latter FROM {self._pairs(watched)}"
        owners = "SELECT row_key FROM pairs, unnest(ARRAY[former, latter]) AS row_key WHERE row_key IS NOT NULL"
        return self._gathered(watched, UPDATE, f"WITH pairs AS ({pairs}) {owners}")

    @cached_property
    def _schema(self) -> str:
        [(schema,)] = self.run("SELECT current_schema()")
        return self.quote(schema)

    # -- Reading one state ---------------------------------------------------------------------------------------

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with atomic(using=self.connection.alias):
            self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection: Any = self.connection
            connection.reads_one_state = True
            try:
                yield
            finally:
                connection.reads_one_state = False

    def is_settled(self) -> bool:
        return super().is_settled() or getattr(self.connection, "reads_one_state", False)

    def newest_entry(self) -> list[Row]:
        with self.connection.connection.cursor() as cursor:
            cursor.execute(NEWEST_ENTRY)
            return cursor.fetchall()

    def holds(self, table: str, column: str, value: str) -> bool:
        with self.connection.connection.cursor() as cursor:
            cursor.execute(self._holding(table, column, "%s"), [value])
            return bool(cursor.fetchall())

    # -- Waiting -------------------------------------------------------------------------------------------------

    def lock(self, name: str, patience: float) -> int:
        [(before,)] = self.run("SELECT current_setting('lock_timeout')")
        # Until the end of the transaction; 0 would mean for ever.
        self.run("SELECT set_config('lock_timeout', %s, true)", [f"{max(1, int(patience * 1000))}ms"])
        seen = self.state(name, "FOR UPDATE")
        self.run("SELECT set_config('lock_timeout', %s, true)", [before])
        return seen

    def is_busy(self, error: OperationalError) -> bool:
        return getattr(error.__cause__, "pgcode", None) == LOCK_NOT_AVAILABLE

    # -- Moments -------------------------------------------------------------------------------------------------

    def moment(self, stored: datetime.datetime) -> datetime.datetime:
        return stored

    def stored(self, moment: datetime.datetime) -> datetime.datetime:
        return moment
