"""The letters at the head of a long list, each with the address of the page on which it begins."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engagement.directories.letters import LATIN, OTHER, Run, alphabet_of, letters_between
from engagement.directories.questions import DirectoryFilterSet
from engagement.views.paging import page_at
from engagement.web.frames import frame

# From so many rows on a list that fits on one page has letters too.
LONG = 40


@dataclass(frozen=True)
class Letter:
    """A letter, the id of the mark over its first row, and where that is; '' where no row stands under it."""

    sign: str
    url: str = ""

    def __html__(self) -> SafeString:
        """As an item of the list of letters."""
        return frame("engagement/_letter.html", "url", sign=self.sign, leads=bool(self.url)).filled(url=self.url)

    @property
    def mark(self) -> SafeString:
        """What stands over its first row."""
        return format_html('<p class="letter" id="{}">{}</p>', self.anchor, self.sign)

    @property
    def anchor(self) -> str:
        return anchor_of(self.sign)


def anchor_of(sign: str) -> str:
    """The id of the mark over the first row under a letter."""
    if sign in LATIN:
        return f"letter-{sign.lower()}"
    return "letter-other" if sign == OTHER else f"letter-u{ord(sign):04x}"


def letters_of(question: DirectoryFilterSet, runs: list[Run], page: Page, path: str, query: str) -> list[Letter]:
    """The letters of a list that is long, from its rows letter by letter; none of any other. It answers the `query`
    at the `path`.

    The first row of each letter on the page is given its letter in `letter`; `page` holds its rows as a list.
    """
    if not runs or (page.paginator.num_pages == 1 and page.paginator.count < LONG):
        return []
    start = page.start_index() - 1
    for place, sign in letters_between(runs, start, start + len(page.object_list)).items():
        page.object_list[place - start].letter = Letter(sign)
    pages = {run.letter: run.first // page.paginator.per_page + 1 for run in reversed(runs)}
    _sort, turned = question.sorting.named(question.order)
    signs = alphabet_of(runs, turned=turned)
    return [leading_to(sign, page_at(path, query, pages[sign])) if sign in pages else Letter(sign) for sign in signs]


def leading_to(sign: str, url: str) -> Letter:
    """The letter with the address of its first row, which stands on the page at `url`."""
    return Letter(sign, f"{url}#{anchor_of(sign)}")
