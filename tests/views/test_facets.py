"""What a directory's page shows of its question: numbers, long and idle filters, chips, ways out of an empty list."""

import html as entities
import re
from typing import Any

import pytest
from django.test import Client

from engagement.directories.warming import warm
from engagement.models import Project, ProjectPartner
from engagement.views.facets import MOST_OFFERED, SHOWN_AT_ONCE, Facet, Option
from tests.factories import make_organization, make_source, make_status
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db


def options(html: str, name: str) -> dict[str, int]:
    """The numbers beside the values of a filter, as a reader sees them."""
    found = re.findall(rf'name="{name}" value="([^"]*)"[^>]*>(?:(?!</label>).)*?<b>([\d,]+)', html, flags=re.DOTALL)
    return {value: int(number.replace(",", "")) for value, number in found}


@pytest.mark.parametrize(
    ("address", "name"),
    [("/constituents/?", "group"), ("/constituents/?region=africa&", "affiliation"), ("/meetings/?", "body"),
     ("/organizations/?on=2006-11-15&", "category"), ("/organizations/?q=union&", "kind")],
)  # fmt: skip
def test_a_number_on_the_page_is_the_number_of_rows_over_all_pages(client: Client, address: str, name: str) -> None:
    numbers = options(client.get(address.rstrip("?&")).content.decode(), name)
    assert numbers
    for value, number in list(numbers.items())[:6]:
        assert rows_over_all_pages(client, f"{address}{name}={value}") == number, value


def rows_over_all_pages(client: Client, address: str) -> int:
    canonical = client.get(address, follow=True).wsgi_request.get_full_path()
    rows, page = 0, 1
    while (response := client.get(f"{canonical}&page={page}" if page > 1 else canonical)).status_code == 200:
        rows, page = rows + response.content.decode().count('<li class="row"'), page + 1
    assert response.status_code == 404
    return rows


def test_a_long_filter_shows_its_commonest_and_its_checked_values_and_the_rest_by_name() -> None:
    every = [Option(str(n), f"Value {n:02}", n == 19, n % 10) for n in range(20)]
    facet = Facet("country", "Country", every)
    first = [option.value for option in facet.first]
    assert first[:4] == ["9", "19", "8", "18"] and len(first) == SHOWN_AT_ONCE
    assert [option.label for option in facet.rest] == sorted(option.label for option in facet.rest)
    assert {*first, *(option.value for option in facet.rest)} == {option.value for option in every}


def test_a_checked_value_stays_in_sight_however_rare() -> None:
    every = [Option(str(n), f"Value {n:02}", n == 19, 0 if n == 19 else 5) for n in range(20)]
    assert "19" in [option.value for option in Facet("country", "Country", every).first]


def test_a_value_that_would_give_nothing_stays_and_is_muted(client: Client) -> None:
    html = client.get("/organizations/?category=general&since_to=1925").content.decode()
    assert re.search(r'<label class="idle"><input [^>]*name="category" value="special-list"', html)
    assert not re.search(r'<label class="idle"><input [^>]*value="general"[^>]*checked', html)


def test_a_number_is_read_with_what_it_counts(client: Client) -> None:
    html = client.get("/organizations/").content.decode()
    assert re.search(r'<b>\d+<span class="sr"> organizations</span></b>', html)


def test_an_empty_list_says_what_each_filter_keeps_out(client: Client) -> None:
    status = make_status(organization=make_organization(kind="other"), granted="1950")
    catch_up()
    html = client.get("/organizations/?category=special-list&since_to=1930").content.decode()
    assert "0 organizations" in html
    ways = {
        entities.unescape(url): int(number)
        for url, number in re.findall(r'<a href="([^"]*)">without [^<]*</a> <span class="n">(\d+)</span>', html)
    }
    assert set(ways) == {"/organizations/?category=special-list"}
    for address, number in ways.items():
        assert f"{number} organization" in client.get(address).content.decode()
    assert status.organization.slug in client.get("/organizations/?category=special-list").content.decode()


