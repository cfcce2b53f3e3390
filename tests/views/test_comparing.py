"""The page that compares two days."""

import re
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.test import Client

from engagement.models import ConsultativeCategory, Membership, Organization, OrganizationLink, OrganizationName
from tests.factories import make_country, make_organization, make_source, make_status
from tests.reading import statements_with_sets

pytestmark = pytest.mark.django_db

PAGE, MOST_QUERIES = "/compare/", 12
SPAN = {"from": "2000-01-01", "to": "2010-01-01"}


def section(html: str, anchor: str) -> str:
    """What a reader sees of one section of the page."""
    part = re.search(rf'<section class="section" id="{anchor}">.*?</section>', html, re.S)
    assert part is not None, anchor
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part[0]))


def test_without_parameters_the_page_is_an_empty_form(client: Client) -> None:
    response = client.get(PAGE)
    html = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r'<input id="(\w+)" name="(\w+)" type="date"[^>]*value="([^"]*)"', html) == [
        ("from", "from", ""),
        ("to", "to", ""),
    ]
    assert '<label for="from">' in html and '<label for="to">' in html
    assert '<section class="section"' not in html


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("from=2006-11-14", "to"),
        ("from=&to=2006-11-14", "from"),
        ("from=2006-11-14&to=2006-11-14", "to"),
        ("from=2006-11-15&to=2006-11-14", "to"),
        ("from=14.11.2006&to=2006-11-15", "from"),
        ("from=2006-11-14&to=2006-11-15&colour=blue", "colour"),
        ("from=2006-11-14&to=2006-11-15&to=2006-11-16", "to"),
        ("from=2006-11-14&to=2006-11-15&page=2", "page"),
    ],
)
def test_a_bad_question_is_answered_400_with_the_parameter_named(client: Client, query: str, named: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert re.findall(r"<li><strong>(\w+)</strong>", response.content.decode()) == [named]


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("to=2006-11-15&from=2006-11-14", "?from=2006-11-14&to=2006-11-15"),
        ("from=2006-11-14&to=2006-11-15&utm_source=x&q=", "?from=2006-11-14&to=2006-11-15"),
        ("from=&to=", ""),
    ],
)
def test_equal_questions_are_redirected_to_one_address(client: Client, query: str, canonical: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}{canonical}")


def test_ituc_joins_between_the_14_and_the_15_november_2006_with_its_decision(client: Client) -> None:
    body = Organization.objects.get(slug="international-trade-union-confederation")
    html = client.get(f"{PAGE}?from=2006-11-14&to=2006-11-15").content.decode()
    joined = section(html, "joined")
    assert joined.startswith(" 1 joined")
    assert f"{body.name} General consultative status" in joined
    assert "Granted: 15 November 2006, decided by Governing Body." in joined
    assert "Source: The ILO formally recognizes" in joined
    assert body.get_absolute_url() in html
    for other in ("left", "moved", "renamed", "merged", "members"):
        assert "None recorded." in section(html, other)


def test_who_is_only_stated_for_the_earlier_day_is_not_said_to_have_left(client: Client) -> None:
    html = client.get(f"{PAGE}?from=2002-05-10&to=2006-01-01").content.decode()
    left = section(html, "left")
    assert left.startswith(" 0 left")
    assert "Stated for 10 May 2002, not for 1 January 2006 11" in left
    assert "not known to have ended" in left
    assert "Amnesty International" in left and "Ended:" not in left


def test_who_has_left_is_said_to_have_ended_on_the_day(client: Client) -> None:
    status = make_status(
        granted="1990", ended="2005-03-01", decision_document="GB.292/14", decision_paragraph="para. 3"
    )
    left = section(client.get(PAGE, SPAN).content.decode(), "left")
    assert status.organization.name in left
    assert "GB.292/14, para. 3. Ended: 1 March 2005." in left


def test_the_page_has_one_first_heading_and_leaves_no_level_out(client: Client) -> None:
    body = make_organization()
    make_status(organization=body, granted="1990", ended="2005")
    make_status(organization=body, granted="2005", category=ConsultativeCategory.objects.get(slug="general"))
    for dates in ({"granted": "2005"}, {"granted": "1990", "ended": "2005"}, {"as_of": "2000"}, {"as_of": "2010"}):
        make_status(**dates)
    main = client.get(PAGE, SPAN).content.decode().partition("<main")[2].partition("</main>")[0]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert {2, 3, 4} <= set(levels)
    assert all(level <= before + 1 for before, level in pairwise(levels))


def test_the_page_leads_to_the_lists_of_both_days_and_to_what_is_undated(client: Client) -> None:
    html = client.get(PAGE, SPAN).content.decode()
    for link in ("?on=2000-01-01", "?on=2010-01-01", "?status=undated"):
        assert f'href="/organizations/{link}"' in html
        assert client.get(f"/organizations/{link}").status_code == 200
    assert "2 statuses are stated without any date" in section(html, "untold")


def test_a_long_list_says_how_long_it_is_and_leads_to_the_whole(client: Client) -> None:
    source = make_source()
    for _each in range(60):
        make_status(granted="2005", source=source)
    html = client.get(PAGE, SPAN).content.decode()
    assert "50 of 61 shown." in section(html, "joined")
    assert 'href="/statuses/?on=2010-01-01"' in html


def test_the_number_of_queries_is_bounded_for_3_and_for_300_rows(committed_register: None, client: Client) -> None:
    general, numbers = ConsultativeCategory.objects.get(slug="general"), iter(range(10_000))

    def cost(rows: int) -> int:
        source = make_source()
        for _each in range(rows):
            number = next(numbers)
            body, mover = make_organization(source=source), make_organization(source=source)
            make_status(organization=body, granted="2005", source=source)
            make_status(organization=mover, granted="1990", ended="2005", source=source)
            make_status(organization=mover, granted="2005", source=source, category=general)
            make_status(granted="1990", ended="2005", source=source)
            OrganizationName.objects.create(
                organization=body, name=f"Former {number}", kind="former", until="2005", source=source
            )
            OrganizationLink.objects.create(
                organization=body, other=mover, kind="merged-into", date="2005", source=source
            )
        return len(statements_with_sets(client, f"{PAGE}?{urlencode(SPAN)}"))

    few = cost(3)
    assert few <= cost(300) <= MOST_QUERIES


def test_a_comparison_of_all_that_is_recorded_stays_within_its_budget(committed_register: None, client: Client) -> None:
    country = make_country("XA")
    Membership.objects.create(country=country, source=make_source(), since="2005")
    address = f"{PAGE}?from=1900-01-01&to=2026-11-01"
    assert len(statements_with_sets(client, address)) <= MOST_QUERIES
    response = client.get(address)
    assert len(response.content) <= 60 * 1024
    assert "Joined" in section(response.content.decode(), "members")
    assert "50 of" in section(response.content.decode(), "members")
