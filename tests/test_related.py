"""What the pages of records cost, and what they share (engagement/views/related.py)."""

from collections.abc import Iterator
from itertools import islice, product
from string import ascii_uppercase
from typing import Any

import pytest
from django.test import Client

from engagement.directories.shown import first_of
from engagement.models import (
    ActorGroup,
    Attendance,
    Constituent,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Country,
    FurtherSource,
    Initiative,
    Instrument,
    Invitation,
    Meeting,
    MeetingBody,
    Membership,
    Organization,
    OrganizationLink,
    OrganizationName,
    Programme,
    Project,
    ProjectPartner,
    ProjectResult,
    Ratification,
    Seat,
    Source,
)
from engagement.views.related import footnoted, language_name, reading, with_remarks
from tests.factories import make_source, make_status
from tests.reading import statements_with_sets

pytestmark = pytest.mark.django_db

SIALKOT = "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/"
MOST_QUERIES = 12


# -- The parts -----------------------------------------------------------------------------------------------------


def test_the_first_of_a_long_list_know_how_many_there_are() -> None:
    source = make_source()
    named(Organization, 30, "name", source=source)
    shown = first_of(Organization.objects.filter(source=source))
    assert (len(shown.rows), shown.total, shown.is_part) == (25, 30, True)
    assert first_of(Organization.objects.none()).total == 0


@pytest.mark.parametrize(
    ("text", "shown"), [("1999-05-27", "27 May 1999"), ("1999-03", "March 1999"), ("November", "November"), ("", "")]
)
def test_a_reading_that_is_a_date_is_written_as_the_site_writes_dates(text: str, shown: str) -> None:
    assert reading(text) == shown


@pytest.mark.parametrize(("code", "name"), [("fr", "French"), ("zh", "Chinese"), ("xx", "xx"), ("", "")])
def test_a_language_is_named_and_an_unknown_code_stays(code: str, name: str) -> None:
    assert language_name(code) == name


def test_equal_evidence_has_one_footnote() -> None:
    source = make_source()
    facts: list[Any] = [
        make_status(source=source),
        make_status(source=source),
        make_status(source=source, note="another"),
    ]
    with_remarks(facts)
    assert footnoted(facts) == [facts[0], facts[2]]
    assert [fact.footnote for fact in facts] == [1, 1, 2]


def test_remarks_are_found_for_more_records_than_one_condition_can_hold() -> None:
    facts = named(Organization, 1200, "name", source=make_source())
    for fact in (facts[0], facts[-1]):
        FurtherSource.objects.create(kind="organization", record_key=fact.slug, source=make_source())
    with_remarks(facts)
    assert [bool(fact.remarks) for fact in facts] == [True, *[False] * 1198, True]


# -- Cost ----------------------------------------------------------------------------------------------------------


def numbered(model: Any, number: int, **fields: Any) -> list[Any]:
    """`number` rows of `model`; a field given as a function is called with the row's number."""
    key = model.key_field
    start = model.objects.count()
    rows = [
        model(**{
            key: f"t{model._meta.model_name}{index}".upper() if key == "code" else f"t{model._meta.model_name}{index}",
            **{name: value(index) if callable(value) else value for name, value in fields.items()},
        })
        for index in range(start, start + number)
    ]  # fmt: skip
    return list(model.objects.bulk_create(rows))


def named(model: Any, number: int, field: str, **fields: Any) -> list[Any]:
    """`number` rows of a model that has a name (in `field`) and keeps it for sorting."""
    return numbered(model, number, **{field: lambda i: f"Name {i}"}, sort_name=lambda i: f"name {i}", **fields)


def bodies(number: int) -> list[Organization]:
    return numbered(
        Organization, number, name=lambda i: f"Body {i}", sort_name=lambda i: f"body {i}", source=make_source()
    )


def gatherings(number: int, **fields: Any) -> list[Meeting]:
    body = MeetingBody.objects.get(slug="ilc")
    return numbered(Meeting, number, name=lambda i: f"Meeting {i}", body=body, source=make_source(), **fields)


def fill_organization(body: Organization, number: int) -> None:
    source, country, meetings, others = make_source(), Country.objects.get(pk=1), gatherings(number), bodies(number)
    category = ConsultativeCategory.objects.get(slug="general")
    own = {"organization": body, "source": source}
    first = iter(meetings), iter(meetings), iter(others)
    numbered(ConsultativeStatus, number, category=category, granted="1990", **own)
    numbered(ConsultativeLink, number, wording="other", **own)
    numbered(OrganizationName, number, name=lambda i: f"Name {i}", kind="former", **own)
    numbered(Seat, number, country=country, **own)
    numbered(Invitation, number, meeting=lambda i: next(first[0]), **own)
    numbered(Attendance, number, meeting=lambda i: next(first[1]), name_as_printed="x", reported="spoke", **own)
    numbered(OrganizationLink, number, other=lambda i: next(first[2]), kind="affiliate-of", **own)
    projects = named(Project, number, "title", source=source)
    of = iter(projects)
    numbered(ProjectPartner, number, project=lambda i: next(of), name="x", slug="x", role="partner", **own)


