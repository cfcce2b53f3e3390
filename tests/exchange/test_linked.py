"""What records say to machines: schema.org, and no more of a fact than is known."""

import datetime
from typing import Any

import pytest
from django.test import override_settings
from django.utils.translation import override

from engagement.exchange.linked import dataset, exact, graph, node
from engagement.models import (
    Country,
    Instrument,
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    PartnerRole,
    Programme,
    Project,
    ProjectPartner,
    Seat,
)
from engagement.templatetags.linked import json_ld
from tests.factories import make_meeting, make_organization, make_source
from tests.linking import expanded, linked_of, things, wrong_in

pytestmark = pytest.mark.django_db

SITE = "https://register.example"
HOSTILE = "</script><!-- <script> & \u2028 \u202e “x” \\ \x00"
OF_ORGANIZATION: dict[str, Any] = {"names": [], "identifiers": [], "seats": [], "themes": []}
OF_PROJECT: dict[str, Any] = {"roles": [], "countries": [], "themes": []}


def said(record: Any, language: str = "en", **shown: Any) -> dict[str, Any]:
    """The thing that the page of a record is about, looked at as a machine does first."""
    with override(language):
        data = graph(record, shown, SITE, language)
    assert wrong_in(expanded(data)) == []
    return things(data)["thing"]


def said_of(body: Organization, **shown: Any) -> dict[str, Any]:
    return said(body, **{**OF_ORGANIZATION, **shown})


def page_of(record: Any, **shown: Any) -> dict[str, Any]:
    return things(graph(record, shown, SITE, "en"))["page"]


# -- The checks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thing", "wrong"),
    [({"@type": "Organisation"}, ": type Organisation"), ({"@type": "Event", "founder": "x"}, ": founder of ['Event']"),
     ({"@type": "Event", "startDate": "2014~"}, "/startDate: date 2014~"),
     ({"@type": "Event", "name": ""}, "/name: empty"),
     ({"@type": "Event", "location": []}, "/location: empty"),
     ({"@type": "Event", "url": "/x/"}, "/url: address relative:/x/")],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_schema_org_does_not_have_is_seen_by_these_tests(thing: Any, wrong: str) -> None:
    assert wrong_in(expanded({"@context": "https://schema.org", **thing})) == [wrong]


# -- Values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("date", ["2006", "2006-11", "2006-11-15"])
def test_a_day_a_month_and_a_year_stay_as_they_are(date: str) -> None:
    assert exact(date) == date


@pytest.mark.parametrize("date", ["", "2014~", "2014?", "194X", "2011/2013", "../2022", "2022/..", "2006-11-15~"])
def test_a_date_that_is_less_exact_is_left_out(date: str) -> None:
    assert exact(date) == ""


def test_a_node_holds_nothing_empty_but_keeps_what_is_false_or_zero() -> None:
    held = node("Thing", name="", url=None, sameAs=[], identifier=0, isAccessibleForFree=False)
    assert held == {"@type": "Thing", "identifier": 0, "isAccessibleForFree": False}


def test_no_text_can_leave_the_element_that_linked_data_stand_in() -> None:
    data = {"name": HOSTILE}
    page = f'<script type="application/ld+json">{json_ld(data)}</script><p>after</p>'
    assert linked_of(page) == [data]
    inside = page.removeprefix('<script type="application/ld+json">').split("</script>")[0]
    assert not set(inside) & set("<>&\u2028\u2029\x00")


# -- Organizations -------------------------------------------------------------------------------------------------


