"""What staff do with a request before anybody decides on it: whose it is, and what it changes in the register.

Whatever is written to the register goes through the journal and cites one source, what was sent to the publisher.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from engagement.desk import requests
from engagement.desk.alike import Index, body_of
from engagement.desk.journal import Journal, operation
from engagement.desk.models import Action, Operation, OperationKind, Request, RequestKind, Stage
from engagement.models import Country, Organization, Seat, Source, SourceKind
from engagement.models.answers import Paper

# Where staff alone have a request in hand: it is neither before the deciding body nor at its end.
IN_HAND = (Stage.RECEIVED, Stage.INCOMPLETE, Stage.COMPLETE, Stage.DEFERRED)
# From which likeness on (of 100) a name is so near that a new organization of that name needs a second look.
DOUBLE = 80


class Stale(Exception):
    """The request is not, or no longer, as this was meant for: somebody else was faster."""


class Doubles(Exception):
    """The register has organizations of nearly this name. found: their primary keys, the nearest first."""

    def __init__(self, found: Collection[int]) -> None:
        super().__init__(f"{len(found)} organizations are nearly the same")
        self.found = list(found)


def version_of(request: Request) -> str:
    """What a page was made for: whoever acts on a request acts on what they saw."""
    last = request.steps.order_by("-pk").values_list("pk", flat=True).first()
    return f"{request.stage}.{request.organization_id or 0}.{last or 0}"


def in_hand(request: Request, seen: str | None = None) -> Request:
    """The request, locked. Raises Stale where it is not in staff's hand, or not as it was `seen`."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if locked.stage not in IN_HAND or (seen is not None and version_of(locked) != seen):
        raise Stale
    return locked


def received_on(request: Request) -> datetime.date:
    return timezone.localdate(request.sent_at or request.begun_at)


# -- Whose it is -----------------------------------------------------------------------------------------------------


@transaction.atomic
def link(request: Request, organization: Organization) -> None:
    """It is a request of this organization. Raises Stale where it was linked to another, or is out of hand."""
    locked = in_hand(request)
    if locked.organization_id not in (None, organization.pk):
        raise Stale
    own(locked, organization, request)


@transaction.atomic
def unlink(request: Request) -> None:
    own(in_hand(request), None, request)


def own(locked: Request, organization: Organization | None, request: Request) -> None:
    locked.organization = request.organization = organization
    locked.save(update_fields=["organization"])


@transaction.atomic
def create(
    request: Request, wanted: Organization, country: Country | None, actor: Any, known: Collection[int] = ()
) -> Operation:
    """Make the organization of a request, filled and not saved, with its seat. `known`: those that staff have seen
    and found to be others. Raises Stale, or Doubles where there are more of nearly that name."""
    locked = in_hand(request)
    if locked.organization_id:
        raise Stale
    # One after the other: of two requests of one name, the second is to see what the first made.
    source = Source.objects.select_for_update().get(pk=own_source(actor).pk)
    found = doubles(wanted, country)
    if not set(found) <= set(known):
        raise Doubles(found)
    evidence = evidence_of(locked, source)
    for name, value in evidence.items():
        setattr(wanted, name, value)
    with operation(OperationKind.REQUEST, f"Organization created: {wanted}", actor) as journal:
        journal.create([wanted])
        if country:
            journal.create([Seat(organization=wanted, country=country, **evidence)])
    own(locked, wanted, request)
    assert journal.operation is not None
    return journal.operation


def doubles(wanted: Organization, country: Country | None) -> list[int]:
    """The organizations, public or not, that are so near to one to be made that it may be one of them."""
    index = Index.of_register()
    codes = [country.iso2] if country else []
    asked = body_of(0, "", wanted.name, wanted.acronym, wanted.website, countries=codes)
    compared = ((pk, index.compare(asked, index.bodies[pk])) for pk in index.partners(asked))
    near = [(likeness.score, pk) for pk, likeness in compared if likeness and likeness.score >= DOUBLE]
    return [pk for _score, pk in sorted(near, key=lambda one: (-one[0], one[1]))]


# -- Its stage -------------------------------------------------------------------------------------------------------


@transaction.atomic
def settle(
    request: Request, stage: str, actor: Any, note: str = "", seen: str | None = None, papers: Collection[str] = ()
) -> None:
    """Bring it to a stage that staff decide on. `papers`: those that they ask for, of an incomplete one. Raises Stale
    as `in_hand` does."""
    locked = in_hand(request, seen)
    locked.missing = request.missing = [paper for paper in Paper.values if paper in papers]
    locked.save(update_fields=["missing"])
    requests.advance(request, stage, actor, note)


# -- What it says to the register ------------------------------------------------------------------------------------


def own_source(actor: Any = None) -> Source:
    """What organizations sent to the publisher: one source for all requests, made with the first."""
    publisher = publisher_name()
    title = f"Requests sent to {publisher}"
    found = Source.objects.filter(title=title, kind=SourceKind.OWN_STATEMENT).order_by("pk")
    if source := found.first():
        return source
    made = Source(title=title, publisher=publisher, kind=SourceKind.OWN_STATEMENT)
    made.complete()
    try:
        with transaction.atomic():
            # Not part of an operation: what others cite too is not undone with the first that did.
            Journal(None, reason="The first request that the register cites", user=actor).create([made])
    except IntegrityError:  # somebody else made it at this moment
        return found.get()
    return made


def publisher_name() -> str:
    with override("en"):
        return settings.SITE_PUBLISHER.strip() or str(settings.SITE_NAME)


def evidence_of(request: Request, source: Source) -> dict[str, Any]:
    """How a record cites a request: by its day alone. Its number is its sender's."""
    day = received_on(request).isoformat()
    return {"source": source, "locator": f"received {day}", "as_of": day}


def checked(record: Any, changed: Collection[str]) -> None:
    """Raises ValidationError as the record's form would, for the fields that change."""
    record.clean_fields(exclude={field.name for field in record._meta.fields} - set(changed))
    record.clean()
    record.validate_unique(exclude={record.key_field} if not record.pk else set())
    record.validate_constraints(exclude={record.key_field} if not record.pk else set())


# -- The way back ----------------------------------------------------------------------------------------------------


def reverse(done: Operation, actor: Any = None) -> None:
    """An operation is about to be undone: requests are no longer of what it made, and what it took over is open."""
    if done.kind != OperationKind.REQUEST:
        return
    made = done.changes.filter(action=Action.CREATED, model="organization").values("record_pk")
    for request in Request.objects.select_for_update().filter(organization__in=made, stage__in=IN_HAND).order_by("pk"):
        own(request, None, request)
    Request.objects.filter(claimed__in=made).update(claimed=None)
    taken_over = Request.objects.select_for_update().filter(operation=done, kind=RequestKind.DETAILS)
    for request in taken_over.order_by("pk"):
        Request.objects.filter(pk=request.pk).update(operation=None)
        requests.advance(request, stage_before(request), actor)


def stage_before(request: Request) -> str:
    """The stage at which it stood before the one at which it stands."""
    earlier = request.steps.exclude(stage=request.stage).order_by("-at", "-pk").values_list("stage", flat=True).first()
    return earlier if earlier in IN_HAND else Stage.RECEIVED
