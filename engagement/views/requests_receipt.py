"""The page of a receipt, and what may be said of all requests together."""

from typing import Any

import django_filters
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from engagement.desk import requests
from engagement.desk.models import Request, Stage
from engagement.directories.questions import Question
from engagement.directories.request_statistics import State, statistics
from engagement.web.addresses import tidied
from engagement.web.limits import limited
from engagement.web.opened import requests_open
from engagement.web.requestwords import next_of, papers_in_words, sitting_of

TEMPLATES = "engagement/requests/"


@limited("receipts")
@cache_control(no_store=True)
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Where a request stands. Neither the organization nor a person is named: whoever has the number may look."""
    if not requests_open():
        raise Http404
    if number != number.upper():
        return HttpResponseRedirect(reverse("engagement:request", args=[number.upper()]))
    found = get_object_or_404(Request.objects.sent().select_related("meeting", "category"), receipt=number)
    context = {
        "found": found,
        "steps": found.steps.order_by("at", "pk"),
        "next": next_of(found),
        "sitting": sitting_of(found),
        "missing": missing_papers(found),
    }
    response = render(request, f"{TEMPLATES}receipt.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def missing_papers(found: Request) -> list[str]:
    """While it matters: once staff find the request complete, it is."""
    if found.stage not in (Stage.RECEIVED, Stage.INCOMPLETE):
        return []
    return papers_in_words(requests.missing(found))


class ReceiptQuestion(Question):
    """The number of a request, as whoever has it types it."""

    receipt = django_filters.CharFilter(label=gettext_lazy("Number of the request"))


@require_safe
def all_requests(request: HttpRequest) -> HttpResponseBase:
    """Numbers of requests, and none from which a single one could be told; with a number, the way to its page."""
    if not requests_open():
        raise Http404
    question = ReceiptQuestion(tidied(request.GET))
    if problems := question.problems():
        return page(request, status=400, problems=problems)
    asked = question.data.get("receipt", "")
    return looked_up(request, asked) if asked else page(request)


@limited("receipts")
def looked_up(request: HttpRequest, asked: str) -> HttpResponse:
    number = "".join(asked.split()).upper()
    if Request.objects.sent().filter(receipt=number).exists():
        return HttpResponseRedirect(reverse("engagement:request", args=[number]))
    return page(request, status=404, asked=asked, unknown=_("No request has this number. Look it up in the mail."))


def page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, f"{TEMPLATES}list.html", {"tables": statistics(), "states": State, **more}, status=status)
