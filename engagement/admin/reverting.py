"""Going back to an earlier version of a record, and bringing back one that was deleted: what would change, what stands
in the way, and the doing of it, whole or not at all."""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.admin.differing import Difference, Names, differences, keys_in, name_in_state, relations
from engagement.desk.former import DELETED, Version, record_of, rows_of, versions
from engagement.desk.journal import Journal, batches
from engagement.desk.states import State, put, state_of
from engagement.models.base import Record

# What falls with a record is written within this time before it; of an operation, which has its name as the reason.
SAME_DELETION, SAME_OPERATION = datetime.timedelta(seconds=10), datetime.timedelta(hours=1)


class Refused(Exception):
    """Something stands in the way: nothing was written. `obstacles`: what, in words."""

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("; ".join(obstacles))
        self.obstacles = list(obstacles)


def seal(*said: Any) -> str:
    """What a page was computed for, to see on its way back whether that still holds."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


# -- Back to a version ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reversion:
    """What going back to `version` makes of a record."""

    record: Record
    version: Version
    now: State
    then: State
    differences: list[Difference]
    obstacles: list[str]

    @property
    def seal(self) -> str:
        return seal(self.version.row.history_id, self.now)


def reversion(record: Record, version: Version) -> Reversion:
    """Its key stays: addresses, exports and other people's links go by it."""
    model, now = type(record), state_of(record)
    then = {**now, **version.state, model.key_field: now[model.key_field]}
    names = Names([(model, now), (model, then)])
    told = differences(model, now, then, names)
    put(record, then)
    return Reversion(record, version, now, then, told, list(obstacles(record, then, names)) if told else [])


def obstacles(record: Record, state: State, names: Names, coming: Collection[Any] = ()) -> Iterator[str]:
    """Why the record cannot say this. coming: (model, primary key) of what is brought back with it."""
    left_out = set()
    for relation in relations(type(record)):
        missing = [key for key in keys_in(relation, state) if not names.is_there(relation.related_model, key)]
        if missing:
            left_out.add(relation.name)
        for key in missing:
            if (relation.related_model, key) not in coming:
                said = {"field": capfirst(relation.verbose_name), "name": names.of(relation.related_model, key)}
                yield _("%(field)s: %(name)s is no longer in the register.") % said
    record.complete()  # as saving does: what follows from the fields need not be as the version has it
    try:
        record.full_clean(exclude=left_out)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = labels(type(record)).get(name, "")
            yield from (f"{label}: {message}" if label else message for message in messages)


def labels(model: type[models.Model]) -> dict[str, str]:
    return {each.name: str(capfirst(each.verbose_name)) for each in (*model._meta.fields, *model._meta.many_to_many)}


def revert(plan: Reversion, user: Any) -> None:
    """Write it through save(), so that one row of the history says who went back to what. In a transaction."""
    if plan.obstacles:
        raise Refused(plan.obstacles)
    record: Any = plan.record
    try:
        with transaction.atomic():
            record.skip_history_when_saving = True
            for many in type(record)._meta.many_to_many:
                getattr(record, many.name).set(plan.then[many.name])
            del record.skip_history_when_saving
            record._history_user = user
            record._change_reason = f"Reverted to the version of {plan.version.row.history_date:%Y-%m-%d %H:%M:%S} UTC"
            record.save()
    except IntegrityError as error:
        raise Refused([in_one_line(error)]) from error


def in_one_line(error: IntegrityError) -> str:
    return _("The database refuses it: %(why)s") % {"why": " ".join(str(error).split())}


# -- Bringing back -------------------------------------------------------------------------------------------


@dataclass
class Return:
    """A deleted record as its last version has it, with the rows that fell with it, by model, parents first."""

    version: Version
    name: str
    said: list[Difference]
    fallen: dict[type[Record], list[Version]] = field(default_factory=dict)
    obstacles: list[str] = field(default_factory=list)

    @property
    def versions(self) -> list[Version]:
        return [self.version, *(each for found in self.fallen.values() for each in found)]

    @property
    def seal(self) -> str:
        return seal([(each.model._meta.label, each.row.history_id) for each in self.versions], self.obstacles)


