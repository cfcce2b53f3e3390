"""Lists of which a page shows the first rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Window

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
    """The first of `rows` and the number of them all, in one query."""
    first = list(rows.annotate(total=Window(Count("pk")))[:most])
    return Shown(first, first[0].total if first else 0)
