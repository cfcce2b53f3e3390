"""Invented data, which `manage.py synthesize` makes: whether the register holds any, for then every page says so."""

from functools import lru_cache

from engagement import freshness
from engagement.models import Source

# The source of all that is invented.
SLUG = "invented-for-trying-scale"


def holds_invented() -> bool:
    """Asked of the database once for each newest change; False where it does not answer."""
    newest = freshness.newest_entry()
    return newest is not None and _holds_invented_at(newest)


@lru_cache(1)
def _holds_invented_at(newest: freshness.Newest) -> bool:
    return freshness.holds(Source._meta.db_table, Source.key_field, SLUG)