def homecoming(version: Version) -> Return:
    """What bringing back the record whose deletion this version is brings back."""
    fallen = fallen_with(version)
    coming = Return(version, "", [], fallen)
    names = Names((each.model, each.state) for each in coming.versions)
    coming.name = names.label(version)
    coming.said = differences(version.model, {}, version.state, names)
    back = {(each.model, each.record_pk) for each in coming.versions}
    for each in coming.versions:
        of_rows = "" if each is version else f"{capfirst(each.model._meta.verbose_name)} “{names.label(each)}”: "
        coming.obstacles += [f"{of_rows}{said}" for said in obstacles(new(each), each.state, names, back)]
    return coming


def new(version: Version) -> Record:
    """The record as one to be inserted: it is checked for its key and its uniqueness like any other."""
    record = record_of(version)
    record._state.adding = True
    return record


def fallen_with(version: Version) -> dict[type[Record], list[Version]]:
    """What was deleted because it belonged to the record: by the same account, with the same reason, just before it.

    A row that was deleted for itself, earlier, is not brought back.
    """
    found: dict[type[Record], list[Version]] = {}
    parents = {version.model: [version.record_pk]}
    while parents:
        children: dict[type[Record], list[int]] = {}
        for model, pks in parents.items():
            for relation in cascading(model):
                fell = fallen(relation, pks, version.row)
                fresh = [each for each in fell if each.record_pk not in pks_of(found.get(each.model, []))]
                if fresh:
                    found.setdefault(relation.related_model, []).extend(fresh)
                    children.setdefault(relation.related_model, []).extend(pks_of(fresh))
        parents = children
    return found


def cascading(model: type[Record]) -> list[Any]:
    """The foreign keys by which records of other models fall with one of this."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.on_delete is models.CASCADE
        and issubclass(relation.related_model, Record)
    ]


def fallen(relation: Any, pks: Sequence[int], deletion: Any) -> list[Version]:
    model = relation.related_model
    span = SAME_OPERATION if deletion.history_change_reason else SAME_DELETION
    with_it = rows_of(model).filter(
        **{f"{relation.field.attname}__in": pks},
        history_type=DELETED,
        history_user=deletion.history_user_id,
        history_date__gte=deletion.history_date - span,
        history_date__lte=deletion.history_date + span,
    )
    reason = deletion.history_change_reason
    with_it = with_it.filter(history_change_reason=reason) if reason else with_it.filter(no_reason())
    numbers = dict(with_it.order_by("history_id").values_list(model._meta.pk.attname, "history_id"))
    there = set(model._base_manager.filter(pk__in=list(numbers)).values_list("pk", flat=True))
    wanted = [number for pk, number in numbers.items() if pk not in there]
    return [each for batch in batches(wanted) for each in versions(model, batch)]


def no_reason() -> models.Q:
    return models.Q(history_change_reason=None) | models.Q(history_change_reason="")


def pks_of(found: Sequence[Version]) -> list[int]:
    return [each.record_pk for each in found]


def bring_back(plan: Return, user: Any) -> None:
    """Insert them under the keys they had, in one transaction."""
    if plan.obstacles:
        raise Refused(plan.obstacles)
    deleted = plan.version.row.history_date
    journal = Journal(None, reason=f"Brought back; it was deleted on {deleted:%Y-%m-%d %H:%M:%S} UTC", user=user)
    try:
        with transaction.atomic():
            for found in ([plan.version], *plan.fallen.values()):
                journal.create([new(each) for each in found], [links(each) for each in found])
    except IntegrityError as error:
        raise Refused([in_one_line(error)]) from error


def links(version: Version) -> dict[str, list[int]]:
    return {name_in_state(many): version.state[many.name] for many in version.model._meta.many_to_many}
