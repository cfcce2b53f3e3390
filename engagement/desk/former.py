"""The versions of records as their histories keep them: what each said, and what the one before it said."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from simple_history.utils import get_history_model_for_model

from engagement.desk.states import State, fields_of, plain, put
from engagement.models.base import Record

DELETED = "-"


@dataclass(frozen=True)
class Version:
    """A row of a record's history. `before`: what the version before it said, None where there was none."""

    model: type[Record]
    row: Any
    state: State
    before: State | None = None

    @property
    def record_pk(self) -> int:
        return int(getattr(self.row, self.model._meta.pk.attname))


def rows_of(model: type[Record]) -> QuerySet[Any]:
    """The history of all records of a model, the newest row first: in the order of writing, whatever the clock said."""
    rows: QuerySet[Any] = get_history_model_for_model(model)._base_manager.order_by("-history_id")
    return rows


def versions(model: type[Record], numbers: Collection[int]) -> list[Version]:
    """Those with these numbers, newest first, in two queries and one more for each many-to-many field."""
    pk = model._meta.pk.attname
    earlier = rows_of(model).filter(**{pk: OuterRef(pk)}, history_id__lt=OuterRef("history_id"))
    asked = rows_of(model).filter(history_id__in=numbers).select_related("history_user")
    rows = list(asked.annotate(earlier=Subquery(earlier.values("history_id")[:1])))
    before = rows_of(model).in_bulk([row.earlier for row in rows if row.earlier])
    links = noted_links(model, [*numbers, *before])
    return [version(model, row, before.get(row.earlier), links) for row in rows]


def version(model: type[Record], row: Any, earlier: Any, links: dict[int, dict[str, list[int]]]) -> Version:
    """Django deletes a record's links before the record, so that the row of its deletion may know of none.

    Neither is told as a change, then: the links of the two rows are taken to be those that one of them knows.
    """
    state, before = said(model, row), said(model, earlier) if earlier else None
    of_row, of_earlier = links.get(row.history_id, {}), links.get(earlier.history_id, {}) if earlier else {}
    for name in (many.name for many in model._meta.many_to_many):
        now, then = of_row.get(name, []), of_earlier.get(name, [])
        state[name] = then if row.history_type == DELETED and not now else now
        if before is not None:
            before[name] = now if earlier.history_type == DELETED and not then else then
    return Version(model, row, state, before)


def said(model: type[Record], row: Any) -> State:
    """What a row of the history says, but for its links."""
    return {field.attname: plain(getattr(row, field.attname)) for field in fields_of(model)}


def noted_links(model: type[Record], numbers: Collection[int]) -> dict[int, dict[str, list[int]]]:
    """By number of the history's row and many-to-many field the keys of the records that it was linked to."""
    history = get_history_model_for_model(model)
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for field in history._history_m2m_fields:
        rows = getattr(history, field.name).model._base_manager.filter(history__in=numbers)
        for number, target in rows.values_list("history_id", field.m2m_reverse_name()):
            found[number][field.name].append(target)
    return {number: {name: sorted(keys) for name, keys in of_row.items()} for number, of_row in found.items()}


def record_of(version: Version) -> Record:
    """The record, unsaved, as the version has it."""
    record = version.model()
    record.pk = version.record_pk
    put(record, version.state)
    return record


def deletions(model: type[Record]) -> QuerySet[Any]:
    """The last row of each record that the history knows as deleted and that is not there."""
    pk = model._meta.pk.attname
    later = rows_of(model).filter(**{pk: OuterRef(pk)}, history_id__gt=OuterRef("history_id"))
    there = model._base_manager.filter(pk=OuterRef(pk))
    return rows_of(model).filter(~Exists(there), ~Exists(later), history_type=DELETED)
