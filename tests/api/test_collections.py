"""The collections of the API: the rows of the page in its order, in pages and one by one; nothing private."""

import csv
import io
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.api import answering
from engagement.directories import DIRECTORIES, Directory
from engagement.directories.searching import PORTION
from engagement.directories.warming import warm
from engagement.models import Contact, Country, Seat
from tests.api.addresses import address_of, each_directory
from tests.factories import make_organization, make_source, make_status
from tests.reading import statements

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(statements(queries))


def pages(client: Client, address: str) -> list[dict[str, Any]]:
    """The answer and those that its `next` leads to."""
    found = [client.get(address).json()]
    while following := found[-1]["next"]:
        found.append(client.get(following).json())
    return found


def keys(*answers: dict[str, Any]) -> list[str]:
    return [row["key"] for answer in answers for row in answer["results"]]


@each_directory
def test_a_list_has_the_rows_of_the_file_in_its_order(client: Client, directory: Directory) -> None:
    file = json.loads(client.get(f"/{directory.name}.json").getvalue())
    found = pages(client, f"{address_of(directory)}?limit=120")
    assert [row for answer in found for row in answer["results"]] == file["results"]
    assert {answer["count"] for answer in found} == {file["count"]}


@each_directory
def test_a_row_is_read_by_its_key_and_is_the_one_of_the_list(client: Client, directory: Directory) -> None:
    rows = client.get(address_of(directory), {"limit": 3}).json()["results"]
    for row in rows:
        assert client.get(address_of(directory, row["key"])).json() == row
    assert list(rows[0]) == [column.name for column in directory.columns]


@each_directory
def test_a_list_costs_the_same_queries_however_many_rows_it_has(
    committed_register: None, client: Client, directory: Directory
) -> None:
    (row,) = client.get(address_of(directory), {"limit": 1}).json()["results"]  # makes what is kept
    few, many = (queries_of(client, f"{address_of(directory)}?limit={limit}") for limit in (3, 500))
    # What rows share is read for itself, where any of them has it: the source, the region, the country of a seat.
    assert few <= many <= few + 3 and many <= 12
    assert queries_of(client, address_of(directory, row["key"])) <= 12


def test_three_hundred_organizations_with_all_that_belongs_to_them_cost_no_more_than_three(
    committed_register: None, client: Client
) -> None:
    source, country = make_source(), Country.objects.get(iso2="CH")
    for number in range(300):
        body = make_organization(name=f"000 {number:03}", source=source)
        make_status(organization=body, source=source)
        Seat.objects.create(organization=body, city="Alpha", country=country, source=source, key=f"seat-{number}")
    warm()
    few, many = (queries_of(client, f"/api/v1/organizations/?limit={limit}") for limit in (3, 300))
    assert client.get("/api/v1/organizations/?limit=300").json()["results"][-1]["city"] == ["Alpha"]
    # What rows share is read for itself, where any of them has it: the source, the region, the country of a seat.
    assert few <= many <= few + 3 and many <= 12


def test_pages_lead_to_the_next_and_the_previous_in_the_canonical_order_of_parameters(client: Client) -> None:
    asked: dict[str, Any] = {"offset": 4, "limit": 2, "sort": "name", "group": ["workers", "employers"], "q": "labour"}
    answer = client.get("/api/v1/constituents/", asked)
    said, question = (
        answer.json(),
        "http://testserver/api/v1/constituents/?q=labour&group=employers&group=workers&sort=name&limit=2",
    )
    assert said["count"] > 6
    assert (said["next"], said["previous"]) == (f"{question}&offset=6", f"{question}&offset=2")
    assert answer["Link"] == f'<{said["next"]}>; rel="next", <{said["previous"]}>; rel="prev"'
    first = client.get("/api/v1/constituents/", {**asked, "offset": 1}).json()
    assert first["previous"] == question


def test_behind_the_last_row_there_are_none_and_the_way_back_leads_to_the_last(client: Client) -> None:
    count = client.get("/api/v1/countries/").json()["count"]
    said = client.get("/api/v1/countries/", {"offset": 10**9, "limit": 10}).json()
    assert (said["count"], said["next"], said["results"]) == (count, None, [])
    assert (
        keys(client.get(said["previous"]).json()) == keys(client.get("/api/v1/countries/", {"limit": 500}).json())[-10:]
    )


