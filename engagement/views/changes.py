"""The page of the register's own edits."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.directories import DIRECTORIES
from engagement.directories.editing import EACH, Edit, EditsQuestion, edits, entries
from engagement.directories.following import remembered
from engagement.models.citations import Cited
from engagement.views.facets import chips_of, facets_of
from engagement.views.paging import page_of, pager_of
from engagement.views.related import impersonal
from engagement.web.addresses import address, pairs_of, tidied

TEMPLATE = "engagement/changes.html"
# Where the records of a kind stand in a list, by the route of the page that one of them stands on.
LISTS = {
    "actor-group": "engagement",
    "category": "categories",
    "country": "countries",
    "instrument": "instruments",
    "meeting": "meetings",
    "organization": "organizations",
    "programme": "projects",
    "project": "projects",
    "source": "sources",
}


@dataclass(frozen=True)
class Row:
    """An edit as the page lists it: of a contact neither the name nor an address made of it."""

    edit: Edit
    record: Cited | None

    @property
    def kind(self) -> str:
        return str(self.edit.newest.model._meta.verbose_name)

    @property
    def kind_plural(self) -> str:
        return str(self.edit.newest.model._meta.verbose_name_plural)

    @property
    def list_url(self) -> str:
        return list_of(self.edit.newest.model)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """A page of edits, a 400 that names what is wrong, or a redirect to the canonical address."""
    query = tidied(request.GET)
    question = EditsQuestion(query)
    if problems := question.problems():
        return refusal(request, question, problems)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    page, problem = page_of(remembered("edits", lambda: entries(question.models), *question.models), query)
    if problem:
        return refusal(request, question, {"page": problem})
    context = {
        "page": page,
        "total": page.paginator.count,
        "pager": pager_of(page, urlencode([pair for pair in question.canonical() if pair[0] != "page"])),
        "rows": [row(each) for each in edits(list(page))],
    }
    return render(request, TEMPLATE, {**context, **asked(request, question)})


def refusal(request: HttpRequest, question: EditsQuestion, problems: dict[str, str]) -> HttpResponse:
    return render(request, TEMPLATE, {"problems": problems, "total": 0, **asked(request, question)}, status=400)


def asked(request: HttpRequest, question: EditsQuestion) -> dict[str, Any]:
    """The filter as it was set, and how far the log is read."""
    return {"facets": facets_of(question, {}), "chips": chips_of(question, request.path), "each": EACH}


def row(edit: Edit) -> Row:
    return Row(edit, impersonal(edit.record) if edit.record else None)


def list_of(model: Any) -> str:
    """Where all the records of the model stand."""
    for directory in DIRECTORIES:
        if directory.filterset._meta.model is model:
            return reverse(f"engagement:{directory.name}")
    route = model.places[0].route
    return reverse(f"engagement:{LISTS.get(route, route)}")
