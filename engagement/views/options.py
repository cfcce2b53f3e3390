"""The checkboxes beside a list as HTML. Each is rendered once, and the number put in where it stands."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from engagement.templatetags.register import figure

# A character that no text has.
NUMBER = "\ue000"
# Vocabularies have some hundreds of values, each of which may be checked and idle.
MOST, MOST_NUMBERS = 10_000, 10_000


class Option(NamedTuple):
    """One checkbox of a facet, with the number of rows that choosing it gives; None where nothing was counted."""

    value: str
    label: str
    checked: bool
    rows: int | None


def options_html(name: str, lang: str | None, noun: str, options: Iterable[Option]) -> SafeString:
    """The checkboxes of a parameter. `lang`: of the labels, None for that of the page. `noun`: what is counted, for
    those who hear the page."""
    html, language = "", get_language()
    for value, label, checked, rows in options:
        idle = rows == 0 and not checked
        before, after = _around_number(name, lang, value, label, checked, idle, rows is not None, noun)
        html += before if rows is None else f"{before}{_figure(rows, language)}{after}"
    return SafeString(html)


@lru_cache(MOST)
def _around_number(
    name: str, lang: str | None, value: str, label: str, checked: bool, idle: bool, counted: bool, noun: str
) -> tuple[str, str]:
    option = {"name": name, "lang": lang, "value": value, "label": label, "checked": checked, "idle": idle}
    number = NUMBER if counted else ""
    html = get_template("engagement/_option.html").render({**option, "number": number, "noun": noun})
    before, _number, after = html.partition(NUMBER)
    return before, after


@lru_cache(MOST_NUMBERS)
def _figure(rows: int, language: str | None) -> str:
    return figure(rows)
