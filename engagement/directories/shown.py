"""Lists of which a page shows the first rows."""

from dataclasses import dataclass
from typing import Any

SHOWN_AT_ONCE = 25


@dataclass(frozen=True)
class Shown:
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int

    @property
    def is_part(self) -> bool:
        return self.total > len(self.rows)


def first_of(rows: Any, most: int = SHOWN_AT_ONCE) -> Shown:
    """The first of `rows` and the number of them all: one query, and one that counts where there are more."""
    first = list(rows[: most + 1])
    return Shown(first[:most], rows.count() if len(first) > most else len(first))