def fill_category(category: ConsultativeCategory, number: int) -> None:
    held = iter(bodies(number))
    numbered(
        ConsultativeStatus,
        number,
        organization=lambda i: next(held),
        category=category,
        granted="1990",
        source=make_source(),
    )


def fill_country(country: Country, number: int) -> None:
    source, seated = make_source(), iter(bodies(number))
    own = {"country": country, "source": source}
    named(Constituent, number, "name", group="workers", **own)
    numbered(Seat, number, organization=lambda i: next(seated), **own)
    numbered(Membership, number, since="1990", **own)
    gatherings(number, country=country)
    instruments = iter(numbered(Instrument, number, title="A Convention", kind="convention", source=source))
    numbered(Ratification, number, instrument=lambda i: next(instruments), state="ratified", **own)
    projects = named(Project, number, "title", source=source)
    between = Project.countries.through
    between.objects.bulk_create(between(project=project, country=country) for project in projects)


def fill_project(project: Project, number: int) -> None:
    own = {"project": project, "source": make_source()}
    numbered(ProjectPartner, number, name=lambda i: f"Partner {i}", slug=lambda i: f"partner-{i}", role="donor", **own)
    numbered(ProjectResult, number, indicator=lambda i: f"figure {i}", value=1, **own)


def fill_programme(programme: Programme, number: int) -> None:
    source = make_source()
    numbered(
        Project, number, title=lambda i: f"P {i}", sort_name=lambda i: f"p {i}", programme=programme, source=source
    )
    numbered(ProjectResult, number, indicator=lambda i: f"figure {i}", value=1, programme=programme, source=source)


def fill_instrument(instrument: Instrument, number: int) -> None:
    """`number` countries that no fixture has, and their ratifications."""
    source = make_source()
    states = iter(
        Country.objects.bulk_create(
            Country(iso2=iso2, iso3=iso3, name=iso2, sort_name=iso2, source=source)
            for iso2, iso3 in islice(zip(free_codes("iso2", 2), free_codes("iso3", 3), strict=False), number)
        )
    )
    own = {"instrument": instrument, "source": source, "state": "ratified"}
    numbered(Ratification, number, country=lambda i: next(states), note=lambda i: f"note {i % 3}", **own)


def free_codes(field: str, length: int) -> Iterator[str]:
    """Codes of so many letters that no country has in `field`; they only look like codes."""
    taken = set(Country.objects.values_list(field, flat=True))
    return (code for letters in product(ascii_uppercase, repeat=length) if (code := "".join(letters)) not in taken)


def fill_meeting(meeting: Meeting, number: int) -> None:
    invited, present = iter(bodies(number)), iter(bodies(number))
    own = {"meeting": meeting, "source": make_source()}
    numbered(Invitation, number, organization=lambda i: next(invited), **own)
    numbered(Attendance, number, organization=lambda i: next(present), name_as_printed="x", reported="spoke", **own)


def fill_actor_group(group: ActorGroup, number: int) -> None:
    numbered(Initiative, number, actor_group=group, name=lambda i: f"Initiative {i}", source=make_source())


def fill_source(source: Source, number: int) -> None:
    named(Organization, number, "name", source=source)
    slugs = iter(Organization.objects.filter(source=source).order_by("-pk").values_list("slug", flat=True))
    numbered(FurtherSource, number, source=source, kind="organization", record_key=lambda i: next(slugs))


@pytest.mark.parametrize(
    ("address", "fill", "of_each_kind"),
    [
        ("/organizations/international-trade-union-confederation/", fill_organization, 100),
        ("/categories/general/", fill_category, 300), ("/countries/PK/", fill_country, 100),
        (SIALKOT, fill_project, 300),
        ("/programmes/international-programme-on-the-elimination-of-child-labour-ipec/", fill_programme, 300),
        ("/instruments/C144/", fill_instrument, 300), ("/meetings/ilc-86/", fill_meeting, 300),
        ("/engagement/civil-society/", fill_actor_group, 300), ("/sources/profile/", fill_source, 300),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)  # fmt: skip
def test_a_record_with_300_related_rows_and_more_costs_no_more_queries_than_one_with_60(
    committed_register: None, client: Client, address: str, fill: Any, of_each_kind: int
) -> None:
    record = record_at(address)
    fill(record, 60)  # more than are shown: they are counted
    few = statements_with_sets(client, address)
    fill(record, of_each_kind)
    many = statements_with_sets(client, address)
    assert len(many) == len(few) <= MOST_QUERIES


def record_at(address: str) -> Any:
    models = {
        "organizations": Organization, "categories": ConsultativeCategory, "countries": Country, "projects": Project,
        "programmes": Programme, "instruments": Instrument, "meetings": Meeting, "engagement": ActorGroup,
        "sources": Source,
    }  # fmt: skip
    _, segment, key, _ = address.split("/")
    return models[segment].objects.get(**{models[segment].key_field: key})
