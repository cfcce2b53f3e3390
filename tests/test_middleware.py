"""Which language an address has, and what the answer says of it."""

import pytest
from django.test import Client
from django.utils.translation import get_language

from tests.browser.kinds import KINDS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "language"),
    [("/", "en"), ("/about/", "en"), ("/fr/", "fr"), ("/es/about/", "es"), ("/fr/admin/login/", "fr"), ("/fra/", "en")],
)
def test_a_page_speaks_the_language_that_its_address_names(client: Client, address: str, language: str) -> None:
    answer = client.get(address)
    assert f'<html lang="{language}' in answer.content.decode()
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize("address", ["/", "/about/", "/fr/", "/fr/organizations/", "/es/no-such-page/"])
def test_neither_a_cookie_nor_the_browser_chooses_the_language(client: Client, address: str) -> None:
    plain = client.get(address)
    client.cookies["django_language"] = "es"
    asked = client.get(address, headers={"Accept-Language": "es, fr;q=0.5"})
    assert asked.content == plain.content
    assert asked.headers["Content-Language"] == plain.headers["Content-Language"]
    assert asked.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding" and not asked.cookies


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("/fr", "/fr/"),
        ("/FR", "/fr/"),
        ("/Es/organizations/?q=a&sort=name", "/es/organizations/?q=a&sort=name"),
        ("/en", "/"),
        ("/en/", "/"),
        ("/EN/countries/PK/?on=2002-05-15", "/countries/PK/?on=2002-05-15"),
        ("/en/admin/", "/admin/"),
        ("/fr/countries/pk/", "/fr/countries/PK/"),
        ("/fr/about", "/fr/about/"),
    ],
)
def test_another_spelling_of_an_address_leads_to_the_one_that_it_has(client: Client, address: str, right: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Location"]) == (301, right)


@pytest.mark.parametrize("address", ["/en//elsewhere.example/", "/EN/%2Felsewhere.example", "/FR/%0Aelsewhere: x"])
def test_no_prefix_leads_to_another_site(client: Client, address: str) -> None:
    location = client.get(address).headers["Location"]
    assert location.startswith("/") and not location.startswith("//") and "\n" not in location


def test_a_variant_of_a_language_has_no_pages_of_its_own(client: Client) -> None:
    answer = client.get("/fr-ca/organizations/")
    assert answer.status_code == 404 and '<html lang="fr"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_has_no_language_and_says_none(client: Client, address: str) -> None:
    assert "Content-Language" not in client.get(address).headers
    assert client.get(f"/fr{address}").status_code == 404


def test_nothing_of_the_language_is_left_after_the_answer(client: Client) -> None:
    client.get("/fr/")
    assert get_language() == "en"
    client.get("/es/no-such-page/")
    assert get_language() == "en"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_is_not_there_is_said_in_the_language_of_the_address(client: Client, language: str) -> None:
    for address in (KINDS["a page that is not there"], "/no/such/page/"):
        answer = client.get(f"/{language}{address}")
        assert answer.status_code == 404 and f'<html lang="{language}"' in answer.content.decode()
