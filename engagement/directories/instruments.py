"""Instruments and their ratifications."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.columns import Kind, coded, evidence, field, key_and_name, linked, of
from engagement.directories.filters import Codes, Sort, Sorting, Vocabulary, Words
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES, REGIONS
from engagement.models import Instrument, InstrumentKind, Ratification, RightsArea
from engagement.models.languages import InLanguage


class InstrumentFilterSet(DirectoryFilterSet):
    q = Words()
    kind = Vocabulary(choices=InstrumentKind.choices, label=gettext_lazy("Kind"))
    sort = Sorting(
        Sort("code", gettext_lazy("Code"), ("kind", "code")),
        Sort("-date", gettext_lazy("Newest first"), ("-adopted_earliest", "code")),
        Sort("name", gettext_lazy("Title A–Z"), ("title", "code")),
    )

    class Meta:
        model = Instrument
        fields: tuple[str, ...] = ()


class RatificationFilterSet(DirectoryFilterSet):
    q = Words()
    instrument = Vocabulary(
        field_name="instrument__code", choices=Codes(Instrument, "code", "code"), label=gettext_lazy("Instrument")
    )
    region = Vocabulary(field_name="country__region__slug", choices=REGIONS, label=gettext_lazy("Region"))
    country = Vocabulary(field_name="country__iso2", choices=COUNTRIES, label=gettext_lazy("Country"))
    sort = Sorting(
        Sort("instrument", gettext_lazy("Instrument"), ("instrument__code", InLanguage("country__sort_name"), "key")),
        Sort(
            "country",
            gettext_lazy("Country"),
            (InLanguage("country__sort_name"), "instrument__code", "key"),
            alphabetical=True,
        ),
        Sort("-date", gettext_lazy("Newest first"), ("-date_earliest", "key")),
    )

    class Meta:
        model = Ratification
        fields: tuple[str, ...] = ()


def instruments_lede() -> str:
    return _("Conventions, Declarations and agreements that bear on consultation and engagement: some of the ILO’s.")


def ratifications_lede() -> str:
    undated = Ratification.objects.published().filter(date="").count()
    return _(
        "Ratifications that the sources name. Only some Conventions are covered whole; %(undated)s of these have no "
        "date in the sources read."
    ) % {"undated": undated}


def rights_areas() -> dict[str, Any]:
    return {"rights_areas": RightsArea.objects.published().for_list()}


INSTRUMENT_COLUMNS = (
    *key_and_name(of("title")),
    *coded("kind", "Kind of instrument"),
    field("number", "Its number among its kind", Kind.INTEGER),
    field("subject", "What it is about"),
    field("adopted", "When it was adopted or signed", Kind.DATE),
    field("adopted_at", "Where it was adopted or signed"),
    field("in_force_from", "In force from", Kind.DATE),
    field("status", "Its status as the source words it"),
    *evidence(),
)

RATIFICATION_COLUMNS = (
    *key_and_name(reads=("country", "instrument")),
    *linked("instrument", "Instrument", "code"),
    *linked("country", "Country", "iso2"),
    field("date", "Date of the ratification, or of what `state` says", Kind.DATE),
    *coded("state", "State"),
    field("derived", "Whether it follows from another fact and no source states it by itself", Kind.BOOLEAN),
    *evidence(),
)

instruments = Directory(
    name="instruments",
    title=gettext_lazy("Instruments"),
    count_label=lambda n: ngettext("%(n)s instrument", "%(n)s instruments", n) % {"n": n},
    records=Instrument.objects.published,
    filterset=InstrumentFilterSet,
    lede=instruments_lede,
    more=rights_areas,
    columns=INSTRUMENT_COLUMNS,
)

ratifications = Directory(
    name="ratifications",
    title=gettext_lazy("Ratifications"),
    count_label=lambda n: ngettext("%(n)s ratification", "%(n)s ratifications", n) % {"n": n},
    records=Ratification.objects.published,
    filterset=RatificationFilterSet,
    lede=ratifications_lede,
    columns=RATIFICATION_COLUMNS,
)
