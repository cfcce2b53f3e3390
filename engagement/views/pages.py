"""Pages that are neither a directory nor one record: home, categories, participation, engagement, about."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.directories.holdings import invited, recorded
from engagement.directories.organizations import organizations
from engagement.models import (
    ActorGroup,
    Constituent,
    ConstituentGroup,
    ConsultativeCategory,
    ConsultativeLink,
    Country,
    CriterionScope,
    Discrepancy,
    EligibilityCriterion,
    InformationResource,
    Initiative,
    Meeting,
    MeetingKind,
    ParticipationRight,
    ProfileStatement,
    Project,
    Provision,
    RelationKind,
    RightHolder,
    RightsArea,
    Source,
    StatementTopic,
    StrategicObjective,
)
from engagement.models.citations import records_of
from engagement.pictures.changes import changes_of_all
from engagement.pictures.holders import holders_of_all
from engagement.views.related import impersonally, reading, with_remarks


def counted_categories() -> list[Any]:
    """The categories, each with the number of organizations recorded in it at any time."""
    bodies = recorded()
    categories: list[Any] = list(ConsultativeCategory.objects.published().select_related("source"))
    for category in categories:
        category.recorded = len(bodies.get(category.slug, ()))
    return categories


def unknown_links() -> int:
    """Organizations for which a link with the ILO is stated without its category."""
    return ConsultativeLink.objects.published().values("organization").distinct().count()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    sides = {group: Count("pk", filter=Q(group=group)) for group in ConstituentGroup.values}
    context = {
        "categories": counted_categories(),
        "invited": len(invited()),
        "unknown_links": unknown_links(),
        "sides": Constituent.objects.published().aggregate(**sides),
        "members": Country.objects.published().members().count(),
        "organizations": len(organizations.ask(QueryDict()).everything),
        "projects": Project.objects.published().count(),
        "sources": Source.objects.published().aggregate(count=Count("pk"), newest=Max("date")),
        "meetings": Meeting.objects.published().count(),
        "today": datetime.date.today(),
    }
    return render(request, "engagement/home.html", context)


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    shown = counted_categories()
    context = {
        "categories": shown,
        "invited": len(invited()),
        "unknown_links": unknown_links(),
        "over_time": holders_of_all(shown, datetime.date.today()),
        "by_year": changes_of_all(),
        "relations": RelationKind.objects.published().for_list(),
        "statements": ProfileStatement.objects.published().filter(topic=StatementTopic.CATEGORIES).for_list(),
    }
    return render(request, "engagement/categories/list.html", context)


@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    public = Q(category__isnull=True) | Q(category__published=True)
    rights = list(ParticipationRight.objects.published().filter(public).select_related("source", "category"))
    categories = list(ConsultativeCategory.objects.published())
    criteria = list(EligibilityCriterion.objects.published().filter(category__isnull=True).for_list())
    provisions = list(Provision.objects.published().for_list())
    with_remarks(rights, criteria, provisions)
    context = {
        "matrix": participation_matrix(rights, categories),
        "columns": columns_used(rights),
        "categories": categories,
        "general_criteria": [each for each in criteria if each.scope == CriterionScope.ALL_CATEGORIES],
        "operational_criteria": [each for each in criteria if each.scope == CriterionScope.OPERATIONAL],
        "provisions": provisions,
    }
    return render(request, "engagement/participation.html", context)


def columns_used(rights: list[ParticipationRight]) -> list[MeetingKind]:
    """The kinds of meeting that a matrix needs as columns, in their own order."""
    used = {right.meeting_kind for right in rights}
    return [kind for kind in MeetingKind if kind in used]


def participation_matrix(
    rights: list[ParticipationRight], categories: list[ConsultativeCategory]
) -> list[dict[str, Any]]:
    """One row a holder: its name, and the rights in each column; an empty cell is “not recorded”."""
    columns = columns_used(rights)
    holders: list[tuple[str, str, Any]] = [
        (each.local_name, each.get_absolute_url(), ("category", each.pk)) for each in categories
    ]
    holders += [
        (str(holder.label), "", (holder.value, None)) for holder in RightHolder if holder != RightHolder.CATEGORY
    ]
    by_cell: dict[tuple[Any, str], list[ParticipationRight]] = {}
    for right in rights:
        by_cell.setdefault(((right.holder, right.category_id), right.meeting_kind), []).append(right)
    return [
        {
            "name": name,
            "url": url,
            "cells": [(column.label, by_cell.get((holder, column.value), [])) for column in columns],
        }
        for name, url, holder in holders
    ]


@require_safe
def engagement(request: HttpRequest) -> HttpResponse:
    statements = list(ProfileStatement.objects.published().filter(actor_group__isnull=True).for_list())
    context = {
        "actor_groups": ActorGroup.objects.published().for_list(),
        "objectives": StrategicObjective.objects.published().for_list(),
        "rights_areas": RightsArea.objects.published().for_list(),
        "relations": RelationKind.objects.published().for_list(),
        "initiatives": Initiative.objects.published().filter(actor_group__isnull=True).for_list(),
        "topics": [(topic, [each for each in statements if each.topic == topic]) for topic in StatementTopic],
    }
    return render(request, "engagement/engagement/list.html", context)


@require_safe
def discrepancies(request: HttpRequest) -> HttpResponse:
    """Where sources disagree on a record that the public may see."""
    found: list[Any] = list(Discrepancy.objects.published().for_list())
    records = impersonally(records_of(found))
    for each in found:
        each.record = records.get((each.kind, each.record_key))
        each.reading_a, each.reading_b = reading(each.reading_a), reading(each.reading_b)
    context = {"discrepancies": [each for each in found if each.record]}
    return render(request, "engagement/discrepancies.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "resources": InformationResource.objects.published().for_list(),
        "sources": Source.objects.published().count(),
        "unknown_links": unknown_links(),
    }
    return render(request, "engagement/about.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "engagement/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    address = settings.DEFAULT_FROM_EMAIL
    context = {"address": "" if address.endswith("@localhost") else address}
    return render(request, "engagement/accessibility.html", context)
