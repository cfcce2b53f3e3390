"""Citations as files: which pages have one, what it says, and how what has none is refused."""

import datetime
import json
from typing import Any
from urllib.parse import quote

import pytest
import rispy
from django.test import Client
from django.test.utils import override_settings

from engagement.freshness import revision
from engagement.models import Organization, Project, Snapshot
from tests.factories import make_meeting, make_organization, make_source

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
ITUC = "/organizations/international-trade-union-confederation/"


def ask(client: Client, page: str, suffix: str = "json") -> Any:
    return client.get(f"/cite.{suffix}", {"page": page})


def item(client: Client, page: str) -> dict[str, Any]:
    response = ask(client, page)
    assert response.status_code == 200, response.content
    (found,) = json.loads(response.content)
    return found


# -- What is cited -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (ITUC, "International Trade Union Confederation (ITUC)"), ("/countries/FR/", "France"),
        ("/categories/special-list/", "Special List"), ("/instruments/C144/",
        "Tripartite Consultation (International Labour Standards) Convention, 1976"),
        ("/engagement/civil-society/", "Civil society"), ("/meetings/ilc-106/",
        "International Labour Conference, 106th Session"),
    ],
)  # fmt: skip
def test_a_record_is_cited_by_its_name_its_address_and_the_revision(client: Client, page: str, title: str) -> None:
    found = item(client, page)
    assert (found["type"], found["title"], found["URL"]) == ("webpage", title, f"{SITE}{page}")
    assert found["version"] == str(revision())


def test_every_kind_of_record_is_cited_in_every_format(client: Client) -> None:
    for model in ("organization", "category", "country", "project", "programme", "instrument", "meeting",
                  "actor-group", "source"):  # fmt: skip
        page = PAGES[model]
        for suffix in ("bib", "ris", "json"):
            response = ask(client, page, suffix)
            assert response.status_code == 200, (page, suffix)
            assert f"{SITE}{page}" in response.content.decode()


PAGES = {
    "organization": ITUC,
    "category": "/categories/general/",
    "country": "/countries/PK/",
    "project": "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/",
    "programme": "/programmes/international-programme-on-the-elimination-of-child-labour-ipec/",
    "instrument": "/instruments/MNE/",
    "meeting": "/meetings/ilc-86/",
    "actor-group": "/engagement/private-sector/",
    "source": "/sources/profile/",
}


def test_a_page_in_another_language_is_cited_in_that_language(client: Client) -> None:
    found = item(client, "/fr/countries/DE/")
    assert (found["title"], found["URL"]) == ("Allemagne", f"{SITE}/fr/countries/DE/")
    assert "Registre" in found["container-title"]


def test_a_page_as_of_a_day_says_the_day(client: Client) -> None:
    found = item(client, f"{ITUC}?on=2006-11-15")
    assert (found["URL"], found["note"]) == (f"{SITE}{ITUC}?on=2006-11-15", "as of 15 November 2006")


def test_what_mailings_add_and_the_place_on_a_page_are_no_part_of_the_address(client: Client) -> None:
    assert item(client, f"{ITUC}?utm_source=letter#statuses")["URL"] == f"{SITE}{ITUC}"
    assert item(client, "/sources/profile/?page=2")["URL"] == f"{SITE}/sources/profile/"


def test_a_list_is_cited_with_its_question_in_words_and_in_canonical_order(client: Client) -> None:
    found = item(client, "/organizations/?category=special-list&kind=ngo&on=2006-11-15&page=3")
    assert found["type"] == "dataset"
    assert found["title"].startswith("Organizations (Category: Special List; ")
    assert "Non-governmental organization" in found["title"] and "2006" not in found["title"]
    assert found["URL"] == f"{SITE}/organizations/?on=2006-11-15&category=special-list&kind=ngo"
    assert found["note"] == "as of 15 November 2006"


def test_words_that_were_searched_for_reach_the_citation_as_text(client: Client) -> None:
    words = '</script> "é" & {x}'
    found = item(client, f"/organizations/?q={quote(words)}")
    assert words in found["title"] and found["URL"].isascii()


def test_a_list_without_a_question_is_cited_by_its_title(client: Client) -> None:
    assert item(client, "/statuses/")["title"] == "Consultative statuses"


def test_the_whole_register_is_cited_by_the_page_of_its_data(client: Client) -> None:
    found = item(client, "/data/")
    assert (found["type"], found["title"], found["URL"]) == ("dataset", "The whole register", f"{SITE}/data/")


def test_a_snapshot_is_cited_at_the_revision_that_it_was_kept_at(client: Client, committed_register: None) -> None:
    kept = client.post("/snapshots/", {"collection": "organizations", "query": "category=general"})
    page = kept["Location"]
    at = revision()
    make_organization()
    assert revision() > at
    found = item(client, page)
    assert (found["version"], found["URL"], found["type"]) == (str(at), f"{SITE}{page}", "dataset")
    Snapshot.objects.get().withdraw("Invented reason")
    assert ask(client, page).status_code == 404


