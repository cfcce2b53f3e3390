"""The page to which the mail leads that asks for papers: it takes papers, and nothing else of the request is shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagement.desk import requests
from engagement.desk.models import OTHER_PAPER, Request, Stage
from engagement.models.answers import Paper
from engagement.views.requests_papers import Refused, keep, papers_in, place
from engagement.web.mailing import home_of
from engagement.web.paperfiles import ACCEPT, Bounded
from engagement.web.requestmail import tell_stage
from engagement.web.trapping import Trapped

TEMPLATE = "engagement/requests/missing.html"


def page(request: HttpRequest, bound: Bounded | None, found: Request) -> HttpResponse:
    """The papers that are missing; to a POST the same with those that came, or the receipt once none is missing."""
    if bound is None:
        return shown(request, found, Trapped(auto_id="%s"))
    form = Trapped(request.POST, auto_id="%s")
    brought = bool(request.FILES or bound.skipped)
    if not form.is_valid():
        return shown(request, found, form, status=400, lost=brought)
    refused = keep(found, request.FILES, bound.skipped)
    if refused or not brought:
        return shown(request, found, form, status=400, refused=refused, nothing=not brought)
    if requests.missing(found):
        return shown(request, found, form, came=True)
    if requests.advance(found, Stage.RECEIVED, note=note(found)):
        tell_stage(found, home_of(request))
    return HttpResponseRedirect(reverse("engagement:request", args=[found.receipt]))


def note(found: Request) -> str:
    with override(found.language):
        return _("The papers that were asked for have come.")


def shown(
    request: HttpRequest, found: Request, form: Trapped, *, status: int = 200, refused: Any = (), **more: Any
) -> HttpResponse:
    missing, there = requests.missing(found), papers_in(found)
    codes = [code for code in Paper.values if code in missing]
    context = {
        "form": form,
        "found": found,
        "is_secret": True,
        "accept": ACCEPT,
        "places": [*(place(code, code in missing, there) for code in codes), place(OTHER_PAPER, False, there)],
        "refused": list[Refused](refused),
        **more,
    }
    return render(request, TEMPLATE, context, status=status)
