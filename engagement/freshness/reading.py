"""Reading long enough for others to write meanwhile, and seeing none of it."""

from contextlib import ExitStack
from typing import Self

from django.db import DEFAULT_DB_ALIAS

from engagement.freshness.glance import BEFORE_THE_LOG, Newest, newest_entry
from engagement.freshness.stores import store


class Reading:
    """One state of the data and its revision, from now until it is closed, in this thread.

    Nothing may be written in it. Nobody waits for it, nor it for anyone.
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self._stack = ExitStack()
        source = store(using)
        self._stack.enter_context(source.one_state())
        try:
            self.newest = now(using)
        except BaseException:
            self._stack.close()
            raise

    @property
    def revision(self) -> int:
        return self.newest.number

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def reading(using: str = DEFAULT_DB_ALIAS) -> Reading:
    return Reading(using)


def seen(using: str = DEFAULT_DB_ALIAS) -> int | None:
    """The revision of what is read now; None in a transaction of the reader's own, which may have changed anything."""
    return now(using).number if store(using).is_settled() else None


def now(using: str) -> Newest:
    newest = newest_entry(using)
    return newest if newest is not None else Newest(store(using).revision(), BEFORE_THE_LOG)
