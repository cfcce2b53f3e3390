"""The one bulk writer: records are written in batches, their history with them, and what each said before is kept.

An operation is one transaction. Whatever it finds changed by somebody else since it was planned stops it whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from engagement import freshness
from engagement.desk import histories
from engagement.desk.forgetting import forget_past
from engagement.desk.models import Action, Operation, OperationKind, RecordChange, Signpost
from engagement.desk.states import State, different, put, state_of, states_of
from engagement.freshness import insert
from engagement.models import Organization
from engagement.models.base import KEY_LENGTH, Record

BATCH = 500

# By many-to-many field the keys of the records that it leads to.
Links = Mapping[str, Collection[int]]


class Overtaken(Exception):
    """Records are no longer what they were when this was planned, or are needed by others: nothing was written.

    records: model name, key and, where one is known, the reason in words, of each.
    """

    def __init__(self, records: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(f"{len(records)} records changed in the meantime")
        self.records = list(records)


@dataclass(frozen=True)
class Edit:
    """What a record said, as it was read, and what it is to say: whole states, or the fields that differ."""

    record: Record
    before: State
    after: State


@contextmanager
def operation(kind: OperationKind, title: str, actor: Any = None, savepoint: bool = True) -> Iterator["Journal"]:
    """One transaction whose writes are kept to be undone. `actor`: the account; None for a command.

    savepoint: whether the caller's transaction can go on where this fails. While one is open, SQLite notes for each
    statement that fires a trigger what was there before, and takes the longer the more it has noted: of many thousand
    records a multiple of the whole.
    """
    with transaction.atomic(savepoint=savepoint):
        forget_past()
        name = actor.get_username() if actor else "manage.py"
        made = Operation.objects.create(kind=kind, title=title[:500], actor=actor, actor_name=name)
        yield Journal(made, reason=str(made))


@dataclass
class Journal:
    """Writes records of the register and notes each in its operation; without one, only in their history."""

    operation: Operation | None
    reason: str
    user: Any = None
    keys: dict[type[Record], "Keys"] = field(default_factory=dict)
    written: int = 0

    def __post_init__(self) -> None:
        if self.operation and self.user is None:
            self.user = self.operation.actor

    def create(self, records: Sequence[Record], links: Sequence[Links] = ()) -> None:
        """Insert records of one model; each gets its key and what else follows from its fields. `links`: of each."""
        for batch, linked in zip(batches(records), batches(links or [{}] * len(records)), strict=True):
            for record in batch:
                record.complete(self.keys_of(type(record)).take)
            insert(batch)
            link(batch, linked)
            histories.note(batch, "+", user=self.user, reason=self.reason)
            states = states_of(batch)
            self.note([(Action.CREATED, record, {}, states[record.pk]) for record in batch])

    def change(self, edits: Sequence[Edit]) -> None:
        """Update records of one model, if each still says what it said."""
        for batch in batches(edits):
            require_unchanged(batch)
            update(batch)
            records = [edit.record for edit in batch]
            histories.note(records, "~", user=self.user, reason=self.reason)
            self.note([(Action.CHANGED, edit.record, *differing(edit)) for edit in batch])

    def delete(self, records: Sequence[Record]) -> None:
        """Delete records of one model. The caller has seen to it that nothing else points to them."""
        for batch in batches(records):
            states = states_of(batch)
            histories.note(batch, "-", user=self.user, reason=self.reason)
            self.note([(Action.DELETED, record, states[record.pk], {}) for record in batch])
            model, pks = type(batch[0]), [record.pk for record in batch]
            for many in model._meta.many_to_many:
                owned = many.remote_field.through._base_manager.filter(**{f"{many.m2m_column_name()}__in": pks})
                owned._raw_delete(owned.db)
            gone = model._base_manager.filter(pk__in=pks)
            gone._raw_delete(gone.db)

    def note(self, changes: Sequence[tuple[Action, Record, State, State]]) -> None:
        if self.operation is None:
            return
        rows = [
            RecordChange(
                operation=self.operation,
                order=number,
                model=str(record._meta.model_name),
                record_pk=record.pk,
                key=record.natural_key()[0],
                action=action,
                before=before,
                after=after,
            )
            for number, (action, record, before, after) in enumerate(changes, start=self.written)
        ]
        insert(rows)
        self.written += len(rows)

    def keys_of(self, model: type[Record]) -> "Keys":
        if model not in self.keys:
            self.keys[model] = Keys(model)
        return self.keys[model]


class Keys:
    """Free keys for new records of a model, without asking the database for each."""

    def __init__(self, model: type[Record]) -> None:
        self.taken = set(model._base_manager.values_list(model.key_field, flat=True))
        if model is Organization:  # an address that leads somewhere is not given to another
            self.taken.update(Signpost.objects.values_list("slug", flat=True))
        self.last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """As `models.base.unique_key` has it."""
        slug = slugify(wanted)[: KEY_LENGTH - 5].strip("-") or "record"
        number = self.last.get(slug, 0)
        candidate = slug if not number else f"{slug}-{number}"
        while candidate in self.taken:
            number = max(number + 1, 2)
            candidate = f"{slug}-{number}"
        self.last[slug] = number
        self.taken.add(candidate)
        return candidate


def batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch


def require_unchanged(edits: Sequence[Edit]) -> None:
    """Lock the records, and raise Overtaken where one does not say what its edit takes it to say."""
    model = type(edits[0].record)
    # By the primary key: the model's own order may join tables that cannot be locked.
    locked = model._base_manager.select_for_update().order_by("pk").in_bulk([edit.record.pk for edit in edits])
    states = states_of(list(locked.values()))
    others = [
        (str(model._meta.model_name), edit.record.natural_key()[0], "")
        for edit in edits
        if different(states.get(edit.record.pk, {}), edit.before)
    ]
    if others:
        raise Overtaken(others)


def update(edits: Sequence[Edit]) -> None:
    """Give records of one model what their edits say. Only what differs is written, and what follows from it."""
    names = [renewed(edit) for edit in edits]
    for written, records in groupby(zip(names, edits, strict=True), lambda each: each[0]):
        freshness.update([edit.record for _names, edit in records], written)
    many = [field.name for field in type(edits[0].record)._meta.many_to_many]
    links = [{name: edit.after[name] for name in different(edit.before, edit.after) if name in many} for edit in edits]
    link([edit.record for edit in edits], links, anew=True)


def renewed(edit: Edit) -> tuple[str, ...]:
    """Put what the edit says into its record; the columns that differ then, with what follows (sort_name)."""
    before = state_of(edit.record, {})
    put(edit.record, edit.after)
    edit.record.complete()
    now = state_of(edit.record, {})
    names = dict.fromkeys((*different(before, now), *different(edit.before, edit.after)))
    return tuple(name for name in names if name in now)


def differing(edit: Edit) -> tuple[State, State]:
    names = different(edit.before, edit.after)
    return {name: edit.before[name] for name in names}, {name: edit.after[name] for name in names}


def link(records: Sequence[Record], links: Sequence[Links], anew: bool = False) -> None:
    """Write the many-to-many links of records of one model; `anew`: in place of those that are there."""
    for name in dict.fromkeys(name for each in links for name in each):
        many: Any = type(records[0])._meta.get_field(name)
        through, owner, target = many.remote_field.through, many.m2m_column_name(), many.m2m_reverse_name()
        of_each = [(record.pk, each[name]) for record, each in zip(records, links, strict=True) if name in each]
        if anew:
            replace_links(through, owner, target, of_each)
            continue
        rows = [through(**{owner: pk, target: key}) for pk, keys in of_each for key in keys]
        insert(rows)


def replace_links(through: Any, owner: str, target: str, of_each: Sequence[tuple[int, Collection[int]]]) -> None:
    """Links that stay are not touched: each that goes or comes is a change that the log notes."""
    wanted = dict.fromkeys((pk, key) for pk, keys in of_each for key in keys)
    there = through._base_manager.filter(**{f"{owner}__in": [pk for pk, _keys in of_each]})
    held = {(pk, key): link for link, pk, key in there.values_list("pk", owner, target)}
    through._base_manager.filter(pk__in=[link for pair, link in held.items() if pair not in wanted]).delete()
    insert([through(**{owner: pk, target: key}) for pk, key in wanted if (pk, key) not in held])
