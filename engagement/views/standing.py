"""Organizations, categories and countries: the pages of records that may be read as of a past day."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from engagement.directories.holdings import code_of, firsts_of, invited, recorded, seated, standings
from engagement.directories.holdings import seats as every_seat
from engagement.directories.invitations import invitations
from engagement.directories.organizations import organizations, statuses
from engagement.directories.shown import SHOWN_AT_ONCE, Shown, first_of
from engagement.models import (
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
    ParticipationRight,
    Project,
    Ratification,
    Seat,
    StatusState,
    TripartiteBody,
)
from engagement.models.dates import begun_by, in_force, spoken_for, stated_for
from engagement.pictures.changes import changes_of_category
from engagement.pictures.timelines import timeline
from engagement.views.asof import as_of_a_day, day_context, seen_and_not
from engagement.views.casing import lower_case, upper_case
from engagement.views.describing import described, record_or_404
from engagement.views.organization_facts import organization_or_404, parts_of
from engagement.views.related import language_name, with_remarks
from engagement.views.sides import sides_of
from engagement.web.signposts import signposted

# -- Organizations ------------------------------------------------------------------------------------------------


@require_safe
@lower_case
@signposted
@as_of_a_day
def organization(request: HttpRequest, slug: str, on: datetime.date | None) -> HttpResponse:
    body = organization_or_404(slug)
    facts = parts_of(body, on)
    for name in facts["names"]:
        name.language = language_name(name.lang)
    facts["statuses"], undated_statuses = with_date_and_without(facts["statuses"], on)
    context = {
        "organization": body,
        "undated_statuses": undated_statuses,
        "timeline": timeline(
            [*facts["statuses"], *undated_statuses],
            facts["invitations"],
            facts["attendances"],
            datetime.date.today(),
            on,
        ),
        **facts,
        **day_context(on),
    }
    shown_in_full = [rows for name, rows in facts.items() if name not in ("themes", "partnerships")]
    context |= with_remarks([body], *shown_in_full, undated_statuses)
    return render(request, "engagement/organizations/detail.html", described(request, body, context, on))


def with_date_and_without(statuses: list[Any], on: datetime.date | None) -> tuple[list[Any], list[Any]]:
    """As of a day those that count then or had ended, and apart from them those without any date."""
    if not on:
        return statuses, []
    dated = [row for row in statuses if row.state() != StatusState.UNDATED]
    return dated, [row for row in statuses if row.state() == StatusState.UNDATED]


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
        if on:
            there = Invitation.objects.published().on(on)
            return {
                "invitations": first_of(there.for_list()),
                "recorded": there.values("organization").distinct().count(),
            }
        return {"invitations": first_invitations(), "recorded": len(invited())}
    return {"states": states_of(category, on), "recorded": len(recorded(on).get(category.slug, ()))}


def first_invitations() -> Shown:
    every = invitations.ask(QueryDict())
    return Shown(invitations.page(every, 0, SHOWN_AT_ONCE), len(every.chosen))


NOT_BEGUN = "not-begun"
STATE_LABELS = {
    StatusState.CURRENT: gettext_lazy("Current"),
    StatusState.STATED: gettext_lazy("Stated by a source for its own date"),
    StatusState.UNDATED: gettext_lazy("Stated without any date"),
    StatusState.FORMER: gettext_lazy("Former"),
    NOT_BEGUN: gettext_lazy("Not begun, or its beginning is not recorded"),
}
# How `standings` calls them.
CODES = {state: "" if state == NOT_BEGUN else state for state in STATE_LABELS}


def states_of(category: ConsultativeCategory, on: datetime.date | None) -> list[tuple[str, Any, Shown]]:
    """The states that occur on the day or today, each with its label, its first statuses and their number."""
    day = on or datetime.date.today()
    by_code, firsts = standings(day, seen=on is not None), firsts_of(statuses)
    found = {state: by_code.get(code_of(category.slug, code), BitMap()) for state, code in CODES.items()}
    keys = {state: firsts(every, SHOWN_AT_ONCE) for state, every in found.items() if every}
    rows = ConsultativeStatus.objects.published().filter(pk__in=[pk for first in keys.values() for pk in first])
    by_pk = (rows.for_list_on(on) if on else rows.for_list()).in_bulk()
    return [
        (state, label, Shown([by_pk[pk] for pk in keys[state]], len(found[state])))
        for state, label in STATE_LABELS.items()
        if state in keys
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


# Seats of a country that the database puts in order.
MANY = 2_000


def first_related(shown: Country, on: datetime.date | None) -> dict[str, Shown]:
    """The first of the long lists of what is related to the country."""
    seats = Seat.objects.published().filter(country=shown).for_list().order_by("organization__sort_name", "key")
    projects = Project.objects.published().filter(countries=shown).select_related("source")
    meetings = Meeting.objects.published().filter(country=shown).for_list()
    return {
        "seats": first_of(seats.on(on)) if on else first_seats(shown, seats),
        "projects": first_of(projects.filter(begun_by(on, "start")) if on else projects),
        "meetings": first_of(meetings.filter(begun_by(on, "start")) if on else meetings),
    }


def first_seats(shown: Country, seats: Any) -> Shown:
    """Of its `seats`, which are in order. Where they are many, those whose organizations come first are sought."""
    total = len(every_seat().get(shown.iso2, ()))
    if total > MANY:
        bodies = firsts_of(organizations)(seated().get(shown.iso2, BitMap()), SHOWN_AT_ONCE)
        seats = seats.filter(organization__in=bodies)
    return Shown(list(seats[:SHOWN_AT_ONCE]), total)


def offices_of(shown: Country, on: datetime.date | None) -> Any:
    there = Office.objects.published().filter(Q(country=shown) | Q(covered_countries=shown))
    return (there.filter(begun_by(on)) if on else there).distinct().select_related("source")


def neighbours_of(shown: Country, on: datetime.date | None) -> Any:
    """The other Member States of its region."""
    if not shown.region_id:
        return []
    countries = Country.objects.published().by_name().exclude(pk=shown.pk).filter(region=shown.region_id)
    return countries.on(on) if on else countries.members()
