"""The page about the data, and the addresses of the files that hold all of the register."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES
from engagement.exchange import packages
from engagement.freshness import revision
from engagement.models import Project

pytestmark = pytest.mark.django_db

REGISTER, IATI = "/data/register.zip", "/data/iati-activities.xml"
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A directory for what is kept, as in tests two states of the data may have one revision. The limits count on."""
    settings.VAR_DIR = tmp_path
    cache.clear()
    yield


def body(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content)


# -- The page --------------------------------------------------------------------------------------------------------


def test_the_page_has_each_collection_with_its_rows_its_files_and_its_address_in_the_api(client: Client) -> None:
    page = client.get("/data/").content.decode()
    for directory in DIRECTORIES:
        row = re.search(rf'<tr><th scope="row"><a href="/{directory.name}/">.*?</tr>', page, re.S)[0]
        rows = json.loads(client.get(f"/{directory.name}.json").getvalue())["count"]
        assert f"<b>{rows:,}</b>" in row
        assert re.findall(r'href="(/[^"]+)"', row)[1:] == [
            *(f"/{directory.name}.{suffix}" for suffix in ("csv", "xlsx", "json", "atom")),
            f"/api/v1/{directory.name}/",
        ]


def test_every_address_that_the_page_names_answers(client: Client) -> None:
    for prefix in ("", "/fr", "/es"):
        page = client.get(f"{prefix}/data/").content.decode()
        main = page[page.index("<main") : page.index("</main")]
        for address in set(re.findall(r'href="(/[^"#]*)"', main)):
            cache.clear()
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_the_page_asks_at_most_twelve_queries_and_sets_no_cookie(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/data/")
    assert len(queries) <= 12, [query["sql"][:100] for query in queries]
    assert not response.cookies


def test_the_page_says_how_large_the_archive_is_once_somebody_has_asked_for_it(client: Client) -> None:
    assert "nobody has yet at this revision" in client.get("/data/").content.decode()
    size = len(body(client, REGISTER))
    page = client.get("/data/").content.decode()
    assert "nobody has yet at this revision" not in page
    assert re.search(r"\d,\d{3} rows, \d+\.\d\sKB", page) and size < 1024 * 1024


def test_the_page_says_when_the_register_was_last_changed_and_at_which_revision_it_is(client: Client) -> None:
    page = client.get("/data/").content.decode()
    assert f"revision {revision()}." in page
    assert re.search(r"Last changed on \d+ \w+ \d{4} at \d\d:\d\d UTC", page)


# -- The files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [REGISTER, IATI])
def test_a_file_of_all_says_its_revision_and_is_not_sent_twice_for_one(client: Client, address: str) -> None:
    first = client.get(address)
    assert first["X-Data-Revision"] == str(revision())
    assert f"-revision-{revision()}." in first["Content-Disposition"]
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and again["Access-Control-Allow-Origin"] == "*"
    assert not first.cookies and "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("address", [REGISTER, IATI])
def test_a_file_of_all_takes_no_parameter_and_nothing_is_written_to_it(client: Client, address: str) -> None:
    response = client.get(f"{address}?category=general")
    assert response.status_code == 400
    assert list(response.json()["parameters"]) == ["category"]
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", [REGISTER, IATI])
def test_a_file_of_all_counts_against_the_limit_for_files(client: Client, address: str, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "files": 1}
    assert client.head(address).status_code == 200
    assert client.get(address).status_code == 429


def test_a_head_of_the_archive_makes_none_and_has_the_length_of_one_that_is_kept(
    client: Client, tmp_path: Path
) -> None:
    assert "Content-Length" not in client.head(REGISTER)
    assert not (tmp_path / "exports").exists()
    size = len(body(client, REGISTER))
    assert client.head(REGISTER)["Content-Length"] == str(size)


def test_the_archive_is_made_once_for_a_revision(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = body(client, REGISTER)
    monkeypatch.setattr(packages, "write", lambda *args: pytest.fail("made again"))
    assert body(client, REGISTER) == first


def test_iati_without_an_activity_is_not_found_for_the_standard_has_no_empty_file(client: Client) -> None:
    Project.objects.update(published=False)
    response = client.get(IATI)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert "None of the 0 projects" in response.json()["detail"]
