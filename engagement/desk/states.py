"""What a record says, as plain values: to compare two moments of it, to keep one, and to bring one back."""

import datetime
import decimal
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models

from engagement.models.base import Record

# By field (a foreign key by its column, as `source_id`; a many-to-many field with the sorted keys of its records):
# text, number, truth or null, as JSON has them. Generated fields and the primary key are not in it.
State = dict[str, Any]


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The fields that say something of their own."""
    return [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]


def state_of(record: Record, links: Mapping[str, Collection[int]] | None = None) -> State:
    """What the record says. `links`: its many-to-many keys, where they are known without a query each."""
    said = {field.attname: plain(getattr(record, field.attname)) for field in fields_of(type(record))}
    known = links_of([record])[record.pk] if links is None else links
    return said | {name: sorted(keys) for name, keys in known.items()}


def states_of(records: Collection[Record]) -> dict[int, State]:
    """What records of one model say, by primary key, with one query a many-to-many field."""
    links = links_of(records)
    return {record.pk: state_of(record, links[record.pk]) for record in records}


def links_of(records: Collection[Record]) -> dict[int, dict[str, list[int]]]:
    """By primary key and many-to-many field the keys of what records of one model are linked to."""
    found: dict[int, dict[str, list[int]]] = {record.pk: {} for record in records}
    model: Any = next((type(record) for record in records), None)
    for field in model._meta.many_to_many if model else ():
        through, owner, target = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        for links in found.values():
            links[field.name] = []
        rows = through._base_manager.filter(**{f"{owner}__in": list(found)}).values_list(owner, target)
        for owner_key, target_key in rows:
            found[owner_key][field.name].append(target_key)
    return found


def plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, decimal.Decimal) else value


def put(record: Record, state: State, names: Iterable[str] | None = None) -> None:
    """Give the record, unsaved, what the state says, or the fields named of it; many-to-many fields are left."""
    wanted = None if names is None else set(names)
    for field in fields_of(type(record)):
        if field.attname in state and (wanted is None or field.attname in wanted):
            setattr(record, field.attname, field.to_python(state[field.attname]))


def different(before: State, after: State) -> list[str]:
    """The fields in which the two differ, in their order."""
    return [name for name in after if before.get(name) != after[name]]
