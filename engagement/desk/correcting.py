"""What a correction changes in the register: one operation that can be undone; a status or a right is proposed instead,
for a second person to approve."""

from typing import Any

from django.db import transaction

from engagement.desk import proposals
from engagement.desk.corrections import settle, waiting
from engagement.desk.journal import Edit, operation
from engagement.desk.models import Correction, CorrectionState, Operation, OperationKind, Proposal, ProposedChange
from engagement.desk.proposals import FOUR_EYES, Draft


class Proposed(Exception):
    """A change of the same record waits for a second person already. `proposal`: which."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.pk)
        self.proposal = proposal


def needs_second_person(correction: Correction) -> bool:
    return correction.kind in FOUR_EYES


@transaction.atomic
def publish(correction: Correction, edit: Edit, actor: Any, reason: str) -> Operation:
    """Write the change to the register. Raises Settled, or Overtaken where the record says something else by now."""
    locked = waiting(correction)
    with operation(OperationKind.CORRECTION, title_of(locked), actor) as journal:
        journal.change([edit])
    assert journal.operation is not None
    locked.operation = journal.operation
    settle(locked, CorrectionState.PUBLISHED, actor, reason)
    return journal.operation


@transaction.atomic
def propose(correction: Correction, draft: Draft, actor: Any, reason: str) -> Proposal:
    """Put the change forward; the correction is published when another approves it. Raises Settled or Proposed."""
    locked = waiting(correction)
    if found := waiting_proposal(correction.kind, draft.record.pk):
        raise Proposed(found)
    locked.proposal = proposals.propose(title_of(locked), [draft], actor, reason)
    settle(locked, CorrectionState.PROPOSED, actor, reason)
    return locked.proposal


def waiting_proposal(kind: str, pk: int) -> Proposal | None:
    """The proposal by which a change of this record waits for a second person."""
    of_record = ProposedChange.objects.filter(model=kind, record_pk=pk)
    return Proposal.objects.waiting().filter(changes__in=of_record).first()


def title_of(correction: Correction) -> str:
    """Of the operation: without what the correction says, and without a name."""
    return f"{correction.reference} ({correction.kind})"
