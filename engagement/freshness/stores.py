"""Which engine's SQL a database takes."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from engagement.freshness.postgresql import PostgreSQLStore
from engagement.freshness.sqlite import SQLiteStore
from engagement.freshness.store import Store

STORES: dict[str, type[Store]] = {"sqlite": SQLiteStore, "postgresql": PostgreSQLStore}


def store(using: str) -> Store:
    connection = connections[using]
    try:
        return STORES[connection.vendor](connection)
    except KeyError:
        raise ImproperlyConfigured(
            f"The change log is written for SQLite and PostgreSQL, not {connection.vendor}."
        ) from None