@override_settings(SITE_PUBLISHER="The Invented Institute", SITE_NAME="Invented register")
def test_a_citation_names_the_site_and_its_publisher(client: Client) -> None:
    (entry,) = rispy.loads(ask(client, ITUC, "ris").content.decode())
    assert (entry["publisher"], entry["secondary_title"]) == ("The Invented Institute", "Invented register")


def test_a_citation_says_the_day_on_which_it_is_asked_for(client: Client) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    assert item(client, ITUC)["accessed"] == {"date-parts": [[today.year, today.month, today.day]]}


# -- The answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [("bib", "application/x-bibtex; charset=utf-8"), ("ris", "application/x-research-info-systems; charset=utf-8"),
     ("json", "application/vnd.citationstyles.csl+json")],
)  # fmt: skip
def test_a_file_has_its_type_its_name_and_its_etag(client: Client, suffix: str, content_type: str) -> None:
    response = ask(client, ITUC, suffix)
    assert response["Content-Type"] == content_type
    assert f'.{suffix}"' in response["Content-Disposition"] and response["Content-Disposition"].isascii()
    assert response["X-Robots-Tag"] == "noindex" and response["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"/cite.{suffix}", {"page": ITUC}, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@override_settings(LIMITS={"files": 1})
def test_citations_are_limited_as_other_files_are(client: Client) -> None:
    answers = [client.get("/cite.bib", {"page": ITUC}, REMOTE_ADDR="192.0.2.77") for _ in range(3)]
    assert answers[-1].status_code == 429 and "Retry-After" in answers[-1]


# -- Refusals ------------------------------------------------------------------------------------------------------


def refusal(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    return json.loads(response.content)


@pytest.mark.parametrize(
    "page",
    ["/organizations/nobody/", "/countries/ZZ/", "/countries/pk/", "/nothing/", "/en/countries/PK/", "/organizations",
     "/organizations/x y/", "/snapshots/1/organizations/"],
)  # fmt: skip
def test_a_page_that_there_is_not_is_not_found(client: Client, page: str) -> None:
    assert refusal(ask(client, page), 404)["title"] == "Not found"


def test_what_is_not_published_is_not_found_and_not_named(client: Client) -> None:
    hidden = make_organization(name="Hidden invented body", published=False)
    response = ask(client, f"/organizations/{hidden.slug}/")
    refusal(response, 404)
    assert b"Hidden" not in response.content


@pytest.mark.parametrize(
    "page",
    ["/", "/about/", "/admin/", "/search/?q=x", "/organizations.csv", "/api/v1/organizations/", "/healthz",
     "/cite.bib?page=/", "/snapshots/"],
)  # fmt: skip
def test_a_page_that_is_neither_record_nor_list_is_refused(client: Client, page: str) -> None:
    assert "neither a record nor a list" in refusal(ask(client, page), 400)["parameters"]["page"]


@pytest.mark.parametrize(
    ("page", "named"),
    [("/organizations/?colour=red", "colour"), ("/organizations/?category=none", "category"),
     (f"{ITUC}?on=2006-13-01", "on"), (f"{ITUC}?colour=red", "colour"), ("/meetings/ilc-106/?on=2006-11-15", "on"),
     (f"{ITUC}?on=2006-11-15&on=2007-01-01", "on")],
)  # fmt: skip
def test_a_page_that_is_asked_wrongly_is_refused_and_what_is_wrong_named(client: Client, page: str, named: str) -> None:
    wrong = refusal(ask(client, page), 400)["parameters"]["page"]
    assert wrong.startswith(f"is asked wrongly: {named} ")


@pytest.mark.parametrize("page", ["", "organizations/", "https://other.example/", "//other.example/", "\\\\x", "?q=x"])
def test_what_is_no_path_is_refused(client: Client, page: str) -> None:
    assert "path of a page" in refusal(ask(client, page), 400)["parameters"]["page"]


@pytest.mark.parametrize(
    ("query", "named"),
    [("", "page"), (f"page={ITUC}&page={ITUC}", "page"), (f"page={ITUC}&style=apa", "style"), ("utm_source=x", "page")],
)
def test_an_unknown_a_doubled_or_a_missing_parameter_is_named(client: Client, query: str, named: str) -> None:
    assert named in refusal(client.get(f"/cite.bib?{query}"), 400)["parameters"]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/cite.bib", {"page": ITUC}).status_code == 405
    assert client.head("/cite.bib", {"page": ITUC}).status_code == 200
    assert client.get("/cite.docx", {"page": ITUC}).status_code == 404


# -- Titles that others wrote --------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["bib", "ris", "json"])
def test_a_hostile_title_reaches_every_file_as_text(client: Client, suffix: str) -> None:
    source = make_source(title="Invented \u202e} {\r\nER  - \n<b>&\u2028title")
    body = make_organization(name="A } { % \u202ebody", source=source)
    project = Project.objects.create(title="T\ttitle\nER  - ", source=source)
    meeting = make_meeting(name="“M” & \\x")
    for record in (source, body, project, meeting):
        response = ask(client, record.get_absolute_url(), suffix)
        assert response.status_code == 200
        assert not any(sign in response.content.decode() for sign in "\u202e\u2028\t\x00")
    assert Organization.objects.get(pk=body.pk).name == body.name
