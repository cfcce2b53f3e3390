"""Writing many records at once: `bulk_create` and `bulk_update` without what they do for each value of each row.

The triggers see the rows as they see any others.
"""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from engagement.freshness.stores import store

# Kinds of fields whose values the database takes as Python has them.
AS_THEY_ARE = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)


def insert(records: Sequence[models.Model], using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert new records of one model, in a transaction. Those without a primary key get one.

    Like `bulk_create` it calls no `save()` and sends no signals; fields that fill themselves are not filled.
    """
    if not records:
        return
    model, target = type(records[0]), store(using)
    meta: Any = model._meta
    keyless = [record for record in records if record.pk is None]
    keys = target.take_keys(meta.db_table, meta.pk.column, len(keyless)) if keyless else ()
    for record, key in zip(keyless, keys, strict=True):
        record.pk = key
    for record in records:
        record._state.adding, record._state.db = False, using
    columns, values_of, converted = described(model)
    rows = list(map(values_of, records))
    if converted:
        rows = [with_converted(row, converted, connections[using]) for row in rows]
    target.load(meta.db_table, columns, rows)


def update(records: Sequence[models.Model], names: Sequence[str], using: str = DEFAULT_DB_ALIAS) -> None:
    """Write the columns named of records of one model that are there, in a transaction, one after the other.

    Like `update()` it calls no `save()` and sends no signals.
    """
    if not records or not names:
        return
    meta: Any = records[0]._meta
    connection = connections[using]
    fields: Any = [meta.get_field(name) for name in names]
    rows = [
        (*(field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields), record.pk)
        for record in records
    ]
    store(using).alter(meta.db_table, [field.column for field in fields], meta.pk.column, rows)


@cache
def described(model: type[models.Model]) -> tuple[list[str], Callable[[Any], tuple[Any, ...]], dict[int, Any]]:
    """The columns, what reads them off a record, and by place the fields whose values have to be converted."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    converted = {place: field for place, field in enumerate(fields) if not isinstance(field, AS_THEY_ARE)}
    return [str(field.column) for field in fields], attrgetter(*(field.attname for field in fields)), converted


def with_converted(row: tuple[Any, ...], converted: dict[int, Any], connection: Any) -> tuple[Any, ...]:
    values = list(row)
    for place, field in converted.items():
        values[place] = field.get_db_prep_save(values[place], connection)
    return tuple(values)
