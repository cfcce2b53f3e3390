"""The glossary, and links to it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from engagement.glossary import TERMS
from engagement.models import Source

pytestmark = pytest.mark.django_db

PAGE = "/glossary/"


def read(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def entry(html: str, slug: str) -> str:
    return html[html.index(f'<div id="{slug}">') :].split("</div>")[0]


def test_every_term_stands_once_with_its_anchor_and_its_text(client: Client) -> None:
    html = read(client)
    for term in TERMS:
        assert html.count(f'id="{term.slug}"') == 1
        assert str(term.name) in unescape(entry(html, term.slug))
        assert str(term.text) in unescape(entry(html, term.slug))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.slug)
def test_a_term_leads_to_a_place_of_the_register_that_is_there(client: Client, term: object) -> None:
    html = read(client)
    (url,) = re.findall(r'<a href="([^"]+)">In the register', entry(html, term.slug))  # type: ignore[attr-defined]
    page, _, anchor = unescape(url).partition("#")
    shown = read(client, page)
    assert not anchor or f'id="{anchor}"' in shown


def test_a_term_names_a_source_where_the_register_has_it_and_none_where_it_is_withdrawn(client: Client) -> None:
    assert 'href="/sources/profile/"' in entry(read(client), "tripartite")
    Source.objects.filter(slug="profile").update(published=False)
    assert "/sources/" not in entry(read(client), "tripartite")


def test_the_terms_stand_in_the_order_of_the_alphabet_under_their_letters(client: Client) -> None:
    html = read(client)
    sections = re.findall(r'<h2 class="letter" id="letter-(\w)">(\w)</h2>(.*?)</section>', html, re.S)
    assert [letter for _anchor, letter, _rest in sections] == sorted({letter for _anchor, letter, _rest in sections})
    for anchor, letter, rest in sections:
        names = re.findall(r"<dt>(.*?)</dt>", rest)
        assert anchor == letter.lower() and names == sorted(names, key=str.lower)
        assert all(name[0] == letter for name in names)


def test_a_letter_leads_to_its_terms_and_one_without_terms_is_no_link(client: Client) -> None:
    html = read(client)
    nav = re.search(r'<nav aria-label="A–Z">.*?</nav>', html, re.S)
    assert nav is not None
    for anchor in re.findall(r'href="#([^"]+)"', nav[0]):
        assert f'id="{anchor}"' in html
    assert '<a href="#letter-g">G</a>' in nav[0] and "<span>Z</span>" in nav[0]


def test_the_glossary_costs_one_query(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        read(client)
    assert len(queries) == 1


def test_the_page_says_that_these_are_no_official_definitions(client: Client) -> None:
    assert "They are no official definitions." in read(client)


# -- Links to it ---------------------------------------------------------------------------------------------------


def render(text: str) -> str:
    return Template("{% load glossary %}" + text).render(Context({"name": "<b>"}))


def test_a_term_is_a_link_to_its_entry_in_the_language_of_the_page() -> None:
    assert render('{% term "governing-body" %}') == (
        '<a class="term" href="/glossary/#governing-body">Governing Body</a>'
    )
    with translation.override("fr"):
        assert 'href="/fr/glossary/#governing-body"' in render('{% term "governing-body" %}')


def test_another_text_may_stand_for_a_term_and_is_escaped() -> None:
    assert render('{% term "observer" name %}') == '<a class="term" href="/glossary/#observer">&lt;b&gt;</a>'


def test_a_term_without_an_entry_is_an_error() -> None:
    with pytest.raises(KeyError):
        render('{% term "no-such-term" %}')


@pytest.mark.parametrize(
    "address", ["/categories/", "/categories/special-list/", "/participation/", "/constituents/", "/countries/PK/"]
)
def test_pages_with_hard_terms_lead_to_entries_that_exist(client: Client, address: str) -> None:
    slugs = re.findall(r'<a class="term" href="/glossary/#([^"]+)"', read(client, address))
    assert slugs and set(slugs) <= {term.slug for term in TERMS}
