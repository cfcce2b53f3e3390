"""Organizations, with their seats and themes; and the statuses that they hold."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from engagement.desk.states import State
from engagement.directories.organizations import organizations as directory
from engagement.directories.organizations import statuses as status_directory
from engagement.exchange.importing import cells, dates
from engagement.exchange.importing.columns import Column, Link, Links, OfPart
from engagement.exchange.importing.derived import Label
from engagement.exchange.importing.kinds.base import (
    Identity,
    Kind,
    Said,
    evidence,
    in_order,
    key,
    of_source,
    organization,
    page,
    row,
)
from engagement.exchange.importing.parts import SEATS
from engagement.exchange.importing.resolving import Book, folded
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Organization,
    OrganizationKind,
    Region,
    Theme,
)

REGION = Link(
    name="region", says=_("Region of activity, only where a source says that it works in one: key or name"),
    parse=cells.text(200), to="region_id", model=Organization, target=Region,
)  # fmt: skip
KIND = Column(
    name="kind", says=_("Kind of organization: code or label; blank: a non-governmental organization"),
    parse=cells.choice(OrganizationKind), to="kind", model=Organization, required=True, example="ngo",
)  # fmt: skip
THEMES = Links(
    name="theme", says=_("Fields of work: keys or names, with “; ” between"),
    parse=cells.text(100), to="themes", model=Organization, target=Theme,
)  # fmt: skip

COLUMNS = (
    key(Organization, "invented-union"),
    Column(
        name="name", says=_("Name"), parse=cells.text(300), to="name", model=Organization, required=True,
        example="Invented Union of Lighthouse Keepers", more_names=("organization", "organisation", "organización"),
    ),
    Column(
        name="name_lang", says=_("Language of the name (en, fr, es, ar …); blank: English"),
        parse=cells.text(10), to="name_lang", model=Organization, required=True, example="en",
    ),
    Column(
        name="acronym", says=_("Acronym"), parse=cells.text(30), to="acronym", model=Organization, example="IULK"
    ),
    KIND,
    REGION,
    OfPart(
        name="country", says=_("Its seats: countries by ISO code or name, with “; ” between; the list is the whole"),
        parse=cells.text(200), to="", model=Organization, part="seats", example="CH; KE",
    ),
    OfPart(
        name="city", says=_("Its seats: cities, in the order of the countries; nothing between the signs: not known"),
        parse=cells.text(100), to="", model=Organization, part="seats", example="Geneva; Nairobi",
    ),
    THEMES,
    Column(
        name="founded", says=_("When it was founded"), parse=dates.partial, to="founded", model=Organization,
        example="1951",
    ),
    Column(
        name="dissolved", says=_("When it was dissolved"), parse=dates.partial, to="dissolved", model=Organization
    ),
    Column(
        name="website", says=_("Its website"), parse=cells.url(300), to="website", model=Organization,
        example="https://invented-union.example/",
    ),
    Column(
        name="official_url", says=_("Its page on the ILO’s site"), parse=cells.url(500), to="official_url",
        model=Organization,
    ),
    Column(
        name="last_verified", says=_("When staff last verified the record: a day"), parse=cells.day,
        to="last_verified", model=Organization, example="2024-05-31",
    ),
    *evidence(Organization),
)  # fmt: skip

DERIVED = (
    row(directory, "former_names", "name"),
    Label(name="kind_label", instead="kind", column=KIND),
    Label(name="region_label", instead="region", column=REGION),
    Label(name="theme_label", instead="theme", column=THEMES),
    *(row(directory, name, "key") for name in ("category", "category_label", "status", "granted", "ended")),
    *of_source(Organization),
    page(directory),
)


def by_name(said: Said) -> Any:
    return folded(said["name"]) or None


def of_that_name(said: Said, book: Book) -> set[int]:
    """Those that are called so, or were, or are in another language."""
    return book.names(Organization).named(said["name"])


ORGANIZATIONS = Kind(
    name="organizations",
    title=_("Organizations"),
    model=Organization,
    columns=COLUMNS,
    derived=DERIVED,
    identity=Identity(("name",), (), lambda said: (), by_name, found=of_that_name),
    label=lambda state, book: str(state["name"]),
    rules=(in_order("engagement_organization_life_ordered", "founded", "dissolved"),),
    parts=(SEATS,),
    directory=directory,
)

# -- Statuses ------------------------------------------------------------------------------------------------

CATEGORY = Link(
    name="category", says=_("Category: key or name"), parse=cells.text(200), to="category_id",
    model=ConsultativeStatus, target=ConsultativeCategory, required=True, example="special-list",
)  # fmt: skip
STATUS_REGION = Link(
    name="region", says=_("Region, for regional status: key or name"), parse=cells.text(200), to="region_id",
    model=ConsultativeStatus, target=Region,
)  # fmt: skip
OF_STATUS = organization(ConsultativeStatus, _("Organization: key or name"), required=True)


def status_column(name: str, says: Any, parse: Any, example: str = "") -> Column:
    return Column(name=name, says=says, parse=parse, to=name, model=ConsultativeStatus, example=example)


def grant(said: Said) -> Any:
    """One organization has one status of a category and region that was granted on one day, or is stated for one."""
    if not said["organization_id"] or not said["category_id"]:
        return None
    stated = "" if said["granted"] else said["as_of"]
    return (said["organization_id"], said["category_id"], said["region_id"], said["granted"], stated)


def each_grant(said: Said) -> Iterator[Any]:
    yield grant(said)


def status_label(state: State, book: Book) -> str:
    body = book.names(Organization).of(state["organization_id"], "name")
    return f"{body}: {book.names(ConsultativeCategory).of(state['category_id'], 'name')}"


STATUSES = Kind(
    name="statuses",
    title=_("Consultative statuses"),
    model=ConsultativeStatus,
    columns=(
        key(ConsultativeStatus, "invented-union-special-list-2024"),
        OF_STATUS,
        CATEGORY,
        STATUS_REGION,
        status_column("granted", _("When it was granted"), dates.partial, "2024-03"),
        status_column("ended", _("When it ended: the first day on which it no longer held"), dates.partial),
        status_column("decided_by", _("Who decided"), cells.text(200), "Invented Committee"),
        status_column("decision_document", _("Document of the decision"), cells.text(200), "INV/24/5"),
        status_column("decision_paragraph", _("Paragraph of the decision"), cells.text(50), "7"),
        *evidence(ConsultativeStatus),
    ),
    derived=(
        row(status_directory, "name", "organization"),
        Label(name="organization_label", instead="organization", column=OF_STATUS),
        Label(name="category_label", instead="category", column=CATEGORY),
        Label(name="region_label", instead="region", column=STATUS_REGION),
        row(status_directory, "status", "ended"),
        row(status_directory, "status_label", "ended"),
        *of_source(ConsultativeStatus),
        page(status_directory),
    ),
    identity=Identity(
        ("organization", "category", "region", "granted", "as_of"),
        ("organization_id", "category_id", "region_id", "granted", "as_of"),
        each_grant,
        grant,
    ),
    label=status_label,
    rules=(in_order("engagement_consultativestatus_dates_ordered", "granted", "ended"),),
    directory=status_directory,
)
