"""The page of a directory: statuses, redirects, the number on the page, the cost."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.warming import warm
from engagement.models import ConsultativeStatus, Organization, OrganizationName, Seat, Theme
from tests.factories import make_country, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

every_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)

LARGEST_PAGE = 60 * 1024
MOST_QUERIES = 12


def shown_count(html: str) -> int:
    heading = re.search(r'<h2 id="results-count"[^>]*>(.*?)</h2>', html, flags=re.DOTALL)
    assert heading is not None
    return int(re.search(r"\d+", heading[1].replace(",", ""))[0])


@every_directory
def test_the_heading_of_the_results_begins_with_their_number(directory: Directory, client: Client) -> None:
    response = client.get(f"/{directory.name}/")
    assert response.status_code == 200
    assert shown_count(response.content.decode()) == directory.rows(directory.ask(response.wsgi_request.GET)).count()


@every_directory
def test_a_list_page_stays_within_its_budget_of_queries_and_bytes(
    committed_register: None, directory: Directory, client: Client
) -> None:
    warm()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/{directory.name}/")
    assert len(queries) <= MOST_QUERIES
    assert len(response.content) <= LARGEST_PAGE


@every_directory
def test_a_bad_question_is_answered_400_with_the_parameter_named_and_no_rows(
    directory: Directory, client: Client
) -> None:
    response = client.get(f"/{directory.name}/?colour=blue")
    html = response.content.decode()
    assert response.status_code == 400
    assert "<strong>colour</strong>" in html
    assert '<ul class="rows">' not in html
    assert shown_count(html) == 0


@every_directory
def test_every_row_of_a_list_names_its_source_unless_it_is_one(directory: Directory, client: Client) -> None:
    html = client.get(f"/{directory.name}/").content.decode()
    rows = re.findall(r'<li class="row".*?</li>(?=<li class="row"|</ul>)', html, flags=re.DOTALL)
    assert rows
    assert directory.name == "sources" or all('href="/sources/' in row for row in rows)


@every_directory
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows_shown(
    directory: Directory, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(rows: int) -> int:
        monkeypatch.setattr(settings, "PAGE_SIZE", rows)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/{directory.name}/").status_code == 200
        return len(queries)

    assert cost(3) == cost(300)


def test_the_number_of_queries_is_the_same_for_3_and_for_300_organizations(client: Client) -> None:
    def cost(number: int) -> int:
        Organization.objects.all().delete()
        country, source = make_country(f"X{number % 7}".replace("X3", "XA").replace("X6", "XB")), make_source()
        theme = Theme.objects.create(name=f"Invented theme {number}")
        for _each in range(number):
            body = make_organization(source=source)
            body.themes.add(theme)
            make_status(organization=body, granted="1990", source=source)
            Seat.objects.create(organization=body, country=country, source=source)
            OrganizationName.objects.create(organization=body, name="Former", kind="former", source=source)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/organizations/").status_code == 200
        return len(queries)

    assert cost(3) == cost(300)


def test_empty_and_tracking_parameters_are_redirected_away(client: Client) -> None:
    response = client.get("/organizations/?q=&kind=&utm_source=mail&fbclid=x&mc_cid=1&kind=ngo")
    assert (response.status_code, response["Location"]) == (302, "/organizations/?kind=ngo")


def test_equal_questions_are_redirected_to_one_address(client: Client) -> None:
    response = client.get("/organizations/?sort=country&kind=workers&q=labour&kind=employers&kind=workers")
    assert response.status_code == 302
    assert parse_qsl(urlsplit(response["Location"]).query) == [
        ("q", "labour"), ("kind", "employers"), ("kind", "workers"), ("sort", "country"),
    ]  # fmt: skip
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(("page", "status"), [("2", 200), ("99999", 404), ("9" * 400, 404), ("0", 400), ("-1", 400),
                                              ("x", 400), ("1.5", 400), ("٣", 400)])  # fmt: skip
def test_a_page_past_the_end_is_404_and_a_malformed_one_400(client: Client, page: str, status: int) -> None:
    assert client.get("/constituents/", {"page": page}).status_code == status


def test_the_pages_of_a_list_show_every_row_once(client: Client) -> None:
    seen: list[str] = []
    for number in range(1, 5):
        html = client.get("/meetings/", {"page": number} if number > 1 else {}).content.decode()
        seen += re.findall(r'<li class="row" id="meetings-([^"]+)"', html)
    assert len(seen) == len(set(seen)) == shown_count(client.get("/meetings/").content.decode())


def test_a_chip_drops_its_filter_and_keeps_the_others(client: Client) -> None:
    html = client.get("/organizations/?kind=ngo&region=africa").content.decode()
    chips = re.findall(r'<a class="chip" href="([^"]+)"', html)
    assert chips == ["/organizations/?region=africa", "/organizations/?kind=ngo"]


def test_a_valid_value_without_rows_is_an_empty_list_and_not_an_error(client: Client) -> None:
    response = client.get("/organizations/?category=regional")
    assert response.status_code == 200
    assert shown_count(response.content.decode()) == 0


def test_the_list_says_as_of_which_day_it_is_read(client: Client) -> None:
    html = client.get("/organizations/?on=2006-11-15").content.decode()
    assert "The register as of 15 November 2006" in html
    assert "International Trade Union Confederation" in html
    assert "International Trade Union Confederation" not in client.get("/organizations/?on=2006-11-14").content.decode()


def test_withdrawn_organizations_stand_in_no_list(client: Client) -> None:
    status = make_status(granted="2000")
    name = status.organization.name
    assert name in client.get("/statuses/", {"q": name}).content.decode()
    Organization.objects.filter(pk=status.organization_id).update(published=False)
    assert ConsultativeStatus.objects.filter(pk=status.pk).exists()
    for path in ("/organizations/", "/statuses/"):
        assert shown_count(client.get(path, {"q": name}).content.decode()) == 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_directory_is_read_only(client: Client, method: str) -> None:
    assert getattr(client, method)("/organizations/").status_code == 405
