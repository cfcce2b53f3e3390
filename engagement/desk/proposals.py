"""Four eyes: changes that one member of staff proposes are applied when another approves them, as one operation.

Nobody decides what they proposed themselves, whatever their rights: the database refuses it, too.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.desk import deleting
from engagement.desk.journal import Edit, Journal, Overtaken, operation
from engagement.desk.models import (
    Action,
    Correction,
    CorrectionState,
    Operation,
    OperationKind,
    Proposal,
    ProposalState,
    ProposedChange,
)
from engagement.desk.states import State, different, put, state_of, states_of
from engagement.models.base import Record

# Models whose records nobody changes alone.
FOUR_EYES = ("consultativestatus", "participationright")
# What lets new records name others that get their keys with the same proposal.
Joining = Callable[[Sequence[Record]], None]


class Decided(Exception):
    """The proposal was approved, declined or withdrawn before."""


class AlreadyProposed(Exception):
    """A change of one of the records, or the very same new record, waits for approval already: in `proposal`."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(str(proposal.pk))
        self.proposal = proposal


@dataclass(frozen=True)
class Draft:
    """A change to be proposed. `before` of a new record and `after` of one to be deleted are empty. label: how staff
    know it, where it cannot say so itself."""

    action: Action
    record: Record
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    label: str = ""


def is_guarded(model: type[models.Model]) -> bool:
    """Do its records change only with four eyes?"""
    return model._meta.model_name in FOUR_EYES


def created(record: Record, links: Mapping[str, Collection[int]] | None = None, label: str = "") -> Draft:
    """Of a record that was filled and not saved. With a primary key it is one that was deleted and comes back."""
    return Draft(Action.CREATED, record, after=state_of(record, links or {}), label=label)


def changed(record: Record, before: State, after: State) -> Draft:
    """Of a record that says `before` and is to say `after`: whole states or the fields that differ."""
    return Draft(Action.CHANGED, record, before, after)


def deleted(record: Record) -> Draft:
    return Draft(Action.DELETED, record, before=states_of([record])[record.pk])


@transaction.atomic
def propose(title: str, drafts: Sequence[Draft], actor: Any, reason: str = "") -> Proposal:
    """Put changes forward for another to approve. Nothing of the register is changed. Raises AlreadyProposed where one
    of the records has a proposal that waits."""
    require_none_waits(drafts)
    made = Proposal.objects.create(title=title[:500], reason=reason, actor=actor, actor_name=actor.get_username())
    rows = [
        ProposedChange(
            proposal=made,
            order=number,
            model=str(draft.record._meta.model_name),
            record_pk=draft.record.pk,
            key=draft.record.natural_key()[0] or "",
            label=(draft.label or str(draft.record))[:300],
            action=draft.action,
            before=draft.before,
            after=draft.after,
        )
        for number, draft in enumerate(drafts)
    ]
    ProposedChange.objects.bulk_create(rows)
    return made


