"""Projects, with those who take part in them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from engagement.directories.projects import projects as directory
from engagement.exchange.importing import cells, dates
from engagement.exchange.importing.columns import Column, Link, Links, Number, OfPart
from engagement.exchange.importing.derived import Label
from engagement.exchange.importing.kinds.base import (
    Identity,
    Kind,
    Rule,
    Said,
    evidence,
    in_order,
    key,
    of_source,
    page,
)
from engagement.exchange.importing.parts import DONORS, PARTNERS
from engagement.exchange.importing.resolving import folded
from engagement.models import Country, Programme, Project, Theme

PROGRAMME = Link(
    name="programme", says=_("Programme: key or title"), parse=cells.text(300), to="programme_id", model=Project,
    target=Programme,
)  # fmt: skip
COUNTRIES = Links(
    name="country", says=_("Countries: ISO codes or names, with “; ” between"), parse=cells.text(200), to="countries",
    model=Project, target=Country, example="KE; UG",
)  # fmt: skip
THEMES = Links(
    name="theme", says=_("Themes: keys or names, with “; ” between"), parse=cells.text(100), to="themes",
    model=Project, target=Theme,
)  # fmt: skip


def partner_column(name: str, part: str, says: Any, example: str) -> OfPart:
    return OfPart(name=name, says=says, parse=cells.text(300), to="", model=Project, part=part, example=example)


def titled(said: Said) -> Any:
    return folded(said["title"]) or None


PROJECTS = Kind(
    name="projects",
    title=_("Projects"),
    model=Project,
    columns=(
        key(Project, "invented-lighthouses-project"),
        Column(
            name="name", says=_("Title"), parse=cells.text(300), to="title", model=Project, required=True,
            example="Invented Lighthouses Project",
        ),
        Column(name="acronym", says=_("Acronym"), parse=cells.text(30), to="acronym", model=Project, example="ILP"),
        PROGRAMME,
        COUNTRIES,
        THEMES,
        partner_column(
            "partner", "partners", _("Partners other than donors: codes, or keys of organizations; the list is whole"),
            "invented-union; invented-ministry",
        ),
        partner_column(
            "partner_label", "partners", _("Their names as the source prints them, in the same order"),
            "Invented Union; Invented Ministry",
        ),
        partner_column(
            "partner_role", "partners", _("Their roles, in the same order: code or label"),
            "implementing; government",
        ),
        partner_column("donor", "donors", _("Donors: codes, or keys of organizations; the list is whole"), "inv-fund"),
        partner_column("donor_label", "donors", _("Their names as the source prints them"), "Invented Fund"),
        Column(name="start", says=_("Beginning"), parse=dates.partial, to="start", model=Project, example="2021-03"),
        Column(name="end", says=_("End"), parse=dates.partial, to="end", model=Project, example="2024"),
        Number(
            name="budget", says=_("Budget that the source states"), parse=cells.decimal(16, 2), to="budget",
            model=Project, example="1250000",
        ),
        Column(
            name="currency", says=_("Its currency, ISO 4217"), parse=cells.text(3), to="currency", model=Project,
            example="CHF",
        ),
        Column(
            name="website", says=_("Its page elsewhere"), parse=cells.url(1000), to="url", model=Project,
            example="https://invented-lighthouses.example/",
        ),
        *evidence(Project),
    ),
    derived=(
        Label(name="programme_label", instead="programme", column=PROGRAMME, lookup="title"),
        Label(name="country_label", instead="country", column=COUNTRIES),
        Label(name="theme_label", instead="theme", column=THEMES),
        *of_source(Project),
        page(directory),
    ),
    identity=Identity(("name",), ("title",), lambda said: (titled(said),), titled),
    label=lambda state, book: str(state["title"]),
    rules=(
        in_order("engagement_project_dates_ordered", "start", "end"),
        Rule(
            "engagement_project_budget_has_currency", "currency",
            lambda state: state["budget"] is None or bool(state["currency"]),
        ),
    ),
    parts=(PARTNERS, DONORS),
    directory=directory,
)  # fmt: skip
