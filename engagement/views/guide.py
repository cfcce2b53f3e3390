"""The guide's page: six questions in the address, the door in the answer."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.guide.doors import Door
from engagement.guide.questions import GuideQuestion
from engagement.guide.result import Result, asks_for_dates, dates_of, result_of
from engagement.guide.rules import RuleBook
from engagement.models import (
    ConsultativeCategory,
    Country,
    EligibilityCriterion,
    Office,
    OfficeKind,
    PartialDate,
    ParticipationRight,
    RightHolder,
    SourceKind,
)
from engagement.models.answers import PAPERS, QUESTIONS, VOCABULARIES
from engagement.templatetags.register import english
from engagement.views.calendars import dated
from engagement.views.related import with_remarks
from engagement.web.addresses import address, pairs_of, tidied

TEMPLATE = "engagement/guide.html"
# The questions of the page, each with the parameters that are answered in it.
ASKED = {
    "organization": ("organization",),
    "reach": ("reach", "country"),
    "aims": ("aims",),
    "want": ("want", "meeting", "first"),
    "member": ("member",),
    PAPERS: (PAPERS,),
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Asked:
    """One question of the page; `answered` is what was said to it, in words."""

    name: str
    legend: str
    options: list[Option]
    answered: list[str]


@require_safe
def which_status(request: HttpRequest) -> HttpResponse:
    """The questions, with the answer once anything is said; a 400, or a redirect to the canonical address."""
    question = GuideQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, TEMPLATE, {"problems": problems, **form_of(GuideQuestion({}))}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    context = form_of(question)
    if question.is_asked:
        context |= answer(question, datetime.date.today())
        context["permalink"] = request.build_absolute_uri(canonical)
    return render(request, TEMPLATE, context)


# -- The form ------------------------------------------------------------------------------------------------------


def form_of(question: GuideQuestion) -> dict[str, Any]:
    return {
        "asked": [asked(name, question) for name in ASKED],
        "firsts": options("first", question),
        "first_legend": QUESTIONS["first"],
        "countries": question.countries,
        "meetings": question.meetings,
        "country": question.country_asked,
        "meeting": question.meeting_asked,
    }


def options(name: str, question: GuideQuestion) -> list[Option]:
    given = set(question.data.getlist(name)) if question.is_asked else set()
    return [Option(value, label, value in given) for value, label in VOCABULARIES[name].choices]


def asked(name: str, question: GuideQuestion) -> Asked:
    answered = []
    for parameter in ASKED[name]:
        if parameter == "country":
            answered += [str(question.country_asked)] if question.country_asked else []
        elif parameter == "meeting":
            answered += [english(question.meeting_asked.name)] if question.meeting_asked else []
        else:
            answered += [option.label for option in options(parameter, question) if option.checked]
    return Asked(name, str(QUESTIONS[name]), options(name, question), answered)


# -- The answer ----------------------------------------------------------------------------------------------------


def answer(question: GuideQuestion, today: datetime.date) -> dict[str, Any]:
    criteria: list[Any] = list(
        EligibilityCriterion.objects.published().applying(today).for_list().select_related("source", "category")
    )
    answers = question.answers
    result = result_of(answers, RuleBook.of(criteria))
    dates = dates_of(question.meeting_asked, question.meetings, today) if asks_for_dates(answers, result) else None
    with_remarks(criteria, {window.meeting for window in dates.all} if dates else [])
    for criterion in criteria:
        criterion.years = years_since(criterion.as_of, today)
    return {
        "result": result,
        "open_questions": [open_question(name) for name in result.open],
        "dates": dates,
        "has_calendar": dates is not None and bool(dated(dates)),
        "categories": {each.slug: each for each in ConsultativeCategory.objects.published()},
        "rights": rights_of_partners(result),
        "offices": offices_for(question.country_asked),
        "pages": pages_of_the_ilo(result),
        "today": today,
    }


def open_question(name: str) -> dict[str, Any]:
    """What is asked, and which question of the page it belongs to."""
    place = next(place for place, parameters in ASKED.items() if name in parameters)
    return {"legend": QUESTIONS[name], "place": place}


def years_since(as_of: str, today: datetime.date) -> int:
    """Whole years since the last day for which a source speaks; 0 where it names none or an open one."""
    last = PartialDate(as_of).latest if as_of else ""
    return max(0, today.year - int(last[:4]) - (today.isoformat()[5:] < last[5:])) if last else 0


def rights_of_partners(result: Result) -> list[ParticipationRight]:
    """What is published of the door in the country: there are no criteria for it."""
    if not (result.way and result.way.door == Door.COUNTRY):
        return []
    rights = ParticipationRight.objects.published().filter(holder=RightHolder.SOCIAL_PARTNERS)
    return list(rights.for_list())


def offices_for(country: Country | None) -> list[Office]:
    """The offices that a source names for the country, the nearest first."""
    if country is None:
        return []
    near = Q(covered_countries=country) | Q(country=country, kind=OfficeKind.COUNTRY)
    offices = Office.objects.published().filter(near).select_related("source").distinct()
    return sorted(offices, key=lambda office: (office.kind != OfficeKind.COUNTRY, office.order, office.name))


def pages_of_the_ilo(result: Result) -> list[Any]:
    """The official pages on which the rules of the door stand."""
    rules = result.way.rules if result.way else []
    sources = {each.criterion.source_id: each.criterion.source for each in rules}
    return [each for each in sources.values() if each.published and each.kind == SourceKind.OFFICIAL_PAGE]