def test_words_that_were_replaced_are_named_with_what_was_looked_for(client: Client) -> None:
    catch_up()
    html = client.get("/organizations/?q=cooperatve").content.decode()
    assert "Nothing has the word “cooperatve”." in html
    assert "<strong>cooperative</strong>" in html
    assert "International Cooperative Alliance" in html or "International Co-operative Alliance" in html


def test_the_count_is_announced_with_the_number_of_filters(client: Client) -> None:
    html = client.get("/organizations/?kind=ngo&region=africa").content.decode()
    (said,) = re.findall(r'<p class="sr" role="status" id="found">(.*?)</p>', html, flags=re.DOTALL)
    assert re.fullmatch(r"\d+ organizations?, 2 filters", said)


def test_a_search_costs_a_bounded_number_of_queries(
    committed_register: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    catch_up()
    warm()
    searches = {"/organizations/?q=international+union": 16, "/organizations/?q=internatonal+unoin&on=2006-11-15": 20}
    for search, most in searches.items():
        client.get(search)  # makes the sets of its words and of its day, which are kept
        with django_assert_max_num_queries(most):
            client.get(search)


# -- A vocabulary that grows with the register ----------------------------------------------------------------------


def donors_of(html: str) -> list[str]:
    return re.findall(r'name="donor" value="([^"]*)"', html)


@pytest.fixture
def many_donors(db: None) -> None:
    """Twice as many as are offered; the number n gives to n % 7 projects more than one."""
    source = make_source()
    projects = [Project.objects.create(title=f"P {n}", slug=f"p-{n}", source=source) for n in range(8)]
    for number in range(2 * MOST_OFFERED):
        for project in projects[: number % 7 + 1]:
            ProjectPartner.objects.create(
                project=project, name=f"Fund Númber {number:03}", slug=f"fund-{number:03}", role="donor",
                source=source, key=f"{project.slug}-{number}",
            )  # fmt: skip


@pytest.mark.usefixtures("many_donors")
def test_of_very_many_values_the_commonest_and_the_checked_are_offered(client: Client) -> None:
    html = client.get("/projects/").content.decode()
    offered = donors_of(html)
    assert len(offered) == MOST_OFFERED and "fund-006" in offered and "fund-000" not in offered
    assert re.search(rf"The {MOST_OFFERED} most frequent of 1\d\d\.", html)
    assert "fund-000" in donors_of(client.get("/projects/?donor=fund-000").content.decode())
    assert len(client.get("/projects/?donor=fund-xyz").content) < 60 * 1024


@pytest.mark.usefixtures("many_donors")
def test_the_others_are_found_by_name_without_a_script(client: Client) -> None:
    html = client.get("/projects/?donor=fund-006&find_donor=number+000").content.decode()
    assert donors_of(html) == ["fund-000", "fund-006"]  # what is checked stays
    assert re.search(r"Found: 1 of 1\d\d\.", html)
    assert 'name="find_donor" value="number 000"' in html
    many = client.get("/projects/?find_donor=fund+number").content.decode()
    assert len(donors_of(many)) == MOST_OFFERED
    assert f"Found: {2 * MOST_OFFERED} of" in many and f"These are the {MOST_OFFERED} most frequent." in many
    assert donors_of(client.get("/projects/?find_donor=nobody").content.decode()) == []


@pytest.mark.usefixtures("many_donors")
def test_what_is_looked_for_changes_no_row_and_stays_on_its_page(client: Client) -> None:
    plain = client.get("/projects/?donor=fund-006")
    looking = client.get("/projects/?donor=fund-006&find_donor=x")
    rows = [re.findall(r'<li class="row" id="([^"]*)"', page.content.decode()) for page in (plain, looking)]
    assert rows[0] == rows[1] != []
    chips, files = 'href="/projects/"', 'href="/projects.csv?donor=fund-006"'
    assert chips in looking.content.decode() and files in looking.content.decode()
    for address in ("/projects.csv", "/projects.atom", "/api/v1/projects/", "/organizations/"):
        assert client.get(f"{address}?find_donor=x").status_code == 400, address


def test_where_they_are_few_all_are_offered_and_nothing_is_to_be_found(client: Client) -> None:
    html = client.get("/projects/").content.decode()
    assert "find_donor" not in html and len(donors_of(html)) < MOST_OFFERED
