"""The page of the guide: what it may be asked, one address for equal answers, and what it tells."""

import gzip
import re
from html import unescape
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from engagement.models import ConsultativeCategory, EligibilityCriterion, Meeting, Office
from tests.factories import make_country, make_meeting, make_source
from tests.guide.rows import make_criterion

pytestmark = pytest.mark.django_db

# What is sent is the page compressed; the stylesheet comes beside it.
PAGE, MOST_QUERIES, LARGEST, LARGEST_SENT = "/which-status/", 12, 60 * 1024, 9 * 1024
INVITED = "organization=ngo&reach=several-regions&aims=fields&want=one-meeting&meeting=ilc-111&first=yes&member=no"
LISTED = "organization=ngo&reach=several-regions&aims=fields&want=standing&member=no"
NATIONAL = "country=PK&organization=ngo&reach=one-country&aims=fields&want=standing&member=no"
UNION = "country=PK&organization=workers&reach=one-country&aims=fields&want=home&member=yes"
PROJECT = "country=PK&organization=ngo&want=project"


def read(client: Client, query: str = "", page: str = PAGE) -> str:
    response = client.get(f"{page}?{query}" if query else page)
    assert response.status_code == 200, query
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def result(html: str) -> str:
    """What a reader sees of the answer."""
    part = re.search(r'<section class="answer" id="result".*?</section>', html, re.S)
    assert part is not None
    return words(part[0])


# -- What it may be asked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("organization=church", "organization"),
        ("reach=everywhere", "reach"),
        ("aims=ngo", "aims"),
        ("want=status", "want"),
        ("first=1", "first"),
        ("member=maybe", "member"),
        ("papers=statutes&papers=passport", "papers"),
        ("country=pk", "country"),
        ("country=XX", "country"),
        ("meeting=ilc-999", "meeting"),
        ("reach=one-country&reach=one-region", "reach"),
        ("colour=blue", "colour"),
        ("page=2", "page"),
        ("q=ilo", "q"),
    ],
)
def test_a_bad_answer_is_a_400_that_names_it_and_keeps_the_questions(client: Client, query: str, named: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    html = response.content.decode()
    assert response.status_code == 400
    assert re.findall(r"<li><strong>(\w+)</strong>", html) == [named]
    assert html.count("<legend") == 7 and 'id="result"' not in html


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("want=home&organization=ngo", "?organization=ngo&want=home"),
        ("papers=statutes&papers=members&papers=statutes", "?papers=members&papers=statutes"),
        ("organization=&reach=&country=&aims=&want=home&meeting=&member=", "?want=home"),
        ("want=home&utm_source=letter", "?want=home"),
        ("organization=&want=", ""),
    ],
)
def test_equal_answers_have_one_address(client: Client, query: str, canonical: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}{canonical}")


def test_a_withdrawn_meeting_or_country_is_none_that_may_be_named(client: Client) -> None:
    meeting, country = make_meeting(published=False), make_country("XA", published=False)
    assert client.get(f"{PAGE}?meeting={meeting.slug}").status_code == 400
    assert client.get(f"{PAGE}?country={country.iso2}").status_code == 400


def test_a_meeting_too_old_to_be_offered_may_still_be_named(client: Client) -> None:
    old = Meeting.objects.published().order_by("start_earliest").exclude(start="").first()
    assert old is not None and f'value="{old.slug}"' not in read(client)
    assert f'<option value="{old.slug}" lang="en" selected>' in read(client, f"want=one-meeting&meeting={old.slug}")


# -- The questions ---------------------------------------------------------------------------------------------------


def test_without_answers_there_are_six_questions_and_no_result(client: Client) -> None:
    html = read(client)
    assert re.findall(r"<legend>(\d)\. ", html) == ["1", "2", "3", "4", "5", "6"]
    assert 'id="result"' not in html and "checked" not in html and "<details" not in html
    assert re.search(r'<form method="get" action="/which-status/#result">', html)
    assert "noindex" not in html and "noindex" in read(client, "want=home")


def test_national_bodies_are_told_of_their_door_under_the_first_question(client: Client) -> None:
    first = re.search(r'<fieldset class="question" id="question-organization">.*?</fieldset>', read(client), re.S)
    assert first and "their door is in their own country" in words(first[0]) and 'href="/constituents/"' in first[0]


