"""Writing very many new rows at once, past the triggers, and noting them afterwards.

The triggers would note each seat and each name of a new organization a second time, as parts of it. Who brings an
organization with all its parts needs one entry for each row.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.transaction import atomic

from engagement.freshness.installing import watched_of
from engagement.freshness.store import Watched
from engagement.freshness.stores import store

# Table, columns, rows.
Load = Callable[[str, Sequence[str], Sequence[tuple[Any, ...]]], None]


@contextmanager
def filling(tables: Collection[str], using: str = DEFAULT_DB_ALIAS) -> Iterator[Load]:
    """A transaction in which `load` writes rows with keys of their own, larger than any before, into these tables.

    Links (many-to-many) may only come with their owners, and parts with the row they are part of: the owners are
    noted as inserted, and what is merely linked is not noted again.
    """
    target = store(using)
    watch = [each for each in watched_of() if each.table in tables]
    with atomic(using=using):
        newest = {each.table: target.newest_key(each) for each in watch}
        target.unwatch(tables)
        yield target.load
        target.end_load(watch)
        for each in watch:
            target.watch(each)
            if is_noted_itself(each):
                target.note_new(each, newest[each.table])


def is_noted_itself(watched: Watched) -> bool:
    return not watched.part and not watched.links
