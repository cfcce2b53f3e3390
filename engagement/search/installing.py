"""Making the tables of search: idempotent, after every migration, never in one.

SQLite's table rebuilds know nothing of them, fixtures do not hold them, and a database that was restored without them
gets them back, empty, at the next `migrate`. So does one whose tables are of another version; those are dropped.
"""

import re

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from engagement.search.engine import OF_ANY_VERSION, TABLES
from engagement.search.engines import engine_for


def install(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether any table was made, so that documents have to be written anew."""
    there = set(connections[using].introspection.table_names())
    outdated = [name for name in there if re.fullmatch(OF_ANY_VERSION, name) and name not in TABLES]
    if set(TABLES) <= there and not outdated:
        return False
    engine = engine_for(using)
    with transaction.atomic(using=using):
        for name in outdated:
            engine.run(f"DROP TABLE {name}")
        engine.install()
    return not set(TABLES) <= there
