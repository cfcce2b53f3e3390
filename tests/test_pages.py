"""The pages that are no record and no directory, the error pages, and a walk over the whole site."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings
from django.views import defaults
from pytest_django import DjangoDbBlocker

from engagement.directories import DIRECTORIES
from engagement.models import (
    Contact,
    Discrepancy,
    EligibilityCriterion,
    InformationResource,
    Initiative,
    MeetingKind,
    ParticipationRight,
    ProfileStatement,
    Provision,
    RelationKind,
    RightsArea,
    StrategicObjective,
)
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

PAGES = ["/", "/categories/", "/participation/", "/engagement/", "/discrepancies/", "/coverage/", "/glossary/",
         "/about/", "/privacy/", "/accessibility/", "/which-status/"]  # fmt: skip
LISTS = {f"/{directory.name}/" for directory in DIRECTORIES}
MOST_QUERIES, LARGEST_PAGE = 12, 60 * 1024


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words(page: str) -> str:
    """The page as a reader sees it: without tags, with single spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


# -- Home ----------------------------------------------------------------------------------------------------------


def test_home_has_a_search_and_three_doors(client: Client) -> None:
    page = read(client, "/")
    assert re.search(r'<form action="/search/" method="get" role="search".*?name="q"', page, re.S)
    doors = re.search(r'<ul class="doors.*?</ul>', page, re.S)
    assert doors and re.findall(r'href="([^"]+)"', doors.group(0)) == [
        "/which-status/?want=one-meeting",
        "/which-status/",
        "/organizations/",
    ]


def test_home_shows_what_is_recorded_of_each_category_beside_what_is_stated(client: Client) -> None:
    page = words(read(client, "/"))
    assert "14 recorded ; about 160 stated by the profile" in page
    assert "2 recorded ; no number stated" in page
    assert "The register is incomplete" in page
    assert "0 recorded" not in page.replace("10 recorded", "")


def test_home_shows_three_equal_sides_and_as_of_when(client: Client) -> None:
    page = read(client, "/")
    sides = [tuple(map(float, side)) for side in re.findall(r'x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)"', page)]
    lengths = [((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 for x1, y1, x2, y2 in sides]
    assert len(lengths) == 3 and max(lengths) - min(lengths) < 2
    assert re.search(r"As of \d+ \w+ \d{4}\.", page)


# -- Participation -------------------------------------------------------------------------------------------------


def test_every_cell_of_the_matrix_names_rights_or_says_that_none_is_recorded(client: Client) -> None:
    page = read(client, "/participation/")
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page, re.S)
    used = ParticipationRight.objects.published().values_list("meeting_kind", flat=True).distinct()
    assert len(rows) == 6
    for row in rows:
        cells = re.findall(r"<td.*?</td>", row, re.S)
        assert len(cells) == len(set(used))
        assert all("not recorded" in cell or "<details><summary>" in cell for cell in cells)


def test_a_right_in_the_matrix_opens_to_its_rule_its_date_and_its_source(client: Client) -> None:
    page = read(client, "/participation/")
    cells = [cell.split("</details>")[0] for cell in page.split("<details><summary>")[1:]]
    for right in ParticipationRight.objects.published().select_related("source"):
        (cell,) = [cell for cell in cells if f'id="{right.anchor}"' in cell]
        summary, rule = cell.split("</summary>")
        assert right.right[1:] in unescape(summary)
        assert "as of" in words(summary) if right.as_of else "as of" not in words(summary)
        assert right.detail in unescape(rule)
        assert "In force" in rule or "From when until when it holds is not recorded." in rule
        assert right.source.get_absolute_url() in rule


def test_each_right_stands_once_on_the_page_of_participation(client: Client) -> None:
    page = read(client, "/participation/")
    for right in ParticipationRight.objects.published():
        assert page.count(right.anchor) == 1
    assert page.count("<details><summary>") == ParticipationRight.objects.published().count()


def test_a_withdrawn_right_is_neither_in_the_matrix_nor_below_it(client: Client) -> None:
    right = ParticipationRight.objects.published()[0]
    ParticipationRight.objects.filter(pk=right.pk).update(published=False)
    assert right.anchor not in read(client, "/participation/")


def test_a_right_without_dates_says_that_they_are_not_recorded(client: Client) -> None:
    ParticipationRight.objects.create(
        holder="unspecified",
        meeting_kind=MeetingKind.SEMINAR,
        right="sit at the back",
        since="1997",
        source=make_source(),
    )
    page = words(read(client, "/participation/"))
    assert "In force from 1997; no end recorded." in page
    assert "From when until when it holds is not recorded." in page


# -- Every fact of these pages stands there, with its source --------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [StrategicObjective, RightsArea, RelationKind, Initiative, ProfileStatement, InformationResource, Provision,
     EligibilityCriterion],
    ids=lambda model: model.__name__,
)  # fmt: skip
def test_a_fact_of_the_profile_stands_where_its_address_says_with_its_source(client: Client, model: type) -> None:
    facts = list(model.objects.published().select_related("source"))  # type: ignore[attr-defined]
    assert facts
    addresses = {fact.get_absolute_url().split("#")[0] for fact in facts}
    pages = {address: read(client, address) for address in addresses}
    for fact in facts:
        address, anchor = fact.get_absolute_url().split("#")
        page = pages[address]
        assert f'<li id="{anchor}"' in page, fact
        assert fact.source.get_absolute_url() in page[page.index(f'<li id="{anchor}"') :].split("</li>")[0]


