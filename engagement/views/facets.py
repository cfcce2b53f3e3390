"""What a directory's page shows of its question: checkboxes with numbers, chips, inputs, ways out of an empty list."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.directories.counting import Counts, counts_without
from engagement.directories.filters import Day, Vocabulary, YearField
from engagement.directories.questions import DirectoryFilterSet
from engagement.models.dates import day_label
from engagement.templatetags.register import lang
from engagement.views.options import Option, options_html
from engagement.web.addresses import address

SHOWN_AT_ONCE = 8


@dataclass(frozen=True)
class Facet:
    """The checkboxes of one parameter. A long one shows its commonest and its checked options, the rest on demand."""

    name: str
    legend: str
    options: list[Option]
    lang: str | None = None
    noun: str = ""

    @property
    def first_html(self) -> SafeString:
        return options_html(self.name, self.lang, self.noun, self.first)

    @property
    def rest_html(self) -> SafeString:
        """'' where there is no more; hearing once what is counted is enough."""
        return options_html(self.name, self.lang, "", self.rest)

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
        return len(self.options) > SHOWN_AT_ONCE + 2


def facets_of(question: DirectoryFilterSet, counts: Counts, noun: str = "") -> list[Facet]:
    """The checkbox filters in the order in which the FilterSet defines them, `source_kind` last.

    `noun` is what is counted. Values of a vocabulary that no record of the directory has are valid but not offered.
    """
    names = [name for name, each in question.filters.items() if isinstance(each, Vocabulary)]
    names.sort(key=lambda name: name == "source_kind")
    facets = []
    for name in names:
        each, asked, counted = question.filters[name], set(question.data.getlist(name)), counts.get(name, {})
        options = [
            Option(value, label, value in asked, counted.get(value, 0) if counts else None)
            for value, label, occurs in each.known
            if occurs or value in asked
        ]
        if options:
            facets.append(Facet(name, str(each.label), options, each.lang, noun))
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
        return dict(each.pairs()).get(value, value)
    if isinstance(each, Day) and (day := question.form.cleaned_data.get(name)):
        return day_label(day)
    return value


def url_without(question: DirectoryFilterSet, path: str, dropped: tuple[str, str]) -> str:
    return address(path, [pair for pair in question.canonical() if pair[0] != "page" and pair != dropped])
