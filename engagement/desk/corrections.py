"""Corrections: what readers say is wrong is received, decided by staff once, and its sender's e-mail forgotten.

What one changes in the register is written by `desk.correcting`.
"""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.desk import secrets
from engagement.desk.models import Correction, CorrectionState, Operation

# How long the sender's e-mail is kept after the decision.
EMAIL_KEPT = datetime.timedelta(days=30)
# Drawings of a number before it is given up that one is free.
TRIES = 5


class Settled(Exception):
    """The correction does not wait for a decision (any more)."""


# -- Receiving -----------------------------------------------------------------------------------------------


def receive(**said: str) -> tuple[Correction, bool]:
    """Keep what a reader sent, with a number of its own; the same again, while it waits, is the same correction.

    The second value says whether it is new.
    """
    same = Correction.objects.waiting().filter(**{name: said[name] for name in said if name != "label"}).first()
    if same is not None:
        return same, False
    for _draw in range(TRIES):
        try:
            with transaction.atomic():
                return Correction.objects.create(reference=secrets.number("C"), **said), True
        except IntegrityError:
            continue
    raise RuntimeError("No free number was drawn.")


# -- Deciding ------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_by_hand(correction: Correction, actor: Any, reason: str) -> None:
    """Say that the register was put right elsewhere. Raises Settled."""
    settle(waiting(correction), CorrectionState.PUBLISHED, actor, reason)


@transaction.atomic
def decline(correction: Correction, actor: Any, reason: str) -> None:
    """Raises Settled."""
    settle(waiting(correction), CorrectionState.DECLINED, actor, reason)


@transaction.atomic
def drop(correction: Correction) -> None:
    """Delete what is no correction; nobody is told. Raises Settled."""
    waiting(correction).delete()


def waiting(correction: Correction) -> Correction:
    """The correction, locked, if it waits for a decision."""
    locked = Correction.objects.select_for_update().filter(pk=correction.pk).first()
    if locked is None or locked.state != CorrectionState.WAITING:
        raise Settled
    return locked


def settle(correction: Correction, state: CorrectionState, actor: Any, reason: str) -> None:
    correction.state, correction.reason = state, reason
    correction.decided_by, correction.decided_by_name = actor, actor.get_username()
    correction.decided_at = None if state == CorrectionState.PROPOSED else timezone.now()
    correction.save()


# -- Afterwards ----------------------------------------------------------------------------------------------


def reverse(operation: Operation) -> None:
    """What the operation published waits again. In the transaction that undoes it."""
    published = Correction.objects.filter(operation=operation, state=CorrectionState.PUBLISHED)
    published.update(
        state=CorrectionState.WAITING,
        operation=None,
        proposal=None,
        reason="",
        decided_at=None,
        decided_by=None,
        decided_by_name="",
    )


def forget() -> int:
    """Empty the e-mail addresses of senders who were told long ago; how many."""
    past = timezone.now() - EMAIL_KEPT
    return Correction.objects.decided().filter(decided_at__lt=past).exclude(email="").update(email="")