def test_the_profile_s_objectives_relations_and_rights_are_all_there(client: Client) -> None:
    assert StrategicObjective.objects.published().count() == 4
    assert RelationKind.objects.published().count() == 3
    page = words(read(client, "/engagement/")).lower()
    for stated in ("freedom of association", "forced labour", "collective bargaining", "civil society",
                   "private sector", "parliamentarians", "indigenous peoples"):  # fmt: skip
        assert stated in page


def test_the_resources_of_the_profile_are_kept_as_titles_whose_links_are_lost(client: Client) -> None:
    page = words(read(client, "/about/"))
    assert page.count("the link is lost") >= InformationResource.objects.published().filter(url="").count() > 0


# -- Discrepancies -------------------------------------------------------------------------------------------------


def test_both_readings_link_their_sources_and_the_record_is_linked(client: Client) -> None:
    status, one, other = make_status(), make_source(), make_source()
    kept = Discrepancy.objects.create(
        kind="consultativestatus", record_key=status.key, label="Invented body", field="granted",
        reading_a="1950-05-01", source_a=one, reading_b="", source_b=other,
    )  # fmt: skip
    page = read(client, "/discrepancies/")
    item = page[page.index(f'id="{kept.anchor}"') :].split("</li>")[0]
    for shown in (
        status.get_absolute_url(),
        one.get_absolute_url(),
        other.get_absolute_url(),
        "1 May 1950",
        "says nothing",
    ):
        assert shown in item


def test_a_disagreement_on_a_withdrawn_record_is_not_shown(client: Client) -> None:
    body = make_organization(published=False)
    Discrepancy.objects.create(
        kind="organization", record_key=body.slug, label="Withdrawn body", field="name", reading_a="x", reading_b="y"
    )
    assert "Withdrawn body" not in read(client, "/discrepancies/")


# -- About, privacy ------------------------------------------------------------------------------------------------


def test_about_says_whose_site_it_is_not_under_which_licence_and_how_incomplete(client: Client) -> None:
    page = words(read(client, "/about/"))
    for said in ("not a site of the ILO", settings.DATA_LICENCE, "incomplete", "A day is never made up"):
        assert said in page


def test_privacy_says_that_public_pages_set_no_cookie_and_names_no_contact(client: Client) -> None:
    page = words(read(client, "/privacy/"))
    assert "set no cookie" in page and "operator" in page
    assert not any(contact.name in page for contact in Contact.objects.all())


# -- Accessibility -------------------------------------------------------------------------------------------------


