"""The pages of single records: each with everything related to it and the evidence of each fact.

Those that may be read as of a past day stand in `standing.py`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.directories.following import remembered
from engagement.directories.shown import first_of
from engagement.models import (
    ActorGroup,
    Attendance,
    EligibilityCriterion,
    Initiative,
    Instrument,
    InstrumentAmendment,
    Invitation,
    Meeting,
    PartnerRole,
    ProfileStatement,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    Ratification,
    ResultNature,
    Source,
)
from engagement.models.citations import Facts, cited, records_of
from engagement.models.languages import InLanguage
from engagement.pictures.results import results_of
from engagement.views.calendars import dates_of_a_meeting
from engagement.views.casing import lower_case, upper_case
from engagement.views.describing import described, record_or_404
from engagement.views.paging import page_of, pager_of
from engagement.views.related import (
    footnoted,
    impersonal,
    impersonally,
    with_remarks,
)


@require_safe
@lower_case
def project(request: HttpRequest, slug: str) -> HttpResponse:
    shown = record_or_404(Project.objects.published().select_related("source", "programme"), slug=slug)
    partners = list(ProjectPartner.objects.published().filter(project=shown).for_list())
    results = list(ProjectResult.objects.published().filter(project=shown).for_list())
    context = {
        "project": shown,
        "countries": shown.countries.published().by_name(),
        "themes": shown.themes.published(),
        "picture": results_of(results),
        **by_role(partners),
        **by_nature(results),
    }
    context |= with_remarks([shown], partners, results)
    return render(request, "engagement/projects/detail.html", described(request, shown, context))


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
    shown = record_or_404(Programme.objects.published().select_related("source"), slug=slug)
    results = list(ProjectResult.objects.published().filter(programme=shown).for_list())
    context = {
        "programme": shown,
        "themes": shown.themes.published(),
        "projects": first_of(Project.objects.published().filter(programme=shown).for_list()),
        **by_nature(results),
    }
    context |= with_remarks([shown], results)
    return render(request, "engagement/projects/programme.html", described(request, shown, context))


@require_safe
@upper_case
def instrument(request: HttpRequest, code: str) -> HttpResponse:
    shown = record_or_404(Instrument.objects.published().select_related("source"), code=code)
    amendments = list(InstrumentAmendment.objects.published().filter(instrument=shown).for_list())
    ratifications = list(
        Ratification.objects.published()
        .filter(instrument=shown)
        .for_list()
        .order_by(InLanguage("country__sort_name").column, "key")
    )
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
    return render(request, "engagement/instruments/detail.html", described(request, shown, context))


@require_safe
@lower_case
def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    shown = record_or_404(Meeting.objects.published().for_list(), slug=slug)
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
        "has_calendar": bool(dates_of_a_meeting(shown)),
    }
    context |= with_remarks([shown], invitations, attendances, decisions)
    return render(request, "engagement/meetings/detail.html", described(request, shown, context))


@require_safe
@lower_case
def actor_group(request: HttpRequest, slug: str) -> HttpResponse:
    shown = record_or_404(ActorGroup.objects.published().select_related("source"), slug=slug)
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
    return render(request, "engagement/engagement/detail.html", described(request, shown, context))


@require_safe
@lower_case
def source(request: HttpRequest, slug: str) -> HttpResponse:
    shown = record_or_404(Source.objects.published(), slug=slug)
    numbers = remembered("facts of a source", lambda: Facts(shown).numbers, shown.pk)
    page, problem = page_of(Facts(shown, numbers), request.GET)
    further: list[Any] = list(shown.further.published())
    records = impersonally(records_of(further))
    for each in further:
        each.record = records.get((each.kind, each.record_key))
    context = {
        "source": shown,
        "page": page,
        "pager": pager_of(page, ""),
        "facts": [] if problem else [impersonal(cited(row)) for row in page],
        "problems": {"page": problem} if problem else {},
        "further": [each for each in further if each.record],
    }
    return render(
        request, "engagement/sources/detail.html", described(request, shown, context), status=400 if problem else 200
    )
