"""Where what was made of a collection is kept, of one revision each, until a later one is asked for."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections
from pyroaring import BitMap

from engagement import freshness
from engagement.keysets.codings import ALL, Codes, Coding, Sets, size_of

# Entries of the change log that are followed; where there are more, what is kept is made anew.
FOLLOWED = 1_000
# Seconds that one thread waits for another.
PATIENCE = 10.0
# Bytes of what a collection keeps of questions without end, as of one day or another.
MOST_BYTES = 16_000_000

# From changed rows, by table, to the records of a collection that may say something else now; None for all of them.
Concerned = Callable[[Mapping[str, Sequence[int]]], Collection[int] | None]


class Derived(Protocol):
    """How something is made of the records, and made again where some of them, or rows of other tables, changed."""

    def follows(self, tables: frozenset[str]) -> bool:
        """Whether it is known which records are concerned by changes in these tables; if not, it is made anew."""

    def make(self) -> Any: ...

    def again(self, former: Any, records: Collection[int]) -> Any: ...


@dataclass(frozen=True)
class Remembered:
    """Anything that is read once for each revision of the data."""

    maker: Callable[[], Any]

    def follows(self, tables: frozenset[str]) -> bool:
        return not tables

    def make(self) -> Any:
        return self.maker()

    def again(self, former: Any, records: Collection[int]) -> Any:
        return self.maker()


@dataclass(frozen=True)
class Kept:
    revision: int
    value: Any
    size: int


class Shelf:
    """What is kept of one collection. What was given out is never changed: a later revision has its own."""

    def __init__(self, concerned: Concerned) -> None:
        self._concerned = concerned
        self._lasting: dict[Hashable, Kept] = {}
        self._passing: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0
        self._changed: dict[tuple[int, int], tuple[frozenset[str], Collection[int] | None]] = {}
        self._lock = RLock()

    def get(self, name: Hashable, derived: Derived, at: int, *, lasting: bool) -> Any:
        """What is kept by the name, as it is at the revision; one thread makes it, the others wait for it.

        Who has waited too long makes it for himself: threads that make things of two collections may wait in a ring.
        """
        kept = self._kept(name, lasting)
        if kept is not None and kept.revision == at:
            return kept.value
        if not self._lock.acquire(timeout=PATIENCE):
            return derived.make()
        try:
            kept = self._kept(name, lasting)
            if kept is not None and kept.revision == at:
                return kept.value
            return self._brought_to(name, derived, at, kept, lasting)
        finally:
            self._lock.release()

    def _kept(self, name: Hashable, lasting: bool) -> Kept | None:
        return (self._lasting if lasting else self._passing).get(name)

    def _brought_to(self, name: Hashable, derived: Derived, at: int, kept: Kept | None, lasting: bool) -> Any:
        if kept is not None and kept.revision > at:  # a reader who began before the last change
            return derived.make()
        value = derived.make() if kept is None else self._followed(derived, kept, at)
        self._keep(name, Kept(at, value, 0 if lasting else size(value)), lasting)
        return value

    def _followed(self, derived: Derived, kept: Kept, at: int) -> Any:
        tables, records = self._since(kept.revision, at)
        if records is None or not derived.follows(tables):
            return derived.make()
        return derived.again(kept.value, records) if records else kept.value

    def _since(self, before: int, at: int) -> tuple[frozenset[str], Collection[int] | None]:
        """Tables that have changed, and the records that are concerned; None for all."""
        if (before, at) not in self._changed:
            changes = [each for each in freshness.changes(before, FOLLOWED + 1) if each.number <= at]
            tables = frozenset(each.table for each in changes)
            records = self._concerned(freshness.rows(changes)) if len(changes) <= FOLLOWED else None
            if len(self._changed) > 8:
                self._changed.clear()
            self._changed[before, at] = (tables, records)
        return self._changed[before, at]

    def _keep(self, name: Hashable, kept: Kept, lasting: bool) -> None:
        if lasting:
            self._lasting[name] = kept
            return
        former = self._passing.pop(name, None)
        self._size += kept.size - (former.size if former else 0)
        self._passing[name] = kept
        while self._size > MOST_BYTES and len(self._passing) > 1:
            self._size -= self._passing.popitem(last=False)[1].size


def size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(size, value.values()))
    return 500 + (size_of(value) if isinstance(value, BitMap) else getattr(value, "size", 500))


_shelves: dict[tuple[str, str], Shelf] = {}


def shelf_of(collection: str, concerned: Concerned, using: str = DEFAULT_DB_ALIAS) -> Shelf:
    """The collection's, of this process and of the database that is read: a replica comes to a revision later."""
    name = (connections[using].alias, collection)
    return _shelves.get(name) or _shelves.setdefault(name, Shelf(concerned))


def forget() -> None:
    """Keep nothing of any collection: for whoever puts another database into the place of this one."""
    _shelves.clear()


class Keysets:
    """The sets of one collection, for one question: of the revision that its reader sees."""

    def __init__(self, shelf: Shelf, at: int | None) -> None:
        """`at`: None in a transaction of the reader's own, whose changes have no revision yet: nothing is kept then."""
        self._shelf, self._at = shelf, at
        self._own: dict[Hashable, Any] = {}

    def get(self, name: Hashable, derived: Derived, *, lasting: bool = True) -> Any:
        """What is made so, by the name; `lasting` where there are only so many names."""
        if name not in self._own:
            made = derived.make() if self._at is None else self._shelf.get(name, derived, self._at, lasting=lasting)
            self._own[name] = made
        return self._own[name]

    def passing(self, name: Hashable, derived: Derived) -> Any:
        """The same of one name of very many."""
        return self.get(name, derived, lasting=False)

    def codes(self, name: Hashable, codings: Callable[[], Sequence[Coding]], *, lasting: bool = True) -> Codes:
        """The records with each code; `codings` is called where they are not at hand."""
        return self.get(name, Sets(codings), lasting=lasting)

    def one(self, name: Hashable, codings: Callable[[], Sequence[Coding]], *, lasting: bool = True) -> BitMap:
        """The records to which any row of the codings leads."""
        codes = self.codes(name, codings, lasting=lasting)
        return codes[ALL] if codes.keys() == {ALL} else BitMap.union(BitMap(), *codes.values())
