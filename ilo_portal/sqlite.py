"""Which SQLite library the process runs on.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode (the "WAL-reset" fault, mended in 3.51.3). Debian 12
ships 3.40.1, so where the system's library is older and the `pysqlite3` wheel with a newer one is installed,
the process uses that. See docs/adr/0003-sqlite-library.md.
"""

import importlib.util
import sqlite3
import sys

FIRST_FIXED_VERSION = (3, 51, 3)


def prefer_fixed_sqlite() -> None:
    """Put the bundled SQLite in the place of the system's, if the system's has the WAL-reset fault."""
    if sqlite3.sqlite_version_info >= FIRST_FIXED_VERSION or importlib.util.find_spec("pysqlite3") is None:
        return
    bundled = importlib.import_module("pysqlite3")
    if bundled.sqlite_version_info >= FIRST_FIXED_VERSION:
        sys.modules["sqlite3"] = bundled
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def library_version() -> tuple[int, ...]:
    """The version of the SQLite library that Django's backend will use in this process."""
    version: tuple[int, ...] = sys.modules["sqlite3"].sqlite_version_info
    return version
