"""The newest entry of the log, as cheaply as it can be asked: before each answer from a cache. And whether there is a
row, which is asked on the way to a page."""

import datetime
import logging
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connections

from engagement.freshness.stores import store

logger = logging.getLogger(__name__)

BEFORE_THE_LOG = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Newest(NamedTuple):
    """The revision of the data, and when its entry was noted: a register that was restored may share the first alone
    with what it was before."""

    number: int
    at: datetime.datetime


def newest_entry(using: str = DEFAULT_DB_ALIAS) -> Newest | None:
    """As this thread sees it now; None where the database does not answer.

    It passes by Django's cursor, which takes longer than all the rest of an answer from a cache.
    """
    connection: Any = connections[using]
    try:
        if connection.connection is None:
            connection.connect()
        source = store(using)
        rows = source.newest_entry()
    except (Error, connection.Database.Error) as error:  # the second: the library's own, which Django translates
        logger.info("The newest entry of the log cannot be read: %s", error)
        return None
    return Newest(int(rows[0][0]), source.moment(rows[0][1])) if rows else Newest(0, BEFORE_THE_LOG)


def holds(table: str, column: str, value: str, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether any row of the table has the value, as this thread sees it now; it has asked for the newest entry."""
    return store(using).holds(table, column, value)
