"""What a record's page says to machines: schema.org as JSON-LD, https://schema.org.

Only what the page shows to readers, in English; a name in another language says which. A date that schema.org could
not hold as it is, about a year or a span, is left out.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, override

from engagement.directories import Directory
from engagement.directories.constituents import countries
from engagement.directories.instruments import instruments
from engagement.directories.meetings import meetings
from engagement.directories.organizations import organizations
from engagement.directories.projects import projects
from engagement.directories.sources import sources
from engagement.models import (
    ActorGroup,
    ConsultativeCategory,
    Country,
    Instrument,
    InstrumentKind,
    Meeting,
    Organization,
    OrganizationKind,
    PartnerRole,
    Programme,
    Project,
    Seat,
    Source,
)
from engagement.models.languages import ENGLISH
from engagement.models.paths import path_of

CONTEXT = "https://schema.org"
# The page of the data as a whole, which every record is part of.
DATA = "/data/"
ILO = "International Labour Organization"
EXACT = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)

Node = dict[str, Any]
# What the template of a record's page is given, by name.
Shown = Mapping[str, Any]


def node(kind: str, **said: Any) -> Node:
    """A thing of this type with what is known of it; nothing empty. `id` is its address among linked data."""
    known = {name: value for name, value in said.items() if value not in ("", None, [], {})}
    own = {"@id": known.pop("id")} if "id" in known else {}
    return {"@type": kind, **own, **known}


def exact(date: str) -> str:
    """A partial date that ISO 8601 writes alike: a day, a month or a year; '' for any other."""
    return date if EXACT.fullmatch(date) else ""


def worded(text: str, language: str) -> str | Node:
    """Text in its language; as it is where that is English or not known."""
    return {"@value": text, "@language": language} if text and language not in ("", ENGLISH) else text


def name_of(record: Any, site: str) -> str:
    """The address by which linked data call the record: the same on its page in each language."""
    if get_language() != ENGLISH:
        with override(ENGLISH):
            return name_of(record, site)
    return f"{site}{record.get_absolute_url()}#record"


# -- Organizations ---------------------------------------------------------------------------------------------------

TYPES = {
    OrganizationKind.NGO: "NGO",
    OrganizationKind.WORKERS: "WorkersUnion",
    OrganizationKind.GOVERNMENT: "GovernmentOrganization",
}


def organization(body: Organization, shown: Shown, site: str) -> Node:
    names = [worded(name.name, name.lang) for name in shown["names"]]
    return node(
        TYPES.get(OrganizationKind(body.kind), "Organization"),
        name=worded(body.name, body.name_lang),
        alternateName=[each for each in (body.acronym, *names) if each],
        url=body.website,
        sameAs=[each.url for each in shown["identifiers"] if each.url],
        identifier=[node("PropertyValue", propertyID=each.scheme, value=each.value) for each in shown["identifiers"]],
        subjectOf=node("WebPage", url=body.official_url) if body.official_url else None,
        foundingDate=exact(body.founded),
        dissolutionDate=exact(body.dissolved),
        address=[postal(seat) for seat in shown["seats"] if is_seat_today(seat)],
        areaServed=node("Place", name=body.region.name) if body.region else None,
        knowsAbout=[theme.name for theme in shown["themes"]],
    )


def is_seat_today(seat: Seat) -> bool:
    """By the rule of SeatQuerySet.on."""
    today = datetime.date.today().isoformat()
    return (not seat.since or seat.since_earliest <= today) and (not seat.until or seat.until_latest > today)


def postal(seat: Seat) -> Node:
    return node("PostalAddress", addressLocality=seat.city, addressCountry=seat.country.iso2)


# -- Projects, programmes --------------------------------------------------------------------------------------------


def project(record: Project, shown: Shown, site: str) -> Node:
    partners = {role: [party(each, site) for each in held] for role, held in shown["roles"]}
    programme = record.programme if record.programme and record.programme.published else None
    return undertaking(
        record,
        shown,
        funder=partners[PartnerRole.DONOR],
        member=[each for role, held in partners.items() if role != PartnerRole.DONOR for each in held],
        parentOrganization=node("Project", id=name_of(programme, site), name=programme.title) if programme else None,
        areaServed=[node("Country", name=country.name) for country in shown["countries"]],
    )


def programme(record: Programme, shown: Shown, site: str) -> Node:
    """Donors and partners are words of its source, not bodies."""
    return undertaking(record, shown)


def undertaking(record: Project | Programme, shown: Shown, **more: Any) -> Node:
    """`Project` is an organization to schema.org. One that is to end has not been dissolved."""
    has_ended = record.end_latest < datetime.date.today().isoformat()
    return node(
        "Project",
        name=record.title,
        alternateName=record.acronym,
        url=record.url,
        foundingDate=exact(record.start),
        dissolutionDate=exact(record.end) if has_ended else "",
        knowsAbout=[theme.name for theme in shown["themes"]],
        **more,
    )


def party(partner: Any, site: str) -> Node:
    """A partner under the name that its source prints; where the register has it as an organization, that one."""
    known = partner.organization if partner.organization and partner.organization.published else None
    return node("Organization", id=name_of(known, site) if known else "", name=partner.name)


# -- Other records ---------------------------------------------------------------------------------------------------


def country(record: Country, shown: Shown, site: str) -> Node:
    return node(
        "Country",
        name=record.name,
        identifier=[record.iso2, record.iso3],
        containedInPlace=node("Place", name=record.region.name) if record.region else None,
    )


def meeting(record: Meeting, shown: Shown, site: str) -> Node:
    return node(
        "Event",
        name=record.name,
        startDate=exact(record.start),
        endDate=exact(record.end),
        location=place(record),
        organizer=node("Organization", name=ILO),
    )


def place(record: Meeting) -> Node | None:
    """Where it was held; by the country alone where that is all that is known."""
    land = record.country
    if land is None:
        return node("Place", name=record.place) if record.place else None
    return node("Place", name=record.place or land.name, address=node("PostalAddress", addressCountry=land.iso2))


def instrument(record: Instrument, shown: Shown, site: str) -> Node:
    """Conventions and Declarations are law, binding or not; an agreement is a text; an initiative is neither."""
    if record.kind == InstrumentKind.INITIATIVE:
        return node("Thing", name=record.title, identifier=record.code, description=record.subject)
    if record.kind == InstrumentKind.AGREEMENT:
        said = {"identifier": record.code, "dateCreated": exact(record.adopted)}
        return node("CreativeWork", name=record.title, description=record.subject, **said)
    return node(
        "Legislation",
        name=record.title,
        description=record.subject,
        legislationIdentifier=record.code,
        legislationType=str(record.get_kind_display()),
        legislationDate=exact(record.adopted),
    )


def source(record: Source, shown: Shown, site: str) -> Node:
    return node(
        "CreativeWork",
        name=record.title,
        url=record.url,
        datePublished=exact(record.date),
        publisher=node("Organization", name=record.publisher) if record.publisher else None,
        license=node("CreativeWork", name=record.licence) if record.licence else None,
    )


def category(record: ConsultativeCategory, shown: Shown, site: str) -> Node:
    named = record.formal_name if record.formal_name != record.name else ""
    return term(record, site, alternateName=named)


def actor_group(record: ActorGroup, shown: Shown, site: str) -> Node:
    return term(record, site)


def term(record: Any, site: str, **more: Any) -> Node:
    parent = PARENTS[type(record)]
    terms = node("DefinedTermSet", name=str(parent.title), url=f"{site}{path_of(parent.route)}")
    return node("DefinedTerm", name=record.name, description=record.summary, inDefinedTermSet=terms, **more)


# -- The page of a record --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parent:
    """The page above those of records: its route and title; the directory, where it is one."""

    route: str
    title: Any
    directory: Directory | None = None


def listed(directory: Directory) -> Parent:
    return Parent(f"engagement:{directory.name}", directory.title, directory)


PARENTS: dict[type, Parent] = {
    Organization: listed(organizations),
    Country: listed(countries),
    Project: listed(projects),
    Programme: Parent("engagement:projects", projects.title),
    Instrument: listed(instruments),
    Meeting: listed(meetings),
    Source: listed(sources),
    ConsultativeCategory: Parent("engagement:categories", gettext_lazy("Categories")),
    ActorGroup: Parent("engagement:engagement", gettext_lazy("Engagement")),
}

DESCRIBED: dict[type, Callable[[Any, Shown, str], Node]] = {
    Organization: organization,
    Country: country,
    Project: project,
    Programme: programme,
    Instrument: instrument,
    Meeting: meeting,
    Source: source,
    ConsultativeCategory: category,
    ActorGroup: actor_group,
}


def graph(record: Any, shown: Shown, site: str, language: str) -> Node:
    """The page of a record and what it is about. `shown` is what its template is given; `site`: `https://…`."""
    page = f"{site}{record.get_absolute_url()}"
    crumbs = breadcrumbs(record, site)
    with override(ENGLISH):
        thing = DESCRIBED[type(record)](record, shown, site)
        verified = getattr(record, "last_verified", None)
        about = node(
            "WebPage",
            id=page,
            url=page,
            inLanguage=language,
            isPartOf={"@id": f"{site}{DATA}"},
            publisher=publisher(site),
            isBasedOn=based_on(record, site),
            lastReviewed=verified.isoformat() if verified else "",
            breadcrumb=crumbs,
            mainEntity={"@id": name_of(record, site)},
        )
    return {"@context": CONTEXT, "@graph": [about, {"@id": name_of(record, site), **thing}]}


def based_on(record: Any, site: str) -> Node | None:
    """The source of the record itself; that of each fact beside it stands on the page."""
    found: Source | None = getattr(record, "source", None)
    if found is None:
        return None
    return node("CreativeWork", id=name_of(found, site) if found.published else "", name=found.title, url=found.url)


def breadcrumbs(record: Any, site: str) -> Node:
    """The way to the page, as it has it, in its language."""
    parent = PARENTS[type(record)]
    steps = [
        (gettext_lazy("Home"), path_of("engagement:home")),
        (parent.title, path_of(parent.route)),
        (record, record.get_absolute_url()),
    ]
    items = [
        node("ListItem", position=position, name=str(name), item=f"{site}{path}")
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return node("BreadcrumbList", itemListElement=items)


def publisher(site: str) -> Node:
    """Who stands behind the site, or the site; never the ILO."""
    return node("Organization", name=settings.SITE_PUBLISHER or str(settings.SITE_NAME), url=f"{site}/")


# -- The register as a whole -----------------------------------------------------------------------------------------


def dataset(site: str, revision: int, description: str, files: Iterable[tuple[str, str, str]]) -> Node:
    """The data that can be downloaded: `files` are names, absolute addresses and media types. In English."""
    with override(ENGLISH):
        return {
            "@context": CONTEXT,
            **node(
                "Dataset",
                id=f"{site}{DATA}",
                name=str(settings.SITE_NAME),
                description=description,
                url=f"{site}{DATA}",
                license=node("CreativeWork", name=settings.DATA_LICENCE) if settings.DATA_LICENCE else None,
                creator=publisher(site),
                isAccessibleForFree=True,
                version=str(revision),
                distribution=[
                    node("DataDownload", name=name, contentUrl=url, encodingFormat=media_type)
                    for name, url, media_type in files
                ],
            ),
        }
