"""The page of a directory. It knows HTTP and nothing of what it lists."""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views import View

from engagement.directories import Directory
from engagement.directories.counting import Counts, facet_counts
from engagement.directories.letters import runs_of
from engagement.directories.questions import DirectoryFilterSet
from engagement.keysets import Remembered
from engagement.views.downloads import downloads_of
from engagement.views.facets import chips_of, facets_of, inputs_of, ways_out_of
from engagement.views.letters import letters_of
from engagement.views.paging import page_of, pager_of
from engagement.views.rows import Rows
from engagement.web.addresses import address, pairs_of, tidied

# The directories whose difference between two days has a page.
COMPARED = frozenset({"organizations", "statuses", "countries"})


class DirectoryListView(View):
    """The list of one directory.

    200 with rows, 400 naming what is wrong with the question and showing none, or a redirect to its canonical form.
    """

    directory: Directory = None  # type: ignore[assignment]  # given to as_view() in engagement/urls.py
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        query = tidied(request.GET)
        question = self.directory.ask(query)
        if problems := question.problems():
            return self._refusal(request, question, problems)
        canonical = address(request.path, question.canonical())
        if canonical != address(request.path, pairs_of(request.GET)):
            return HttpResponseRedirect(canonical)
        page, problem = page_of(Rows(self.directory, question), query)
        if problem:
            return self._refusal(request, question, {"page": problem})
        context = self._context(question, page, facet_counts(question)) | self._besides(question, page)
        context["letters"] = letters_of(question, runs_of(question) or [], page, request.path, context["query"])
        return render(request, self._templates, context)

    @property
    def _templates(self) -> list[str]:
        """The directory's own, where it says more than its rows; else what all have in common."""
        return [f"engagement/{self.directory.name}/list.html", "engagement/_directory.html"]

    def _refusal(self, request: HttpRequest, question: DirectoryFilterSet, problems: dict[str, str]) -> HttpResponse:
        page = Paginator(question.queryset.none(), settings.PAGE_SIZE).page(1)
        context = {**self._context(question, page, {}), "problems": problems}
        return render(request, self._templates, context, status=400)

    def _context(self, question: DirectoryFilterSet, page: Page, counts: Counts) -> dict[str, Any]:
        query = urlencode(question.of_rows())
        return {
            "directory": self.directory,
            "question": question,
            "day": question.form.cleaned_data.get("on"),
            "page": page,
            "pager": pager_of(page, query),
            "count_label": self.directory.count_label(page.paginator.count),
            "lede": self._remembered(question, "lede", self.directory.lede),
            "facets": facets_of(question, counts, str(self.directory.title).lower()),
            "inputs": inputs_of(question),
            "chips": chips_of(question, self.request.path),
            "sorts": question.orders,
            "sort": question.data.get("sort") or question.default_order,
            "downloads": downloads_of(self.directory, self.request.path, query, page.paginator.count),
            "query": query,
            **self._remembered(question, "more", self._more),
        }

    @staticmethod
    def _remembered(question: DirectoryFilterSet, name: str, maker: Callable[[], Any]) -> Any:
        """What does not depend on the question, read once for each revision of the data."""
        return question.keysets.get((name, get_language(), datetime.date.today()), Remembered(maker), lasting=False)

    def _more(self) -> dict[str, Any]:
        """What stands beside the rows, read and no longer to be asked for."""
        more = self.directory.more()
        return {name: list(each) if isinstance(each, QuerySet) else each for name, each in more.items()}

    def _besides(self, question: DirectoryFilterSet, page: Page) -> dict[str, Any]:
        """What only a question without problems has: what was looked for, ways out of an empty list, its day."""
        return {
            "replacements": question.found.replacements,
            "ways_out": [] if page.paginator.count else ways_out_of(question, self.request.path),
            "notes": self.directory.notes_on(question) if question.day else None,
            "today": datetime.date.today(),
            "now_url": address(self.request.path, [pair for pair in question.canonical() if pair[0] != "on"]),
            "compared": self.directory.name in COMPARED,
        }
