"""A page that many ask for at the same moment is rendered once; the others wait for it.

The middleware of the page cache stands outside all others and knows what is kept, but not yet which view will answer;
`by_revision` knows that the answer is public, but not what the other middleware will make of it. What they tell each
other about one request stands here.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.http import HttpRequest

from engagement.web.states import State

ATTRIBUTE = "_rendered_once"
# Seconds that one waits for another; then it renders for itself.
PATIENCE = 10.0

Kept = TypeVar("Kept")


class Turns:
    """One lock a key, for as long as anybody wants it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._locks: dict[Hashable, tuple[Lock, int]] = {}

    def take(self, key: Hashable) -> bool:
        """Whether it came to one's turn. `give` is owed either way."""
        with self._guard:
            lock, wanted = self._locks.get(key) or (Lock(), 0)
            self._locks[key] = (lock, wanted + 1)
        return lock.acquire(timeout=PATIENCE)

    def give(self, key: Hashable, had: bool) -> None:
        with self._guard:
            lock, wanted = self._locks[key]
            if wanted > 1:
                self._locks[key] = (lock, wanted - 1)
            else:
                del self._locks[key]
        if had:
            lock.release()

    def __len__(self) -> int:
        return len(self._locks)


class Once(Generic[Kept]):
    """One request for a page that is not kept. `find` looks whether it is by now.

    `made_of` is what the answer was made of, once a view has said that it depends on nothing else; `found` is the page
    that another request has rendered meanwhile. `limit` is the kind of request as which the view counts this one, ''
    for none.
    """

    def __init__(self, key: Hashable, turns: Turns, find: Callable[[], Kept | None], day: int) -> None:
        self.day = day
        self.made_of: State | None = None
        self.found: Kept | None = None
        self.limit = ""
        self._key, self._turns, self._find = key, turns, find
        self._waited = self._had = False

    def is_rendered_by_another(self) -> bool:
        """Waits for those who came before."""
        if not self._waited:
            self._had, self._waited = self._turns.take(self._key), True
            self.found = self._find()
        return self.found is not None

    def finish(self) -> None:
        """The next one's turn."""
        if self._waited:
            self._turns.give(self._key, self._had)


def once_of(request: HttpRequest) -> Once | None:
    return getattr(request, ATTRIBUTE, None)
