"""The search of everything: every collection's first answers, and how many each has."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.filters import Words
from engagement.directories.following import Searched
from engagement.directories.questions import Question
from engagement.models.citations import Cited, records_by_pk
from engagement.search import Found, match_everywhere
from engagement.views.related import impersonal
from engagement.web.addresses import address, pairs_of, tidied

FIRST = 5


class SearchQuestion(Question):
    """What is asked of the search: words and nothing else."""

    q = Words()


@dataclass(frozen=True)
class Group:
    """What one collection answers: how many records, the first of them, and where they all are."""

    directory: Directory
    count: int
    records: list[Cited]
    url: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    question = SearchQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, "engagement/search.html", {"problems": problems, "question": question}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    return render(request, "engagement/search.html", {"question": question, **answers(question.data.get("q", ""))})


def answers(text: str) -> dict[str, Any]:
    if not text:
        return {"groups": [], "total": None}
    names, searched = [directory.name for directory in DIRECTORIES], Searched()
    everywhere = match_everywhere(text, names, FIRST, keep=lambda name: searched(name).passing)
    groups = groups_of(text, everywhere.found)
    return {
        "groups": groups,
        "total": sum(group.count for group in groups),
        "replacements": everywhere.replacements,
    }


def groups_of(text: str, found: dict[str, Found]) -> list[Group]:
    """The collections that have answers, that with the best one first, else in the order of the directories."""
    models = {directory.name: directory.records().model for directory in DIRECTORIES}
    first: dict[Any, Any] = {models[name]: each.first for name, each in found.items() if each.first}
    cited = records_by_pk(first)
    groups = []
    for directory in sorted(DIRECTORIES, key=lambda directory: found[directory.name].rank):
        model, answers = models[directory.name], found[directory.name]
        records = [impersonal(cited[model, pk]) for pk in answers.first if (model, pk) in cited]
        if records:
            url = address(reverse(f"engagement:{directory.name}"), [("q", text)])
            groups.append(Group(directory, answers.total, records, url))
    return groups
