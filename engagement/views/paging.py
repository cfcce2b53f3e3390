"""The pages of a long list: the one asked for, and the links to the others."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, QueryDict
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from engagement.web.frames import frame


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
class Step:
    """One link of a pager, as a list item. `kind`: page, previous, next; or no link: here, left out."""

    kind: str
    number: int
    url: str

    def __html__(self) -> SafeString:
        return frame("engagement/_step.html", "url", "number", kind=self.kind).filled(
            url=self.url, number=localize(self.number)
        )


def pager_of(page: Page, query: str) -> list[Step]:
    """The links of a list's page, which answers the `query`; none where there is only one."""
    paginator, here = page.paginator, page.number
    if paginator.num_pages == 1:
        return []
    steps = [step("previous", here - 1, query)] if page.has_previous() else []
    for number in paginator.get_elided_page_range(here, on_each_side=1, on_ends=1):
        if isinstance(number, int):
            steps.append(step("here" if number == here else "page", number, query))
        else:
            steps.append(Step("left out", 0, ""))
    return [*steps, step("next", here + 1, query)] if page.has_next() else steps


def step(kind: str, number: int, query: str) -> Step:
    return Step(kind, number, page_at("?", query, number))


def page_at(path: str, query: str, number: int) -> str:
    """The address of the page of that number, which for the first is that of the list, from another page of it.

    `path`: that of the list without a query, as far as it is to be told.
    """
    if number > 1:
        return f"?{query}&page={number}" if query else f"?page={number}"
    return f"?{query}" if query else path
