"""The page of a directory. It knows HTTP and nothing of what it lists."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from engagement.directories import Directory
from engagement.directories.filters import Day, Vocabulary, YearField
from engagement.directories.questions import DirectoryFilterSet
from engagement.views.related import with_remarks

TRACKING = ("fbclid", "gclid")
TRACKING_PREFIXES = ("utm_", "mc_")
SHOWN_AT_ONCE = 8


def tidied(query: QueryDict) -> QueryDict:
    """The query less empty values, and less what mailings and advertisements add to links."""
    kept = query.copy()
    for name in query:
        values = [value for value in query.getlist(name) if value.strip()]
        if not values or name in TRACKING or name.startswith(TRACKING_PREFIXES):
            del kept[name]
        else:
            kept.setlist(name, values)
    return kept


def address(path: str, pairs: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def page_of(rows: Any, query: QueryDict) -> tuple[Page, str]:
    """The page asked for and '', or the first page and what is wrong with the number; 404 past the end."""
    paginator = Paginator(rows, settings.PAGE_SIZE)
    number = query.get("page") or "1"
    if not (number.isascii() and number.isdigit() and int(number[:12]) > 0):
        return paginator.page(1), _("is not the number of a page")
    try:
        return paginator.page(int(number[:12])), ""
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(_("This list has no page %(number)s.") % {"number": number}) from error


@dataclass(frozen=True)
class Option:
    """One checkbox of a facet."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class Facet:
    """The checkboxes of one parameter. A long one shows its first and its checked options, the rest on demand."""

    name: str
    legend: str
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        if not self.is_long:
            return self.options
        return [option for number, option in enumerate(self.options) if number < SHOWN_AT_ONCE or option.checked]

    @property
    def rest(self) -> list[Option]:
        if not self.is_long:
            return []
        return [option for number, option in enumerate(self.options) if number >= SHOWN_AT_ONCE and not option.checked]

    @property
    def is_long(self) -> bool:
        return len(self.options) > SHOWN_AT_ONCE + 2


@dataclass(frozen=True)
class Chip:
    """One active filter and the address without it."""

    label: str
    url: str


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
        if canonical != address(
            request.path, [(name, value) for name in request.GET for value in request.GET.getlist(name)]
        ):
            return HttpResponseRedirect(canonical)
        page, problem = page_of(self.directory.rows(question), query)
        if problem:
            return self._refusal(request, question, {"page": problem})
        if self.directory.with_remarks:
            page.object_list = list(page.object_list)
            with_remarks(page.object_list)
        return render(request, self._template, self._context(question, page))

    @property
    def _template(self) -> str:
        return f"engagement/{self.directory.name}/list.html"

    def _refusal(self, request: HttpRequest, question: DirectoryFilterSet, problems: dict[str, str]) -> HttpResponse:
        page = Paginator(question.queryset.none(), settings.PAGE_SIZE).page(1)
        context = {**self._context(question, page), "problems": problems}
        return render(request, self._template, context, status=400)

    def _context(self, question: DirectoryFilterSet, page: Page) -> dict[str, Any]:
        sorting = question.sorting
        return {
            "directory": self.directory,
            "question": question,
            "day": question.form.cleaned_data.get("on"),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "count_label": self.directory.count_label(page.paginator.count),
            "lede": self.directory.lede(),
            "facets": facets_of(question),
            "inputs": inputs_of(question),
            "chips": chips_of(question, self.request.path),
            "sorts": sorting.options,
            "sort": question.data.get("sort") or sorting.default,
            "query": urlencode([pair for pair in question.canonical() if pair[0] != "page"]),
            **self.directory.more(),
        }


def facets_of(question: DirectoryFilterSet) -> list[Facet]:
    """The checkbox filters in the order in which the FilterSet defines them, `source_kind` last.

    Values of a vocabulary that no record of the directory has are valid but not offered.
    """
    names = [name for name, each in question.filters.items() if isinstance(each, Vocabulary)]
    names.sort(key=lambda name: name == "source_kind")
    facets = []
    for name in names:
        asked = set(question.data.getlist(name))
        known = question.filters[name].known
        options = [Option(c.value, c.label, c.value in asked) for c in known if c.occurs or c.value in asked]
        if options:
            facets.append(Facet(name, str(question.filters[name].label), options))
    return facets


@dataclass(frozen=True)
class Input:
    """A day or a year to type."""

    name: str
    label: str
    value: str
    is_day: bool


def inputs_of(question: DirectoryFilterSet) -> list[Input]:
    return [
        Input(name, str(each.label), question.data.get(name, ""), isinstance(each, Day))
        for name, each in question.filters.items()
        if isinstance(each, Day) or each.field_class is YearField
    ]


def chips_of(question: DirectoryFilterSet, path: str) -> list[Chip]:
    """One for every value asked for but the order and the page."""
    pairs = [pair for pair in question.canonical() if pair[0] != "page"]
    chips = []
    for name, value in pairs:
        if name == "sort" or name not in question.filters:
            continue
        each = question.filters[name]
        shown = dict(each.extra["choices"]).get(value, value) if isinstance(each, Vocabulary) else value
        chips.append(Chip(f"{each.label}: {shown}", address(path, [p for p in pairs if p != (name, value)])))
    return chips
