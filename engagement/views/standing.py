"""Organizations, categories and countries: the pages of records that may be read as of a past day."""

import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from engagement.directories.shown import SHOWN_AT_ONCE, Shown, first_of
from engagement.models import (
    Attendance,
    Constituent,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Country,
    EligibilityCriterion,
    Invitation,
    Meeting,
    Membership,
    Office,
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    ParticipationRight,
    Project,
    ProjectPartner,
    Ratification,
    Seat,
    StatusState,
    TripartiteBody,
)
from engagement.models.consultation import status_state
from engagement.models.dates import begun_by, in_force, spoken_for, stated_for
from engagement.pictures.changes import changes_of_category
from engagement.pictures.timelines import timeline
from engagement.views.asof import as_of_a_day, day_context, seen_and_not
from engagement.views.casing import lower_case, upper_case
from engagement.views.describing import described, record_or_404
from engagement.views.related import language_name, with_remarks
from engagement.views.sides import sides_of
from engagement.web.signposts import signposted

# -- Organizations ------------------------------------------------------------------------------------------------


@require_safe
@lower_case
@signposted
@as_of_a_day
def organization(request: HttpRequest, slug: str, on: datetime.date | None) -> HttpResponse:
    body = record_or_404(Organization.objects.published().select_related("source", "region"), slug=slug)

    def of_it(model: Any, start: str = "") -> Any:
        """Its facts, less those known to have begun after the day."""
        rows = model.objects.published().filter(organization=body).for_list()
        return rows.filter(begun_by(on, start)) if on and start else rows

    statuses, undated_statuses = statuses_of(body, on)
    names: list[Any] = list(of_it(OrganizationName, "since"))
    for name in names:
        name.language = language_name(name.lang)
    facts = {
        "statuses": statuses,
        "undated_statuses": undated_statuses,
        "consultative_links": list(of_it(ConsultativeLink, "since")),
        "names": names,
        "seats": list(of_it(Seat).on(on) if on else of_it(Seat)),
        "identifiers": list(of_it(OrganizationIdentifier)),
        "relations": relations_of(body, on),
        "invitations": list(of_it(Invitation, "meeting__start")),
        "attendances": list(of_it(Attendance, "meeting__start")),
    }
    context = {
        "organization": body,
        "themes": body.themes.published(),
        "partnerships": of_it(ProjectPartner, "project__start"),
        "timeline": timeline(
            [*statuses, *undated_statuses], facts["invitations"], facts["attendances"], datetime.date.today(), on
        ),
        **facts,
        **day_context(on),
    }
    context |= with_remarks([body], *facts.values())
    return render(request, "engagement/organizations/detail.html", described(request, body, context, on))


def statuses_of(body: Organization, on: datetime.date | None) -> tuple[list[Any], list[Any]]:
    """Its statuses; as of a day those that count then or had ended, and apart from them those without any date."""
    every = ConsultativeStatus.objects.published().filter(organization=body).for_list()
    every = every.order_by("-granted_earliest", "key")
    if not on:
        return list(every), []
    rows = list(every.seen_on(on))
    return (
        [row for row in rows if row.state() != StatusState.UNDATED],
        [row for row in rows if row.state() == StatusState.UNDATED],
    )


def relations_of(body: Organization, on: datetime.date | None) -> list[OrganizationLink]:
    rows = OrganizationLink.objects.published().filter(Q(organization=body) | Q(other=body)).for_list()
    return list(rows.filter(begun_by(on, "date")) if on else rows)


# -- Categories ---------------------------------------------------------------------------------------------------


@require_safe
@lower_case
@as_of_a_day
def category(request: HttpRequest, slug: str, on: datetime.date | None) -> HttpResponse:
    shown = record_or_404(ConsultativeCategory.objects.published().select_related("source"), slug=slug)
    criteria = list(
        EligibilityCriterion.objects.published().filter(Q(category=shown) | Q(scope="all-categories")).for_list()
    )
    every_right = ParticipationRight.objects.published().filter(category=shown).for_list()
    rights, _undated = seen_and_not(every_right, in_force(on) | Q(since="") if on else None, Q(since=""))
    context = {
        "category": shown,
        "categories": ConsultativeCategory.objects.published(),
        "fields": shown.fields.published(),
        "criteria": [each for each in criteria if each.category_id],
        "general_criteria": [each for each in criteria if not each.category_id],
        "rights": rights,
        "rights_named": list({right.right: right for right in rights}.values()),
        "unknown_links": ConsultativeLink.objects.published().values("organization").distinct().count(),
        "by_year": changes_of_category(shown, on),
        **holders(shown, on),
        **day_context(on),
    }
    context |= with_remarks([shown], criteria, rights)
    return render(request, "engagement/categories/detail.html", described(request, shown, context, on))


