"""What the desk itself keeps of an organization: where merged ones went, and which are not the same as it.

None of it is part of the register, so that no record's state says it. A merge writes it beside the state of the record
that went (`BESIDE`), and undoing brings it back from there.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from engagement.desk.models import Correction, DecisionItem, Distinct, Operation, RecordChange, Request, Signpost
from engagement.models import Organization

BESIDE = "beside"
# What was asked or decided for an organization, and stays where it is merged into another.
ASKED: dict[str, tuple[Any, str]] = {
    "Request": (Request, "organization"),
    "Request.claimed": (Request, "claimed"),
    "DecisionItem": (DecisionItem, "organization"),
}


def move(survivor: Organization, other: Organization, operation: Operation) -> dict[str, Any]:
    """Let what is kept of the other be the survivor's, and a signpost lead there; what it was, to be brought back."""
    led = Signpost.objects.filter(organization=other)
    stood = Signpost.objects.filter(slug=other.slug)
    was = {
        "signposts": sorted(led.values_list("slug", flat=True)),
        "replaced": list(stood.values("organization_id", "operation_id")),
        "asked": {name: move_asked(*where, survivor, other) for name, where in ASKED.items()},
        "corrected": move_corrections(survivor, other),
        **move_pairs(survivor, other),
    }
    led.update(organization=survivor)
    stood.delete()
    Signpost.objects.create(slug=other.slug, organization=survivor, operation=operation)
    return was


def move_pairs(survivor: Organization, other: Organization) -> dict[str, Any]:
    """Whoever is not the same as the other is not the same as the survivor."""
    of_other = pairs_of([other.pk])
    pairs = list(of_other.values("first_id", "second_id", "actor_id", "actor_name", "found_at"))
    of_other.delete()
    made = []
    for pair in pairs:
        third = pair["second_id"] if pair["first_id"] == other.pk else pair["first_id"]
        if third == survivor.pk:
            continue
        first, second = sorted((survivor.pk, third))
        found = {name: pair[name] for name in ("actor_id", "actor_name", "found_at")}
        if Distinct.objects.get_or_create(first_id=first, second_id=second, defaults=found)[1]:
            made.append([first, second])
    return {"pairs": [{**pair, "found_at": pair["found_at"].isoformat()} for pair in pairs], "made": made}


def move_asked(model: Any, name: str, survivor: Organization, other: Organization) -> list[int]:
    of_other = model.objects.filter(**{name: other})
    keys = sorted(of_other.values_list("pk", flat=True))
    of_other.update(**{name: survivor})
    return keys


def move_corrections(survivor: Organization, other: Organization) -> list[int]:
    """What readers say of the other is said of the survivor."""
    of_other = Correction.objects.filter(kind="organization", record_key=other.slug)
    keys = sorted(of_other.values_list("pk", flat=True))
    of_other.update(record_key=survivor.slug)
    return keys


def pairs_of(keys: Iterable[int]) -> Any:
    keys = list(keys)
    return Distinct.objects.filter(Q(first__in=keys) | Q(second__in=keys))


def restore(changes: Iterable[RecordChange]) -> None:
    """Bring back what stood beside records that were deleted and are there again."""
    for change in changes:
        if was := change.before.get(BESIDE):
            Signpost.objects.filter(slug__in=was["signposts"]).update(organization=change.record_pk)
            for stood in was["replaced"]:
                Signpost.objects.create(slug=change.key, **stood)
            for first, second in was["made"]:
                Distinct.objects.filter(first=first, second=second).delete()
            restore_pairs(was["pairs"])
            for where, keys in was.get("asked", {}).items():
                model, name = ASKED[where]
                model.objects.filter(pk__in=keys).update(**{name: change.record_pk})
            Correction.objects.filter(pk__in=was.get("corrected", ())).update(record_key=change.key)


def restore_pairs(pairs: list[dict[str, Any]]) -> None:
    """But for those whose other half is gone: it would have taken them along."""
    halves = {pair[end] for pair in pairs for end in ("first_id", "second_id")}
    there = set(Organization.objects.filter(pk__in=halves).values_list("pk", flat=True))
    accounts = get_user_model().objects.in_bulk({pair["actor_id"] for pair in pairs} - {None})
    for pair in pairs:
        if {pair["first_id"], pair["second_id"]} <= there:
            said = {name: pair[name] for name in ("first_id", "second_id", "actor_name")}
            actor, found_at = accounts.get(pair["actor_id"]), datetime.datetime.fromisoformat(pair["found_at"])
            Distinct.objects.create(**said, actor=actor, found_at=found_at)
