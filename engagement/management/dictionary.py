"""docs/data-dictionary.md, out of the declarations that tables, files and the API are made of."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.columns import Kind
from engagement.directories.filters import Codes, Day, Sorting, Vocabulary, Words, YearField
from engagement.directories.questions import CANONICAL_ORDER
from engagement.exchange.encodings import SEPARATOR
from engagement.exchange.formats import MOST_XLSX_ROWS

KINDS = {
    Kind.TEXT: "text",
    Kind.CODE: "code",
    Kind.DATE: "partial date",
    Kind.DAY: "day",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "true or false",
    Kind.URL: "address",
    Kind.PAGE: "address",
    Kind.LIST: "list",
    Kind.DATES: "list of partial dates",
}

HEAD = f"""# Data dictionary

What `/<collection>.csv`, `.xlsx`, `.json` and `/api/v1/<collection>/` say of each row, and what each may be asked. Made
from the code by `manage.py data_dictionary > docs/data-dictionary.md`; a test keeps it true.

- The first columns are `key` and `name`, the last `source`, `source_url`, `as_of`, `url`. Codes stand beside their
  labels, which are English. A column keeps its name; new ones may come in between.
- An empty cell (in JSON `""`, an empty list or `null`) says that nothing is recorded, never that there is nothing.
- A **partial date** is as fine as its source: `2006-11-15`, `2006-11`, `2006`, `2014~` (about), `194X`, `2011/2013`,
  `../2022` (2022 or earlier).
- A **list** is an array in JSON; in a cell its elements are joined by `{SEPARATOR}`. Lists of one subject (“Its
  seats:”) have the same order.
- Text in CSV that a spreadsheet would take for a formula has an apostrophe before it; XLSX marks such cells as text.
- XLSX holds at most {MOST_XLSX_ROWS:,} rows; CSV and JSON hold any number. Its second sheet says what was asked, and
  of which revision.
- Of several values of one parameter any may be met, of several parameters all. Whatever is not in these tables is
  refused (400)."""


def dictionary() -> Iterator[str]:
    """The lines of the document."""
    with override("en"):
        yield HEAD
        for directory in DIRECTORIES:
            yield from ("", f"## {directory.name}", "", f"{directory.title}.", "")
            yield from columns_of(directory)
            yield ""
            yield from parameters_of(directory)


def columns_of(directory: Directory) -> Iterator[str]:
    yield from ("| column | holds | kind |", "|---|---|---|")
    for column in directory.columns:
        yield f"| `{column.name}` | {column.says} | {KINDS[column.kind]} |"


def parameters_of(directory: Directory) -> Iterator[str]:
    yield from ("| parameter | asks | values |", "|---|---|---|")
    filters: dict[str, Any] = directory.filterset.base_filters
    for name in sorted(filters, key=CANONICAL_ORDER.index):
        yield f"| `{name}` | {filters[name].label} | {values_of(filters[name])} |"


def values_of(each: Any) -> str:
    """What a parameter takes, in words."""
    if isinstance(each, Words):
        return "words, at most 200 characters"
    if isinstance(each, Day):
        return "a day, `YYYY-MM-DD`"
    if isinstance(each, Sorting):
        return (
            ", ".join(f"`{name}`" for name in each.sorts) + "; `-` before a name turns it round, `relevance` with `q`"
        )
    if isinstance(each, Vocabulary):
        if isinstance(each.vocabulary, Codes):
            return f"`{each.vocabulary.code}` of a {each.vocabulary.model._meta.verbose_name}; repeatable"
        values = [f"`{value}`" for value, _label in each.vocabulary]
        return f"{', '.join(values) or 'codes in the column of that name'}; repeatable"
    return "a year, 1919 to 2100" if each.field_class is YearField else "text"
