"""The tripartite constituents, and the countries they belong to."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pyroaring import BitMap

from engagement.directories.base import Directory, Notes
from engagement.directories.columns import Kind, coded, each, evidence, field, key_and_name, linked, many, of
from engagement.directories.filters import Codes, Day, Sort, Sorting, Vocabulary, Words
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES, REGIONS
from engagement.models import (
    Affiliation,
    Constituent,
    ConstituentGroup,
    Country,
    ProfileStatement,
    StatementTopic,
)
from engagement.models.languages import InLanguage


class ConstituentFilterSet(DirectoryFilterSet):
    q = Words()
    on = Day()
    group = Vocabulary(choices=ConstituentGroup.choices, label=gettext_lazy("Group"))
    region = Vocabulary(field_name="country__region__slug", choices=REGIONS, label=gettext_lazy("Region"))
    country = Vocabulary(field_name="country__iso2", choices=COUNTRIES, label=gettext_lazy("Country"))
    affiliation = Vocabulary(
        field_name="affiliations__slug",
        many=True,
        choices=Codes(Affiliation, "slug"),
        lang="",
        label=gettext_lazy("Affiliation"),
    )
    sort = Sorting(
        Sort(
            "country",
            gettext_lazy("Country"),
            (InLanguage("country__sort_name"), "group", "sort_name", "key"),
            alphabetical=True,
        ),
        Sort("name", gettext_lazy("Name A–Z"), ("sort_name", "key"), alphabetical=True),
    )

    class Meta:
        model = Constituent
        fields: tuple[str, ...] = ()


class CountryFilterSet(DirectoryFilterSet):
    q = Words()
    on = Day()
    region = Vocabulary(field_name="region__slug", choices=REGIONS, label=gettext_lazy("Region"))
    sort = Sorting(
        Sort("name", gettext_lazy("Name A–Z"), (InLanguage("sort_name"), "iso2"), alphabetical=True),
        Sort("region", gettext_lazy("Region"), ("region__order", InLanguage("sort_name"), "iso2")),
    )

    class Meta:
        model = Country
        fields: tuple[str, ...] = ()

    def narrowed(self, rows: Any, asked: dict[str, Any]) -> Any:
        """Member States: of today, unless a day is asked for. What never was a member is no row of the directory."""
        return super().narrowed(rows if asked["on"] else rows.members(), asked)

    def narrowings(self, asked: dict[str, Any]) -> Iterator[BitMap]:
        yield from super().narrowings(asked)
        if not asked["on"]:
            yield self.selected(("members", datetime.date.today()), self.queryset.members())


def constituents_lede() -> str:
    named = {group: Count("country", distinct=True, filter=Q(group=group)) for group in ConstituentGroup.values}
    covered = Constituent.objects.published().aggregate(**named)
    return _(
        "Bodies that a source names as a country’s government, employers’ or workers’ side. States covered, of "
        "%(members)s: government %(government)s, employers %(employers)s, workers %(workers)s. That a body is named "
        "does not say that it is “most representative”."
    ) % {"members": Country.objects.published().members().count(), **covered}


def countries_lede() -> str:
    return _(
        "The ILO’s %(members)s member States, as one or more sources list them. Most dates of membership are years, "
        "coded by a research project; they may differ from the ILO’s own."
    ) % {"members": Country.objects.published().members().count()}


def statements() -> dict[str, Any]:
    about = ProfileStatement.objects.published().filter(topic=StatementTopic.CONSTITUENTS)
    return {"statements": about.for_list()}


def notes_on_constituents(question: ConstituentFilterSet) -> Notes:
    n = question.answering(on=None).filter(as_of="").count()
    sentence = ngettext(
        "%(n)s more is named by a source that gives no date; it is outside the count of a day.",
        "%(n)s more are named by sources that give no date; they are outside the count of a day.",
        n,
    )
    return Notes(undated=sentence % {"n": n} if n else "")


CONSTITUENT_COLUMNS = (
    *key_and_name(of("name")),
    field("acronym", "Acronym"),
    *linked("country", "Country", "iso2"),
    *coded("group", "Group"),
    *many("affiliation", "International affiliations", "affiliations", "slug"),
    *linked("organization", "The organization that it is, where it holds a standing of its own", "slug", "name"),
    field("website", "Its website", Kind.URL),
    *evidence(),
)

COUNTRY_COLUMNS = (
    *key_and_name(of("name")),
    field("name_fr", "Name in French"),
    field("name_es", "Name in Spanish"),
    field("iso3", "ISO 3166-1, three letters", Kind.CODE),
    *linked("region", "Region of the ILO", "slug"),
    field("subregion", "Subregion"),
    each("member_since", "Spells of membership: beginnings, '' where not known", "memberships", "since", Kind.DATES),
    each("member_until", "Spells of membership: ends, '' where none is known", "memberships", "until", Kind.DATES),
    *evidence(),
)

constituents = Directory(
    name="constituents",
    title=gettext_lazy("Tripartite constituents"),
    count_label=lambda n: ngettext("%(n)s constituent", "%(n)s constituents", n) % {"n": n},
    records=Constituent.objects.published,
    filterset=ConstituentFilterSet,
    lede=constituents_lede,
    notes_on=notes_on_constituents,
    more=statements,
    columns=CONSTITUENT_COLUMNS,
)

countries = Directory(
    name="countries",
    title=gettext_lazy("Countries"),
    count_label=lambda n: ngettext("%(n)s country", "%(n)s countries", n) % {"n": n},
    records=Country.objects.published,
    filterset=CountryFilterSet,
    lede=countries_lede,
    columns=COUNTRY_COLUMNS,
)
