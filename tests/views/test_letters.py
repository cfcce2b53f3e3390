"""The letters over a long list: each leads to the page and the row where it begins."""

import random
import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import Directory
from engagement.directories.letters import letter_of
from engagement.directories.warming import warm
from engagement.models import Organization
from tests.directories.test_counting import ask, random_pairs
from tests.directories.test_letters import ALPHABETICAL
from tests.factories import make_organization, make_source

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def read(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def letters(client: Client, address: str) -> dict[str, str]:
    """The letters over the list there with their addresses, '' for one that leads nowhere."""
    html = read(client, address)
    found = re.search(r'<nav aria-label="A–Z">.*?</nav>', html, re.S)
    items = re.findall(r"<li>(?:<a href=\"([^\"]+)\">|<span>)(.)</", found[0]) if found else []
    return {sign: urljoin(address, unescape(url)) if url else "" for url, sign in items}


def rows(html: str) -> list[str]:
    return re.findall(r'<li class="row" id="([^"]+)"', html)


def marked(html: str, anchor: str) -> str:
    """The row that stands under the mark with this id."""
    found = re.search(rf'<li class="row" id="([^"]+)"><p class="letter" id="{re.escape(anchor)}">', html)
    assert found is not None, anchor
    return found[1]


@pytest.mark.slow
@pytest.mark.parametrize("directory", {directory.name: directory for directory, _order in ALPHABETICAL}.values(),
                         ids=lambda directory: directory.name)  # fmt: skip
def test_the_row_a_letter_leads_to_is_the_first_with_that_letter(directory: Directory, client: Client) -> None:
    chance = random.Random(f"pages of {directory.name}")
    orders = [order for each, order in ALPHABETICAL if each is directory]
    questions = [[], *([pair for pair in random_pairs(directory, chance) if pair[0] != "q"] for _each in range(3))]
    for pairs in questions:
        asked = [*pairs, ("sort", chance.choice(orders))]
        question = ask(directory, asked)
        sort, _turned = question.sorting.named(question.order)
        first: dict[str, str] = {}
        names = question.qs.values_list(sort.columns[0], flat=True)
        for row, name in zip(directory.rows(question), names, strict=True):
            first.setdefault(letter_of(name[:1]), f"{directory.name}-{row.natural_key()[0]}")
        address = f"/{directory.name}/?" + "&".join(f"{name}={value}" for name, value in asked)
        offered = {sign: url for sign, url in letters(client, address).items() if url}
        assert set(offered) == (set(first) if offered else set())
        for sign, url in offered.items():
            assert marked(read(client, url), unquote(urlsplit(url).fragment)) == first[sign], (asked, sign)


def test_a_letter_without_rows_is_no_link(client: Client) -> None:
    offered = letters(client, "/countries/")
    assert offered["W"] == offered["X"] == ""
    assert offered["P"].startswith("/countries/?page=") and offered["P"].endswith("#letter-p")
    assert offered["A"] == "/countries/#letter-a"


def test_the_letters_keep_what_is_asked_and_stand_inside_the_results(client: Client) -> None:
    address = "/constituents/?group=workers&region=africa"
    html = read(client, address)
    assert '<nav aria-label="A–Z">' in html[html.index('<section id="results"') :].split("</section>")[0]
    for sign, url in letters(client, address).items():
        assert not url or url.startswith(address), sign


def test_the_first_row_of_each_letter_on_a_page_is_marked_once(client: Client) -> None:
    html = read(client, "/organizations/?page=2")
    marks = re.findall(r'<p class="letter" id="letter-(\w+)">(.)</p>', html)
    assert marks and len(marks) == len(set(marks))
    assert all(sign.lower() == anchor for anchor, sign in marks)
    assert marked(html, f"letter-{marks[0][0]}") == rows(html)[0]


def test_a_list_on_one_page_or_in_another_order_has_no_letters(client: Client) -> None:
    for address in ("/organizations/?category=special-list", "/organizations/?sort=-since", "/constituents/?q=union",
                    "/organizations/?colour=blue", "/sources/"):  # fmt: skip
        html = client.get(address).content.decode()
        assert 'class="letters"' not in html and 'class="letter"' not in html, address


def test_the_letters_of_a_past_day_are_those_of_its_rows(client: Client) -> None:
    offered = letters(client, "/countries/?on=1930-01-01")
    assert offered["A"].startswith("/countries/?on=1930-01-01")
    first = marked(read(client, offered["V"]), "letter-v")
    assert first == "countries-VE"


def test_a_name_in_another_script_has_a_letter_of_its_own(client: Client) -> None:
    source = make_source()
    for number in range(60):
        make_organization(name=f"Женщины {number:02}", source=source)
    url = letters(client, "/organizations/")["Ж"]
    assert url.endswith("#letter-u0416")
    first = Organization.objects.get(name="Женщины 00")
    assert marked(read(client, url), "letter-u0416") == f"organizations-{first.slug}"


@pytest.mark.parametrize("address", ["/organizations/", "/constituents/", "/countries/", "/projects/", "/statuses/"])
def test_letters_keep_a_list_within_its_queries(committed_register: None, address: str, client: Client) -> None:
    warm()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= MOST_QUERIES
