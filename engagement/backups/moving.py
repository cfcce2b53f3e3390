"""Moving a whole register into an empty database, of the other engine too: each row under its key, the change log under
its numbers, accounts, histories and what the desk keeps."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.migrations.executor import MigrationExecutor
from environ import Env

from engagement import freshness
from engagement.backups.databases import VALUES_AT_ONCE, Refused, empty, give_after, last_given, put_rows

TARGET = "moving_to"
SCHEMES = ("postgres", "postgresql", "sqlite")
# What `migrate` itself writes into new tables: the register's own rows come in their place.
FILLED = (ContentType, Permission, Group, Group.permissions.through)
# How tables begin that no model has: what migrations note, and what is made after each `migrate`.
MADE_AGAIN = ("django_migrations", "freshness_", "search_")
READ_AT_ONCE = 1_000

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Moved:
    """rows and tables: how many. revision: of the register, the same in both databases."""

    rows: int
    tables: int
    revision: int


@contextmanager
def connected(url: str) -> Iterator[str]:
    """The alias of the database of an address (DATABASE_URL), for as long as the block lasts. Refused if it is none."""
    if urlsplit(url).scheme not in SCHEMES:
        raise Refused("the address is to be postgres://user@host/name or sqlite:////path")
    described = Env.db_url_config(url)
    if described["ENGINE"].endswith("sqlite3"):
        described["OPTIONS"] = settings.SQLITE_OPTIONS
    complete = connections.configure_settings({DEFAULT_DB_ALIAS: {}, TARGET: described})
    connections.databases[TARGET] = complete[TARGET]
    try:
        yield TARGET
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.databases[TARGET]


def require_migrated(using: str = DEFAULT_DB_ALIAS) -> None:
    """Refuse a register that an earlier release has left: rows go into the tables of this one."""
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("the register is of an earlier release: run `manage.py prepare` first")


def require_empty(target: str) -> None:
    """Refuse a database that holds anything but tables of the register without rows, as a move that was cut off
    leaves them, be it in the middle of making them."""
    there = set(connections[target].introspection.table_names())
    ours = {model._meta.db_table: model for model in moved_models()}
    if foreign := sorted(table for table in there - set(ours) if not table.startswith(MADE_AGAIN)):
        raise Refused(f"the database is not empty: it holds the table “{foreign[0]}”")
    for table in sorted(there & set(ours)):
        if ours[table] not in FILLED and ours[table]._base_manager.using(target).exists():
            raise Refused(f"the database is not empty: it holds rows in “{table}”")


def moved_models() -> list[Any]:
    """Every model with a table, links of many-to-many fields included."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return list(found.values())


def number_of_rows() -> int:
    return sum(model._base_manager.count() for model in moved_models())


def move(target: str, progress: Progress) -> Moved:
    """Write all rows of the register into the migrated tables of the target, which is empty, in one transaction.

    Each row is read again there and compared, before anything is committed. What others write meanwhile is not moved.
    `progress` is told how many rows are written. The search is to be rebuilt there. Raises Refused with nothing moved.
    """
    written, of_all = 0, moved_models()
    with freshness.reading() as reading, freshness.carrying(DEFAULT_DB_ALIAS, target):
        for model in of_all:
            empty(connections[target], model._meta.db_table)
        for model in of_all:
            for number in write(model, target):
                written += number
                progress(written)
        for model in of_all:
            go_on(model, target)
        return Moved(written, len(of_all), reading.revision)


def write(model: Any, target: str) -> Iterator[int]:
    """Write all rows of a model, in portions; how many each is."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns, connection = [str(field.column) for field in fields], connections[target]
    rows = iter(in_order(model, DEFAULT_DB_ALIAS).iterator(chunk_size=READ_AT_ONCE))
    while portion := list(islice(rows, max(1, VALUES_AT_ONCE // len(fields)))):
        values = [[each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields] for row in portion]
        put_rows(connection, model._meta.db_table, columns, values)
        require_same(model, portion, target)
        yield len(portion)


def in_order(model: Any, using: str) -> models.QuerySet[Any]:
    return model._base_manager.using(using).order_by("pk")


def require_same(model: Any, portion: Sequence[Any], target: str) -> None:
    """All that the register knows of a row, generated columns included."""
    names = [field.attname for field in model._meta.concrete_fields]
    found = {row.pk: row for row in in_order(model, target).filter(pk__in=[row.pk for row in portion])}
    for row in portion:
        other = found.get(row.pk)
        differing = [name for name in names if other is None or plain(row, name) != plain(other, name)]
        if differing:
            raise Refused(f"{model._meta.db_table}: row {row.pk} came out otherwise ({', '.join(differing)})")


def plain(row: Any, name: str) -> Any:
    """A value of a row; bytes as bytes, in whatever the engine hands them over."""
    value = getattr(row, name)
    return bytes(value) if isinstance(value, memoryview) else value


def go_on(model: Any, target: str) -> None:
    """Keys are given in the target where they were last given here: none of a row that is gone is given again."""
    key: Any = model._meta.pk
    if isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
        at = (str(model._meta.db_table), str(key.column))
        give_after(connections[target], *at, last_given(connections[DEFAULT_DB_ALIAS], *at))
