"""Government, employers and workers on the page of a country, and what is said where nothing is recorded."""

import datetime
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.models import Constituent, Country, Region, Source, TripartiteBody
from engagement.views.sides import age, sides_of
from tests.factories import make_country, make_source
from tests.reading import statements_with_sets

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def summary(html: str) -> str:
    (found,) = re.findall(r'<p class="summary">(.*?)</p>', html, re.S)
    return words(found).strip()


def cards(html: str) -> dict[str, str]:
    found = re.findall(r'<section class="side[^"]*"><h3>(.*?)</h3>(.*?)</section>', html, re.S)
    return {name: words(card) for name, card in found}


def body(country: Country, group: str, **fields: Any) -> Constituent:
    defaults = {"name": f"Invented body {Constituent.objects.count()}", "source": make_source(kind="press")}
    return Constituent.objects.create(country=country, group=group, **{**defaults, **fields})


@pytest.fixture
def land() -> Country:
    return make_country("XA", region=Region.objects.get(slug="africa"))


def test_one_sentence_says_what_is_known_of_each_side(client: Client, land: Country) -> None:
    secondary = make_source(kind="secondary")
    body(land, "workers", source=secondary, as_of="2017")
    body(land, "workers", source=secondary, as_of="2011")
    body(land, "government")
    assert summary(read(client, "/countries/XA/")) == (
        "Government: 1 body, named by a source without a date (press). Employers: not recorded. "
        "Workers: 2 bodies, named by sources up to 2017 (secondary account)."
    )


def test_a_side_of_which_nothing_is_recorded_is_not_said_to_be_missing(client: Client, land: Country) -> None:
    found = cards(read(client, "/countries/XA/"))
    assert list(found) == ["Government", "Employers", "Workers"]
    for card in found.values():
        assert "Not recorded. No source read so far names one. That is no proof that there is none." in card


def test_where_a_source_says_that_there_is_none_it_is_named_with_its_date(client: Client) -> None:
    html = read(client, "/countries/PW/")
    assert "Workers: none, says a source of April 2024 (secondary account)." in summary(html)
    card = cards(html)["Workers"]
    assert "None, says a source." in card and "Not recorded" not in card
    assert "Trade unions in Palau (Wikipedia copy) ; as of April 2024" in card
    assert "no trade unions function in the country." in card
    assert Source.objects.get(slug="c2_wp_pw").get_absolute_url() in html


def test_a_body_that_is_recorded_stands_before_a_source_that_knows_of_none(client: Client) -> None:
    body(Country.objects.get(iso2="PW"), "workers", as_of="2025")
    assert "Workers: 1 body, named by a source of 2025 (press)." in summary(read(client, "/countries/PW/"))


def test_as_of_a_day_the_sides_are_those_of_sources_that_speak_for_it(client: Client) -> None:
    assert "Workers: none, says a source" in summary(read(client, "/countries/PW/?on=2024-04-15"))
    html = read(client, "/countries/PW/?on=2010-01-01")
    assert "Workers: not recorded." in summary(html)
    assert "No source read speaks of it for that day." in cards(html)["Workers"]


def test_a_side_says_from_what_kinds_of_source_it_is_known_and_how_old_they_are(client: Client, land: Country) -> None:
    body(land, "employers", as_of="1998-05-12")
    body(land, "employers", source=make_source(kind="official-page", date="2003-07"))
    card = cards(read(client, "/countries/XA/"))["Employers"]
    assert "2 bodies named · official page, press · newest source July 2003" in card


def test_a_national_tripartite_body_is_said_not_to_be_recorded(client: Client, land: Country) -> None:
    after = read(client, "/countries/XA/").split("National tripartite body")[1]
    assert words(after).strip().startswith("Not recorded.")
    TripartiteBody.objects.create(country=land, name="Invented council", source=make_source())
    assert "Not recorded." not in words(read(client, "/countries/XA/").split("National tripartite body")[1])[:80]


def test_the_page_leads_to_how_much_is_known_of_its_region(client: Client, land: Country) -> None:
    for address, link in (("/countries/XA/", "/coverage/?region=africa"), ("/countries/VA/", "/coverage/")):
        assert f'<a href="{link}">How much is known' in read(client, address)
        assert client.get(link).status_code == 200


def test_withdrawn_bodies_are_named_on_no_side(client: Client, land: Country) -> None:
    body(land, "workers", name="Withdrawn union", published=False)
    html = read(client, "/countries/XA/")
    assert "Withdrawn union" not in html and "Workers: not recorded." in summary(html)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2017", "2017-12-31"), ("2015/..", "2015-01-01"), ("../2022", "2022-12-31"), ("2007~/2008~", "2008-12-31")],
)
def test_a_date_is_as_old_as_its_latest_day_or_if_open_its_earliest(text: str, day: str) -> None:
    assert age(text) == day


def test_a_country_without_a_source_that_knows_of_none_costs_no_query(land: Country) -> None:
    with CaptureQueriesContext(connection) as queries:
        sides = sides_of(land, [], datetime.date(2020, 1, 1))
    assert len(queries) == 0 and [side.none for side in sides] == [None, None, None]


@pytest.mark.parametrize("address", ["/countries/PK/", "/countries/PW/", "/countries/VA/"])
def test_the_page_of_a_country_stays_within_its_queries(committed_register: None, client: Client, address: str) -> None:
    assert len(statements_with_sets(client, address)) <= MOST_QUERIES
