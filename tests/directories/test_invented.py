"""A register that holds invented data says so on every page, in the language of the page; no other does."""

from typing import Any

import pytest
from django.test import Client

from engagement import freshness
from engagement.directories.invented import SLUG, holds_invented
from engagement.models import Source
from tests.factories import make_organization

SAID = {
    "": "A trial register with invented data",
    "/fr": "Registre d’essai avec des données inventées",
    "/es": "Registro de prueba con datos inventados",
}
PAGES = [
    "/", "/organizations/", "/organizations/invented-body/", "/countries/PK/", "/about/", "/search/?q=body",
    "/sources/invented-for-trying-scale/", "/compare/", "/nowhere/", "/organizations/?colour=blue", "/admin/login/",
]  # fmt: skip


@pytest.fixture
def invented(committed_register: None) -> Source:
    source = Source.objects.create(slug=SLUG, title="Invented for trying scale: no such organization exists")
    make_organization(name="Body (invented)", slug="invented-body", source=source)
    return source


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_that_there_is_invented_data(client: Client, address: str) -> None:
    for prefix, said in SAID.items():
        html = client.get(f"{prefix}{address}").content.decode()
        assert html.count(said) == 1 and f'href="{prefix}/sources/{SLUG}/"' in html, prefix


@pytest.mark.usefixtures("invented")
def test_the_documentation_of_the_api_and_every_row_say_so_too(client: Client) -> None:
    assert SAID[""] in client.get("/api/v1/docs/").content.decode()
    assert client.get("/api/v1/organizations/invented-body/").json()["source_key"] == SLUG
    assert f"{SLUG},Invented for trying scale" in client.get("/organizations.csv").getvalue().decode()


def test_it_is_said_from_the_commit_on_and_no_longer_once_the_source_is_gone(
    committed_register: None, client: Client
) -> None:
    assert SAID[""] not in client.get("/about/").content.decode()
    source = Source.objects.create(slug=SLUG, title="Invented")
    assert SAID[""] in client.get("/about/").content.decode()
    source.delete()
    assert SAID[""] not in client.get("/about/").content.decode()


def test_it_is_asked_once_for_each_change_of_the_register(
    invented: Source, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    asked = []

    def holds(*row: str) -> bool:
        asked.append(row)
        return True

    monkeypatch.setattr(freshness, "holds", holds)
    for time in range(2):
        Source.objects.filter(pk=invented.pk).update(note=f"change {time}")
        with django_assert_num_queries(0):  # past Django's cursor, as the newest entry is
            assert [holds_invented() for _reader in range(3)] == [True] * 3
    assert asked == 2 * [(Source._meta.db_table, "slug", SLUG)]