def test_an_organization_says_its_names_its_seat_and_its_addresses() -> None:
    body = make_organization(
        name="Organisation inventée", name_lang="fr", acronym="OI", kind="ngo", website="https://oi.example/",
        official_url="https://official.example/oi", founded="1950-05", dissolved="2001~",
    )  # fmt: skip
    source, france = body.source, Country.objects.get(iso2="FR")
    former = OrganizationName.objects.create(
        organization=body, name="Invented Union", kind="former", lang="en", source=source
    )
    chinese = OrganizationName.objects.create(
        organization=body, name="虚构组织", kind="language", lang="zh", source=source
    )
    identifier = OrganizationIdentifier.objects.create(
        organization=body, scheme="Invented", value="Q0", url="https://ids.example/Q0", source=source
    )
    seat = Seat.objects.create(organization=body, city="Paris", country=france, source=source)
    thing = said_of(body, names=[former, chinese], identifiers=[identifier], seats=[seat])
    assert thing == {
        "@id": f"{SITE}/organizations/{body.slug}/#record",
        "@type": "NGO",
        "name": {"@value": "Organisation inventée", "@language": "fr"},
        "alternateName": ["OI", "Invented Union", {"@value": "虚构组织", "@language": "zh"}],
        "url": "https://oi.example/",
        "sameAs": ["https://ids.example/Q0"],
        "identifier": [{"@type": "PropertyValue", "propertyID": "Invented", "value": "Q0"}],
        "subjectOf": {"@type": "WebPage", "url": "https://official.example/oi"},
        "foundingDate": "1950-05",
        "address": [{"@type": "PostalAddress", "addressLocality": "Paris", "addressCountry": "FR"}],
    }


@pytest.mark.parametrize(
    ("kind", "kind_of_thing"),
    [("ngo", "NGO"), ("workers", "WorkersUnion"), ("government", "GovernmentOrganization"),
     ("employers", "Organization"), ("intergovernmental", "Organization"), ("other", "Organization")],
)  # fmt: skip
def test_the_kind_of_an_organization_is_its_type(kind: str, kind_of_thing: str) -> None:
    assert said_of(make_organization(kind=kind))["@type"] == kind_of_thing


@pytest.mark.parametrize(
    ("since", "until", "is_said"),
    [("", "", True), ("1950", "", True), ("", "1999", False), ("1950", "1999-05", False), ("2999", "", False)],
)
def test_only_a_seat_of_today_is_an_address(since: str, until: str, is_said: bool) -> None:
    body = make_organization()
    land = Country.objects.get(iso2="FR")
    seat = Seat.objects.create(organization=body, country=land, since=since, until=until, source=body.source)
    assert ("address" in said_of(body, seats=[seat])) is is_said
    assert Seat.objects.on(datetime.date.today()).filter(pk=seat.pk).exists() is is_said


# -- Projects, meetings, instruments -------------------------------------------------------------------------------


def test_who_pays_for_a_project_is_its_funder_and_the_others_are_its_members() -> None:
    project = Project.objects.create(title="Invented project", source=make_source(), start="1997-10", end="2999")
    known, hidden = make_organization(), make_organization(published=False)
    partners = [
        ProjectPartner.objects.create(project=project, name=name, organization=body, role=role, source=project.source)
        for name, body, role in [
            ("Donor", None, "donor"), ("Known", known, "implementing"), ("Hidden", hidden, "government")
        ]
    ]  # fmt: skip
    roles = [(role, [each for each in partners if each.role == role]) for role in PartnerRole]
    thing = said(project, **{**OF_PROJECT, "roles": roles})
    assert thing["funder"] == [{"@type": "Organization", "name": "Donor"}]
    assert thing["member"] == [
        {"@type": "Organization", "@id": f"{SITE}/organizations/{known.slug}/#record", "name": "Known"},
        {"@type": "Organization", "name": "Hidden"},
    ]
    assert thing["foundingDate"] == "1997-10" and "dissolutionDate" not in thing


@pytest.mark.parametrize("published", [True, False])
def test_the_programme_of_a_project_is_said_where_the_public_sees_it(published: bool) -> None:
    programme = Programme.objects.create(title="Invented programme", source=make_source(), published=published)
    project = Project.objects.create(title="Invented project", source=make_source(), programme=programme)
    roles: list[tuple[str, list[ProjectPartner]]] = [(role, []) for role in PartnerRole]
    assert ("parentOrganization" in said(project, **{**OF_PROJECT, "roles": roles})) is published


def test_a_meeting_says_its_days_as_exactly_as_they_are_known_and_no_state() -> None:
    meeting = make_meeting(start="2017-06-05", end="2017-06~", place="Geneva", country=Country.objects.get(iso2="CH"))
    assert said(meeting) == {
        "@id": f"{SITE}/meetings/{meeting.slug}/#record",
        "@type": "Event",
        "name": meeting.name,
        "startDate": "2017-06-05",
        "location": {
            "@type": "Place",
            "name": "Geneva",
            "address": {"@type": "PostalAddress", "addressCountry": "CH"},
        },
        "organizer": {"@type": "Organization", "name": "International Labour Organization"},
    }
    assert "location" not in said(make_meeting())


