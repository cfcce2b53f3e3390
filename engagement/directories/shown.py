"""Lists of which a page shows the first rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Subquery

SHOWN_AT_ONCE = 25


@dataclass(frozen=True)
class Shown:
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int

    @property
    def is_part(self) -> bool:
        return self.total > len(self.rows)


class NumberOf(Subquery):
    """How many rows a queryset has, as a column that is counted once for all rows beside it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def first_of(rows: Any, most: int = SHOWN_AT_ONCE) -> Shown:
    """The first of `rows` and the number of them all, in one query.

    Not by a window: that would read all columns of all rows before it gave the first.
    """
    first = list(rows.annotate(total=NumberOf(rows.order_by().values("pk")))[:most])
    return Shown(first, first[0].total if first else 0)
