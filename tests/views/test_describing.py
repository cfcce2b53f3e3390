"""What the pages of records say beside their facts: linked data, other forms, how they are cited."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from engagement.freshness import at_revision, revision
from engagement.models import Organization, OrganizationName
from engagement.views.site_files import SECTIONS
from tests.factories import make_organization, make_source
from tests.linking import expanded, linked_of, things, wrong_in

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
PAGES = {
    "organizations": "/organizations/international-trade-union-confederation/",
    "countries": "/countries/PK/",
    "projects": "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/",
    "programmes": "/programmes/international-programme-on-the-elimination-of-child-labour-ipec/",
    "instruments": "/instruments/C182/",
    "meetings": "/meetings/ilc-106/",
    "sources": "/sources/profile/",
    "categories": "/categories/special-list/",
    "engagement": "/engagement/private-sector/",
}
OF_DAYS = ("organizations", "countries", "categories")
# Of the sections with hundreds of records, one in so many is looked at.
ONE_IN = {"countries": 8, "sources": 15}


def read(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def citation_on(page: str) -> str:
    found = re.search(r'<details class="section" id="cite">.*?</details>', page, re.S)
    assert found
    return found.group(0)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


# -- Linked data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_the_linked_data_of_the_records_are_whole_and_right(client: Client, section: str) -> None:
    route, keys = SECTIONS[section]
    for key in list(keys())[:: ONE_IN.get(section, 1)]:
        address = reverse(f"engagement:{route}", args=[key])
        (data,) = linked_of(read(client, address))
        assert wrong_in(expanded(data)) == [], address
        said = things(data)
        assert said["page"]["@id"] == said["page"]["url"] == f"{SITE}{address}"
        assert said["page"]["mainEntity"]["@id"] == said["thing"]["@id"] == f"{SITE}{address}#record"
        assert said["page"]["publisher"]["name"] != "International Labour Organization"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_page_in_another_language_speaks_of_the_same_record(client: Client, language: str) -> None:
    for address in PAGES.values():
        (english,), (other,) = linked_of(read(client, address)), linked_of(read(client, f"/{language}{address}"))
        assert things(other)["thing"] == things(english)["thing"]
        assert things(other)["page"]["inLanguage"] == language
        assert things(other)["page"]["url"] == f"{SITE}/{language}{address}"


@pytest.mark.parametrize("section", OF_DAYS)
def test_a_page_as_of_a_past_day_has_no_linked_data(client: Client, section: str) -> None:
    assert linked_of(read(client, f"{PAGES[section]}?on=2006-11-15")) == []


def test_a_page_that_refuses_a_question_has_no_linked_data(client: Client) -> None:
    assert linked_of(read(client, "/sources/profile/?page=x", 400)) == []


def test_no_other_page_has_linked_data(client: Client) -> None:
    for address in ("/", "/organizations/", "/countries/", "/about/", "/search/?q=labour"):
        assert linked_of(read(client, address)) == []


def test_hostile_text_stays_text_in_the_linked_data_of_a_page(client: Client) -> None:
    hostile = "</script><script>alert(1)</script><!-- \u2028 &amp; “x”"
    body = make_organization(name=hostile, source=make_source(title=hostile))
    OrganizationName.objects.create(organization=body, name=hostile, kind="variant", source=body.source)
    page = read(client, body.get_absolute_url())
    (data,) = linked_of(page)
    assert things(data)["thing"]["name"] == things(data)["page"]["isBasedOn"]["name"] == hostile
    assert "<script>alert" not in page


def test_linked_data_name_nothing_that_is_not_published(client: Client) -> None:
    body = make_organization()
    OrganizationName.objects.create(
        organization=body, name="Hidden name", kind="variant", source=body.source, published=False
    )
    assert "Hidden name" not in read(client, body.get_absolute_url())


# -- Other forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", PAGES)
def test_a_record_leads_to_its_feed_and_to_the_api(client: Client, section: str) -> None:
    address = PAGES[section]
    for page in (read(client, address), read(client, f"/fr{address}")):
        links = dict(re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)">', page))
        assert links["application/atom+xml"] == address.removesuffix("/") + ".atom"
        in_api = links.get("application/json", "")
        if section in ("programmes", "categories", "engagement"):
            assert in_api == ""
        else:
            assert in_api == f"/api/v1{address}"
            assert client.get(in_api).status_code == 200


# -- Cite this -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", PAGES)
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_every_page_of_a_record_says_how_it_is_cited_and_links_the_files(
    client: Client, section: str, prefix: str
) -> None:
    address = f"{prefix}{PAGES[section]}"
    cite = citation_on(read(client, address))
    assert str(revision()) in words(cite) and f"{SITE}{address}" in words(cite)
    files = [unescape(link) for link in re.findall(r'href="([^"]+)"', cite)]
    assert [urlsplit(file).path for file in files] == ["/cite.bib", "/cite.ris", "/cite.json"]
    for file in files:
        assert parse_qs(urlsplit(file).query) == {"page": [address]}
        answer = client.get(file)
        assert answer.status_code == 200 and f"{SITE}{address}" in answer.content.decode()


@pytest.mark.parametrize("section", OF_DAYS)
def test_a_page_as_of_a_past_day_is_cited_with_the_day(client: Client, section: str) -> None:
    address = f"{PAGES[section]}?on=2006-11-15"
    cite = citation_on(read(client, address))
    assert "as of 15 November 2006" in words(cite) and f"{SITE}{address}" in words(cite)
    for file in re.findall(r'href="([^"]+)"', cite):
        assert address in client.get(unescape(file)).content.decode()


def test_the_title_in_a_citation_is_marked_with_its_language(client: Client) -> None:
    body = make_organization(name="Organisation inventée", name_lang="fr")
    assert '<span lang="fr">Organisation inventée</span>' in citation_on(read(client, body.get_absolute_url()))


# -- For which date it speaks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", PAGES)
def test_every_page_of_a_record_says_for_which_date_it_speaks_or_that_none_is_stated(
    client: Client, section: str
) -> None:
    said = words(read(client, PAGES[section]).split("<footer")[0])
    assert re.search(r"Last verified|as of \d|as of \w+ \d|date not stated|date not published|Date \d", said)


# -- The revision --------------------------------------------------------------------------------------------------


def test_a_record_is_read_with_the_revision_in_one_query(
    committed_register: None, django_assert_num_queries: Any
) -> None:
    body = make_organization()
    with django_assert_num_queries(1):
        read_so = at_revision(Organization.objects.published().select_related("source")).get(pk=body.pk)
    assert read_so.revision == revision() > 0
    body.name = "Renamed"
    body.save()
    assert at_revision(Organization.objects.all()).get(pk=body.pk).revision == revision() > read_so.revision
