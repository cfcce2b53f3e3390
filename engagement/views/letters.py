"""The letters at the head of a long list, each with the address of the page on which it begins."""

from dataclasses import dataclass, replace

from django.core.paginator import Page

from engagement.directories.letters import LATIN, OTHER, Run, alphabet_of, letters_between
from engagement.directories.questions import DirectoryFilterSet
from engagement.web.addresses import address

# From so many rows on a list that fits on one page has letters too.
LONG = 40


@dataclass(frozen=True)
class Letter:
    """A letter, the id of the mark over its first row, and where that is; '' where no row stands under it."""

    sign: str
    url: str = ""

    @property
    def anchor(self) -> str:
        if self.sign in LATIN:
            return f"letter-{self.sign.lower()}"
        return "letter-other" if self.sign == OTHER else f"letter-u{ord(self.sign):04x}"


def letters_of(question: DirectoryFilterSet, runs: list[Run], page: Page, path: str) -> list[Letter]:
    """The letters of a list that is long, from its rows letter by letter; none of any other.

    The first row of each letter on the page is given its letter in `letter`; `page` holds its rows as a list.
    """
    if not runs or (page.paginator.num_pages == 1 and page.paginator.count < LONG):
        return []
    start = page.start_index() - 1
    for place, sign in letters_between(runs, start, start + len(page.object_list)).items():
        page.object_list[place - start].letter = Letter(sign)
    pages = {run.letter: run.first // page.paginator.per_page + 1 for run in reversed(runs)}
    pairs = [pair for pair in question.canonical() if pair[0] != "page"]
    _sort, turned = question.sorting.named(question.order)
    return [
        leading_to(Letter(sign), pages[sign], path, pairs) if sign in pages else Letter(sign)
        for sign in alphabet_of(runs, turned=turned)
    ]


def leading_to(letter: Letter, page: int, path: str, pairs: list[tuple[str, str]]) -> Letter:
    """The letter with the address of its first row, which stands on the page of that number of the same list."""
    on_page = [*pairs, ("page", str(page))] if page > 1 else pairs
    return replace(letter, url=f"{address('', on_page) or path}#{letter.anchor}")
