"""The page that says how much is known."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from engagement.models import (
    Constituent,
    ConsultativeCategory,
    Country,
    InvitationDecision,
    Project,
    Ratification,
    Region,
    Seat,
)
from tests.factories import make_country, make_organization, make_source
from tests.views.test_directories import shown_count

pytestmark = pytest.mark.django_db

PAGE, MOST_QUERIES, LARGEST_PAGE = "/coverage/", 12, 60 * 1024
REGIONS = ["africa", "americas", "arab-states", "asia-and-the-pacific", "europe-and-central-asia"]


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def row_of(html: str, name: str) -> list[str]:
    """The cells of the row with this heading, in any of the page's tables."""
    (row,) = re.findall(rf'<tr><th scope="row">(?:<a [^>]*>)?{re.escape(name)}(?:</a>)?</th>(.*?)</tr>', html, re.S)
    return re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)


def numbers_with_lists(html: str) -> list[tuple[str, int]]:
    """The addresses of directories, with the number that leads there."""
    found = re.findall(r'<td><a href="(/[a-z]+/(?:\?[^"#]*)?)">([\d,]+)</a>', html)
    return [(unescape(url), int(number.replace(",", ""))) for url, number in found]


@pytest.mark.slow
def test_a_number_is_the_number_of_rows_at_its_address(client: Client) -> None:
    seen: dict[str, list[tuple[str, int]]] = {}
    for address in [PAGE, *(f"{PAGE}?region={region}" for region in REGIONS)]:
        for url, number in numbers_with_lists(read(client, address)):
            kind = re.sub(r"(country|region|category)=[^&]+", r"\1", url)
            seen.setdefault(kind, []).append((url, number))
    assert len(seen) > 25
    for kind, listed in seen.items():
        for url, number in sorted(listed, key=lambda pair: -pair[1])[:3]:
            assert shown_count(read(client, url)) == number, (kind, url)


def test_a_number_without_a_list_of_its_own_leads_to_the_section_of_the_country(client: Client) -> None:
    html = read(client, f"{PAGE}?region=arab-states")
    links = set(re.findall(r'<td><a href="(/countries/[A-Z]{2}/)#([a-z]+)"', html))
    assert links
    for page, anchor in sorted(links)[:3]:
        assert f'id="{anchor}"' in read(client, page)


def test_a_country_says_what_is_recorded_whence_and_how_old_it_is(client: Client) -> None:
    cells = [words(cell).strip() for cell in row_of(read(client, f"{PAGE}?region=asia-and-the-pacific"), "Pakistan")]
    assert cells[0] == "1 official document, 2014"
    assert cells[2] == "2 official document, 2014"
    assert cells[3] == "none recorded"
    assert cells[7].startswith("18 official page,")


def test_none_that_a_source_states_is_worded_otherwise_than_none_recorded(client: Client) -> None:
    cells = row_of(read(client, f"{PAGE}?region=asia-and-the-pacific"), "Palau")
    assert cells[1] == "none recorded"
    assert cells[2] == '<a href="/sources/c2_wp_pw/">none, says a source</a>'


def test_nothing_on_the_page_looks_like_zero(client: Client) -> None:
    for address in (PAGE, f"{PAGE}?region=africa"):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", read(client, address), re.S)
        assert cells and not [cell for cell in cells if words(cell).strip() in ("", "0", "–", "-")]
        assert not [cell for cell in cells if words(cell).strip().startswith("0 ")]


def test_a_fact_without_any_date_is_undated(client: Client) -> None:
    country = make_country("XA", region=Region.objects.get(slug="africa"))
    Constituent.objects.create(country=country, group="workers", name="Invented union", source=make_source())
    cells = row_of(read(client, f"{PAGE}?region=africa"), str(country))
    assert words(cells[2]).strip() == "1 not classified, undated"


def test_the_whole_says_for_how_many_states_all_sides_are_recorded(client: Client) -> None:
    assert "Of 187 member States government, employers and workers are all three recorded for 98." in words(
        read(client, PAGE)
    )


def test_the_special_list_is_known_to_nine_in_a_hundred_at_most(client: Client) -> None:
    cells = [words(cell).strip() for cell in row_of(read(client, PAGE), "Special List")]
    assert cells[0] == "14"
    assert cells[5].startswith("about 160 UN-NGLS profile")
    assert cells[6] == "9 in 100 at most: the dates differ"


def test_an_invitation_has_no_state(client: Client) -> None:
    cells = row_of(read(client, PAGE), "Invited to a meeting")
    assert [words(cell).strip() for cell in cells[:2]] == ["22", "an invitation is to one meeting and has no state"]


def test_what_is_known_to_be_missing_is_said_with_where_it_stands(client: Client) -> None:
    html = read(client, PAGE)
    missing = html[html.index('id="missing"') :]
    general = ConsultativeCategory.objects.get(slug="general")
    assert escape(general.known_gaps) in missing
    for link in ("/statuses/#links", "/statuses/?status=undated", "/participation/#provisions", "/discrepancies/",
                 "/sources/?source_kind=unclassified"):  # fmt: skip
        assert f'href="{link}"' in missing
        page, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in read(client, page) or not anchor


def test_how_far_each_list_of_invitations_was_read_is_said(client: Client) -> None:
    html = unescape(read(client, PAGE))
    for decision in InvitationDecision.objects.published():
        assert f'href="{decision.get_absolute_url()}"' in html
        assert decision.list_status in html


@pytest.mark.parametrize(
    ("query", "named"),
    [("region=atlantis", "region"), ("region=africa&region=americas", "region"), ("colour=blue", "colour"),
     ("on=2006-11-15", "on")],
)  # fmt: skip
def test_a_bad_question_is_answered_400_with_the_parameter_named(client: Client, query: str, named: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert re.findall(r"<li><strong>(\w+)</strong>", response.content.decode()) == [named]


def test_empty_and_tracking_parameters_are_redirected_away(client: Client) -> None:
    response = client.get(f"{PAGE}?utm_source=x&region=africa")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?region=africa")
    assert client.get(f"{PAGE}?region=")["Location"] == PAGE


def test_each_region_is_reached_and_says_which_it_is(client: Client) -> None:
    html = read(client, PAGE)
    for region in Region.objects.published():
        assert f'href="?region={region.slug}"' in html
        page = read(client, f"{PAGE}?region={region.slug}")
        assert f"<h1>How much is known: {region}</h1>" in page
        assert f'<a href="?region={region.slug}" aria-current="page">' in page
        assert page.count('<tr><th scope="row">') == Country.objects.filter(region=region).count()


@pytest.mark.parametrize("address", [PAGE, *(f"{PAGE}?region={region}" for region in REGIONS)])
def test_the_page_stays_within_its_budget(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert len(queries) <= MOST_QUERIES
    assert len(response.content) <= LARGEST_PAGE


def test_the_number_of_queries_is_the_same_for_3_and_for_300_facts(client: Client) -> None:
    region, source = Region.objects.get(slug="arab-states"), make_source()
    numbers = iter(range(10_000))

    def cost(facts: int) -> list[int]:
        country = make_country(f"X{'ABCDEFGH'[next(numbers) % 8]}", region=region)
        for _each in range(facts):
            number = next(numbers)
            Constituent.objects.create(country=country, group="workers", name=f"Union {number}", source=source)
            Seat.objects.create(organization=make_organization(source=source), country=country, source=source)
            Project.objects.create(title=f"Invented {number}", source=source).countries.add(country)
        Ratification.objects.filter(country=country).delete()
        counts = []
        for address in (PAGE, f"{PAGE}?region=arab-states"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    assert cost(3) == cost(300)
