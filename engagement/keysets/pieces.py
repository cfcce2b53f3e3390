"""What was made of single records, as a row's HTML, for as long as nothing of it has changed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

# Records of which something is kept.
MOST = 2_000


@dataclass(frozen=True)
class Made:
    """By record what was made of it. The oldest is forgotten where it grows too large. size: its bytes, at most."""

    size: int
    by_record: dict[int, Any] = field(default_factory=dict)

    def add(self, record: int, value: Any) -> None:
        self.by_record[record] = value
        if len(self.by_record) > MOST:
            for former in list(self.by_record)[: MOST // 4]:
                self.by_record.pop(former, None)


@dataclass(frozen=True)
class Pieces:
    """known: the tables of which it is known which records a change concerns. each: bytes of one piece, about."""

    known: frozenset[str]
    each: int = 1_500

    def follows(self, tables: frozenset[str]) -> bool:
        return tables <= self.known

    def make(self) -> Made:
        return Made(MOST * self.each)

    def again(self, former: Made, records: Collection[int]) -> Made:
        left = {record: value for record, value in list(former.by_record.items()) if record not in records}
        return Made(former.size, left)
