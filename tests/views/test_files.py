"""The files of the directories: what the page lists, all of it, in its order; refusals; nothing private."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from engagement.directories import DIRECTORIES, Directory
from engagement.exchange import formats
from engagement.models import Contact, Organization, Theme
from engagement.views import files as views
from tests.factories import make_organization, make_source, make_status
from tests.freshness.toys import ON_POSTGRESQL, number

pytestmark = pytest.mark.django_db

each_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
# The register of the tests stands in memory, where SQLite keeps connections apart in another way.
on_files = pytest.mark.skipif(not ON_POSTGRESQL, reason="tests/freshness/test_reading.py has it for SQLite")
QUESTIONS = {
    "organizations": ("q=international&sort=-since", "category=general&category=special-list&on=2006-11-15"),
    "statuses": ("status=stated&sort=category", "on=2002-05-15"),
    "invitations": ("year=2017", "sort=name"),
    "constituents": ("country=PK&country=AF&sort=name", "q=labour"),
    "countries": ("region=africa", "on=1950-06-01&sort=region"),
    "projects": ("theme=child-labour&sort=-budget", "year=2010"),
    "instruments": ("kind=convention&sort=-date", "q=c144"),
    "ratifications": ("instrument=C144&sort=-date", "region=africa&sort=country"),
    "meetings": ("body=ilc&sort=date", "year=2016"),
    "contacts": ("q=bureau",),
    "offices": ("kind=regional&sort=name",),
    "sources": ("source_kind=press&sort=publisher", "q=child"),
}


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """The limits count on."""
    cache.clear()
    yield


def keys_of_csv(body: bytes) -> list[str]:
    lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert lines[0][:2] == ["key", "name"]
    return [line[0] for line in lines[1:]]


def keys_of_json(body: bytes) -> list[str]:
    said = json.loads(body)
    assert said["count"] == len(said["results"])
    return [row["key"] for row in said["results"]]


def keys_of_xlsx(body: bytes) -> list[str]:
    rows = load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(min_row=2, max_col=1, values_only=True)
    return [str(key) for (key,) in rows]


KEYS: dict[str, Callable[[bytes], list[str]]] = {"csv": keys_of_csv, "json": keys_of_json, "xlsx": keys_of_xlsx}


def keys_of_pages(client: Client, directory: Directory, query: str) -> list[str]:
    """The keys of all rows on all pages."""
    keys: list[str] = []
    number = 1
    while True:
        response = client.get(f"/{directory.name}/?{query}" + (f"&page={number}" if number > 1 else ""), follow=True)
        assert response.status_code == 200
        page = response.context["page"]
        keys += [row.key for row in page]
        if not page.has_next():
            return keys
        number += 1


@each_directory
def test_every_file_has_the_rows_of_the_pages_in_their_order(client: Client, directory: Directory) -> None:
    for query in ("", *QUESTIONS[directory.name]):
        expected = keys_of_pages(client, directory, query)
        for suffix, keys in KEYS.items():
            response = client.get(f"/{directory.name}.{suffix}?{query}")
            assert response.status_code == 200, (suffix, query)
            assert keys(response.getvalue()) == expected, (suffix, query)


@each_directory
@pytest.mark.parametrize("suffix", formats.FORMATS)
def test_what_is_not_understood_is_refused_and_named(client: Client, directory: Directory, suffix: str) -> None:
    for query, wrong in {
        "colour=red": "colour",
        "utm_source=mail": "utm_source",
        "page=2": "page",
        "sort=height": "sort",
        "q=a&q=b": "q",
        "source_kind=gossip": "source_kind",
    }.items():
        response = client.get(f"/{directory.name}.{suffix}?{query}")
        assert response.status_code == 400, query
        assert response["Content-Type"] == "application/problem+json"
        said = response.json()
        assert list(said["parameters"]) == [wrong]
        assert (said["status"], said["title"]) == (400, "Not understood")
        assert "ETag" not in response


def test_a_file_is_named_after_what_it_holds_and_may_be_read_from_anywhere(client: Client) -> None:
    response = client.get("/organizations.csv?on=2006-11-15")
    revision = response["X-Data-Revision"]
    name = f"organizations-on-2006-11-15-revision-{revision}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies and "Vary" not in response


def test_the_contacts_as_a_file_are_not_for_search_engines_and_hold_no_address_of_mail(client: Client) -> None:
    Contact.objects.update(email="canary@example.org")
    response = client.get("/contacts.json")
    assert response["X-Robots-Tag"] == "noindex"
    assert json.loads(response.getvalue())["count"] == Contact.objects.published().count()
    assert b"canary" not in response.getvalue()


def test_nothing_that_is_not_published_and_no_private_contact_is_in_any_file(client: Client) -> None:
    source = make_source(title="canary source", published=False)
    body = make_organization(name="canary body", published=False)
    make_status(organization=body, note="canary note")
    Contact.objects.create(name="canary person", purpose="a test", lawful_basis="consent", source=source)
    for directory in DIRECTORIES:
        for suffix in ("csv", "json"):
            assert b"canary" not in client.get(f"/{directory.name}.{suffix}").getvalue(), directory.name


@each_directory
def test_the_number_of_statements_does_not_grow_with_the_rows(
    client: Client, directory: Directory, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):
        client.get(f"/{directory.name}.csv").getvalue()


def test_hundreds_of_rows_cost_as_many_statements_as_three(client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get("/organizations.csv?category=special-list&since_from=2001").getvalue()
        return len(counted)

    def more(number: int) -> None:
        for _ in range(number):
            make_status(granted="2001")

    more(3)
    few = statements()
    more(300)
    assert statements() == few


def test_a_spreadsheet_of_too_many_rows_is_refused_with_a_way_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(formats.FORMATS["xlsx"], most=10)
    monkeypatch.setitem(formats.FORMATS, "xlsx", short)
    response = client.get("/organizations.xlsx")
    assert response.status_code == 400
    assert "holds at most 10 rows" in response.json()["detail"] and "CSV" in response.json()["detail"]
    assert client.get("/organizations.csv").status_code == 200


def test_the_second_sheet_says_what_was_asked_and_where(client: Client) -> None:
    response = client.get("/organizations.xlsx?sort=-since&category=general")
    sheet = load_workbook(io.BytesIO(response.getvalue())).worksheets[1]
    said = {line[0].value: line[1].value for line in sheet.iter_rows()}
    assert said["query"] == "category=general&sort=-since"
    assert said["address"] == "http://testserver/organizations/?category=general&sort=-since"
    assert str(said["revision"]) == response["X-Data-Revision"]
    assert said["licence of the compilation"] == "CC BY 4.0"


def test_a_page_leads_to_its_files_with_its_own_question(client: Client) -> None:
    page = client.get("/organizations/?category=general&sort=-since").content.decode()
    for suffix in formats.FORMATS:
        assert f'href="/organizations.{suffix}?category=general&amp;sort=-since"' in page
    with override("fr"):
        assert 'href="/organizations.csv"' in client.get("/fr/organizations/").content.decode()
    nothing = client.get("/organizations/?category=general&kind=cooperative&region=africa").content.decode()
    assert "/organizations.csv" not in nothing


def test_a_file_is_english_and_has_no_other_language(client: Client) -> None:
    assert "Non-governmental organization" in client.get("/organizations.csv").getvalue().decode()
    assert client.get("/fr/organizations.csv").status_code == 404


def test_head_sends_the_headers_alone_and_other_methods_are_not_allowed(client: Client) -> None:
    response = client.head("/organizations.csv")
    assert response.status_code == 200 and response["ETag"]
    assert client.post("/organizations.csv").status_code == 405


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_who_hangs_up_in_the_middle_leaves_no_transaction_behind(client: Client) -> None:
    response = client.get("/ratifications.csv")
    next(iter(response))
    response.close()
    Theme.objects.create(name="written after a reader hung up")
    assert Theme.objects.filter(name="written after a reader hung up").exists()


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR, settings.PAGE_CACHE = tmp_path, True
    return tmp_path / "exports"


@pytest.mark.parametrize("suffix", KEYS)
def test_a_file_of_all_is_made_once_for_a_revision_and_sent_with_its_length(
    client: Client, shelf: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(f"/organizations.{suffix}")
    body = first.getvalue()
    assert "Content-Length" not in first
    monkeypatch.setattr(views, "file_of_rows", lambda *args: pytest.fail("made again"))
    again = client.get(f"/organizations.{suffix}")
    assert again.getvalue() == body and again["Content-Length"] == str(len(body))
    same = ("ETag", "Content-Type", "Content-Disposition", "Cache-Control", "X-Data-Revision", "Last-Modified")
    assert {name: again[name] for name in same} == {name: first[name] for name in same}
    assert [path.suffix for path in shelf.iterdir()] == [f".{suffix}"]


def test_after_a_change_the_file_is_made_anew(client: Client, shelf: Path) -> None:
    before = client.get("/organizations.csv").getvalue()
    make_organization(name="Came after the file was kept")
    number()
    after = client.get("/organizations.csv").getvalue()
    assert b"Came after the file was kept" in after and b"Came after" not in before
    assert client.get("/organizations.csv").getvalue() == after


def test_no_file_of_persons_is_kept_nor_one_of_some_rows_nor_where_keeping_is_off(
    client: Client, shelf: Path, settings: Any
) -> None:
    for address in ("/contacts.csv", "/organizations.csv?category=general"):
        assert client.get(address).getvalue()
    assert client.head("/organizations.csv").status_code == 200
    settings.PAGE_CACHE = False
    assert client.get("/organizations.csv").getvalue()
    assert not shelf.exists()


def test_who_hangs_up_keeps_nothing_for_others(client: Client, shelf: Path) -> None:
    response = client.get("/organizations.csv")
    next(iter(response))
    response.close()
    assert list(shelf.iterdir()) == []


@on_files
@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_count_rows_and_revision_are_of_one_state_while_others_write(client: Client) -> None:
    response = client.get("/organizations.json")
    written_elsewhere(lambda: make_organization(name="Written meanwhile"))
    said = json.loads(response.getvalue())
    assert said["count"] == len(said["results"]) == Organization.objects.published().count() - 1
    assert str(said["revision"]) == response["X-Data-Revision"]


def written_elsewhere(write: Callable[[], object]) -> None:
    """By another connection, and committed."""

    def run() -> None:
        try:
            write()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive(), "who writes waits for who reads"
