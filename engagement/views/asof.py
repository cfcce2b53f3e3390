"""Pages of records that may be read as of a past day: `?on=YYYY-MM-DD`."""

import datetime
from functools import wraps
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from engagement.directories.questions import AsOf
from engagement.views.casing import View
from engagement.web.addresses import address, pairs_of, tidied


def as_of_a_day(view: View) -> View:
    """Hand the view the day asked for in `on`, None for today; whatever else is asked is a 400 that names it."""

    @wraps(view)
    def asked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.META.get("QUERY_STRING"):
            return view(request, on=None, **kwargs)
        question = AsOf(tidied(request.GET))
        if problems := question.problems():
            return render(request, "engagement/refusal.html", {"problems": problems}, status=400)
        canonical = address(request.path, question.canonical())
        if canonical != address(request.path, pairs_of(request.GET)):
            return HttpResponseRedirect(canonical)
        return view(request, on=question.day, **kwargs)

    return asked


def day_context(on: datetime.date | None) -> dict[str, Any]:
    """What `_as_of_record.html` shows."""
    return {"day": on, "today": datetime.date.today()}


def seen_and_not(rows: Any, seen: Q | None, undated: Q) -> tuple[list[Any], int]:
    """The rows that are seen, all of them without a condition, and how many of the others are undated; one query."""
    if seen is None:
        return list(rows), 0
    marked = list(rows.annotate(is_seen=_whether(seen), is_undated=_whether(undated)))
    return [row for row in marked if row.is_seen], sum(row.is_undated and not row.is_seen for row in marked)


def _whether(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