@pytest.mark.parametrize(
    ("kind", "kind_of_thing", "of_date"),
    [("convention", "Legislation", "legislationDate"), ("declaration", "Legislation", "legislationDate"),
     ("agreement", "CreativeWork", "dateCreated"), ("initiative", "Thing", "")],
)  # fmt: skip
def test_only_conventions_and_declarations_are_legislation(kind: str, kind_of_thing: str, of_date: str) -> None:
    text = Instrument.objects.create(code="X999", kind=kind, title="Invented", adopted="1999", source=make_source())
    thing = said(text)
    assert thing["@type"] == kind_of_thing and thing.get(of_date, "1999") == "1999"


def test_a_source_says_its_publisher_and_its_terms() -> None:
    source = make_source(publisher="Invented press", licence="All rights reserved", date="2006-11/2006-12")
    assert said(source) == {
        "@id": f"{SITE}/sources/{source.slug}/#record",
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": {"@type": "Organization", "name": "Invented press"},
        "license": {"@type": "CreativeWork", "name": "All rights reserved"},
    }


def test_what_is_said_of_a_record_is_the_same_in_every_language() -> None:
    land = Country.objects.get(iso2="FR")
    assert said(land, "fr") == said(land, "es") == said(land)
    assert land.region is not None
    assert said(land)["containedInPlace"] == {"@type": "Place", "name": land.region.name}


# -- The page ------------------------------------------------------------------------------------------------------


def test_a_page_names_its_source_the_whole_and_the_way_to_it() -> None:
    source = make_source(url="https://source.example/")
    meeting = make_meeting(source=source)
    page = page_of(meeting)
    assert page["isBasedOn"] == {
        "@type": "CreativeWork",
        "@id": f"{SITE}/sources/{source.slug}/#record",
        "name": source.title,
        "url": "https://source.example/",
    }
    assert page["isPartOf"] == {"@id": f"{SITE}/data/"}
    way = [(step["position"], step["name"], step["item"]) for step in page["breadcrumb"]["itemListElement"]]
    assert way == [
        (1, "Home", f"{SITE}/"),
        (2, "Meetings", f"{SITE}/meetings/"),
        (3, meeting.name, f"{SITE}/meetings/{meeting.slug}/"),
    ]


def test_a_source_that_is_not_published_is_named_and_has_no_page() -> None:
    source = make_source(published=False)
    assert page_of(make_meeting(source=source))["isBasedOn"] == {"@type": "CreativeWork", "name": source.title}


def test_the_day_of_the_last_check_is_said_where_there_was_one() -> None:
    checked = make_organization(last_verified=datetime.date(2025, 5, 1))
    assert page_of(checked, **OF_ORGANIZATION)["lastReviewed"] == "2025-05-01"
    assert "lastReviewed" not in page_of(make_organization(), **OF_ORGANIZATION)


@pytest.mark.parametrize("publisher", ["", "The Invented Institute"])
def test_the_publisher_is_the_site_or_who_stands_behind_it(publisher: str) -> None:
    with override_settings(SITE_PUBLISHER=publisher, SITE_NAME="Invented register"):
        page = page_of(make_meeting())
    named = {"@type": "Organization", "name": publisher or "Invented register", "url": f"{SITE}/"}
    assert page["publisher"] == named


# -- The register as a whole ---------------------------------------------------------------------------------------


@override_settings(DATA_LICENCE="CC BY 4.0", SITE_NAME="Invented register", SITE_PUBLISHER="")
def test_the_whole_is_a_data_set_with_its_files_licence_and_revision() -> None:
    files = [("register.zip", f"{SITE}/data/register.zip", "application/zip")]
    data = dataset(SITE, 37, "All that is public.", files)
    assert wrong_in(expanded(data)) == []
    assert data["@id"] == data["url"] == f"{SITE}/data/"
    assert (data["version"], data["isAccessibleForFree"]) == ("37", True)
    assert data["license"] == {"@type": "CreativeWork", "name": "CC BY 4.0"}
    assert data["distribution"] == [
        {
            "@type": "DataDownload",
            "name": "register.zip",
            "contentUrl": f"{SITE}/data/register.zip",
            "encodingFormat": "application/zip",
        }
    ]
    assert data["creator"]["name"] == "Invented register"
