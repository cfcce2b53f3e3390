"""What stands under the rows of a list: files of these rows and of how they are cited."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from engagement.directories import contacts, organizations
from engagement.exchange.formats import FORMATS
from engagement.views.downloads import downloads_of

pytestmark = pytest.mark.django_db


def addresses(html: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<a href="([^"]+)"', html)]


def test_each_file_is_asked_what_the_list_was_asked() -> None:
    found = addresses(downloads_of(organizations, "/fr/organizations/", "country=KE&q=a%20b", 3))
    files = [each for each in found if each.startswith("/organizations.")]
    assert files == [f"/organizations.{suffix}?country=KE&q=a%20b" for suffix in (*FORMATS, "atom")]
    cited = [parse_qs(urlsplit(each).query)["page"] for each in found if "page=" in each]
    assert cited and set(map(tuple, cited)) == {("/fr/organizations/?country=KE&q=a%20b",)}


def test_a_hostile_question_stays_text() -> None:
    html = downloads_of(organizations, "/organizations/", 'q="><script>', 1)
    assert "<script>" not in html and "&quot;&gt;&lt;script&gt;" in html


def test_one_row_is_not_called_rows_and_no_row_is_not_offered() -> None:
    assert "Download this row:" in downloads_of(organizations, "/organizations/", "", 1)
    assert "Download these 1234 rows:" in downloads_of(organizations, "/organizations/", "", 1234)
    assert downloads_of(organizations, "/organizations/", "", 0) == ""


def test_what_may_not_be_kept_has_no_button_to_keep_it() -> None:
    assert "<form" in downloads_of(organizations, "/organizations/", "", 2)
    assert "<form" not in downloads_of(contacts, "/contacts/", "", 2)


def test_every_file_offered_is_there(client: Client) -> None:
    html = client.get("/organizations/?category=general").content.decode()
    found = [each for each in addresses(html) if each.startswith("/organizations.")]
    assert len(found) == len(FORMATS) + 1
    assert {client.get(each).status_code for each in found} == {200}
