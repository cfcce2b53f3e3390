"""Rows as the database takes them, of the models they belong to."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db.models import Max, Model


class Table:
    """The rows to come of one model: those columns that differ from row to row, and what all others hold.

    Keys begin after the largest there is. `same`: columns that hold the same in all rows, by attribute name.
    """

    def __init__(self, model: type[Model], differing: Sequence[str], **same: Any) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
        columns = {field.attname: field for field in fields}
        constant = {name: same.get(name, field.get_default()) for name, field in columns.items()}
        names = [name for name in columns if name not in differing]
        self.model, self.name = model, model._meta.db_table
        key: Any = model._meta.pk
        self.columns = [str(key.column), *(str(columns[name].column) for name in (*names, *differing))]
        self.first = (model._base_manager.aggregate(Max("pk"))["pk__max"] or 0) + 1
        self.rows: list[tuple[Any, ...]] = []
        self._constant = tuple(constant[name] for name in names)
        self._keys = count(self.first)

    def add(self, *values: Any) -> int:
        """A row of these values, in the order of `differing`; its primary key."""
        key = next(self._keys)
        self.rows.append((key, *self._constant, *values))
        return key

    def taken(self) -> list[tuple[Any, ...]]:
        """The rows that were added since the last time."""
        rows, self.rows = self.rows, []
        return rows
