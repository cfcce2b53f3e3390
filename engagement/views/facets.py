"""What a directory's page shows of its question: checkboxes with numbers, chips, inputs, ways out of an empty list."""

from dataclasses import dataclass
from heapq import nlargest

from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.directories.counting import Counts, counts_without
from engagement.directories.filters import Choice, Day, Growing, Vocabulary, YearField
from engagement.directories.questions import DirectoryFilterSet
from engagement.models.dates import day_label
from engagement.templatetags.register import lang
from engagement.views.options import Option, options_html
from engagement.web.addresses import address
from engagement.web.frames import frame

SHOWN_AT_ONCE = 8
# Of a vocabulary that grows with the register; others are found by name.
MOST_OFFERED = 50


@dataclass(frozen=True)
class Finding:
    """The field by which values are found that are not offered. `words`: what is looked for, '' for nothing.

    offered, found, total: how many values are shown for it, are called so, and are there.
    """

    name: str
    words: str
    offered: int
    found: int
    total: int

    def __html__(self) -> SafeString:
        around = frame("engagement/_finding.html", "words", "says", name=self.name)
        return around.filled(words=self.words, says=self.says)

    @property
    def says(self) -> str:
        numbers = {"offered": localize(self.offered), "found": localize(self.found), "total": localize(self.total)}
        if not self.words:
            return _("The %(offered)s most frequent of %(total)s.") % numbers
        if self.found == self.offered:
            return _("Found: %(found)s of %(total)s.") % numbers
        return _("Found: %(found)s of %(total)s. These are the %(offered)s most frequent.") % numbers


@dataclass(frozen=True)
class Facet:
    """The checkboxes of one parameter. A long one shows its commonest and its checked options, the rest on demand;
    what was sought by name is all shown."""

    name: str
    legend: str
    options: list[Option]
    lang: str | None = None
    noun: str = ""
    finding: Finding | None = None

    def __html__(self) -> SafeString:
        around = frame(
            "engagement/_facet.html", "first", "rest", "finding",
            name=self.name, legend=self.legend, options=len(self.options) if self.rest else 0,
            is_whole=self.finding is None,
        )  # fmt: skip
        first = options_html(self.name, self.lang, self.noun, self.first)
        # Hearing once what is counted is enough.
        rest = options_html(self.name, self.lang, "", self.rest)
        return around.filled(first=first, rest=rest, finding=self.finding.__html__() if self.finding else "")

    @cached_property
    def first(self) -> list[Option]:
        if not self.is_long:
            return self.options
        ranked = sorted(self.options, key=lambda option: -(option.rows or 0))
        return [option for number, option in enumerate(ranked) if number < SHOWN_AT_ONCE or option.checked]

    @cached_property
    def rest(self) -> list[Option]:
        first = {option.value for option in self.first}
        return [option for option in self.options if option.value not in first]

    @property
    def is_long(self) -> bool:
        is_sought = self.finding is not None and self.finding.words
        return len(self.options) > SHOWN_AT_ONCE + 2 and not is_sought


def facets_of(question: DirectoryFilterSet, counts: Counts, noun: str = "") -> list[Facet]:
    """The checkbox filters in the order in which the FilterSet defines them, `source_kind` last.

    `noun` is what is counted. Values of a vocabulary that no record of the directory has are valid but not offered.
    """
    names = [name for name, each in question.filters.items() if isinstance(each, Vocabulary)]
    names.sort(key=lambda name: name == "source_kind")
    facets = (facet_of(question, name, counts.get(name, {}) if counts else None, noun) for name in names)
    return [facet for facet in facets if facet.options or facet.finding]


def facet_of(question: DirectoryFilterSet, name: str, counted: dict[str, int] | None, noun: str) -> Facet:
    """Of one filter. `counted`: None where nothing was."""
    each, asked = question.filters[name], set(question.data.getlist(name))
    choices, finding = each.known, None
    if isinstance(each, Growing):
        choices, finding = offered(each, question.data.get(each.finding, ""), counted or {}, asked)
    options = [
        Option(value, label, value in asked, counted.get(value, 0) if counted is not None else None)
        for value, label, occurs in choices
        if occurs or value in asked
    ]
    return Facet(name, str(each.label), options, each.lang, noun, finding)


def offered(each: Growing, words: str, counted: dict[str, int], asked: set[str]) -> tuple[list[Choice], Finding | None]:
    """The commonest of the values that are called so, beside what is asked; all of them while they are few."""
    known = each.known
    if len(known) <= MOST_OFFERED and not words:
        return known, None
    found = each.called(words) if words else known
    commonest = nlargest(MOST_OFFERED, found, key=lambda choice: counted.get(choice.value, 0))
    values = asked.union(choice.value for choice in commonest)
    finding = Finding(each.finding, words, len(commonest), len(found), len(known))
    return [choice for choice in known if choice.value in values], finding


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


@dataclass(frozen=True)
class Chip:
    """One active filter, the address without it, and where it was counted how many rows that one gives."""

    label: str
    url: str
    rows: int | None = None


def asked_of(question: DirectoryFilterSet) -> list[tuple[str, str]]:
    """Every value asked for but the order and the page."""
    return [pair for pair in question.canonical() if pair[0] not in ("sort", "page") and pair[0] in question.filters]


def chips_of(question: DirectoryFilterSet, path: str) -> list[Chip]:
    """One for every value asked for but the order and the page."""
    return [Chip(label_of(question, *pair), url_without(question, path, pair)) for pair in asked_of(question)]


def ways_out_of(question: DirectoryFilterSet, path: str) -> list[Chip]:
    """What may be dropped of a question that nothing meets, the most rewarding first."""
    pairs = asked_of(question)
    counts = counts_without(question, pairs)
    ways = [
        Chip(label_of(question, name, value), url_without(question, path, (name, value)), counts[name][value])
        for name, value in pairs
        if counts.get(name, {}).get(value)
    ]
    return sorted(ways, key=lambda way: -(way.rows or 0))


def label_of(question: DirectoryFilterSet, name: str, value: str) -> str:
    """“Country: France”, as HTML; the value is marked where it speaks another language than the page."""
    each = question.filters[name]
    if isinstance(each, Vocabulary) and each.lang is not None and each.lang != get_language():
        words = lang(value_in_words(question, name, value), each.lang)
        return mark_safe(_("%(label)s: %(value)s") % {"label": escape(each.label), "value": words})
    return words_of(question, name, value)


def words_of(question: DirectoryFilterSet, name: str, value: str) -> str:
    """“Country: France”, as text."""
    words = value_in_words(question, name, value)
    return _("%(label)s: %(value)s") % {"label": question.filters[name].label, "value": words}


def value_in_words(question: DirectoryFilterSet, name: str, value: str) -> str:
    each = question.filters[name]
    if isinstance(each, Vocabulary):
        return each.labels.get(value, value)
    if isinstance(each, Day) and (day := question.form.cleaned_data.get(name)):
        return day_label(day)
    return value


def url_without(question: DirectoryFilterSet, path: str, dropped: tuple[str, str]) -> str:
    return address(path, [pair for pair in question.of_rows() if pair != dropped])
