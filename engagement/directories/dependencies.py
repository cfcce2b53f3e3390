"""What the rows of each collection are made of besides themselves: who is concerned when another row changes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Model

from engagement.models import (
    Affiliation,
    Constituent,
    ConsultativeCategory,
    ConsultativeStatus,
    Contact,
    Country,
    Instrument,
    Invitation,
    InvitationDecision,
    Meeting,
    MeetingBody,
    Office,
    Organization,
    Programme,
    Project,
    Ratification,
    Region,
    Source,
    Theme,
)

# Models, each with the lookups that lead to its rows from a record.
Others = dict[type[Model], tuple[str, ...]]


@dataclass(frozen=True)
class MadeOf:
    """The model of a collection's records, and the models whose rows they are made of besides.

    `found`: what its search documents are made of. `shown`: what its columns say besides. What is part of a record
    (Record.part_of) and its many-to-many links need no mention: the change log notes them for the record itself.
    """

    record: Any
    found: Others = field(default_factory=dict)
    shown: Others = field(default_factory=dict)

    def documented(self) -> Iterator[tuple[type[Model], str]]:
        """All that a search document may hold of others, model by model and lookup by lookup."""
        return each_of(self.found)

    def columns(self) -> Iterator[tuple[type[Model], str]]:
        """All that a row may show of others."""
        return chain(each_of(self.found), each_of(self.shown))


def each_of(others: Others) -> Iterator[tuple[type[Model], str]]:
    return ((model, lookup) for model, lookups in others.items() for lookup in lookups)


MADE_OF: dict[str, MadeOf] = {
    "organizations": MadeOf(
        Organization,
        {Region: ("region", "seats__country__region"), Country: ("seats__country",), Theme: ("themes",)},
        {ConsultativeCategory: ("statuses__category",), Region: ("statuses__region",), Source: ("source",)},
    ),
    "statuses": MadeOf(
        ConsultativeStatus,
        {
            Organization: ("organization",),
            ConsultativeCategory: ("category",),
            Region: ("region", "organization__region", "organization__seats__country__region"),
            Country: ("organization__seats__country",),
            Theme: ("organization__themes",),
        },
        {Source: ("source",)},
    ),
    "invitations": MadeOf(
        Invitation,
        {
            Organization: ("organization",),
            Meeting: ("meeting",),
            MeetingBody: ("meeting__body",),
            Region: ("organization__region", "organization__seats__country__region", "meeting__country__region"),
            Country: ("organization__seats__country", "meeting__country"),
            Theme: ("organization__themes",),
        },
        {InvitationDecision: ("decision",), Source: ("source",)},
    ),
    "constituents": MadeOf(
        Constituent,
        {Country: ("country",), Region: ("country__region",), Affiliation: ("affiliations",)},
        {Organization: ("organization",), Source: ("source",)},
    ),
    "countries": MadeOf(Country, {Region: ("region",)}, {Source: ("source",)}),
    "projects": MadeOf(
        Project,
        {
            Programme: ("programme",),
            Theme: ("themes",),
            Country: ("countries",),
            Region: ("countries__region",),
            Organization: ("partners__organization",),
        },
        {Source: ("source",)},
    ),
    "instruments": MadeOf(Instrument, {}, {Source: ("source",)}),
    "ratifications": MadeOf(
        Ratification,
        {Instrument: ("instrument",), Country: ("country",), Region: ("country__region",)},
        {Source: ("source",)},
    ),
    "meetings": MadeOf(
        Meeting,
        {MeetingBody: ("body",), Country: ("country",), Region: ("country__region",)},
        {Source: ("source",)},
    ),
    "contacts": MadeOf(Contact, {Office: ("office",), Organization: ("organization",)}, {Source: ("source",)}),
    "offices": MadeOf(
        Office,
        {
            Country: ("country", "covered_countries"),
            Region: ("country__region", "covered_countries__region"),
        },
        {Office: ("predecessor",), Source: ("source",)},
    ),
    "sources": MadeOf(Source),
}
