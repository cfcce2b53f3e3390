"""Projects as activities of IATI 2.03, told by this register: it is a secondary reporter, and not the ILO speaking.

Only what follows from the register is said. The schema wants of each activity a status and a date to the day; a project
whose dates do not give both is left out. What the standard has no true place for stands in the description:

- countries where there are several, for the standard wants to know what share of the money goes to each; themes are
  tags, which unlike sectors need no share;
- budgets, of which it wants the period and the day of the value; dates less fine than a day.

Partners whose role the standard does not know stand in the register alone.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import override

from engagement.exchange.relations import in_byte_order
from engagement.exchange.xml import holdable
from engagement.models import PartialDate, PartnerRole, Project

CONTENT_TYPE = "application/xml; charset=utf-8"
PROJECTS_AT_ONCE = 200
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

# Codes of the standard (iatistandard.org, codelists of version 2.03).
OTHER_ORGANISATION = "90"
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
PIPELINE, IMPLEMENTATION, CLOSED = "1", "2", "4"
SEVERAL_COUNTRIES = "3"
OWN_VOCABULARY = "99"
WEB_PAGE = "A12"

ROLES: dict[str, str] = {PartnerRole.DONOR: FUNDING, PartnerRole.IMPLEMENTING: IMPLEMENTING}
# The projects of the register are the ILO's own (directories/projects.py says so to readers): it answers for each.
ILO = "International Labour Organization"


WANTED = "Of the others no date is known to the day, or none that tells how they stand; the standard wants both."


# -- The file --------------------------------------------------------------------------------------------------------


def activities(site: str, today: datetime.date) -> Iterator[bytes]:
    """The file, project by project. site: `https://register.example`. Not to be asked for where none can be told."""
    told, of = counts(today)
    said = f"{told} of the {of} projects of the register. {WANTED}"
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n<!-- {said} -->\n'.encode()
    for project in projects().iterator(chunk_size=PROJECTS_AT_ONCE):
        with override(settings.LANGUAGE_CODE):
            element = activity(project, site, today)
        if element is not None:
            ElementTree.indent(element)
            yield ElementTree.tostring(element, encoding="utf-8") + b"\n"
    yield b"</iati-activities>\n"


def none_told(projects: int) -> str:
    """Why there is no file, where there is none: the schema wants at least one activity in it."""
    return f"None of the {projects} projects of the register. {WANTED}"


def projects() -> Any:
    with override(settings.LANGUAGE_CODE):  # by which countries are ordered
        rows = Project.objects.published().for_list().prefetch_related("themes")
    return rows.order_by(in_byte_order(F("slug")))


def counts(today: datetime.date) -> tuple[int, int]:
    """How many of the projects can be told, and how many there are."""
    dates = Project.objects.published().order_by().values_list("start", "end", "as_of")
    told = [bool(status_on(today, start, end) and days_of(start, end, as_of, today)) for start, end, as_of in dates]
    return sum(told), len(told)


def activity(project: Project, site: str, today: datetime.date) -> Element | None:
    """The project in the order of the schema, None where its dates do not give what the schema wants."""
    status = status_on(today, project.start, project.end)
    days = days_of(project.start, project.end, project.as_of, today)
    if not (status and days):
        return None
    element = Element("iati-activity", {LANGUAGE: settings.LANGUAGE_CODE})
    SubElement(element, "iati-identifier").text = f"{prefix(site)}-{project.slug}"
    reporting = {"ref": prefix(site), "type": OTHER_ORGANISATION, "secondary-reporter": "1"}
    narrated(element, "reporting-org", settings.SITE_PUBLISHER or str(settings.SITE_NAME), **reporting)
    narrated(element, "title", project.title)
    narrated(element, "description", description(project))
    for role, name in participants(project):
        narrated(element, "participating-org", name, role=role)
    SubElement(element, "activity-status", code=status)
    for kind, day in days:
        SubElement(element, "activity-date", {"iso-date": day, "type": kind})
    add_places_and_themes(element, project, site)
    page = SubElement(element, "document-link", url=f"{site}{project.get_absolute_url()}", format="text/html")
    narrated(page, "title", f"{project.title} in {settings.SITE_NAME}")
    SubElement(page, "category", code=WEB_PAGE)
    return element


def add_places_and_themes(element: Element, project: Project, site: str) -> None:
    countries = public(project.countries)
    if len(countries) > 1:
        SubElement(element, "activity-scope", code=SEVERAL_COUNTRIES)
    elif countries:
        SubElement(element, "recipient-country", code=countries[0].iso2)
    address = f"{site}{reverse('engagement:projects')}"
    for theme in sorted(public(project.themes), key=lambda theme: theme.slug):
        vocabulary = {"vocabulary": OWN_VOCABULARY, "vocabulary-uri": address}
        narrated(element, "tag", theme.name, code=theme.slug, **vocabulary)


def public(records: Any) -> list[Any]:
    return [record for record in records.all() if record.published]


def narrated(parent: Element, name: str, text: str, **attributes: str) -> None:
    """An element that says something in words."""
    element = SubElement(parent, name, attributes)
    SubElement(element, "narrative").text = holdable(text)


def prefix(site: str) -> str:
    """What begins the identifiers that this site gives: its host, for nobody has given it another."""
    return re.sub(r"[^a-z0-9.]+", "-", urlsplit(site).netloc.lower()).strip("-")


# -- What is said ----------------------------------------------------------------------------------------------------


def description(project: Project) -> str:
    """What the register says of the project and the other elements do not, and where it stands written."""
    countries = public(project.countries)
    programme = project.programme if project.programme and project.programme.published else None
    money = f"{project.budget.normalize():f} {project.currency}" if project.budget is not None else ""
    said = {
        "Programme": programme.title if programme else "",
        "Countries": ", ".join(country.name for country in countries) if len(countries) > 1 else "",
        "Beginning": "" if A_DAY.fullmatch(project.start) else project.start and str(PartialDate(project.start)),
        "End": "" if A_DAY.fullmatch(project.end) else project.end and str(PartialDate(project.end)),
        "Budget as the source states it": money,
        "Source": project.source.title if project.source.published else "",
        "As of": project.as_of and str(PartialDate(project.as_of)),
    }
    sentences = [f"{name}: {text}." for name, text in said.items() if text]
    return " ".join(["A project of the ILO as public sources describe it.", *sentences])


def participants(project: Project) -> list[tuple[str, str]]:
    """Role and name: the ILO, donors, implementing partners. The standard has no role for the others."""
    partners = [(ROLES[partner.role], partner.name) for partner in project.partners.all() if partner.role in ROLES]
    return [(ACCOUNTABLE, ILO), *sorted(partners)]


def status_on(today: datetime.date, start: str, end: str) -> str:
    """The code of how the project stands, '' where its dates do not tell. Dates that are uncertain never do."""
    began, ended = (PartialDate(text) if text and not re.search("[~?]", text) else None for text in (start, end))
    day = today.isoformat()
    if ended and ended.latest < day:
        return CLOSED
    if began and began.earliest > day:
        return PIPELINE
    return IMPLEMENTATION if began and ended and began.latest <= day <= ended.earliest else ""


def days_of(start: str, end: str, as_of: str, today: datetime.date) -> list[tuple[str, str]]:
    """Kind and day of those dates that are known to the day.

    It was planned if it lay ahead when the source spoke, and came about if it lay behind; in between neither can be
    said. A source without a date speaks today, as the register does.
    """
    day = today.isoformat()
    spoken = PartialDate(as_of or day)
    found = []
    for text, planned, actual in ((start, PLANNED_START, ACTUAL_START), (end, PLANNED_END, ACTUAL_END)):
        if not A_DAY.fullmatch(text):
            continue
        if text <= min(spoken.earliest, day):
            found.append((actual, text))
        elif text > spoken.latest:
            found.append((planned, text))
    return found