def holders(category: ConsultativeCategory, on: datetime.date | None) -> dict[str, Any]:
    """Who holds the category: statuses by their state, or for “invited” the invitations, the first of each."""
    if category.slug == "invited":
        invitations = Invitation.objects.published()
        invitations = invitations.on(on) if on else invitations
        return {
            "invitations": first_of(invitations.for_list()),
            "recorded": invitations.values("organization").distinct().count(),
        }
    statuses = category.statuses.published()
    counted = statuses.on(on) if on else statuses
    return {
        "states": states_of(statuses.seen_on(on), on) if on else states_of(statuses, datetime.date.today()),
        "recorded": counted.values("organization").distinct().count(),
    }


NOT_BEGUN = "not-begun"
STATE_LABELS = {
    StatusState.CURRENT: gettext_lazy("Current"),
    StatusState.STATED: gettext_lazy("Stated by a source for its own date"),
    StatusState.UNDATED: gettext_lazy("Stated without any date"),
    StatusState.FORMER: gettext_lazy("Former"),
    NOT_BEGUN: gettext_lazy("Not begun, or its beginning is not recorded"),
}


def states_of(statuses: Any, day: datetime.date) -> list[tuple[str, Any, Shown]]:
    """The states that occur on `day`, each with its label, its first statuses and their number, in one query."""
    cases = [When(status_state(state, day), then=Value(state.value)) for state in StatusState]
    ranked = statuses.annotate(
        on_day=Case(*cases, default=Value(NOT_BEGUN)),
    ).annotate(
        total=Window(Count("pk"), partition_by=F("on_day")),
        number=Window(RowNumber(), partition_by=F("on_day"), order_by=("organization__sort_name", "key")),
    )  # fmt: skip
    by_state: dict[str, list[Any]] = {}
    for status in ranked.filter(number__lte=SHOWN_AT_ONCE).for_list():
        by_state.setdefault(status.on_day, []).append(status)
    return [
        (state, label, Shown(by_state[state], by_state[state][0].total))
        for state, label in STATE_LABELS.items()
        if state in by_state
    ]


# -- Countries ----------------------------------------------------------------------------------------------------


@require_safe
@upper_case
@as_of_a_day
def country(request: HttpRequest, iso2: str, on: datetime.date | None) -> HttpResponse:
    rows = Country.objects.published().select_related("source", "region")
    if on:
        member = Membership.objects.published().on(on).filter(country=OuterRef("pk"))
        rows = rows.annotate(is_member=Exists(member))
    shown = record_or_404(rows, iso2=iso2)
    facts, undated = facts_of(shown, on)
    context = {
        "country": shown,
        "sides": sides_of(shown, facts["constituents"], on),
        "undated": undated,
        "is_member": on is not None and shown.is_member,
        "offices": offices_of(shown, on),
        "neighbours": neighbours_of(shown, on),
        **facts,
        **first_related(shown, on),
        **day_context(on),
    }
    context |= with_remarks([shown], facts["memberships"], facts["constituents"], facts["ratifications"])
    return render(request, "engagement/countries/detail.html", described(request, shown, context, on))


def facts_of(shown: Country, on: datetime.date | None) -> tuple[dict[str, list[Any]], dict[str, int]]:
    """Its own facts as of the day, and how many of each kind have no date by which they could be seen."""
    conditions: dict[str, tuple[Any, Q | None, Q]] = {
        "memberships": (
            Membership.objects.select_related("source", "listed_in"),
            in_force(on) | stated_for(on) | ~Q(until="") & begun_by(on) if on else None,
            Q(since="", as_of=""),
        ),
        "constituents": (Constituent.objects.for_list(), spoken_for(on) if on else None, Q(as_of="")),
        "ratifications": (
            Ratification.objects.for_list(),
            ~Q(date="") & begun_by(on, "date") if on else None,
            Q(date=""),
        ),
        "tripartite_bodies": (
            TripartiteBody.objects.for_list(),
            begun_by(on, "established") if on else None,
            Q(established=""),
        ),
    }
    facts, undated = {}, {}
    for name, (rows, seen, without_date) in conditions.items():
        facts[name], undated[name] = seen_and_not(rows.published().filter(country=shown), seen, without_date)
    return facts, undated


def first_related(shown: Country, on: datetime.date | None) -> dict[str, Shown]:
    """The first of the long lists of what is related to the country."""
    seats = Seat.objects.published().filter(country=shown).for_list().order_by("organization__sort_name", "key")
    projects = Project.objects.published().filter(countries=shown).select_related("source")
    meetings = Meeting.objects.published().filter(country=shown).for_list()
    return {
        "seats": first_of(seats.on(on) if on else seats),
        "projects": first_of(projects.filter(begun_by(on, "start")) if on else projects),
        "meetings": first_of(meetings.filter(begun_by(on, "start")) if on else meetings),
    }


def offices_of(shown: Country, on: datetime.date | None) -> Any:
    there = Office.objects.published().filter(Q(country=shown) | Q(covered_countries=shown))
    return (there.filter(begun_by(on)) if on else there).distinct().select_related("source")


def neighbours_of(shown: Country, on: datetime.date | None) -> Any:
    """The other Member States of its region."""
    if not shown.region_id:
        return []
    countries = Country.objects.published().by_name().exclude(pk=shown.pk).filter(region=shown.region_id)
    return countries.on(on) if on else countries.members()
