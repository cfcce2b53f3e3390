"""Copies of a whole database while it is used, and back: one way for each engine. All SQL and all programs are here."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections


class Refused(Exception):
    """In one line, why a database could not be copied or put back. It is as it was."""


@dataclass(frozen=True)
class Engine:
    """copy: writes the database as it is at one moment to a file that is there and empty. put_back: makes the database
    what the copy says, all of it or nothing; what it held before is gone."""

    copy: Callable[[Any, Path], None]
    put_back: Callable[[Any, Path], None]


def engine(using: str = DEFAULT_DB_ALIAS) -> Engine:
    return ENGINES[connections[using].vendor]


# -- SQLite ------------------------------------------------------------------------------------------------------------

CHECKS = ("PRAGMA integrity_check(1)", "PRAGMA foreign_key_check")


def copy_sqlite(connection: Any, path: Path) -> None:
    """By SQLite's own backup, in one step: writers go on, and none makes it begin anew."""
    connection.ensure_connection()
    with sqlite_told(), closing(beside(connection, path)) as copy:
        connection.connection.backup(copy.connection, pages=-1)
        require_sound(copy)


def put_back_sqlite(connection: Any, path: Path) -> None:
    """Into the database that is there, as one transaction: who reads meanwhile reads what was there before."""
    connection.ensure_connection()
    with sqlite_told(), closing(beside(connection, path)) as copy:
        require_sound(copy)
        copy.connection.backup(connection.connection, pages=-1)


@contextmanager
def sqlite_told() -> Iterator[None]:
    """What SQLite says of a fault, past Django too (a full disk, a file that is none of its own)."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as error:
        raise Refused(f"SQLite: {error}") from error


def beside(connection: Any, path: Path) -> Any:
    """A connection to another file, with the functions of Django's that constraints are made of."""
    other = connection.copy()
    other.settings_dict["NAME"] = str(path)
    other.ensure_connection()
    return other


def require_sound(database: Any) -> None:
    with database.cursor() as cursor:
        found = [row for check in CHECKS for row in cursor.execute(check).fetchall()]
    if faults := [row for row in found if row != ("ok",)]:
        raise Refused(f"SQLite finds the copy damaged: {', '.join(map(str, faults[0]))}")


# -- PostgreSQL --------------------------------------------------------------------------------------------------------

OWNERLESS = ("--no-owner", "--no-privileges")
EMPTIED = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def copy_postgresql(connection: Any, path: Path) -> None:
    run(connection, "pg_dump", "--format=custom", *OWNERLESS, "--file", str(path))


def put_back_postgresql(connection: Any, path: Path) -> None:
    """As one transaction, which waits for those that read and write and lets others wait."""
    script = path.with_name("script.sql")
    call(["pg_restore", *OWNERLESS, "--file", str(script), str(path)], {})
    connection.close()
    run(
        connection, "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1",
        "--command", EMPTIED, "--file", str(script),
    )  # fmt: skip


def run(connection: Any, program: str, *arguments: str) -> None:
    """A program of PostgreSQL's, told the database and the password as Django tells them to psql."""
    (_psql, *reached), environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    call([program, *arguments, *reached], environment or {})


def call(command: Sequence[str], environment: dict[str, str]) -> None:
    if shutil.which(command[0]) is None:
        raise Refused(f"{command[0]} was not found: it comes with PostgreSQL’s client programs")
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        told = " ".join(done.stderr.split()) or f"ended with {done.returncode}"
        raise Refused(f"{command[0]}: {told[:500]}")


# -- Rows, from one engine to the other --------------------------------------------------------------------------------

# Values in one statement: older libraries of SQLite take no more.
VALUES_AT_ONCE = 900


def empty(connection: Any, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def put_rows(connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, no more than VALUES_AT_ONCE values of them. Raises Refused with what the database says of one."""
    quote = connection.ops.quote_name
    row = f"({', '.join(['%s'] * len(columns))})"
    statement = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES {', '.join([row] * len(rows))}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for each in rows for value in each])
    except (DatabaseError, ValueError) as error:  # ValueError: text that PostgreSQL cannot hold (NUL)
        raise Refused(f"{table}: {' '.join(str(error).split())}") from error


def last_given(connection: Any, table: str, column: str) -> int:
    """The last primary key that the database gave out or saw: what was deleted since had one too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(f"SELECT last_value FROM {sequence(cursor, connection, table, column)} WHERE is_called")
        found = cursor.fetchone()
    return int(found[0] or 0) if found else 0


def give_after(connection: Any, table: str, column: str, last: int) -> None:
    """The next primary key is larger than this one."""
    if not last:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute("SELECT setval(%s, %s)", [sequence(cursor, connection, table, column), last])


def sequence(cursor: Any, connection: Any, table: str, column: str) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), column])
    name: str = cursor.fetchone()[0]
    return name


ENGINES = {
    "sqlite": Engine(copy_sqlite, put_back_sqlite),
    "postgresql": Engine(copy_postgresql, put_back_postgresql),
}