def test_an_answered_question_is_folded_under_its_answer_and_keeps_it(client: Client) -> None:
    html = read(client, INVITED + "&papers=members&papers=statutes")
    folded = re.findall(r'<details class="question" id="question-(\w+)">', html)
    assert folded == ["organization", "reach", "aims", "want", "member", "papers"]
    want = re.search(r'id="question-want"><summary>(.*?)</summary>', html, re.S)
    assert want and re.findall("<b>(.*?)</b>", want[1]) == [
        "To attend one meeting",
        "International Labour Conference, 111th Session",
        "Yes, the first",
    ]
    checked = re.findall(r'name="(\w+)" id="[\w-]+" value="([\w-]+)" checked', html)
    assert ("organization", "ngo") in checked and ("papers", "statutes") in checked and len(checked) == 8
    assert 'value="ilc-111" lang="en" selected' in html


# -- The result ------------------------------------------------------------------------------------------------------


def test_an_invitation_comes_with_its_rules_papers_and_the_closed_window(client: Client) -> None:
    told = result(read(client, INVITED + "&papers=statutes"))
    assert "The door An invitation to one meeting" in told
    assert "5 papers are still missing." in told
    assert "Missing Latest financial report" in told and "At hand Statutes or by-laws" in told
    assert "Closed 2 January 2023 to 13 February 2023" in told
    assert "The meeting itself is over: International Labour Conference, 111th Session" in told
    assert "As published for the International Labour Conference, 111th Session, 2023; what applies to the next" in told
    assert "Guidance for INGO invitations for the 111th International Labour Conference, 2023" in told


def test_every_rule_of_the_door_is_shown_with_its_state_and_its_source(client: Client) -> None:
    html = read(client, LISTED)
    told = result(html)
    assert "The door The Special List" in told
    for criterion in EligibilityCriterion.objects.published().filter(category__slug="special-list"):
        assert criterion.text in told
        assert criterion.source.get_absolute_url() in html
    assert "Met It must be international" in told
    assert "To bring The file includes annual reports" in told
    assert "Not asked here The Governing Body reviews the application" in told
    assert "Not asked of it National NGOs are expected to work through" in told
    assert re.search(r"As described for May 2002, \d\d years ago\.", told)


def test_a_rule_without_a_date_says_that_its_source_gives_none(client: Client) -> None:
    assert "The source gives no date." in result(read(client, LISTED))


def test_no_date_is_told_where_none_is_published(client: Client) -> None:
    assert "None published: no source read names a window that is still to come." in result(read(client, LISTED))
    told = result(read(client, "want=one-meeting&meeting=ilc-112"))
    assert "None published: no source read names a window for requests for the International" in told
    assert "2023" not in told.partition("Dates")[2].partition("The doors")[0]


def test_a_national_organization_is_led_through_an_international_one_and_told_why_not_the_rest(client: Client) -> None:
    html = read(client, NATIONAL)
    told = result(html)
    assert "The door Through an international organization" in told
    assert "would have to find and join it first" in told
    assert "Not met National NGOs are expected to work through an international organization" in told
    assert "Not met, of what is asked for every category:" in told
    assert "Not met It must be international, with affiliates" in told
    assert 'href="/countries/PK/#constituents"' in html
    assert "Country Office for Pakistan" in told


def test_a_union_is_led_to_the_constituents_of_its_country_by_what_is_published_of_them(client: Client) -> None:
    html = read(client, UNION)
    told = result(html)
    assert "The door Through the ILO’s constituents in the country" in told
    assert "Workers’ organizations are constituents of the ILO" in told
    assert "associations are members of their countries’ delegations" in told
    assert 'id="constituents"' in client.get("/countries/PK/").content.decode()
    assert 'href="/countries/PK/#constituents"' in html


def test_who_wants_to_work_in_a_country_is_led_to_the_office_with_what_it_looks_for(client: Client) -> None:
    told = result(read(client, PROJECT))
    assert "The door The ILO’s office for the country" in told
    assert "Country Office for Pakistan" in told and "The trust of the people who are to benefit." in told


def test_a_country_without_an_office_is_said_to_have_none_in_the_sources(client: Client) -> None:
    make_country("XA")
    assert "No source read names an office for Invented land XA." in result(read(client, "country=XA&want=project"))


def test_part_of_the_answers_names_the_open_questions_and_leads_to_them(client: Client) -> None:
    html = read(client, "want=one-meeting")
    told = result(html)
    assert "The door is still open" in told
    assert re.findall(r'<li><a href="#(question-\w+)">', html) == ["question-organization", "question-reach"]
    assert all(f'id="{anchor}"' in html for anchor in ("question-organization", "question-reach"))


def test_an_open_question_beside_another_leads_to_that_one(client: Client) -> None:
    html = read(client, INVITED.replace("&first=yes", ""))
    assert '<a href="#question-want">Is it the first request?</a>' in html
    assert "Asked of a first request only." in result(html)


