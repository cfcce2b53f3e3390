"""The four questions of a stranger at the head of a category's page."""

import re
from html import unescape

import pytest
from django.test import Client

from engagement.models import ConsultativeCategory, ParticipationRight
from tests.factories import make_status

pytestmark = pytest.mark.django_db

SLUGS = ["general", "regional", "special-list", "invited"]


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def answers(html: str) -> dict[str, str]:
    """The answers, by the address to which their question leads."""
    (found,) = re.findall(r'<dl class="figures answers">(.*?)</dl>', html, re.S)
    pairs = re.findall(r'<dt><a href="([^"]+)">.*?</a></dt><dd>(.*?)</dd>', found, re.S)
    return {url: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer))).strip() for url, answer in pairs}


@pytest.mark.parametrize("slug", SLUGS)
def test_each_of_the_four_questions_leads_to_its_section(client: Client, slug: str) -> None:
    html = read(client, f"/categories/{slug}/")
    assert list(answers(html)) == ["#rights", "#what", "#holders", "/coverage/#categories"]
    for url in answers(html):
        page, _, anchor = url.partition("#")
        assert f'id="{anchor}"' in (read(client, page) if page else html)


def test_the_answers_stand_before_everything_else(client: Client) -> None:
    html = read(client, "/categories/general/")
    assert html.index('class="figures answers"') < html.index("<section")


def test_a_stranger_learns_of_the_special_list_what_who_grants_who_holds_and_how_complete(client: Client) -> None:
    gives, grants, holds, complete = answers(read(client, "/categories/special-list/")).values()
    assert gives.startswith("take part by demonstrated interest, ask to be invited, no vote, attend as observer, ")
    assert grants == "Governing Body"
    assert holds == "14 organizations recorded"
    assert complete == "Incomplete: 14 of about 160 that its source states"


def test_what_is_not_known_of_a_category_is_said(client: Client) -> None:
    _gives, grants, holds, complete = answers(read(client, "/categories/regional/")).values()
    assert (grants, holds) == ("Not recorded.", "None recorded.")
    assert complete == "Incomplete; no source read says how many there are"
    ConsultativeCategory.objects.filter(slug="regional").update(standing_arrangements="")
    assert answers(read(client, "/categories/regional/"))["#rights"].startswith("take part under standing")
    ParticipationRight.objects.update(published=False)
    assert answers(read(client, "/categories/regional/"))["#rights"].startswith("Taking part depends on: A major")
    ConsultativeCategory.objects.filter(slug="regional").update(basis="")
    assert answers(read(client, "/categories/regional/"))["#rights"].startswith("Not recorded.")


def test_as_of_a_day_the_holders_are_those_of_the_day(client: Client) -> None:
    make_status(category=ConsultativeCategory.objects.get(slug="regional"), granted="1950", ended="1960")
    assert answers(read(client, "/categories/regional/?on=1955-01-01"))["#holders"] == "1 organization recorded"
    assert answers(read(client, "/categories/regional/?on=1965-01-01"))["#holders"] == "None recorded."
