"""What stands on the page of an organization: each kind of fact is asked for only where there is one."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from engagement.freshness import at_revision
from engagement.models import (
    Attendance,
    ConsultativeLink,
    ConsultativeStatus,
    Invitation,
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    ProjectPartner,
    Seat,
    Theme,
)
from engagement.models.compiled import Compiled
from engagement.models.dates import begun_by

Rows = Callable[[Any], Any]


def facts(model: Any, *joined: str) -> Rows:
    """From an organization to its published facts of a kind, each with its source."""
    return lambda body: model.objects.published().filter(organization=body).select_related("source", *joined)


def statuses(body: Any) -> Any:
    return facts(ConsultativeStatus, "category", "region")(body).order_by("-granted_earliest", "key")


def relations(body: Any) -> Any:
    return OrganizationLink.objects.published().filter(Q(organization=body) | Q(other=body)).for_list()


def themes(body: Any) -> Any:
    return Theme.objects.published().filter(organizations=body)


# By name the rows, and what they begin with, by which those known to have begun after a day are left out.
PARTS: dict[str, tuple[Rows, str]] = {
    "statuses": (statuses, ""),
    "consultative_links": (facts(ConsultativeLink), "since"),
    "names": (facts(OrganizationName), "since"),
    "seats": (facts(Seat, "country"), ""),
    "identifiers": (facts(OrganizationIdentifier), ""),
    "relations": (relations, "date"),
    "invitations": (facts(Invitation, "meeting"), "meeting__start"),
    "attendances": (facts(Attendance, "meeting"), "meeting__start"),
    "partnerships": (facts(ProjectPartner, "project"), "project__start"),
    "themes": (themes, ""),
}
OF_OTHERS_TOO = ("relations", "themes")
COMPILED = {name: Compiled(rows) for name, (rows, _start) in PARTS.items()}


def _organization(slug: Any) -> Any:
    there = {f"has_{name}": Exists(rows(OuterRef("pk"))) for name, (rows, _start) in PARTS.items()}
    found = Organization.objects.published().filter(slug=slug).select_related("source", "region").annotate(**there)
    return at_revision(found)


ORGANIZATION = Compiled(_organization)


def organization_or_404(slug: str) -> Any:
    """The organization with the `revision` of the data, and for each part whether there is any of it (`has_seats`)."""
    found = ORGANIZATION.ask(slug)
    if not found:
        raise Http404
    return found[0]


def parts_of(body: Any, on: datetime.date | None) -> dict[str, list[Any]]:
    """By the names of `PARTS` what belongs to an organization from `organization_or_404`, as of the day."""
    parts = {name: list(_part(name, body, on)) if getattr(body, f"has_{name}") else [] for name in PARTS}
    for name, rows in parts.items():
        for fact in rows if name not in OF_OTHERS_TOO else ():
            fact.organization = body
    return parts


def _part(name: str, body: Any, on: datetime.date | None) -> Any:
    if on is None:
        return COMPILED[name].ask(body.pk)
    make, start = PARTS[name]
    rows = make(body)
    if name == "statuses":
        return rows.seen_on(on)
    if name == "seats":
        return rows.on(on)
    return rows.filter(begun_by(on, start)) if start else rows
