"""A whole register into the tables of another database: the log comes along as it is, so that revisions go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.transaction import atomic

from engagement.freshness.installing import watched_of
from engagement.freshness.stores import store

PORTION = 5_000


@contextmanager
def carrying(source: str, target: str) -> Iterator[None]:
    """A transaction of `target` in which rows may be written to any watched table and are not noted.

    At its end the log of `source` stands there too, and projections have seen nothing of it: they are to be rebuilt.
    """
    there, here = store(source), store(target)
    watch = watched_of()
    with atomic(using=target):
        here.unwatch({each.table for each in watch})
        here.clear()
        yield
        here.end_load(())  # that all keys lead somewhere; where they are given next is for the caller to say
        last = 0
        while entries := there.entries(after=last, limit=PORTION):
            here.put([(*entry[:4], here.stored(there.moment(entry[4])), entry[5]) for entry in entries])
            last = entries[-1][0]
        for each in watch:
            here.watch(each)
