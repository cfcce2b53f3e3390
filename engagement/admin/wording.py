"""What records said before and after (desk.states.State), in words: names in place of numbers, a query a model."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.admin.rights import RECORDS
from engagement.desk.models import Action, ProposedChange, RecordChange
from engagement.desk.states import State

NOTHING = "–"
# Done, or proposed to be done.
Change = RecordChange | ProposedChange
# Names of records of each model, by primary key.
Names = dict[type[models.Model], dict[Any, str]]


@dataclass(frozen=True)
class Difference:
    """One field, with what it said; `before` or `after` is blank where there was no record."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Worded:
    """One change of an operation. url: of the record's form in the admin, '' where the record is no longer there."""

    model: str
    name: str
    url: str
    action: str
    action_label: str
    differences: tuple[Difference, ...]


def worded(changes: Sequence[RecordChange]) -> list[Worded]:
    """Changes of one operation, in their order. The queries follow the number of models, not of changes."""
    present = records_of(changes)
    names = names_of(changes)
    name_the_gone(changes, names)
    return [word(change, present.get((change.model, change.record_pk)), names) for change in changes]


def word(change: Change, record: models.Model | None, names: Names) -> Worded:
    model = RECORDS[change.model]
    url = reverse(f"admin:engagement_{change.model}_change", args=[change.record_pk]) if record else ""
    return Worded(
        model=str(capfirst(model._meta.verbose_name)),
        name=str(record or change.key),
        url=url,
        action=change.action,
        action_label=str(change.get_action_display()),
        differences=tuple(differences(model, change, names)),
    )


def differences(model: type[models.Model], change: Change, names: Names) -> Iterator[Difference]:
    """Field by field; of a record that was created or deleted, what it said at all."""
    for field in fields_said(model):
        name = key_in_state(field)
        if name not in change.before and name not in change.after:
            continue
        before, after = (said(field, state, names) for state in (change.before, change.after))
        if change.action == Action.CHANGED or before != after:
            yield Difference(str(capfirst(field.verbose_name)), before, after)


def said(field: Any, state: State, names: Names) -> str:
    """What a state says in a field, for people."""
    value = state.get(key_in_state(field))
    if value in (None, "", []):
        return NOTHING
    if field.is_relation:
        known = names.get(field.related_model, {})
        keys = value if isinstance(value, list) else [value]
        return "; ".join(sorted(known.get(key) or f"#{key}" for key in keys))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def fields_said(model: type[models.Model]) -> list[Any]:
    """The fields that people fill in."""
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return [field for field in fields if field.editable and not field.primary_key]


def key_in_state(field: Any) -> str:
    return str(field.name if field.many_to_many else field.attname)


def records_of(changes: Iterable[Change]) -> dict[tuple[str, int | None], models.Model]:
    """The records that are still there."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.record_pk is not None:
            wanted[change.model].add(change.record_pk)
    return {
        (name, pk): record
        for name, keys in wanted.items()
        for pk, record in with_relations(RECORDS[name], keys).items()
    }


def names_of(changes: Iterable[Change]) -> Names:
    """The names of all records that the states point to."""
    wanted: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
    for change in changes:
        for field in fields_said(RECORDS[change.model]):
            if field.is_relation:
                for state in (change.before, change.after):
                    value = state.get(key_in_state(field))
                    wanted[field.related_model].update(value if isinstance(value, list) else [value])
    found: Names = {}
    for model, keys in wanted.items():
        records = with_relations(model, keys - {None})
        found[model] = {pk: str(records[pk]) if pk in records else "" for pk in keys - {None}}
    return found


def name_the_gone(changes: Sequence[RecordChange], names: Names) -> None:
    """Records that are no longer there go by the keys that they had, if the operation knows of them."""
    gone = {(str(model._meta.model_name), pk): model for model, told in names.items() for pk in told if not told[pk]}
    if not gone:
        return
    known = RecordChange.objects.filter(operation=changes[0].operation_id, record_pk__in={pk for _name, pk in gone})
    for name, pk, key in known.order_by().values_list("model", "record_pk", "key"):
        if (name, pk) in gone:
            names[gone[name, pk]][pk] = key


def with_relations(model: type[models.Model], keys: Collection[Any]) -> dict[Any, Any]:
    """The records by primary key, with those that they are named after."""
    if not keys:
        return {}
    relations = [field.name for field in model._meta.fields if field.is_relation]
    return model._base_manager.select_related(*relations).in_bulk(keys)