def test_a_list_of_one_page_has_no_links(client: Client) -> None:
    answer = client.get("/api/v1/contacts/")
    assert (answer.json()["next"], answer.json()["previous"]) == (None, None)
    assert "Link" not in answer


def test_nothing_found_is_an_answer_without_rows(client: Client) -> None:
    said = client.get("/api/v1/organizations/", {"q": "zzzzzzzzzzzz"}).json()
    assert said == {"count": 0, "next": None, "previous": None, "results": []}


@each_directory
def test_csv_has_the_rows_of_the_page_as_the_file_of_the_collection_has_them(
    client: Client, directory: Directory
) -> None:
    file = client.get(f"/{directory.name}.csv").getvalue().decode()
    head, *rows = csv.reader(io.StringIO(file))
    answer = client.get(f"{address_of(directory)}?format=csv&limit=5&offset=2")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [head, *rows[2:7]]


def test_csv_without_rows_still_names_its_columns(client: Client) -> None:
    answer = client.get("/api/v1/offices/", {"q": "zzzzzzzzzzzz", "format": "csv"})
    assert answer.content.decode().startswith("\ufeffkey,name,acronym")


def test_text_that_a_spreadsheet_would_run_is_neutralised_in_csv_and_left_alone_in_json(client: Client) -> None:
    body = make_organization(name="=1+1", slug="formula")
    asked = {"format": "csv"}
    assert client.get("/api/v1/organizations/formula/").json()["name"] == body.name == "=1+1"
    assert "formula,'=1+1," in client.get("/api/v1/organizations/", asked).content.decode()


def test_any_text_leaves_the_register_as_it_stands_in_it(client: Client) -> None:
    name = "منظمة \u202eabc\u202c \u0007 \U0001f600 e\u0301 \u2028"
    make_organization(name=name, slug="any-text")
    assert client.get("/api/v1/organizations/any-text/").json()["name"] == name


def test_what_is_not_public_is_neither_listed_nor_read(client: Client) -> None:
    hidden = make_organization(name="Hidden body", slug="hidden-body", published=False)
    contact = Contact.objects.create(
        name="Invented person", purpose="a test", lawful_basis="consent", public=False, source=make_source()
    )
    for name, key in (("organizations", hidden.slug), ("contacts", contact.key)):
        assert key not in keys(*pages(client, f"/api/v1/{name}/?limit=500"))
        assert client.get(f"/api/v1/{name}/{key}/").status_code == 404
    assert client.get("/api/v1/organizations/", {"q": "Hidden body"}).json()["results"] == []


def test_a_row_may_be_read_as_of_a_day_where_its_collection_may(client: Client) -> None:
    member = {"on": "1950-06-01"}
    assert client.get("/api/v1/countries/PK/", member).json()["key"] == "PK"
    answer = client.get("/api/v1/countries/PK/", {"on": "1920-06-01"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no “PK” among the countries on 1920-06-01."
    refusal = client.get("/api/v1/offices/headquarters/", member)
    assert refusal.json()["parameters"] == {"on": "is not a parameter here"}


def test_a_key_in_another_case_is_another_key(client: Client) -> None:
    assert client.get("/api/v1/countries/PK/").status_code == 200
    assert client.get("/api/v1/countries/pk/").status_code == 404


def test_a_search_first_lets_what_is_searched_follow_what_was_written(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[int] = []
    monkeypatch.setattr(answering, "catch_up", lambda limit: followed.append(limit))
    client.get("/api/v1/organizations/")
    assert followed == []
    client.get("/api/v1/organizations/", {"q": "labour"})
    assert followed == [PORTION]


def test_the_index_leads_to_every_collection_and_to_its_page(client: Client) -> None:
    said = client.get("/api/v1/").json()
    assert [each["name"] for each in said["collections"]] == [directory.name for directory in DIRECTORIES]
    for address in [
        said["schema"],
        said["documentation"],
        said["reconciliation"],
        *(each[to] for each in said["collections"] for to in ("url", "page")),
    ]:
        assert client.get(urlsplit(address).path).status_code == 200
    assert str(said["revision"]) == client.get("/api/v1/")["X-Data-Revision"]


def test_contacts_are_kept_out_of_search_engines(client: Client) -> None:
    assert client.get("/api/v1/contacts/")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/api/v1/offices/")
