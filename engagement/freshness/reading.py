"""Reading long enough for others to write meanwhile, and seeing none of it."""

from contextlib import ExitStack
from typing import Self

from django.db import DEFAULT_DB_ALIAS

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
            self.revision = source.revision()
        except BaseException:
            self._stack.close()
            raise

    def close(self) -> None:
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def reading(using: str = DEFAULT_DB_ALIAS) -> Reading:
    return Reading(using)
