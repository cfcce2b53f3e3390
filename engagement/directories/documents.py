"""What search knows of a record, collection by collection: its names, and the further words by which it is found.

A function a collection. It gives the documents of the records with these primary keys, or of all, for what the public
may see and nothing else: a record that is withdrawn has no document. Each reads a bounded number of records at a time,
in a fixed number of queries.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import override

from engagement.directories.organization_texts import REGION, every_language, organization_texts
from engagement.models import (
    Constituent,
    ConsultativeStatus,
    Contact,
    Country,
    Instrument,
    Invitation,
    Meeting,
    Office,
    Organization,
    Project,
    ProjectPartner,
    Ratification,
    Source,
)
from engagement.models.languages import ENGLISH, in_every_language
from engagement.search import Document, normalise

BATCH = 500

Keys = Sequence[int] | None
Documents = Callable[[Keys], Iterator[Document]]


def records(queryset: QuerySet, pks: Keys) -> Iterator[Any]:
    """The records with these keys, or all; no cursor stays open while the documents are written."""
    wanted = queryset.order_by("pk") if pks is None else queryset.order_by("pk").filter(pk__in=pks)
    last = 0
    while batch := list(wanted.filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].pk


def portions(rows: QuerySet, pks: Keys, *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """The primary key and these columns of the rows with these keys, or of all, so many at once."""
    wanted = rows.order_by("pk") if pks is None else rows.order_by("pk").filter(pk__in=pks)
    last = 0
    while batch := list(wanted.filter(pk__gt=last).values_list("pk", *columns)[:BATCH]):
        yield batch
        last = batch[-1][0]


def country_words(*countries: Country | None) -> Iterator[str]:
    """The countries' names in the register's languages, and their regions."""
    for country in countries:
        if country is not None:
            yield from (*in_every_language(country, "name"), country.iso3)
            if country.region is not None:
                yield from in_every_language(country.region, "name")


def theme_names(record: Project) -> Iterator[str]:
    """The record's fields of work in the register's languages."""
    for theme in record.themes.all():
        if theme.published:
            yield from in_every_language(theme, "name")


# -- Organizations, and what is of an organization ------------------------------------------------------------------


def organization_documents(pks: Keys = None) -> Iterator[Document]:
    for batch in portions(Organization.objects.published(), pks):
        for key, texts in organization_texts([key for (key,) in batch]).items():
            yield Document(key, texts.sort_name, texts.names, texts.words)


def status_documents(pks: Keys = None) -> Iterator[Document]:
    columns = ("category__formal_name", "decision_document", *every_language("category__name"), *REGION)
    for batch in portions(ConsultativeStatus.objects.published(), pks, "organization_id", *columns):
        organizations = organization_texts({organization for _key, organization, *_words in batch})
        for key, organization, *words in batch:
            if texts := organizations.get(organization):  # it may have been withdrawn meanwhile
                yield Document(key, texts.sort_name, texts.names, [*filter(None, words), *texts.words])


def invitation_documents(pks: Keys = None) -> Iterator[Document]:
    columns = ("organization_id", "meeting_id", "name_as_printed", "agenda_items")
    for batch in portions(Invitation.objects.published(), pks, *columns):
        organizations = organization_texts({row[1] for row in batch})
        meetings = Meeting.objects.select_related("body", "country__region").in_bulk({row[2] for row in batch})
        held = {key: [*meeting_words(meeting), meeting.name] for key, meeting in meetings.items()}
        for key, organization, meeting, as_printed, agenda in batch:
            if (texts := organizations.get(organization)) and meeting in held:
                words = [*texts.words, *held[meeting], agenda]
                yield Document(key, texts.sort_name, [*texts.names, as_printed], words)


# -- Constituents, countries ----------------------------------------------------------------------------------------


def constituent_documents(pks: Keys = None) -> Iterator[Document]:
    rows = Constituent.objects.published().select_related("country__region").prefetch_related("affiliations")
    for each in records(rows, pks):
        words = [*country_words(each.country), *(body.name for body in each.affiliations.all() if body.published)]
        yield Document(each.pk, each.sort_name, [each.name, each.acronym], words)


def country_documents(pks: Keys = None) -> Iterator[Document]:
    for each in records(Country.objects.published().select_related("region"), pks):
        names = [*in_every_language(each, "name"), each.iso2, each.iso3]
        regions = in_every_language(each.region, "name") if each.region else []
        yield Document(each.pk, each.sort_name, names, [each.subregion, *regions])


# -- Projects -------------------------------------------------------------------------------------------------------


def project_documents(pks: Keys = None) -> Iterator[Document]:
    rows = Project.objects.published().select_related("programme").prefetch_related(
        Prefetch("partners", queryset=ProjectPartner.objects.published().select_related("organization")),
        Prefetch("countries", queryset=Country.objects.published().select_related("region")),
        "themes",
    )  # fmt: skip
    for each in records(rows, pks):
        yield Document(each.pk, each.sort_name, project_names(each), list(project_words(each)))


def project_names(project: Project) -> list[str]:
    """Its title, its acronym, and the title without the acronym where that stands at its end."""
    return [project.title, project.acronym, project.title.removesuffix(f" ({project.acronym})")]


def project_words(project: Project) -> Iterator[str]:
    yield project.note
    if project.programme is not None and project.programme.published:
        yield from (project.programme.title, project.programme.acronym)
    yield from theme_names(project)
    yield from country_words(*project.countries.all())
    for partner in project.partners.all():
        yield partner.name
        if partner.organization is not None and partner.organization.published:
            yield from (partner.organization.name, partner.organization.acronym)


# -- Instruments, ratifications -------------------------------------------------------------------------------------


def instrument_names(instrument: Instrument) -> list[str]:
    return [instrument.title, *instrument_codes(instrument), *instrument_citations(instrument)]


def instrument_codes(instrument: Instrument) -> list[str]:
    """Its code, and for Conventions "C87", "Convention 87", "Convention No. 87" beside C087."""
    number = instrument.number
    numbered = [] if number is None else [f"{instrument.code[:1]}{number}", *kinds_with(instrument, number)]
    return [instrument.code, *numbered]


def instrument_citations(instrument: Instrument) -> list[str]:
    """Its title with its number, as Conventions are cited."""
    return [] if instrument.number is None else [f"{instrument.title} (No. {instrument.number})"]


def kinds_with(instrument: Instrument, number: int) -> Iterator[str]:
    """Its kind with the number, in each of the site's languages, whatever that of the page at work is."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            kind = instrument.get_kind_display()
        yield f"{kind} {number}"
        if language == ENGLISH:
            yield f"{kind} No. {number}"


