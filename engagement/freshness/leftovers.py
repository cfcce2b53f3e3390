"""What databases keep of rows that were deleted, and how it goes (docs/operations.md, "Erasing a contact")."""

import logging
from collections.abc import Sequence

from django.db import connection

logger = logging.getLogger(__name__)


def clear(tables: Sequence[str]) -> None:
    """Leave nothing of deleted rows in the database's own files. Outside a transaction: within one it does nothing.

    SQLite overwrites what is deleted (secure_delete, settings.py), but for its write-ahead log; PostgreSQL keeps
    former versions of a row until the table is vacuumed.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(f"VACUUM (ANALYZE) {', '.join(map(connection.ops.quote_name, tables))}")
            return
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_pages) = cursor.fetchone()
        if busy:
            logger.warning("Others are reading: SQLite's write-ahead log goes when the register is stopped.")
