"""From rows to the sets of records that have each code."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from pyroaring import BitMap

# The code of rows that are not told apart.
ALL = ""
ROWS_AT_ONCE = 10_000

# The records with each code, by code. Primary keys are below 2^32.
Codes = dict[str, BitMap]


@dataclass(frozen=True)
class Coding:
    """Rows that each lead to a record and to a code.

    rows: of any model, those that count. record: the lookup from a row to the record's primary key. code: the one to
    its code; '' where all rows are one set. foreign: models whose changes do not tell which records are concerned.
    """

    rows: QuerySet
    code: str = ""
    record: str = "pk"
    foreign: tuple[type[Model], ...] = ()

    def pairs(self, records: Collection[int] | None = None) -> Iterator[tuple[Any, Any]]:
        """Code and record of every row, or of those that lead to one of the records."""
        rows: Any = self.rows if records is None else self.rows.filter(**{f"{self.record}__in": list(records)})
        rows = rows.order_by()
        if self.code:
            return rows.values_list(self.code, self.record).iterator(chunk_size=ROWS_AT_ONCE)
        keys = rows.values_list(self.record, flat=True).iterator(chunk_size=ROWS_AT_ONCE)
        return ((ALL, key) for key in keys)


@dataclass(frozen=True)
class Sets:
    """How the sets of some codings together are made, and made again for the records that have changed."""

    codings: Callable[[], Sequence[Coding]]

    def follows(self, tables: frozenset[str]) -> bool:
        return tables.isdisjoint(model._meta.db_table for coding in self.codings() for model in coding.foreign)

    def make(self) -> Codes:
        found: dict[str, list[int]] = {}
        for coding in self.codings():
            for code, record in coding.pairs():
                if code is not None and record is not None:
                    found.setdefault(code, []).append(record)
        return {code: packed(records) for code, records in found.items()}

    def again(self, former: Codes, records: Collection[int]) -> Codes:
        """The former sets, which stay as they are, with these records as they are now."""
        changed = BitMap(records)
        codes = {code: left - changed if left.intersect(changed) else left for code, left in former.items()}
        for coding in self.codings():
            for code, record in coding.pairs(records):
                if code is not None and record is not None:
                    codes[code] = codes.get(code, BitMap()) | BitMap([record])
        return codes


def packed(records: Collection[int]) -> BitMap:
    found = BitMap(records)
    found.run_optimize()
    found.shrink_to_fit()
    return found


def size_of(found: BitMap) -> int:
    """Its bytes in memory, about."""
    counted: Any = found.get_statistics()
    kinds = ("array", "run", "bitset")
    return 64 + sum(int(counted[f"n_bytes_{kind}_containers"]) for kind in kinds)
