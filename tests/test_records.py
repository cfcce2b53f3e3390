"""The pages of single records: what readers get, what they do not, and at what cost."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from engagement.models import (
    ActorGroup,
    Attendance,
    Constituent,
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Contact,
    Country,
    Discrepancy,
    FurtherSource,
    Instrument,
    Invitation,
    Meeting,
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
from tests.factories import (
    make_country,
    make_invitation,
    make_meeting,
    make_organization,
    make_source,
    make_status,
)

pytestmark = pytest.mark.django_db

SIALKOT = "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words(page: str) -> str:
    """The page as a reader sees it: without tags, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#x27;", "’")


def element(page: str, anchor: str) -> str:
    """The element with this id, to the end of its list item or row."""
    found = re.search(rf'<(li|tr)\b[^>]*\bid="{re.escape(anchor)}".*?</\1>', page, re.S)
    assert found, f"no element #{anchor}"
    return found.group(0)


# -- Addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/categories/nobody/", "/organizations/nobody/", "/countries/ZZ/", "/projects/nobody/", "/programmes/nobody/",
        "/instruments/C999/", "/meetings/nobody/", "/engagement/nobody/", "/sources/nobody/",
    ],
)  # fmt: skip
def test_an_unknown_record_is_not_found(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'role="search"' in response.content.decode()


def test_a_country_in_lower_case_leads_to_its_page(client: Client) -> None:
    response = client.get("/countries/pk/")
    assert (response.status_code, response["Location"]) == (301, "/countries/PK/")


# -- What the profile states stands on the pages of its concepts ---------------------------------------------------


def test_the_special_list_says_when_it_was_set_up_how_many_it_holds_and_in_which_fields(client: Client) -> None:
    page = words(read(client, "/categories/special-list/"))
    for stated in ("1956", "about 160", "Governing Body", "Human rights", "Poverty alleviation", "Social security",
                   "Professional rehabilitation", "Gender issues", "Youth matters"):  # fmt: skip
        assert stated in page


@pytest.mark.parametrize("slug", ["general", "regional", "special-list", "invited"])
def test_the_first_line_of_a_category_says_that_the_register_is_incomplete(client: Client, slug: str) -> None:
    page = read(client, f"/categories/{slug}/")
    lede = re.search(r'<p class="lede">(.*?)</p>', page, re.S)
    assert lede and "incomplete" in lede.group(1)
    assert "category unknown" in lede.group(1) and 'href="/statuses/#links"' in lede.group(1)


def test_the_sialkot_project_shows_its_four_figures_with_unit_and_source(client: Client) -> None:
    page = read(client, SIALKOT)
    for key in ProjectResult.objects.filter(project__slug=SIALKOT.split("/")[2], source__slug="profile"):
        assert f'id="{key.anchor}"' in page
    for figure, unit in (("10,572", "students"), ("255", "centres"), ("5,838", "students"), ("5,408", "students")):
        assert re.search(rf'class="big">{figure} <small>{unit}</small>', page)
    assert 'href="/sources/profile/"' in page


def test_the_declaration_on_multinational_enterprises_shows_its_amendment_of_2000(client: Client) -> None:
    page = words(read(client, "/instruments/MNE/"))
    assert "1977" in page and "November 2000" in page


def test_indigenous_peoples_are_shown_with_the_1920s_and_both_conventions(client: Client) -> None:
    page = read(client, "/engagement/indigenous-peoples/")
    assert "the 1920s" in page
    assert 'href="/instruments/C107/"' in page and 'href="/instruments/C169/"' in page


def test_an_organization_shows_the_decision_on_its_status(client: Client) -> None:
    page = read(client, "/organizations/international-trade-union-confederation/")
    status = ConsultativeStatus.objects.get(organization__slug="international-trade-union-confederation")
    item = element(page, status.anchor)
    assert "15 November 2006" in item and "Governing Body" in item and status.source.get_absolute_url() in item


# -- Each fact has its element and its source ----------------------------------------------------------------------


def published(model: Any, **conditions: Any) -> list[Any]:
    return list(model.objects.published().filter(**conditions).select_related("source"))


OWN_FACTS: list[tuple[Any, str]] = [
    (ConsultativeStatus, "organization"), (ConsultativeLink, "organization"), (Seat, "organization"),
    (OrganizationName, "organization"), (Invitation, "organization"), (OrganizationLink, "organization"),
    (Attendance, "meeting"), (Membership, "country"), (Constituent, "country"), (ProjectPartner, "project"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "owner"), OWN_FACTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_fact_stands_where_its_address_says_and_links_its_source(client: Client, model: Any, owner: str) -> None:
    facts = published(model)
    assert facts
    for fact in facts[:: max(1, len(facts) // 8)]:
        address, anchor = fact.get_absolute_url().split("#")
        item = element(read(client, address), anchor)
        assert f'href="{fact.source.get_absolute_url()}"' in item
        assert client.get(fact.source.get_absolute_url()).status_code == 200


def test_each_ratification_of_an_instrument_leads_to_its_evidence(client: Client) -> None:
    page = read(client, "/instruments/C144/")
    for ratification in published(Ratification, instrument__code="C144"):
        note = re.search(r'href="#(evidence-\d+)"', element(page, ratification.anchor))
        assert note and ratification.source.get_absolute_url() in element(page, note.group(1))


def test_a_further_source_of_a_fact_is_linked_beside_it(client: Client) -> None:
    status, source = make_status(granted="1995"), make_source(title="The second witness")
    FurtherSource.objects.create(kind="consultativestatus", record_key=status.key, source=source, reading="in 1995")
    item = element(read(client, status.organization.get_absolute_url()), status.anchor)
    assert "The second witness" in item and "in 1995" in item


def test_the_page_of_a_source_leads_to_every_fact_that_rests_on_it(client: Client) -> None:
    status = make_status(granted="1995")
    page = read(client, status.source.get_absolute_url())
    assert f'href="{status.get_absolute_url()}"' in page


def test_the_page_of_a_source_names_the_records_it_was_also_read_for(client: Client) -> None:
    status, source = make_status(granted="1995"), make_source()
    FurtherSource.objects.create(kind="consultativestatus", record_key=status.key, source=source, locator="page 7")
    page = read(client, source.get_absolute_url())
    assert f'href="{status.get_absolute_url()}"' in page and "page 7" in page


def test_two_readings_of_one_field_stand_side_by_side_on_the_record(client: Client) -> None:
    body, one, other = make_organization(), make_source(title="First witness"), make_source(title="Second witness")
    Discrepancy.objects.create(
        kind="organization", record_key=body.slug, label=body.name, field="founded",
        reading_a="1950-05-01", source_a=one, reading_b="1951", source_b=other,
    )  # fmt: skip
    page = read(client, body.get_absolute_url())
    for shown in ("1 May 1950", "1951", "First witness", "Second witness", one.get_absolute_url()):
        assert shown in page


# -- What is not known is said -------------------------------------------------------------------------------------


def test_an_organization_without_facts_says_what_is_not_recorded(client: Client) -> None:
    page = words(read(client, make_organization().get_absolute_url()))
    for said in ("No consultative status is recorded. That is no proof that there is none.",
                 "No invitation is recorded", "No attendance is recorded",
                 "Not verified; the source bears no date."):  # fmt: skip
        assert said in page


def test_a_country_without_facts_says_what_is_not_recorded(client: Client) -> None:
    page = words(read(client, make_country("XA").get_absolute_url()))
    assert "No membership of the ILO is recorded." in page
    assert page.count("Not recorded.") >= 4


def test_a_meeting_without_a_published_window_says_so_and_makes_up_no_last_day(client: Client) -> None:
    page = words(read(client, make_meeting(name="A gathering", start="2031-06").get_absolute_url()))
    assert "none published" in page and "not published in the source" in page
    assert not re.search(r"\d+ (June|July) 2031", page)


def test_attendance_is_said_to_prove_no_status(client: Client) -> None:
    body = make_organization()
    Attendance.objects.create(
        organization=body, meeting=make_meeting(), name_as_printed=body.name, reported="spoke", source=make_source()
    )
    assert "proves no status" in read(client, body.get_absolute_url())


def test_a_name_in_another_language_says_which(client: Client) -> None:
    body = make_organization()
    name = OrganizationName.objects.create(
        organization=body, name="Fédération inventée", kind="language", lang="fr", source=make_source()
    )
    item = element(read(client, body.get_absolute_url()), name.anchor)
    assert '<span lang="fr">Fédération inventée</span>' in item and "French" in item


def test_a_target_is_never_shown_as_a_result(client: Client) -> None:
    project = Project.objects.create(title="Invented project", source=make_source())
    target = ProjectResult.objects.create(
        project=project, nature="target", indicator="wells to be dug", value=40, unit="wells", source=make_source()
    )
    page = read(client, project.get_absolute_url())
    assert "not what was achieved" in page
    assert ">Target</span>" in element(page, target.anchor)


def test_statuses_are_grouped_by_how_they_stand_today(client: Client) -> None:
    category = ConsultativeCategory.objects.create(name="Invented status", group=1, source=make_source())
    soon = datetime.date.today() + datetime.timedelta(days=400)
    make_status(category=category, granted="1990", organization=make_organization(name="Body that holds"))
    make_status(category=category, granted="1990", ended="1999", organization=make_organization(name="Body of old"))
    make_status(category=category, as_of="2002", organization=make_organization(name="Body so stated"))
    make_status(category=category, organization=make_organization(name="Body undated"))
    make_status(category=category, granted=soon.isoformat(), organization=make_organization(name="Body to come"))
    page = words(read(client, category.get_absolute_url()))
    order = ["Body that holds", "own date", "Body so stated", "without any date", "Body undated", "Former",
             "Body of old", "Not begun", "Body to come"]  # fmt: skip
    places = [page.rindex(each) for each in order]
    assert places == sorted(places)


def test_a_long_list_of_holders_says_how_many_it_shows_and_leads_to_all(client: Client) -> None:
    category = ConsultativeCategory.objects.get(slug="regional")
    for _ in range(30):
        make_status(category=category, granted="1990")
    page = read(client, "/categories/regional/")
    assert "25 of 30 shown." in page and 'href="/organizations/?category=regional&amp;status=current"' in page


# -- What the public may not see -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "address"),
    [
        (Organization, "/organizations/international-trade-union-confederation/"), (Country, "/countries/PK/"),
        (Project, SIALKOT), (Instrument, "/instruments/C144/"), (ActorGroup, "/engagement/civil-society/"),
        (ConsultativeCategory, "/categories/general/"), (Source, "/sources/profile/"),
        (Meeting, "/meetings/ilc-86/"),
        (Programme, "/programmes/international-programme-on-the-elimination-of-child-labour-ipec/"),
    ],
)  # fmt: skip
def test_a_withdrawn_record_is_not_found(client: Client, model: Any, address: str) -> None:
    read(client, address)
    model.objects.filter(**{model.key_field: address.split("/")[2]}).update(published=False)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("model", "owner"), OWN_FACTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_withdrawn_fact_is_absent_from_the_page_of_its_record(client: Client, model: Any, owner: str) -> None:
    fact = published(model)[0]
    address = fact.get_absolute_url().split("#")[0]
    assert f'id="{fact.anchor}"' in read(client, address)
    model.objects.filter(pk=fact.pk).update(published=False)
    assert f'id="{fact.anchor}"' not in read(client, address)


def test_a_withdrawn_organization_is_absent_from_the_pages_of_others(client: Client) -> None:
    body = make_organization(name="Body to withdraw")
    source, country, meeting = make_source(), make_country("XA"), make_meeting()
    make_status(organization=body, granted="1990", source=source)
    make_invitation(organization=body, meeting=meeting)
    Seat.objects.create(organization=body, country=country, source=source)
    other = make_organization()
    OrganizationLink.objects.create(organization=other, other=body, kind="successor-of", source=source)
    pages = [each.get_absolute_url() for each in (source, country, meeting, other)] + ["/categories/special-list/"]
    assert all("Body to withdraw" in read(client, page) for page in pages)
    Organization.objects.filter(pk=body.pk).update(published=False)
    assert [page for page in pages if "Body to withdraw" in read(client, page)] == []


def test_a_partner_that_is_withdrawn_as_an_organization_is_named_without_a_link_to_it(client: Client) -> None:
    body = make_organization(published=False)
    project = Project.objects.create(title="Invented project", source=make_source())
    ProjectPartner.objects.create(project=project, name="As printed", organization=body, source=make_source())
    page = read(client, project.get_absolute_url())
    assert "As printed" in page and body.get_absolute_url() not in page


def test_contacts_private_or_public_stand_on_no_record(client: Client) -> None:
    body, source = make_organization(), make_source()
    for name, public in (("Ada Private", False), ("Bea Public", True)):
        Contact.objects.create(
            name=name, public=public, organization=body, source=source, email="someone@example.org",
            purpose="to test", lawful_basis="public-role",
        )  # fmt: skip
    for page in (read(client, body.get_absolute_url()), read(client, source.get_absolute_url())):
        assert not re.search(r"Ada|Bea|ada-private|bea-public|someone@", page)
    assert "A published contact" in read(client, source.get_absolute_url())
