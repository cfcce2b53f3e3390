"""What is asked, of the portal and of Datasette, and what a right answer holds."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.client import Answer
from bench.data import PAGE_SIZE, Subjects

TABLE = "/register/organizations"
ALL_NUMBERS = (
    ("_facet", "kind"),
    ("_facet", "region"),
    ("_facet", "country"),
    ("_facet", "category"),
    ("_facet_array", "themes"),
)
SORTED = (("_sort", "sort_name"), ("_size", str(PAGE_SIZE)))

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """One question: its paths at the portal and at Datasette. A right answer says that there are so many `rows`, names
    `first` as its first row, or holds the text `holds`."""

    key: str
    title: str
    portal: str
    datasette: str
    rows: int | None = None
    first: str = ""
    holds: str = ""


def address(path: str, *pairs: tuple[str, str]) -> str:
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def questions(asked: Subjects, word_rows: int) -> list[Question]:
    """In the order of the table. `word_rows`: how many organizations have the common word."""
    filters: Pairs = (("category", asked.category), ("region", asked.region))
    both: Pairs = (("country", asked.country), ("theme", asked.theme))
    at_datasette: Pairs = (("country", asked.country), ("themes__arraycontains", asked.theme))
    word, typo = ("q", asked.word), ("q", asked.misspelt)
    here = "/organizations/"
    return [
        Question("list", "the list", here, address(TABLE, *SORTED), asked.total),
        Question("filters", "two filters", address(here, *filters), address(TABLE, *filters, *SORTED), asked.filtered),
        Question(
            "facets", "country and field of work, all numbers beside the filters",
            address(here, *both), address(TABLE, *at_datasette, *ALL_NUMBERS, *SORTED), asked.both,
        ),
        Question(
            "word", f"a common word (“{asked.word}”), all numbers", address(here, word),
            address(TABLE, ("_search", asked.word), *ALL_NUMBERS, ("_size", str(PAGE_SIZE))), word_rows,
        ),
        Question(
            "typo", "a name with typing errors", address(here, typo),
            address(TABLE, ("_search", asked.misspelt), ("_size", str(PAGE_SIZE))), first=asked.slug,
        ),
        *(page(number, before, asked.total) for number, before in asked.before.items()),
        Question("one", "one organization", f"{here}{asked.slug}/", f"{TABLE}/{asked.row}", holds=asked.slug),
        Question(
            "json", "JSON of two filters, 50 rows", address("/api/v1/organizations/", *filters, ("limit", "50")),
            address(TABLE + ".json", *filters, ("_shape", "objects"), ("_sort", "sort_name"), ("_size", "50")),
            asked.filtered,
        ),
    ]  # fmt: skip


def page(number: int, before: tuple[str, int], total: int) -> Question:
    """A page of the list; Datasette, which has no numbers of pages, is told the row before it."""
    following = f"{tilde(before[0])},{before[1]}"
    return Question(
        f"page-{number}", f"page {number:,}", address("/organizations/", ("page", str(number))),
        address(TABLE, *SORTED, ("_next", following)), total,
    )  # fmt: skip


def exports() -> tuple[str, str]:
    """The paths of everything as CSV: at the portal, at Datasette."""
    return "/organizations.csv", address(TABLE + ".csv", ("_stream", "on"), ("_size", "max"))


def tilde(text: str) -> str:
    """As Datasette writes a value into an address of its own."""
    kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    written = {" ": "+"}
    return "".join(c if c in kept else written.get(c) or "".join(f"~{byte:02X}" for byte in c.encode()) for c in text)


# -- Right answers -------------------------------------------------------------------------------------------------


def wrong_with(question: Question, answer: Answer) -> str:
    """What is not as it should be in an answer; '' where all is."""
    if answer.status != 200:
        return f"answers {answer.status}"
    text = answer.body.decode("utf-8", "replace")
    if question.holds and question.holds not in text:
        return "does not hold what was asked for"
    if question.first and (found := first_row(text)) != question.first:
        return f"has {found or 'nothing'} first, where {question.first} was meant"
    if question.rows is not None and (rows := rows_said(text)) != question.rows:
        return f"says {rows if rows is None else f'{rows:,}'} rows, where there are {question.rows:,}"
    return ""


def rows_said(text: str) -> int | None:
    """How many rows a page of the portal, a page of Datasette or JSON says that there are."""
    if text.startswith("{"):
        said = json.loads(text)
        count: int | None = said.get("count", said.get("filtered_table_rows_count"))
        return count
    shapes = (r'id="results-count"[^>]*>([^<]+)', r"<h3>\s*([\d,]+)\s+rows?")
    found = next((match for shape in shapes if (match := re.search(shape, text))), None)
    digits = re.sub(r"\D", "", found[1]) if found else ""
    return int(digits) if digits else None


def first_row(text: str) -> str:
    """The slug of the first organization in a list of the portal, '' where there is none."""
    found = re.search(r'<li class="row" id="organizations-([^"]+)"', text)
    return found[1] if found else ""
