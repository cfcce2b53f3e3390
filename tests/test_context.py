"""What every template may use: the page in each language, as Django would translate its address, and its section."""

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve, set_script_prefix, translate_url
from django.urls.exceptions import Resolver404
from django.utils.translation import override

from engagement.context import home_in, page_in_languages, section_of

LANGUAGES = ("en", "fr", "es")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    ["", "about/", "organizations/itf/", "countries/PK/", "organizations/?q=travail+d%C3%A9cent&page=2", "nowhere/",
     "admin/login/", "requests/continue/a%20b/", "organizations/itf/?on=2006-11-14"],
)  # fmt: skip
def test_a_page_has_the_address_in_each_language_that_django_gives_it(language: str, path: str) -> None:
    start = "/" if language == "en" else f"/{language}/"
    request = RequestFactory().get(f"{start}{path}", headers={"host": "127.0.0.1"})
    with override(language):
        try:
            request.resolver_match = resolve(request.path_info)
        except Resolver404:
            request.resolver_match = None
        pages = page_in_languages(request)
        asked = request.get_full_path() if "%20" not in path else request.path
        assert [page.url for page in pages] == [translate_url(asked, code) for code in LANGUAGES]
        assert [page.absolute_url for page in pages] == [request.build_absolute_uri(page.url) for page in pages]
    assert [page.code for page in pages if page.is_current] == [language]
    assert [page.home for page in pages] == ["/", "/fr/", "/es/"]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/", "/"),
        ("/meetings/", "/meetings/"),
        ("/meetings/ilc-86/", "/meetings/…"),
        ("/meetings/ilc-87/", "/meetings/…"),
        ("/meetings", "/meetings"),
        ("/about/", "/about/"),
    ],
)
def test_pages_below_a_list_are_of_one_section(path: str, section: str) -> None:
    assert section_of(path) == section
    with override("fr"):
        assert section_of(f"/fr{path}") == f"/fr{section}"


def test_a_site_below_another_one_has_its_own_first_pages_and_sections() -> None:
    try:
        set_script_prefix("/register/")
        assert [home_in(code, "/register/", None) for code in LANGUAGES] == [
            "/register/",
            "/register/fr/",
            "/register/es/",
        ]
        assert section_of("/register/meetings/ilc-86/") == "/register/meetings/…"
    finally:
        set_script_prefix("/")


@pytest.mark.django_db
def test_the_navigation_is_marked_alike_whichever_page_was_asked_for_before(client: Client) -> None:
    marked = '<a href="/meetings/" aria-current="%s">'
    for _ in range(2):
        assert marked % "page" in client.get("/meetings/").content.decode()
        assert marked % "true" in client.get("/meetings/ilc-86/").content.decode()
        assert (
            "aria-current" not in client.get("/about/").content.decode().split('<ul class="nav">')[1].split("</ul>")[0]
        )
