"""Undoing an operation: every record says again what it said, or, if one has changed since, nothing is touched."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.desk import beside, corrections, decisions, inbox
from engagement.desk.journal import BATCH, Edit, Journal, Overtaken, batches
from engagement.desk.models import (
    Action,
    ImportRun,
    Operation,
    Proposal,
    ProposalState,
    RecordChange,
    RunState,
    Signpost,
)
from engagement.desk.states import put, states_of
from engagement.models import Organization
from engagement.models.base import Record
from engagement.models.sources import AboutRecord


class TooLate(Exception):
    """The operation was undone before, or its time is over."""


def undo(operation: Operation, actor: Any = None) -> None:
    """Undo it whole, as `actor`; None for a command. Raises TooLate, or Overtaken, which names the records."""
    with transaction.atomic():
        locked = Operation.objects.select_for_update().get(pk=operation.pk)
        if not locked.can_be_undone:
            raise TooLate
        inbox.reverse(locked, actor)
        journal = Journal(None, reason=f"Undone: {locked}", user=actor)
        for model, action, changes in backwards(locked):
            UNDO[Action(action)](journal, model, changes)
        Signpost.objects.filter(operation=locked).delete()
        beside.restore(locked.changes.filter(action=Action.DELETED, model="organization"))
        ImportRun.objects.filter(operation=locked).update(state=RunState.UNDONE)
        Proposal.objects.filter(operation=locked).update(state=ProposalState.REVERSED)
        decisions.reverse(locked, actor)
        corrections.reverse(locked)
        locked.undone_at, locked.undone_by = timezone.now(), actor
        locked.undone_by_name = actor.get_username() if actor else "manage.py"
        locked.save(update_fields=["undone_at", "undone_by", "undone_by_name"])


def backwards(operation: Operation) -> Iterator[tuple[type[Record], str, list[RecordChange]]]:
    """Its changes from the last to the first, those of one model and kind together, in batches."""
    changes = operation.changes.order_by("-order").iterator(chunk_size=BATCH)
    for (name, action), alike in groupby(changes, key=lambda change: (change.model, change.action)):
        for batch in batches(alike):
            yield apps.get_model("engagement", name), action, batch


def uncreate(journal: Journal, model: type[Record], changes: Sequence[RecordChange]) -> None:
    """Delete what was created, if it still says the same and nothing else needs it."""
    records = present(model, changes)
    states = states_of(list(records.values()))
    changed = [one for one in changes if states.get(one.record_pk) != one.after]
    if changed:
        raise Overtaken([(one.model, one.key, _("it was edited since")) for one in changed])
    if model is Organization:
        beside.pairs_of(records).delete()  # that it is not the same as another says nothing without it
    needed = dict(needed_by(model, records))
    if needed:
        raise Overtaken([(str(model._meta.model_name), key, needed[key]) for key in needed])
    journal.delete(list(records.values()))


def unchange(journal: Journal, model: type[Record], changes: Sequence[RecordChange]) -> None:
    records = present(model, changes)
    journal.change([Edit(records[one.record_pk], one.after, one.before) for one in changes])


def undelete(journal: Journal, model: type[Record], changes: Sequence[RecordChange]) -> None:
    """Insert what was deleted, under the same primary key."""
    keys = [one.key for one in changes]
    taken = model._base_manager.filter(**{f"{model.key_field}__in": keys}).values_list(model.key_field, flat=True)
    if taken:
        raise Overtaken([(one.model, one.key, _("its key was given away")) for one in changes if one.key in taken])
    records, links = [], []
    for one in changes:
        record = model()
        record.pk = one.record_pk
        put(record, one.before)
        records.append(record)
        links.append({many.name: one.before.get(many.name, []) for many in model._meta.many_to_many})
    journal.create(records, links)


UNDO = {Action.CREATED: uncreate, Action.CHANGED: unchange, Action.DELETED: undelete}


def present(model: type[Record], changes: Sequence[RecordChange]) -> dict[int, Record]:
    """The records by primary key, locked; Overtaken where one is gone."""
    locked = model._base_manager.select_for_update().order_by("pk")
    found: dict[int, Record] = locked.in_bulk([one.record_pk for one in changes])
    gone = [one for one in changes if one.record_pk not in found]
    if gone:
        raise Overtaken([(one.model, one.key, _("it was deleted since")) for one in gone])
    return found


def needed_by(model: type[Record], records: dict[int, Record]) -> Iterator[tuple[str, str]]:
    """The keys of those records that others point to, with what points to them."""
    for relation in pointing_to(model):
        field = relation.field
        pointing = relation.related_model._base_manager.filter(**{f"{field.name}__in": list(records)})
        name = relation.related_model._meta.verbose_name
        for pk in pointing.values_list(field.attname, flat=True):
            yield records[pk].natural_key()[0], _("needed by: %(model)s") % {"model": name}
    keys = {record.natural_key()[0] for record in records.values()}
    for about in AboutRecord.__subclasses__():
        spoken_of = about._base_manager.filter(kind=model._meta.model_name, record_key__in=keys)
        for key in spoken_of.values_list("record_key", flat=True):
            yield key, _("needed by: %(model)s") % {"model": about._meta.verbose_name}


def pointing_to(model: type[Record]) -> Iterator[Any]:
    """The foreign keys that lead to the model from tables of others: not its history, nor its own links."""
    own = {many.remote_field.through for many in model._meta.many_to_many}
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in own:
            field: Any = relation.field
            if field.db_constraint:
                yield relation
