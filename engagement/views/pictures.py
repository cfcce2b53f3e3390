"""The map of the countries, and the tables below the pictures as files."""

import datetime
from collections.abc import Iterable
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from engagement.directories.questions import AsOf, Question
from engagement.exchange.tables import csv_response
from engagement.models import (
    Attendance,
    ConsultativeCategory,
    ConsultativeStatus,
    Invitation,
    Organization,
    Project,
    ProjectResult,
)
from engagement.models.dates import begun_by
from engagement.pictures.changes import Changes, changes_of_all, changes_of_category
from engagement.pictures.holders import holders_of_all
from engagement.pictures.results import results_of
from engagement.pictures.timelines import timeline
from engagement.pictures.world import DEFAULT, MEASURES, world
from engagement.views.casing import lower_case
from engagement.web.addresses import address, pairs_of, tidied
from engagement.web.problems import refused
from engagement.web.signposts import signposted

EVIDENCE = ("source", "source_url", "as_of", "url")

# -- The map -------------------------------------------------------------------------------------------------------


class MapQuestion(Question):
    """What the map may be asked: what its tiles count."""

    show = django_filters.ChoiceFilter(
        choices=[(name, measure.label) for name, measure in MEASURES.items()], label=gettext_lazy("Show")
    )

    @property
    def shown(self) -> str:
        return self.data.get("show") or DEFAULT

    def _is_default(self, name: str, value: str) -> bool:
        return name == "show" and value == DEFAULT


@require_safe
def countries_map(request: HttpRequest) -> HttpResponse:
    question = MapQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, "engagement/refusal.html", {"problems": problems}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    context = {
        "world": world(MEASURES[question.shown]),
        "shown": question.shown,
        "measure": MEASURES[question.shown],
        "measures": MEASURES.items(),
        "default": DEFAULT,
        "today": datetime.date.today(),
    }
    return render(request, "engagement/countries/map.html", context)


@require_safe
def countries_map_file(request: HttpRequest) -> HttpResponse:
    question = MapQuestion(request.GET)
    if problems := question.problems():
        return refused(problems)
    rows = [
        [tile.country.iso2, str(tile.country), tile.country.iso3, str(tile.country.region or ""), tile.number,
         request.build_absolute_uri(tile.country.get_absolute_url())]
        for tile in world(MEASURES[question.shown]).tiles
    ]  # fmt: skip
    header = ["key", "name", "iso3", "region", question.shown, "url"]
    return csv_response(f"countries-{question.shown}.csv", header, rows)


# -- Tables as files -----------------------------------------------------------------------------------------------


def evidence_of(request: HttpRequest, fact: Any) -> list[str]:
    """The last columns of a row that is a fact."""
    return [fact.source.title, fact.source.url, fact.as_of, request.build_absolute_uri(fact.get_absolute_url())]


@require_safe
@lower_case
@signposted
def organization_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Organization.objects.published(), slug=slug)
    question = AsOf(request.GET)
    if problems := question.problems():
        return refused(problems)
    statuses = ConsultativeStatus.objects.published().filter(organization=body).for_list()
    picture = timeline(
        statuses.seen_on(question.day) if question.day else statuses,
        at_meetings(Invitation, body, question.day),
        at_meetings(Attendance, body, question.day),
        datetime.date.today(),
    )
    header = ["key", "name", "kind", "start", "end", "stated_for", *EVIDENCE]
    rows = [[*timeline_row(kind, row), *evidence_of(request, row)] for kind, row in picture.rows]
    return csv_response(f"{body.slug}-timeline.csv", header, rows)


def at_meetings(model: Any, body: Organization, on: datetime.date | None) -> Any:
    """Its invitations or attendances, less those to meetings known to have begun after the day."""
    rows = model.objects.published().filter(organization=body).for_list()
    return rows.filter(begun_by(on, "meeting__start")) if on else rows


def timeline_row(kind: str, row: Any) -> list[Any]:
    if kind != "status":
        return [row.key, str(row.meeting), kind, row.meeting.start, row.meeting.end, ""]
    name = f"{row.category} ({row.region})" if row.region else str(row.category)
    return [row.key, name, kind, row.granted, row.ended, "" if row.granted or row.ended else row.as_of]


@require_safe
@lower_case
def category_by_year(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(ConsultativeCategory.objects.published(), slug=slug)
    question = AsOf(request.GET)
    if problems := question.problems():
        return refused(problems)
    picture = changes_of_category(shown, question.day)
    if shown.slug == "invited":
        rows = [[row.date, row.begun] for row in picture.rows]
        return csv_response("invited-by-year.csv", ["date", "invitations"], rows)
    return csv_response(f"{shown.slug}-by-year.csv", ["date", "granted", "ended"], changes_rows(picture))


def changes_rows(picture: Changes) -> Iterable[list[Any]]:
    return ([row.date, row.begun, row.ended] for row in picture.rows)


@require_safe
def categories_by_year(request: HttpRequest) -> HttpResponse:
    if problems := Question(request.GET).problems():
        return refused(problems)
    picture = changes_of_all()
    return csv_response("statuses-by-year.csv", ["date", "granted", "ended"], changes_rows(picture))


@require_safe
def categories_over_time(request: HttpRequest) -> HttpResponse:
    if problems := Question(request.GET).problems():
        return refused(problems)
    categories = ConsultativeCategory.objects.published()
    picture = holders_of_all(categories, datetime.date.today())
    header = ["day", *(strip.category.slug.replace("-", "_") for strip in picture.strips)]
    rows = [[f"{year}-12-31", *numbers] for year, numbers in picture.rows]
    return csv_response("categories-over-time.csv", header, rows)


@require_safe
@lower_case
def project_results(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Project.objects.published(), slug=slug)
    if problems := Question(request.GET).problems():
        return refused(problems)
    picture = results_of(ProjectResult.objects.published().filter(project=shown).for_list())
    header = ["key", "name", "nature", "value", "unit", *EVIDENCE]
    rows = [
        [row.key, row.indicator, row.nature, number(row), row.unit, *evidence_of(request, row)] for row in picture.rows
    ]
    return csv_response(f"{shown.slug}-results.csv", header, rows)


def number(result: ProjectResult) -> str:
    """The value without idle zeros: 10572.0000 -> 10572."""
    return f"{result.value:f}".rstrip("0").rstrip(".")
