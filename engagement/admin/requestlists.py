"""The inbox as a list: what each request lacks, counted by the database, so that the list can be sorted by it."""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.desk import inbox, requests
from engagement.desk.models import OPEN, Request, RequestPaper, Stage
from engagement.models.dates import LatestDay

# How long a request may wait until somebody has looked whether it is complete.
LOOKED_AT_WITHIN = datetime.timedelta(days=10)
NO_DEADLINE = "9999-12-31"
# First those that staff have in hand, then those before the deciding body, then the closed; of these the complete
# before the others and the urgent before those that can wait.
ORDER = ("turn", "lacking", "stage_lacks", "until", "sent_at", "pk")


def in_order(found: QuerySet[Request]) -> QuerySet[Request]:
    """`asked`: how many papers the rules ask for. `lacking`: how many of them are not there. `until`: the last day on
    which requests for its meeting are taken, '' for none."""
    of_each = papers_asked(found)
    return found.annotate(
        asked=by_kind(of_each, lambda papers: Value(len(papers))),
        lacking=by_kind(of_each, lambda papers: Value(len(papers)) - there(papers)),
        turn=Case(
            When(stage__in=inbox.IN_HAND, then=Value(0)),
            When(stage__in=OPEN, then=Value(1)),
            default=Value(2),
        ),
        stage_lacks=Case(When(stage=Stage.INCOMPLETE, then=Value(1)), default=Value(0)),
        until=last_day(),
    )


def last_day() -> Any:
    return Case(
        When(meeting__requests_until__gt="", then=LatestDay("meeting__requests_until")), default=Value(NO_DEADLINE)
    )


def papers_asked(found: QuerySet[Request]) -> list[tuple[Q, list[str]]]:
    """By what tells requests apart for the rules, the papers that they ask for; two queries."""
    told_apart = ("kind", "category", "first_time")
    sorts = found.order_by().values_list(*told_apart).distinct()
    named = requests.naming_papers()
    slugs = {each.category_id: each.category for each in named}
    asked = []
    for kind, category, first_time in sorts:
        like = Request(kind=kind, category=slugs.get(category), first_time=first_time)
        same = Q(kind=kind, category=category) if category else Q(kind=kind, category=None)
        same &= Q(first_time=first_time) if first_time is not None else Q(first_time=None)
        if papers := requests.required(like, named):
            asked.append((same, papers))
    return asked


def by_kind(of_each: list[tuple[Q, list[str]]], number: Any) -> Any:
    cases = [When(same, then=number(papers)) for same, papers in of_each]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def there(papers: list[str]) -> Any:
    """How many of these papers a request has."""
    rows = RequestPaper.objects.filter(request=OuterRef("pk"), kind__in=papers).order_by().values("request")
    return Coalesce(Subquery(rows.annotate(n=Count("kind", distinct=True)).values("n")), 0)


def is_overdue(found: QuerySet[Request]) -> QuerySet[Request]:
    """In staff's hand though requests are no longer taken for its meeting, or not looked at for long."""
    today, bound = datetime.date.today().isoformat(), timezone.now() - LOOKED_AT_WITHIN
    waiting = found.filter(stage__in=inbox.IN_HAND).annotate(last_day=last_day())
    return waiting.filter(Q(last_day__lt=today) | Q(stage=Stage.RECEIVED, stage_since__lt=bound))


# -- Filters ---------------------------------------------------------------------------------------------------------


class StageFilter(admin.ChoicesFieldListFilter):
    """Without drafts: staff do not see them."""

    def choices(self, changelist: Any) -> Any:
        draft = str(Stage.DRAFT.label)
        return (choice for choice in super().choices(changelist) if choice["display"] != draft)


class Linked(admin.SimpleListFilter):
    title = gettext_lazy("organization")
    parameter_name = "linked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("no", _("without organization")), ("yes", _("linked"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(organization__isnull=self.value() == "no") if self.value() else queryset


class Attention(admin.SimpleListFilter):
    title = gettext_lazy("attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("overdue", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return is_overdue(queryset) if self.value() == "overdue" else queryset


def papers_in_words(row: Any) -> str:
    if not row.asked:
        return "–"
    return _("%(there)d of %(asked)d") % {"there": row.asked - row.lacking, "asked": row.asked}


ABOUT = ("category", "meeting", "organization", "country")


def for_list(found: QuerySet[Request]) -> QuerySet[Request]:
    """With what a row shows, and without what only the page of one request does."""
    return in_order(found).select_related(*ABOUT).defer("statement", "email", "contact_name")