def require_none_waits(drafts: Sequence[Draft]) -> None:
    """The records are locked: of two who propose at one moment the second finds what the first did."""
    for model in dict.fromkeys(type(draft.record) for draft in drafts):
        of_model = [draft for draft in drafts if type(draft.record) is model]
        pks = [draft.record.pk for draft in of_model if draft.record.pk]
        list(model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
        for proposal in waiting_on(model, pks).values():
            raise AlreadyProposed(proposal)
        fresh = [draft.after for draft in of_model if draft.action == Action.CREATED and not draft.record.pk]
        for change in waiting_changes(model).filter(action=Action.CREATED, record_pk=None) if fresh else ():
            if change.after in fresh:
                raise AlreadyProposed(change.proposal)


def waiting_on(model: type[models.Model], pks: Collection[int]) -> dict[int, Proposal]:
    """The proposals that wait, by the primary key of the record that they would change, delete or bring back."""
    changes = waiting_changes(model).filter(record_pk__in=pks)
    return {change.record_pk: change.proposal for change in changes if change.record_pk}


def waiting_changes(model: type[models.Model]) -> models.QuerySet[ProposedChange]:
    of_model = ProposedChange.objects.filter(model=model._meta.model_name, proposal__state=ProposalState.WAITING)
    return of_model.select_related("proposal")


@transaction.atomic
def approve(
    proposal: Proposal,
    actor: Any,
    answer: str = "",
    kind: OperationKind = OperationKind.PROPOSAL,
    joining: Joining | None = None,
) -> Operation:
    """Apply all of it as one operation of `actor`. Raises PermissionDenied to who proposed it, Decided where it is no
    longer waiting, Overtaken where a record says something else than when it was proposed. `joining` is handed new
    records, model by model, before they are written."""
    locked = waiting(proposal, actor)
    with operation(kind, locked.title, actor) as journal:
        apply(journal, locked.changes.all(), joining)
    close(locked, ProposalState.APPROVED, actor, answer, journal.operation)
    corrections = Correction.objects.filter(proposal=locked, state=CorrectionState.PROPOSED)
    corrections.update(state=CorrectionState.PUBLISHED, operation=journal.operation, decided_at=locked.decided_at)
    assert journal.operation is not None
    return journal.operation


@transaction.atomic
def decline(proposal: Proposal, actor: Any, answer: str) -> None:
    """Refuse it, with the reason. Corrections that it was made for wait again. Raises as `approve` does."""
    locked = waiting(proposal, actor)
    close(locked, ProposalState.DECLINED, actor, answer)
    release(locked)


@transaction.atomic
def withdraw(proposal: Proposal, actor: Any) -> None:
    """Take back what one proposed oneself. Raises PermissionDenied to others, Decided where it is too late."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != ProposalState.WAITING:
        raise Decided
    if locked.actor_id != actor.pk:
        raise PermissionDenied
    locked.state, locked.decided_at = ProposalState.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "decided_at"])
    release(locked)


def waiting(proposal: Proposal, actor: Any) -> Proposal:
    """The proposal, locked, if `actor` may decide it."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != ProposalState.WAITING:
        raise Decided
    if locked.actor_id == actor.pk or locked.actor_name == actor.get_username():
        raise PermissionDenied
    return locked


def close(proposal: Proposal, state: ProposalState, actor: Any, answer: str, done: Operation | None = None) -> None:
    proposal.state, proposal.answer, proposal.operation = state, answer, done
    proposal.decided_at, proposal.decided_by, proposal.decided_by_name = timezone.now(), actor, actor.get_username()
    proposal.save()


def release(proposal: Proposal) -> None:
    """Corrections that the proposal was made for wait for another."""
    held = Correction.objects.filter(proposal=proposal, state=CorrectionState.PROPOSED)
    nobody = {"decided_by": None, "decided_by_name": "", "decided_at": None}
    held.update(state=CorrectionState.WAITING, proposal=None, reason="", **nobody)


def guarded_in(deletion: deleting.Deletion) -> list[Record]:
    """The statuses and rights that would fall with what is to be deleted, or keep it from that: they go first."""
    falling = [each for model, found in deletion.cascades().items() if is_guarded(model) for each in found]
    return falling + [each for each in deletion.needed if isinstance(each, Record) and is_guarded(type(each))]


# -- Applying ------------------------------------------------------------------------------------------------


def apply(journal: Journal, changes: Iterable[ProposedChange], joining: Joining | None = None) -> None:
    """Write the changes in their order, those of one model and kind together."""
    for model, action, alike in in_runs(changes):
        if action == Action.CREATED:
            create(journal, model, alike, joining)
        else:
            APPLY[action](journal, model, alike)


def in_runs(changes: Iterable[ProposedChange]) -> Iterator[tuple[type[Record], Action, list[ProposedChange]]]:
    for (name, action), alike in groupby(changes, key=lambda change: (change.model, change.action)):
        yield apps.get_model("engagement", name), Action(action), list(alike)


def create(
    journal: Journal, model: type[Record], changes: Sequence[ProposedChange], joining: Joining | None = None
) -> None:
    records, links = [], []
    for change in changes:
        record = model()
        record.pk = change.record_pk
        put(record, change.after)
        require_valid(record, change)
        records.append(record)
        names = [many.name for many in model._meta.many_to_many if many.name in change.after]
        links.append({name: change.after[name] for name in names})
    if joining:
        joining(records)
    journal.create(records, links)


def change(journal: Journal, model: type[Record], changes: Sequence[ProposedChange]) -> None:
    records = present(model, changes)
    for one in changes:
        then = copy(records[one.record_pk or 0])
        put(then, one.after)
        require_valid(then, one)
    journal.change([Edit(records[one.record_pk or 0], one.before, one.after) for one in changes])


def delete(journal: Journal, model: type[Record], changes: Sequence[ProposedChange]) -> None:
    records = present(model, changes)
    deletion = deleting.plan(list(records.values()))
    if deletion.needed:
        needed = sorted({str(each._meta.verbose_name) for each in deletion.needed})
        why = _("needed by: %(model)s") % {"model": ", ".join(needed)}
        raise Overtaken([(one.model, one.key, why) for one in changes])
    deleting.carry_out(deletion, journal)


APPLY = {Action.CHANGED: change, Action.DELETED: delete}


def present(model: type[Record], changes: Sequence[ProposedChange]) -> dict[int, Record]:
    """The records by primary key, locked; Overtaken where one is gone or says something else than was seen."""
    keys = [one.record_pk or 0 for one in changes]
    found: dict[int, Record] = model._base_manager.select_for_update().order_by("pk").in_bulk(keys)
    if moved := list(moved_among(changes, found)):
        raise Overtaken(moved)
    return found


def moved_among(changes: Iterable[ProposedChange], found: Mapping[int, Record]) -> Iterator[tuple[str, str, str]]:
    states = states_of(list(found.values()))
    for one in changes:
        if one.record_pk not in states:
            yield one.model, one.key, _("it was deleted since")
        elif different(states[one.record_pk], one.before):
            yield one.model, one.key, _("it was edited since")


def in_the_way(proposal: Proposal) -> list[tuple[str, str, str]]:
    """What already keeps a waiting proposal from being approved, as `Overtaken` has it."""
    found: list[tuple[str, str, str]] = []
    for model, action, alike in in_runs(proposal.changes.all()):
        if action != Action.CREATED:
            found += moved_among(alike, model._base_manager.in_bulk([one.record_pk or 0 for one in alike]))
    return found


def require_valid(record: Record, change: ProposedChange) -> None:
    """As its form would have it today: what it points to may be gone, what it has to be alone in may be taken."""
    key = record.key_field
    try:
        record.full_clean(exclude=[] if getattr(record, key) else [key])
    except ValidationError as error:
        raise Overtaken([(change.model, change.key or change.label, " ".join(error.messages))]) from error
