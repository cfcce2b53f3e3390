"""Tripartite constituents, with their affiliations."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from engagement.directories.constituents import constituents as directory
from engagement.exchange.importing import cells
from engagement.exchange.importing.columns import Column, Link, Links
from engagement.exchange.importing.derived import Label
from engagement.exchange.importing.kinds.base import Identity, Kind, Said, evidence, key, of_source, organization, page
from engagement.exchange.importing.resolving import folded
from engagement.models import Affiliation, Constituent, ConstituentGroup, Country

COUNTRY = Link(
    name="country", says=_("Country: ISO code or name"), parse=cells.text(200), to="country_id", model=Constituent,
    target=Country, required=True, example="CH",
)  # fmt: skip
GROUP = Column(
    name="group", says=_("Group: government, employers or workers"), parse=cells.choice(ConstituentGroup), to="group",
    model=Constituent, required=True, example="workers",
)  # fmt: skip
AFFILIATIONS = Links(
    name="affiliation", says=_("International affiliations: keys or names, with “; ” between"), parse=cells.text(200),
    to="affiliations", model=Constituent, target=Affiliation,
)  # fmt: skip
ORGANIZATION = organization(
    Constituent, _("The organization that it is, only where it holds a standing with the ILO of its own")
)


def in_country(said: Said) -> Any:
    if not said["country_id"] or not said["group"] or not said["name"]:
        return None
    return (said["country_id"], said["group"], folded(said["name"]))


def as_printed(said: Said) -> Any:
    return (said["country_id"], said["group"], said["name"])


CONSTITUENTS = Kind(
    name="constituents",
    title=_("Tripartite constituents"),
    model=Constituent,
    columns=(
        key(Constituent, "ch-workers-invented-union"),
        Column(
            name="name", says=_("Name"), parse=cells.text(300), to="name", model=Constituent, required=True,
            example="Invented Union of Lighthouse Keepers",
        ),
        Column(
            name="acronym", says=_("Acronym"), parse=cells.text(40), to="acronym", model=Constituent, example="IULK"
        ),
        COUNTRY,
        GROUP,
        AFFILIATIONS,
        ORGANIZATION,
        Column(
            name="website", says=_("Its website"), parse=cells.url(300), to="website", model=Constituent,
            example="https://invented-union.example/",
        ),
        *evidence(Constituent),
    ),
    derived=(
        Label(name="country_label", instead="country", column=COUNTRY),
        Label(name="group_label", instead="group", column=GROUP),
        Label(name="affiliation_label", instead="affiliation", column=AFFILIATIONS),
        Label(name="organization_label", instead="organization", column=ORGANIZATION),
        *of_source(Constituent),
        page(directory),
    ),
    identity=Identity(
        ("country", "group", "name"),
        ("country_id", "group", "name"),
        lambda said: (in_country(said),),
        in_country,
        as_printed,
    ),
    label=lambda state, book: f"{state['name']} ({book.names(Country).key_of(state['country_id'])})",
    directory=directory,
)  # fmt: skip
