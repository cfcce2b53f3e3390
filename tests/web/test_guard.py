"""What no view is asked, as nothing could be made of it; and that one address has one answer, whoever asks how."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from engagement.web.guard import MOST_OF_PATH, MOST_OF_QUERY, trouble_with

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["q=%00", "q=a%00b", "%00=a", "q=%FF", "q=caf%E9", "q=%ED%A0%80", "q=%C0%AF", "q=\x00"]
)
def test_what_is_no_text_is_refused_in_the_form_of_what_was_asked_for(client: Client, query: str) -> None:
    page = client.get(f"/organizations/?{query}")
    assert page.status_code == 400 and "<h1>The request cannot be read</h1>" in page.content.decode()
    services = ("/api/v1/offices/", "/api/v1/reconcile/view", "/api/v1/reconcile/suggest/entity")
    for address in ("/organizations.csv", "/organizations.atom", "/cite.bib", *services):
        answer = client.get(f"{address}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), address
        assert answer.json()["title"] == "Not understood"


@pytest.mark.parametrize(
    ("query", "named"), [("q=a&sort=%00", ["sort"]), ("a+b=%FF&c=%00", ["a b", "c"]), ("%00=a", []), ("%00", [])]
)
def test_the_parameters_that_cannot_be_read_are_named(client: Client, query: str, named: list[str]) -> None:
    answer = client.get(f"/api/v1/offices/?{query}")
    assert answer.status_code == 400 and list(answer.json().get("parameters", {})) == named


@pytest.mark.parametrize(("prefix", "says"), [("/fr", "La demande ne peut pas être lue"), ("/es", "No se puede leer")])
def test_it_is_refused_in_the_language_of_the_address(client: Client, prefix: str, says: str) -> None:
    answer = client.get(f"{prefix}/organizations/?q=%00")
    assert answer.status_code == 400 and says in answer.content.decode()
    assert answer["Content-Language"] == prefix.strip("/")


def test_a_path_with_nul_is_refused_wherever_it_leads(client: Client, admin_client: Client) -> None:
    for address in (
        "/%00/",
        "/organizations/a%00b/",
        "/organizations%00.csv",
        "/requests/continue/%00/",
        "/static/%00",
    ):
        assert client.get(address).status_code == 400, address
    assert admin_client.get("/admin/engagement/organization/%00/change/").status_code == 400


def test_an_address_longer_than_any_is_too_long(client: Client) -> None:
    fits = client.get(f"/organizations/?q={'a' * (MOST_OF_QUERY - 2)}")
    assert fits.status_code == 400 and "The request cannot be read" not in fits.content.decode()
    page = client.get(f"/organizations/?q={'a' * MOST_OF_QUERY}")
    assert page.status_code == 414 and "longer than any" in page.content.decode()
    file = client.get(f"/organizations.csv?q={'a' * MOST_OF_QUERY}")
    assert (file.status_code, file["Content-Type"]) == (414, "application/problem+json")
    assert client.get(f"/{'a' * MOST_OF_PATH}").status_code == 414


@pytest.mark.parametrize("query", ["", "q=%C3%A9ducation", "q=%F0%9F%92%A9", "q=a+b", "q=%", "q=%2500", "q=%zz"])
def test_what_is_text_is_let_through(query: str) -> None:
    assert trouble_with("/organisations-été/", query) == 0


@pytest.mark.parametrize(("path", "query"), [("/\x00", ""), ("/\ud800", ""), ("/", "q=\ud800"), ("/", "q=é€")])
def test_half_a_character_is_none_and_neither_is_what_was_never_a_byte(path: str, query: str) -> None:
    assert trouble_with(path, query) == 400


def test_scripts_of_other_sites_may_read_why_the_api_refuses(client: Client) -> None:
    assert client.get("/api/v1/offices/?q=%00")["Access-Control-Allow-Origin"] == "*"


# -- The character set that a request says -------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "nonesuch"])
def test_a_form_in_another_character_set_is_refused_and_not_misread(client: Client, charset: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="names"\r\n\r\n\xe9\r\n--b--'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer: Any = client.generic("POST", "/meeting-check/", body, content_type=kind)
    assert answer.status_code == 400 and "The request cannot be read" in answer.content.decode()


def test_the_guard_stands_inside_the_page_cache_and_before_the_session() -> None:
    order = settings.MIDDLEWARE
    place = order.index("engagement.web.guard.Guard")
    assert order.index("engagement.web.pagecache.middleware.PageCache") < place
    assert order.index("engagement.middleware.LanguageOfAddress") < place
    assert place < order.index("django.contrib.sessions.middleware.SessionMiddleware")
