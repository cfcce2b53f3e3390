"""Which engine a database has; asked for at each call, so that one process may use several."""

from django.db import connections

from engagement.search.engine import Engine
from engagement.search.postgresql import PostgreSQLEngine
from engagement.search.sqlite import SQLiteEngine

ENGINES: dict[str, type[Engine]] = {"sqlite": SQLiteEngine, "postgresql": PostgreSQLEngine}


def engine_for(alias: str) -> Engine:
    connection = connections[alias]
    return ENGINES[connection.vendor](connection)
