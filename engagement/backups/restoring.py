"""Putting a backup back."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from engagement.backups import archives
from engagement.backups.databases import Refused, engine
from engagement.desk import ledger
from engagement.desk.models import Erasure


def restore(path: Path, using: str = DEFAULT_DB_ALIAS) -> archives.Said:
    """Make the database what the backup says, all of it or nothing; what the backup says of itself.

    No erasure is forgotten, neither those of the database that goes nor those of the backup; they are to be applied
    again, and the database to be migrated, before anything is served (`prepare`). Raises NotABackup, Refused or
    OSError, with the database as it was.
    """
    connection = connections[using]
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restoring-") as made:
        folder = Path(made)
        said = archives.unpack(path, folder)
        if said.engine != connection.vendor:
            raise Refused(f"it is of {said.engine}, and this database is {connection.vendor}")
        ledger.append({**ledger.in_file(folder / archives.ERASURES), **erased_in(connection)})
        engine(using).put_back(connection, folder / archives.DATABASE)
    return said


def erased_in(connection: Any) -> ledger.Entries:
    """What the database knows of erasures; nothing where it has no tables yet."""
    return ledger.in_database() if Erasure._meta.db_table in connection.introspection.table_names() else {}
