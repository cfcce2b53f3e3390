"""The pages of single records: each with everything related to it and the evidence of each fact."""

import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from engagement.models import (
    ActorGroup,
    Attendance,
    Constituent,
    ConstituentGroup,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Country,
    EligibilityCriterion,
    Initiative,
    Instrument,
    InstrumentAmendment,
    Invitation,
    Meeting,
    Membership,
    Office,
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    ParticipationRight,
    PartnerRole,
    ProfileStatement,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    Ratification,
    ResultNature,
    Seat,
    Source,
    StatusState,
    TripartiteBody,
)
from engagement.models.citations import cited, facts_from, records_of
from engagement.models.consultation import status_state
from engagement.views.casing import lower_case, upper_case
from engagement.views.directories import page_of
from engagement.views.related import (
    SHOWN_AT_ONCE,
    Shown,
    first_of,
    footnoted,
    impersonal,
    impersonally,
    language_name,
    with_remarks,
)


@require_safe
@lower_case
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Organization.objects.published().select_related("source", "region"), slug=slug)
    own = {"organization": body}
    statuses = list(
        ConsultativeStatus.objects.published().filter(**own).for_list().order_by("-granted_earliest", "key")
    )
    links = list(ConsultativeLink.objects.published().filter(**own).for_list())
    names: list[Any] = list(OrganizationName.objects.published().filter(**own).for_list())
    for name in names:
        name.language = language_name(name.lang)
    seats = list(Seat.objects.published().filter(**own).for_list())
    invitations = list(Invitation.objects.published().filter(**own).for_list())
    attendances = list(Attendance.objects.published().filter(**own).for_list())
    relations = list(OrganizationLink.objects.published().filter(Q(organization=body) | Q(other=body)).for_list())
    identifiers = list(OrganizationIdentifier.objects.published().filter(**own).for_list())
    context = {
        "organization": body,
        "themes": body.themes.published(),
        "statuses": statuses,
        "consultative_links": links,
        "names": names,
        "seats": seats,
        "identifiers": identifiers,
        "relations": relations,
        "invitations": invitations,
        "attendances": attendances,
        "partnerships": ProjectPartner.objects.published().filter(**own).for_list(),
    }
    context |= with_remarks([body], statuses, links, names, seats, identifiers, relations, invitations, attendances)
    return render(request, "engagement/organizations/detail.html", context)


