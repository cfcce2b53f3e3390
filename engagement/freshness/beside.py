"""The revision beside rows that are read anyway."""

from django.db.models import BigIntegerField, Func, QuerySet

from engagement.freshness.store import REVISION


class Revision(Func):
    """The newest number of the log, as a column."""

    template = f"({REVISION})"
    output_field = BigIntegerField()


def at_revision(rows: QuerySet) -> QuerySet:
    """The rows, each with the `revision` of the very state that it is read in; it costs no query of its own."""
    return rows.annotate(revision=Revision())
