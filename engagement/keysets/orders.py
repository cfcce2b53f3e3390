"""All records of a collection in one of its orders, as an array of their primary keys."""

from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import islice, pairwise
from math import isqrt

from django.db.models import QuerySet
from pyroaring import BitMap

KEYS = "I"
ROWS_AT_ONCE = 10_000
# Records whose places are sought one by one; where more have changed, all are put in order anew.
SOUGHT = 20
# What the database takes to put one record in order, in the time that it takes to look at one in the array.
SORTING = 60
SORTED_AT_ONCE = 2_000


# All records in order, or those among the keys named: an order in which no two are equal.
InOrder = Callable[[Collection[int] | None], Iterable[int]]


@dataclass(frozen=True)
class ByFields:
    """The order that `ordered` puts records into; `records` are all of the collection."""

    records: QuerySet
    ordered: Callable[[QuerySet], QuerySet]

    def __call__(self, among: Collection[int] | None) -> Iterable[int]:
        rows = self.records if among is None else self.records.filter(pk__in=list(among))
        return self.ordered(rows).values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE)


@dataclass(frozen=True)
class Order:
    """How an order is kept: the database compares records, here only their places are."""

    in_order: InOrder

    def follows(self, tables: frozenset[str]) -> bool:
        return True

    def make(self) -> array:
        return array(KEYS, self.in_order(None))

    def again(self, former: array, records: Collection[int]) -> array:
        """The former order, which stays as it is, with these records where they belong now."""
        if len(records) > SOUGHT:
            return self.make()
        places = [place for record in records if (place := place_of(former, record)) is not None]
        order = array(KEYS)
        for start, end in pairwise([-1, *sorted(places), len(former)]):
            order += former[start + 1 : end]
        for place, record in reversed(self._places(order, set(records))):
            order.insert(place, record)
        return order

    def _places(self, order: array, records: set[int]) -> list[tuple[int, int]]:
        """Where those of the records that are there belong: sought among some of all, then among the nearest."""
        step = max(1, isqrt(len(order)))
        before = self._before([*order[::step], *records], records)
        starts = {place_of(order, key) or 0 for key in before.values() if key is not None}
        near = [key for start in {0, *starts} for key in order[start : start + step]]
        before = self._before([*near, *records], records)
        return [(0 if key is None else (place_of(order, key) or 0) + 1, record) for record, key in before.items()]

    def _before(self, keys: Collection[int], records: set[int]) -> dict[int, int | None]:
        """For each of the records the nearest other key before it, in the order of the keys."""
        found: dict[int, int | None] = {}
        last = None
        for key in self.in_order(keys):
            if key in records:
                found[key] = last
            else:
                last = key
        return found

    def page(self, chosen: BitMap, order: array, start: int, stop: int) -> list[int]:
        """The chosen records from the place `start` to before `stop`, counted from 0 among the chosen alone."""
        if len(chosen) == len(order):  # all of them: none is in an order that is not of its collection
            return list(order[start:stop])
        looked_at = len(order) * min(1.0, stop / max(1, len(chosen)))
        if len(chosen) <= SORTED_AT_ONCE and len(chosen) * SORTING < looked_at:
            return list(self.in_order(list(chosen)))[start:stop]
        return list(islice(filter(chosen.__contains__, order), start, stop))


def page_of_ranks(order: Order, in_order: array, ranks: Iterable[BitMap], start: int, stop: int) -> list[int]:
    """The records of the ranks, one after the other, each in the order: from `start` to before `stop`."""
    found: list[int] = []
    for rank in ranks:
        if start < len(rank):
            found += order.page(rank, in_order, start, min(stop, len(rank)))
        start, stop = max(0, start - len(rank)), stop - len(rank)
        if stop <= 0:
            break
    return found


def place_of(order: array, record: int) -> int | None:
    try:
        return order.index(record)
    except ValueError:
        return None
