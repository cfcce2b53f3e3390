"""What a reader loads to see a page: the page and its stylesheets, compressed, at most 15 kilobytes."""

import re

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from engagement.directories import DIRECTORIES
from engagement.web.stylesheets import compact
from tests.browser.kinds import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST = 15 * 1024


def sheets_of(page: str) -> list[str]:
    return re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)


def weight_of_sheet(path: str) -> int:
    """As it is sent: made compact and compressed once, as far as it goes, when the static files are collected."""
    return len(brotli.compress(compact((settings.BASE_DIR / "static" / path).read_text()).encode(), quality=11))


def weight_of_page(page: bytes) -> int:
    """As a proxy sends it: compressed each time anew, in little time."""
    return len(brotli.compress(page, quality=5))


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_kind_of_page_weighs_at_most_fifteen_kilobytes_with_its_styles(client: Client, language: str) -> None:
    weights = {}
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    for kind, address in KINDS.items():
        page = client.get(prefix + address).content
        sheets = sheets_of(page.decode())
        assert "css/site.css" in sheets, kind
        weights[kind] = weight_of_page(page), sum(map(weight_of_sheet, sheets))
    heavy = {kind: weight for kind, weight in weights.items() if sum(weight) > MOST}
    assert heavy == {}, f"(page, styles), of {MOST}: {heavy}"


def test_a_page_that_is_not_found_or_not_understood_still_has_styles_and_weighs_little(client: Client) -> None:
    for kind in ("a page that is not there", "a question with a mistake"):
        page = client.get(KINDS[kind]).content
        assert sheets_of(page.decode()) and 500 < weight_of_page(page) < MOST


def test_a_list_of_a_directory_does_without_the_styles_of_records(client: Client) -> None:
    for directory in DIRECTORIES:
        page = client.get(reverse(f"engagement:{directory.name}")).content.decode()
        assert sheets_of(page) == ["css/site.css"], directory.name
    assert "css/records.css" in sheets_of(client.get("/about/").content.decode())