def instrument_documents(pks: Keys = None) -> Iterator[Document]:
    for each in records(Instrument.objects.published(), pks):
        words = [each.subject, each.status, each.adopted_at]
        yield Document(each.pk, normalise(each.title), instrument_names(each), words)


def ratification_documents(pks: Keys = None) -> Iterator[Document]:
    rows = Ratification.objects.published().select_related("instrument", "country__region")
    for each in records(rows, pks):
        country, instrument = each.country, each.instrument
        names = [f"{name} {instrument.code}" for name in in_every_language(country, "name")]
        words = [*country_words(country), country.iso2, *instrument_names(instrument), instrument.subject]
        yield Document(each.pk, normalise(f"{country.name} {instrument.code}"), names, words)


# -- Meetings, offices, contacts, sources ---------------------------------------------------------------------------


def meeting_words(meeting: Meeting) -> Iterator[str]:
    yield from (meeting.body.name, meeting.body.acronym, meeting.place, meeting.start[:4], meeting.end[:4])
    yield from country_words(meeting.country)


def meeting_documents(pks: Keys = None) -> Iterator[Document]:
    for each in records(Meeting.objects.published().select_related("body", "country__region"), pks):
        short = each.body.acronym and each.number and f"{each.body.acronym} {each.number}"
        yield Document(each.pk, normalise(each.name), [each.name, short], [*meeting_words(each), each.agenda])


def office_documents(pks: Keys = None) -> Iterator[Document]:
    covered = Prefetch("covered_countries", queryset=Country.objects.published().select_related("region"))
    for each in records(Office.objects.published().select_related("country__region").prefetch_related(covered), pks):
        words = [each.city, each.covers, each.mandate, *country_words(each.country, *each.covered_countries.all())]
        yield Document(each.pk, normalise(each.name), [each.name, each.acronym], words)


def contact_documents(pks: Keys = None) -> Iterator[Document]:
    """By name, title, office and organization alone; never by an address."""
    for each in records(Contact.objects.published().select_related("office", "organization"), pks):
        of = [body for body in (each.office, each.organization) if body is not None and body.published]
        words = [each.title, *(text for body in of for text in (body.name, body.acronym))]
        yield Document(each.pk, normalise(each.name), [each.name], words)


def source_documents(pks: Keys = None) -> Iterator[Document]:
    for each in records(Source.objects.published(), pks):
        yield Document(each.pk, normalise(each.title), [each.title], [each.publisher, each.slug, each.url])


# By the name of the directory (`Directory.name`).
DOCUMENTS: dict[str, Documents] = {
    "organizations": organization_documents,
    "statuses": status_documents,
    "invitations": invitation_documents,
    "constituents": constituent_documents,
    "countries": country_documents,
    "projects": project_documents,
    "instruments": instrument_documents,
    "ratifications": ratification_documents,
    "meetings": meeting_documents,
    "contacts": contact_documents,
    "offices": office_documents,
    "sources": source_documents,
}


def all_documents(collections: Iterable[str] = DOCUMENTS) -> Iterator[tuple[str, Iterator[Document]]]:
    """Every document of each of the collections."""
    for collection in collections:
        yield collection, DOCUMENTS[collection](None)