def test_a_rule_that_is_edited_withdrawn_or_over_changes_the_page(client: Client) -> None:
    criterion = make_criterion("special-list", text="It has an invented seal.", met_by="member:yes")
    assert "The door An invitation to one meeting" in result(read(client, LISTED))
    criterion.met_by = "member:no"
    criterion.save()
    assert "Met It has an invented seal." in result(read(client, LISTED))
    criterion.until = "2020"
    criterion.save()
    assert "invented seal" not in read(client, LISTED)
    criterion.until, criterion.published = "", False
    criterion.save()
    assert "invented seal" not in read(client, LISTED)


def test_a_withdrawn_category_is_neither_a_door_that_opens_nor_linked(client: Client) -> None:
    ConsultativeCategory.objects.filter(slug="special-list").update(published=False)
    html = read(client, LISTED)
    assert "The door The Special List" not in result(html) and 'href="/categories/special-list/"' not in html


def test_a_window_to_come_is_told_with_its_days(client: Client) -> None:
    make_meeting(name="Invented conference", requests_from="2190-01-02", requests_until="2190-02-13")
    told = result(read(client, "want=one-meeting"))
    assert "Coming 2 January 2190 to 13 February 2190 Requests for an invitation: Invented conference" in told
    assert "None published" not in told


# -- Whose answer it is, and how it is kept --------------------------------------------------------------------------


def test_everyone_is_told_that_this_is_not_the_ilo_and_that_nothing_was_sent(client: Client) -> None:
    assert "This register is not the ILO. Nothing is sent from this page" in words(read(client))
    assert "This is not an answer of the ILO, and nothing was sent to it." in result(read(client, LISTED))


def test_where_the_site_has_a_publisher_it_does_not_say_that_it_is_another(client: Client, settings: Settings) -> None:
    settings.SITE_PUBLISHER = "Invented Office"
    page = words(read(client, LISTED))
    assert "not the ILO" not in page and "not an answer of the ILO" not in page
    assert "Nothing is sent from this page" in page and "Nothing was sent to anybody." in page


def test_the_pages_of_the_ilo_are_those_on_which_the_rules_stand(client: Client) -> None:
    told = result(read(client, INVITED)).partition("Where to ask")[2]
    assert "Guidance for INGO invitations for the 111th International Labour Conference, 2023" in told
    assert "Handbook for Minorities" not in told


def test_the_unit_for_civil_society_is_found_behind_its_link(client: Client) -> None:
    assert 'href="/offices/?q=civil+society"' in read(client, LISTED)
    assert Office.objects.published().filter(covers__contains="civil society").exists()


def test_the_permalink_stands_in_the_page_as_text_with_the_day(client: Client) -> None:
    html = read(client, LISTED)
    assert f">http://testserver{PAGE}?{LISTED}</a>" in html.replace("&amp;", "&")
    assert re.search(r"As of \d{1,2} \w+ \d{4}\.", result(html))


def test_the_page_sets_no_cookie_and_answers_no_other_method(client: Client) -> None:
    assert not client.get(f"{PAGE}?{LISTED}").cookies
    assert client.post(PAGE, {"want": "home"}).status_code == 405


# -- Form and cost ---------------------------------------------------------------------------------------------------

ADDRESSES = ["", "want=one-meeting", INVITED, LISTED, NATIONAL, UNION, PROJECT]


@pytest.mark.parametrize("query", ADDRESSES)
def test_the_page_has_one_first_heading_no_level_left_out_and_no_id_twice(client: Client, query: str) -> None:
    main = read(client, query).partition("<main")[2].partition("</main>")[0]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', main)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", ADDRESSES)
def test_the_page_costs_at_most_twelve_queries_and_its_weight_is_small(client: Client, query: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        html = read(client, query)
    assert len(queries) <= MOST_QUERIES
    assert len(html.encode()) <= LARGEST
    assert len(gzip.compress(html.encode())) <= LARGEST_SENT


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, INVITED)
        return len(queries)

    before, source = cost(), make_source()
    for number in range(40):
        make_meeting(source=source, requests_from="2190-01-02", requests_until="2190-02-13", start="2022")
        make_criterion("invited", source=source, met_by="member:no", order=number)
    assert cost() == before


# -- Ways in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/", "/which-status/"),
        ("/", "/which-status/?want=one-meeting"),
        ("/categories/", "/which-status/"),
        ("/categories/special-list/", "/which-status/"),
        ("/meetings/ilc-111/", "/which-status/?want=one-meeting&amp;meeting=ilc-111"),
    ],
)
def test_the_guide_is_reached_from_where_one_asks_for_it(client: Client, page: str, link: str) -> None:
    main = client.get(page).content.decode().partition("<main")[2].partition("</main>")[0]
    assert f'href="{link}"' in main
    assert 'href="/which-status/"' in client.get(page).content.decode().partition("<footer")[2]