def test_accessibility_says_what_is_tested_what_is_not_and_whose_site_it_is_not(client: Client) -> None:
    page = words(read(client, "/accessibility/"))
    for said in ("WCAG 2.2", "axe-core", "Nobody who depends on a screen reader", "not a site of the ILO"):
        assert said in page
    assert 'href="/accessibility/"' in read(client, "/")


@override_settings(SITE_PUBLISHER="The Invented Institute")
def test_where_the_publisher_is_named_and_no_address_is_the_page_says_so(client: Client) -> None:
    page = read(client, "/accessibility/")
    assert "The Invented Institute, who publishes this site, has named no address" in words(page)
    assert "mailto:" not in page and "not a site of the ILO" not in words(page)


def test_where_nobody_is_named_the_page_says_so(client: Client) -> None:
    page = read(client, "/accessibility/")
    assert "Who publishes this site has named no address for it." in words(page) and "mailto:" not in page


@override_settings(DEFAULT_FROM_EMAIL="register@institute.example")
def test_where_the_settings_have_an_address_a_barrier_can_be_reported_to_it(client: Client) -> None:
    page = read(client, "/accessibility/")
    assert 'href="mailto:register@institute.example"' in page and "named no address" not in words(page)


# -- Error pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_error_pages_keep_header_and_search(name: str) -> None:
    needs_request = name in ("403.html", "404.html")
    html = get_template(name).render({}, RequestFactory().get("/") if needs_request else None)
    assert 'class="brand"' in html and 'role="search"' in html and html.count("<h1") == 1


def test_the_pages_for_faults_need_no_database() -> None:
    request = RequestFactory().get("/")
    with CaptureQueriesContext(connection) as queries:
        pages = [defaults.server_error(request), defaults.bad_request(request, Exception())]
    assert len(queries) == 0
    assert [page.status_code for page in pages] == [500, 400]
    assert all("css/site.css" in page.content.decode() for page in pages)


# -- Cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_at_most_twelve_queries_and_sixty_kilobytes(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content
    assert len(queries) <= MOST_QUERIES and len(page) <= LARGEST_PAGE


def test_300_more_statuses_cost_the_pages_no_query_more(client: Client) -> None:
    def cost() -> list[int]:
        counts = []
        for address in PAGES:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        return counts

    before = cost()
    source = make_source()
    for _ in range(300):
        status = make_status(source=source)
        Discrepancy.objects.create(
            kind="consultativestatus", record_key=status.key, label="x", field="granted", reading_a="x", reading_b="y"
        )
    assert cost() == before


# -- The whole site ------------------------------------------------------------------------------------------------