@require_safe
@lower_case
def category(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(ConsultativeCategory.objects.published().select_related("source"), slug=slug)
    criteria = list(
        EligibilityCriterion.objects.published().filter(Q(category=shown) | Q(scope="all-categories")).for_list()
    )
    rights = list(ParticipationRight.objects.published().filter(category=shown).for_list())
    context = {
        "category": shown,
        "categories": ConsultativeCategory.objects.published(),
        "fields": shown.fields.published(),
        "criteria": [each for each in criteria if each.category_id],
        "general_criteria": [each for each in criteria if not each.category_id],
        "rights": rights,
        "unknown_links": ConsultativeLink.objects.published().values("organization").distinct().count(),
        "today": datetime.date.today(),
        **holders(shown),
    }
    context |= with_remarks([shown], criteria, rights)
    return render(request, "engagement/categories/detail.html", context)


def holders(category: ConsultativeCategory) -> dict[str, Any]:
    """Who holds the category: statuses by their state today, or for “invited” the invitations, the first of each."""
    if category.slug == "invited":
        invitations = Invitation.objects.published()
        return {
            "invitations": first_of(invitations.for_list()),
            "recorded": invitations.values("organization").distinct().count(),
        }
    statuses = category.statuses.published()
    return {
        "states": states_of(statuses, datetime.date.today()),
        "recorded": statuses.values("organization").distinct().count(),
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


@require_safe
@upper_case
def country(request: HttpRequest, iso2: str) -> HttpResponse:
    shown = get_object_or_404(Country.objects.published().select_related("source", "region"), iso2=iso2)
    own = {"country": shown}
    memberships = list(Membership.objects.published().filter(**own).select_related("source", "listed_in"))
    constituents = list(Constituent.objects.published().filter(**own).for_list())
    seats = Seat.objects.published().filter(**own).for_list().order_by("organization__sort_name", "key")
    ratifications = list(Ratification.objects.published().filter(**own).for_list())
    offices = Office.objects.published().filter(Q(country=shown) | Q(covered_countries=shown)).distinct()
    neighbours = Country.objects.published().members().exclude(pk=shown.pk)
    context = {
        "country": shown,
        "memberships": memberships,
        "groups": [(group, [each for each in constituents if each.group == group]) for group in ConstituentGroup],
        "tripartite_bodies": TripartiteBody.objects.published().filter(**own).for_list(),
        "ratifications": ratifications,
        "seats": first_of(seats),
        "projects": first_of(Project.objects.published().filter(countries=shown).select_related("source")),
        "meetings": first_of(Meeting.objects.published().filter(**own).for_list()),
        "offices": offices.select_related("source"),
        "neighbours": neighbours.filter(region=shown.region_id) if shown.region_id else [],
    }
    context |= with_remarks([shown], memberships, constituents, ratifications)
    return render(request, "engagement/countries/detail.html", context)


@require_safe
@lower_case
def project(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Project.objects.published().select_related("source", "programme"), slug=slug)
    partners = list(ProjectPartner.objects.published().filter(project=shown).for_list())
    results = list(ProjectResult.objects.published().filter(project=shown).for_list())
    context = {
        "project": shown,
        "countries": shown.countries.published(),
        "themes": shown.themes.published(),
        **by_role(partners),
        **by_nature(results),
    }
    context |= with_remarks([shown], partners, results)
    return render(request, "engagement/projects/detail.html", context)


def by_role(partners: list[ProjectPartner]) -> dict[str, Any]:
    """Partners by what they were, and the roles for which none is recorded."""
    roles = [(role, [each for each in partners if each.role == role]) for role in PartnerRole]
    missing = [role.label for role, held in roles if not held and role != PartnerRole.UNSPECIFIED]
    return {"roles": roles, "roles_missing": missing}


def by_nature(results: list[ProjectResult]) -> dict[str, Any]:
    """Figures by what they are (a target is no achievement), and findings in words."""
    figures = [result for result in results if result.value is not None]
    natures = [(nature, [each for each in figures if each.nature == nature]) for nature in ResultNature]
    return {
        "natures": [(nature, held) for nature, held in natures if held],
        "findings": [result for result in results if result.value is None],
    }


@require_safe
@lower_case
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Programme.objects.published().select_related("source"), slug=slug)
    results = list(ProjectResult.objects.published().filter(programme=shown).for_list())
    context = {
        "programme": shown,
        "themes": shown.themes.published(),
        "projects": first_of(Project.objects.published().filter(programme=shown).for_list()),
        **by_nature(results),
    }
    context |= with_remarks([shown], results)
    return render(request, "engagement/projects/programme.html", context)


@require_safe
@upper_case
def instrument(request: HttpRequest, code: str) -> HttpResponse:
    shown = get_object_or_404(Instrument.objects.published().select_related("source"), code=code)
    amendments = list(InstrumentAmendment.objects.published().filter(instrument=shown).for_list())
    ratifications = list(Ratification.objects.published().filter(instrument=shown).for_list())
    initiatives = list(Initiative.objects.published().filter(instrument=shown).for_list())
    context = {
        "instrument": shown,
        "amendments": amendments,
        "ratifications": ratifications,
        "initiatives": initiatives,
        "actor_groups": shown.actor_groups.published(),
    }
    context |= with_remarks([shown], amendments, ratifications, initiatives)
    context["footnotes"] = footnoted(ratifications)
    return render(request, "engagement/instruments/detail.html", context)


@require_safe
@lower_case
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Meeting.objects.published().for_list(), slug=slug)
    invitations = list(
        Invitation.objects.published().filter(meeting=shown).select_related("source", "organization", "decision")
    )
    attendances = list(Attendance.objects.published().filter(meeting=shown).for_list())
    decisions = list(shown.invitation_decisions.published().for_list())
    context = {
        "meeting": shown,
        "invitations": invitations,
        "attendances": attendances,
        "decisions": decisions,
    }
    context |= with_remarks([shown], invitations, attendances, decisions)
    return render(request, "engagement/meetings/detail.html", context)


@require_safe
@lower_case
def actor_group(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(ActorGroup.objects.published().select_related("source"), slug=slug)
    initiatives = list(Initiative.objects.published().filter(actor_group=shown).for_list())
    statements = list(ProfileStatement.objects.published().filter(actor_group=shown).for_list())
    instruments = list(shown.instruments.published().for_list())
    criteria = list(EligibilityCriterion.objects.published().filter(scope="operational").for_list())
    context = {
        "actor_group": shown,
        "actor_groups": ActorGroup.objects.published(),
        "initiatives": initiatives,
        "statements": statements,
        "instruments": instruments,
        "criteria": criteria if shown.slug == "civil-society" else [],
    }
    context |= with_remarks([shown], initiatives, statements, instruments)
    return render(request, "engagement/engagement/detail.html", context)


@require_safe
@lower_case
def source(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Source.objects.published(), slug=slug)
    page, problem = page_of(facts_from(shown), request.GET)
    further: list[Any] = list(shown.further.published())
    records = impersonally(records_of(further))
    for each in further:
        each.record = records.get((each.kind, each.record_key))
    context = {
        "source": shown,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "facts": [] if problem else [impersonal(cited(row)) for row in page],
        "problems": {"page": problem} if problem else {},
        "further": [each for each in further if each.record],
    }
    return render(request, "engagement/sources/detail.html", context, status=400 if problem else 200)
