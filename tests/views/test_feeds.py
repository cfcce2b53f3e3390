"""Atom feeds as addresses: of what a list answers, and of the page of one record."""

from collections.abc import Iterator
from typing import Any

import feedparser
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES, Directory
from engagement.models import (
    ActorGroup,
    ConsultativeCategory,
    ConsultativeStatus,
    Contact,
    Country,
    EligibilityCriterion,
    Instrument,
    InstrumentAmendment,
    InvitationDecision,
    LawfulBasis,
    Meeting,
    Organization,
    OrganizationName,
    Programme,
    Project,
    ProjectResult,
    Seat,
    Source,
    Theme,
)
from engagement.views.feeds import MOST, WITH_FEEDS, feed_url_of
from tests.factories import make_invitation, make_meeting, make_organization, make_source, make_status
from tests.freshness.toys import number
from tests.noting import all_long_ago

pytestmark = pytest.mark.django_db

each_directory = pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
each_model = pytest.mark.parametrize("model", WITH_FEEDS, ids=lambda model: model.__name__)
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """The limits count on."""
    cache.clear()
    yield


def feed(client: Client, url: str, **query: Any) -> Any:
    number()
    response = client.get(url, query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found.bozo_exception
    return found


def titles(client: Client, url: str, **query: Any) -> list[str]:
    return [entry.title for entry in feed(client, url, **query).entries]


# -- Of a directory ----------------------------------------------------------------------------------------------------


@each_directory
def test_a_directory_is_a_feed_of_its_rows_that_leads_to_its_page(directory: Directory, client: Client) -> None:
    found = feed(client, f"/{directory.name}.atom")
    page = client.get(f"/{directory.name}/")
    assert len(found.entries) == min(MOST, page.context["page"].paginator.count)
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert all(entry.id.startswith(SITE) and "?" not in entry.id and entry.title for entry in found.entries)
    assert found.feed.link == f"{SITE}/{directory.name}/"
    assert [entry.updated for entry in found.entries] == sorted((e.updated for e in found.entries), reverse=True)


def test_what_changed_last_comes_first_the_row_itself_or_a_part_of_it(client: Client) -> None:
    first, second, third = (make_organization(name=f"Quokka {n}") for n in "abc")
    Organization.objects.filter(pk=second.pk).update(acronym="Q")
    number()
    OrganizationName.objects.create(organization=first, name="Wombat", kind="former", source=first.source)
    assert titles(client, "/organizations.atom")[:3] == [first.name, second.name, third.name]
    make_status(organization=third)
    assert titles(client, "/organizations.atom")[:3] == [third.name, first.name, second.name]


def test_a_feed_has_the_rows_that_answer_its_question_and_no_other(client: Client) -> None:
    make_organization(name="Quokka workers", kind="workers")
    make_organization(name="Quokka employers", kind="employers")
    make_organization(name="Quokka hidden", kind="workers", published=False)
    assert titles(client, "/organizations.atom", kind="workers")[0] == "Quokka workers"
    assert not {"Quokka employers", "Quokka hidden"} & set(titles(client, "/organizations.atom", kind="workers"))
    assert titles(client, "/organizations.atom", q="zzzzzzzz") == []


def test_the_same_question_has_one_id_whatever_the_order_of_its_words_or_its_rows(client: Client) -> None:
    one = feed(client, "/organizations.atom?kind=workers&region=africa&sort=-since")
    other = feed(client, "/organizations.atom?region=africa&kind=workers&q=")
    assert one.feed.id == other.feed.id == f"{SITE}/organizations.atom?kind=workers&region=africa"
    assert one.feed.link == f"{SITE}/organizations/?kind=workers&region=africa"
    assert [entry.id for entry in one.entries] == [entry.id for entry in other.entries]


@each_directory
@pytest.mark.parametrize("query", ["page=1", "colour=blue", "source_kind=nonsense", "utm_source=x"])
def test_what_a_feed_does_not_understand_is_refused_by_name(directory: Directory, query: str, client: Client) -> None:
    response = client.get(f"/{directory.name}.atom?{query}")
    assert response.status_code == 400 and response["Content-Type"] == "application/problem+json"
    assert list(response.json()["parameters"]) == [query.split("=")[0]]


def test_an_unchanged_feed_is_not_sent_again_until_something_changes(client: Client) -> None:
    number()
    first = client.get("/organizations.atom")
    again = client.get("/organizations.atom", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == first["Access-Control-Allow-Origin"] == "*"
    make_organization()
    number()
    assert client.get("/organizations.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_contacts_have_a_feed_that_is_not_to_be_indexed_and_names_no_private_one(client: Client) -> None:
    said = {"purpose": "A test", "lawful_basis": LawfulBasis.PUBLISHED_SOURCE, "source": make_source()}
    Contact.objects.create(name="Public person", public=True, email="quokka@x.example", **said)
    Contact.objects.create(name="Private person", public=False, **said)
    response = client.get("/contacts.atom")
    number()
    assert response["X-Robots-Tag"] == "noindex" and "X-Robots-Tag" not in client.get("/offices.atom")
    text = client.get("/contacts.atom", {"sort": "name"}).content.decode()
    assert "Public person" in text and "Private" not in text and "quokka" not in text


@pytest.mark.parametrize(
    "name", ["]]> <b>bold</b> &amp;", "\x01\x0b control \x1f", "\ufffe\uffff", "منظمة \u202edebut\u202c", "😀"]
)
def test_hostile_names_give_a_feed_that_can_be_read(name: str, client: Client) -> None:
    body = make_organization(name=f"Quokka {name}", slug="quokka")
    make_status(organization=body)
    for url in ("/organizations.atom", "/statuses.atom", "/organizations/quokka.atom", "/sources.atom"):
        assert feed(client, url).entries


@pytest.mark.parametrize("name", ["organizations", "statuses", "invitations"])
def test_a_feed_costs_the_same_queries_for_three_rows_and_for_three_hundred(name: str, client: Client) -> None:
    def queries() -> int:
        number()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/{name}.atom?sort=name").status_code == 200
        return len(captured)

    counts = set()
    for each in (3, 300):
        for _ in range(each):
            body, decision = make_status().organization, InvitationDecision.objects.all()[0]
            make_invitation(organization=body, meeting=Meeting.objects.all()[0], decision=decision)
        counts.add(queries())
    assert len(counts) == 1 and counts.pop() <= 25


def test_a_feed_may_be_asked_as_often_as_a_file(client: Client, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "files": 1}
    assert [client.get("/sources.atom").status_code for _ in range(2)] == [200, 429]
    assert client.get("/sources/x.atom").status_code == 429


# -- Of a record -------------------------------------------------------------------------------------------------------


@each_model
def test_each_record_with_a_page_has_a_feed_of_its_edits(model: Any, client: Client) -> None:
    record = model.objects.published().first()
    found = feed(client, feed_url_of(record))
    page = f"{SITE}{record.get_absolute_url()}"
    assert found.feed.link == page and found.feed.id == f"{SITE}{feed_url_of(record)}"
    assert all(entry.id.startswith(f"{page}#change-") for entry in found.entries)
    assert any(entry.link == page for entry in found.entries) or len(found.entries) == MOST
    assert client.get(page.removeprefix(SITE)).status_code == 200


def test_records_without_a_page_of_their_own_have_no_feed() -> None:
    assert feed_url_of(make_status()) == feed_url_of(Theme.objects.all()[0]) == ""


def test_an_edit_of_a_record_says_what_it_said_before_and_what_it_says_now(client: Client) -> None:
    body = make_organization(name="Quokka", slug="quokka", acronym="Q<1>")
    all_long_ago()
    body.acronym = "Q&2"
    body.save()
    (entry,) = feed(client, "/organizations/quokka.atom").entries
    assert entry.title == "Organization changed: Quokka"
    assert entry.summary == "<p>Acronym: <del>Q&lt;1&gt;</del> → <ins>Q&amp;2</ins></p>"


def test_an_edit_of_a_fact_leads_to_where_it_stands_on_the_page(client: Client) -> None:
    body = make_organization(name="Quokka", slug="quokka")
    all_long_ago()
    status = make_status(organization=body)
    entry = feed(client, "/organizations/quokka.atom").entries[0]
    assert entry.title == "Consultative status added: Quokka · Special List"
    assert entry.link == f"{SITE}{status.get_absolute_url()}"


def test_a_fact_that_is_gone_is_told_with_its_name_and_one_of_another_record_is_not(client: Client) -> None:
    status = make_status(organization=make_organization(name="Quokka", slug="quokka"))
    other = make_status(organization=make_organization(name="Wombat", slug="wombat"))
    all_long_ago()
    other.delete()
    status.delete()
    found = titles(client, "/organizations/quokka.atom")
    assert found[0] == "Consultative status removed: Quokka · Special List"
    assert not [title for title in found if "Wombat" in title]


@pytest.mark.parametrize(
    ("url", "make"),
    [
        ("/meetings/{}.atom", make_meeting),
        ("/sources/{}.atom", make_source),
        ("/organizations/{}.atom", make_organization),
    ],
)
def test_a_record_that_is_not_public_has_no_feed(url: str, make: Any, client: Client) -> None:
    record = make(published=False)
    response = client.get(url.format(record.slug))
    assert response.status_code == 404 and response["Content-Type"] == "application/problem+json"
    assert client.get(url.format("not-there")).status_code == 404


def test_nothing_unpublished_is_told_in_the_feed_of_a_record(client: Client) -> None:
    body = make_organization(name="Quokka", slug="quokka")
    hidden = OrganizationName(organization=body, name="Secret", kind="former", source=body.source, published=False)
    hidden.save()
    hidden.name = "Secret too"
    hidden.save()
    deleted = OrganizationName(organization=body, name="Secret third", kind="former", source=body.source)
    deleted.published = False
    deleted.save()
    deleted.delete()
    number()
    assert "Secret" not in client.get("/organizations/quokka.atom").content.decode()


def test_a_fact_withdrawn_from_the_public_is_told_without_its_name(client: Client) -> None:
    body = make_organization(name="Quokka", slug="quokka")
    name = OrganizationName.objects.create(organization=body, name="Secret", kind="former", source=body.source)
    all_long_ago()
    name.published = False
    name.save()
    found = feed(client, "/organizations/quokka.atom").entries
    assert found[0].title == "Organization name removed" and found[0].link == f"{SITE}/organizations/quokka/"
    assert "Secret" not in str(found)


def test_the_facts_of_every_kind_of_page_are_in_its_feed(client: Client) -> None:
    source = make_source()
    country, programme = Country.objects.get(iso2="CH"), Programme.objects.all()[0]
    instrument, category = Instrument.objects.get(code="C144"), ConsultativeCategory.objects.all()[0]
    all_long_ago()
    country.tripartite_bodies.create(name="Quokka body", source=source)
    ProjectResult.objects.create(programme=programme, indicator="Quokka", value=1, source=source)
    InstrumentAmendment.objects.create(instrument=instrument, date="2019", source=source)
    EligibilityCriterion.objects.create(category=category, text="Quokka rule", source=source)
    initiative = ActorGroup.objects.all()[0].initiatives.create(name="Quokka initiative", source=source)
    for url, title in (
        ("/countries/CH.atom", "Tripartite body added: Switzerland · Quokka body"),
        (f"/programmes/{programme.slug}.atom", "Project result added: Quokka"),
        ("/instruments/C144.atom", f"Instrument amendment added: {instrument.title} · 2019"),
        (f"/categories/{category.slug}.atom", "Eligibility criterion added: Quokka rule"),
        (f"/engagement/{initiative.actor_group.slug}.atom", "Initiative added: Quokka initiative"),
    ):
        assert titles(client, url)[0] == title


def test_the_feed_of_a_record_takes_no_parameters_and_is_not_sent_again_unchanged(client: Client) -> None:
    make_organization(slug="quokka")
    number()
    assert client.get("/organizations/quokka.atom?q=x").status_code == 400
    first = client.get("/organizations/quokka.atom")
    again = client.get("/organizations/quokka.atom", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_the_feed_of_a_record_is_bounded_and_costs_the_same_for_three_facts_and_for_three_hundred(
    client: Client,
) -> None:
    body = make_organization(slug="quokka")
    counts = set()
    for each in (3, 300):
        for _ in range(each):
            make_status(organization=body)
        Seat.objects.create(organization=body, country=Country.objects.all()[0], source=body.source)
        last = ConsultativeStatus.objects.filter(organization=body).last()
        assert last
        last.granted = "2006" if each == 3 else "2007"
        last.save()
        number()
        with CaptureQueriesContext(connection) as captured:
            found = feedparser.parse(client.get("/organizations/quokka.atom").content)
        counts.add(len(captured))
    assert len(found.entries) == MOST
    assert len(counts) == 1 and counts.pop() <= 12


def test_the_feed_of_a_project_and_of_a_source_are_found_from_their_records() -> None:
    project, source = Project.objects.all()[0], Source.objects.all()[0]
    assert feed_url_of(project) == f"/projects/{project.slug}.atom"
    assert feed_url_of(source) == f"/sources/{source.slug}.atom"


def test_the_page_of_a_list_names_its_feed_in_its_head_with_its_own_question(client: Client) -> None:
    page = client.get("/organizations/?category=general").content.decode()
    head = page[: page.index("</head>")]
    assert '<link rel="alternate" type="application/atom+xml" href="/organizations.atom?category=general">' in head
    assert "atom+xml" not in client.get("/organizations/?colour=red").content.decode()