def links_of(page: str) -> set[str]:
    """But for those to the other languages, which tests/test_languages.py follows."""
    own = re.sub(r'<ul class="languages".*?</ul>', "", page, flags=re.S)
    return {unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([/#?][^"]*)"', own)}


def to_follow(address: str, link: str) -> str:
    """The page a link leads to; '' for lists asked in another way from a list (they are without number).

    How much is known counts hundreds of such lists, too; tests/views/test_coverage.py follows some of each kind.
    So does the guide for every meeting (tests/views/test_guide.py). Every record is cited in three files
    (tests/views/test_describing.py), and can be corrected (tests/views/test_corrections.py).
    """
    parts = urlsplit(link)
    if parts.path.startswith("/cite.") or (parts.path.endswith("/corrections/new/") and parts.query):
        return ""
    path = parts.path or urlsplit(address).path
    asked_from_a_list = urlsplit(address).path in LISTS and parts.query and not re.fullmatch(r"page=\d+", parts.query)
    asked_from_a_table = "/coverage/" in address and parts.query and "/coverage/" not in path
    asked_of_a_meeting = path.endswith("/which-status/") and "meeting=" in parts.query
    if asked_of_a_meeting:
        return ""
    return "" if asked_from_a_list or asked_from_a_table else f"{path}?{parts.query}" if parts.query else path


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """Every page that can be reached from the first, by address; one that does not answer 200 is ''."""
    client, found, files, waiting = Client(), {}, set(), ["/"]
    with django_db_blocker.unblock():
        while waiting:
            address = waiting.pop()
            if address in found or address in files:
                continue
            response = client.get(address)
            if response.status_code == 200 and not response["Content-Type"].startswith("text/html"):
                files.add(address)
                response.getvalue()  # to its end: what is sent while it is read keeps a reading open
                continue
            found[address] = page = response.content.decode() if response.status_code == 200 else ""
            pages = {
                re.sub(r"^\?", f"{urlsplit(address).path}?", link) for link in re.findall(r'href="(\?page=\d+)"', page)
            }
            waiting += [target for link in links_of(page) if (target := to_follow(address, link))] + sorted(pages)
        yield found


@pytest.mark.slow
@pytest.mark.once
def test_every_internal_link_of_the_site_answers(site: dict[str, str]) -> None:
    assert [address for address, page in site.items() if not page] == []
    assert len(site) > 700


@pytest.mark.slow
@pytest.mark.once
def test_every_kind_of_page_is_reached_from_the_first(site: dict[str, str]) -> None:
    kinds = {urlsplit(address).path.split("/")[1] for address in site if len(urlsplit(address).path.split("/")) == 4}
    assert kinds == {"categories", "organizations", "countries", "projects", "programmes", "instruments", "meetings",
                     "engagement", "sources", "contacts", "corrections", "requests"}  # fmt: skip


@pytest.mark.slow
@pytest.mark.once
def test_every_link_to_a_fact_lands_on_it(site: dict[str, str]) -> None:
    lost = set()
    for address, page in site.items():
        for link in links_of(page):
            rest, _, fragment = link.partition("#")
            target = to_follow(address, rest) if rest else address
            long_list = rest and urlsplit(target).path in LISTS
            if fragment and target and not long_list and f'id="{fragment}"' not in site[target]:
                lost.add((address, link))
    assert lost == set()


@pytest.mark.slow
@pytest.mark.once
def test_every_page_has_one_first_heading_and_headings_in_order(site: dict[str, str]) -> None:
    wrong = []
    for address, page in site.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", page.split("<footer")[0])]
        steps = [later - earlier for earlier, later in pairwise(levels)]
        if levels.count(1) != 1 or levels[0] != 1 or max(steps, default=0) > 1:
            wrong.append((address, levels))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.once
def test_no_id_stands_twice_on_a_page(site: dict[str, str]) -> None:
    doubled = {}
    for address, page in site.items():
        ids = re.findall(r'\bid="([^"]+)"', page)
        if len(ids) != len(set(ids)):
            doubled[address] = {each for each in ids if ids.count(each) > 1}
    assert doubled == {}


@pytest.mark.slow
@pytest.mark.once
def test_no_page_but_the_largest_lists_is_larger_than_sixty_kilobytes(site: dict[str, str]) -> None:
    assert {address: len(page) for address, page in site.items() if len(page.encode()) > LARGEST_PAGE} == {}


@pytest.mark.slow
@pytest.mark.once
def test_contacts_stand_on_their_own_page_and_nowhere_else(
    site: dict[str, str], django_db_blocker: DjangoDbBlocker
) -> None:
    contacts = list(Contact.objects.all())
    assert contacts
    for contact in contacts:
        surname = contact.name.split()[-1].lower()
        shown = {urlsplit(address).path for address, page in site.items() if surname in page.lower()}
        assert shown <= {"/contacts/"}
        assert not any(contact.email and contact.email in page for page in site.values())


@pytest.mark.slow
@pytest.mark.once
def test_no_page_holds_a_script_a_style_or_a_handler_of_its_own(site: dict[str, str]) -> None:
    # But for linked data, which no browser runs.
    script = r"<script\b(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)"
    inline = re.compile(script + r"|<style\b|<[^>]*\s(style|on[a-z]+)\s*=", re.I)
    assert [address for address, page in site.items() if inline.search(page)] == []
