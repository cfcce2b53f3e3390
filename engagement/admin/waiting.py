"""What the front page of the desk says: what waits, what is overdue, what needs looking after.

Each number leads to its list and is counted by that list's own filters, so that the two cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import site
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.admin.merging import PERMISSION, number_of_pairs
from engagement.admin_site import RegisterSite
from engagement.desk.models import Correction, DecisionSet, ImportRun, Proposal, Request
from engagement.models import ConsultativeStatus, Contact, Discrepancy, Source


@dataclass(frozen=True)
class Matter:
    """Rows of one list: `query` is what its address asks for."""

    text: Any
    model: type[Model]
    query: dict[str, str] = field(default_factory=dict)


SECTIONS: tuple[tuple[Any, tuple[Matter, ...]], ...] = (
    (
        _("Waiting"),
        (
            Matter(_("Proposals to be approved"), Proposal, {"state": "waiting"}),
            Matter(_("Decision sets in draft"), DecisionSet, {"state__exact": "draft"}),
            Matter(_("Requests that came in"), Request, {"stage__exact": "received"}),
            Matter(_("Requests that are complete"), Request, {"stage__exact": "complete"}),
            Matter(_("Corrections to be looked at"), Correction, {"state__exact": "waiting"}),
            Matter(_("Imports to be confirmed"), ImportRun, {"state__exact": "planned"}),
            Matter(_("Answers of contacts"), Contact, {"confirmation": "answered"}),
        ),
    ),
    (
        _("Overdue"),
        (
            Matter(_("Requests past their time"), Request, {"attention": "overdue"}),
            Matter(_("Contacts kept past their time"), Contact, {"keeping": "past"}),
            Matter(_("Contacts that did not answer"), Contact, {"confirmation": "unanswered"}),
        ),
    ),
    (
        _("To look after"),
        (
            Matter(_("Contacts not verified for 12 months"), Contact, {"verified": "stale"}),
            Matter(_("Statuses without a date"), ConsultativeStatus, {"state": "undated"}),
            Matter(_("Statuses without a decision document"), ConsultativeStatus, {"decision_document__isempty": "1"}),
            Matter(_("Sources without an address"), Source, {"url__isempty": "1"}),
            Matter(_("Places where sources disagree"), Discrepancy),
        ),
    ),
)


@dataclass(frozen=True)
class Told:
    text: Any
    url: str
    number: int | None  # None: not counted yet


def waiting(request: HttpRequest) -> list[tuple[Any, list[Told]]]:
    """The sections that hold something the account may see; one query a number."""
    sections = [(title, list(told(request, matters))) for title, matters in SECTIONS]
    if request.user.has_perm(PERMISSION):
        alike = reverse("admin:engagement_organization_alike")
        sections[-1][1].append(Told(_("Look-alikes among organizations"), alike, number_of_pairs()))
    return [(title, matters) for title, matters in sections if matters]


def told(request: HttpRequest, matters: tuple[Matter, ...]) -> Iterator[Told]:
    for matter in matters:
        admin = site.get_model_admin(matter.model)
        if admin.has_view_permission(request):
            name = f"admin:{matter.model._meta.app_label}_{matter.model._meta.model_name}_changelist"
            query = f"?{urlencode(matter.query)}" if matter.query else ""
            yield Told(matter.text, reverse(name) + query, rows_of(admin, request, matter.query).count())


def rows_of(admin: Any, request: HttpRequest, query: dict[str, str]) -> QuerySet[Any]:
    """The rows that the list shows for this query."""
    rows = admin.get_queryset(request)
    own = {each.parameter_name: each for each in admin.get_list_filter(request) if hasattr(each, "parameter_name")}
    for name, value in query.items():
        if name in own:
            rows = own[name](request, {name: [value]}, admin.model, admin).queryset(request, rows)
        elif name.endswith("__isempty"):
            rows = rows.filter(**{name.removesuffix("__isempty"): ""})
        else:
            rows = rows.filter(**{name: value})
    return rows


RegisterSite.waiting = staticmethod(waiting)  # type: ignore[method-assign]
