"""The search of everything, and that it shows what was just changed, whoever changed it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import Contact, Country, LawfulBasis, Organization, Source
from tests.admin.rows import filled
from tests.factories import make_organization, make_source, make_status
from tests.freshness.toys import number
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def read(client: Client, text: str) -> str:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return response.content.decode()


def groups(html: str) -> dict[str, int]:
    """The number of records by collection."""
    found = re.findall(r'id="in-([a-z]+)"><h3>[^<]*<span class="n">([\d,]+)', html)
    return {name: int(count.replace(",", "")) for name, count in found}


def test_the_answers_of_every_collection_are_grouped_and_lead_to_the_record_and_to_all_of_them(client: Client) -> None:
    catch_up()
    html = read(client, "Pakistan")
    assert {"countries", "constituents", "projects"} <= set(groups(html))
    assert '<a href="/countries/PK/">Pakistan</a>' in html
    assert "/constituents/?q=" not in html  # all of them are on the page
    html = read(client, "employers")
    constituents = groups(html)["constituents"]
    assert f'href="/constituents/?q=employers">All {constituents}' in html
    listed = client.get("/constituents/?q=employers").content.decode()
    assert re.search(rf'<h2 id="results-count"[^>]*>{constituents} constituents</h2>', listed)


def test_the_collection_with_the_best_answer_comes_first(client: Client) -> None:
    catch_up()
    for text, first in (("Pakistan", "countries"), ("C087", "instruments"), ("ITUC", "organizations")):
        assert next(iter(groups(read(client, text)))) == first, text


def test_the_heading_counts_all_of_them(client: Client) -> None:
    catch_up()
    html = read(client, "soccer ball")
    total = re.search(r'<h2 id="results-count">(\d+) record', html)
    assert total and int(total[1]) == sum(groups(html).values()) > 0


def test_a_misspelt_word_is_replaced_and_said(client: Client) -> None:
    catch_up()
    html = read(client, "cooperatve aliance")
    assert "Nothing has the word “cooperatve”." in html and "<strong>cooperative</strong>" in html
    assert "Alliance</a>" in html


def test_what_is_found_nowhere_says_that_this_is_no_proof(client: Client) -> None:
    html = read(client, "qqqqqqqqqqqq")
    assert "0 records" in html and "no proof" in html


def test_without_words_the_page_asks_for_them(client: Client) -> None:
    html = client.get("/search/").content.decode()
    assert "results-count" not in html and 'name="q"' in html
    assert client.get("/search/?q=%20").status_code == 302


@pytest.mark.parametrize("query", ["colour=blue", "q=a&q=b", "q=a&page=2", "q=" + "a" * 201])
def test_what_the_search_does_not_know_is_a_400(client: Client, query: str) -> None:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 400 and 'role="alert"' in response.content.decode()


@pytest.mark.parametrize(
    "text",
    ["'", '"', "*", "a*", '"a', "NEAR(a b)", "a AND", "a OR OR b", "(", "-a", "^a", "a:b", "%", "_", "\\", "'; DROP",
     "🙂", "\u202e", "ー", "ILO/AIDS", "d'Ivoire", "a" * 200, "国际", "العمل", "профсоюз", "\ufffd"],
)  # fmt: skip
def test_no_text_breaks_the_search_of_everything_or_of_a_directory(client: Client, text: str) -> None:
    assert client.get("/search/", {"q": text}).status_code == 200
    assert client.get("/organizations/", {"q": text}).status_code == 200


def test_a_contact_is_found_without_its_name_being_shown(client: Client) -> None:
    Contact.objects.create(
        name="Quokka", source=make_source(), public=True, purpose="A test", lawful_basis=LawfulBasis.PUBLIC_ROLE
    )
    catch_up()
    html = read(client, "quokka")
    assert "A published contact" in html and '<a href="/contacts/' in html
    assert "Quokka" not in html


def test_the_search_costs_a_bounded_number_of_queries_whatever_it_finds(client: Client) -> None:
    catch_up()
    for text in ("international", "labour organisation", "internatonal lbour organsation", "zzzz"):
        with CaptureQueriesContext(connection) as queries:
            read(client, text)
        assert len(queries) <= MOST_QUERIES, text


# -- After an edit by any way in ----------------------------------------------------------------------------------


def by_the_admin(body: Organization, tmp_path: Path) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("root", password="x"))
    address = reverse("admin:engagement_organization_change", args=[body.pk])
    response = client.post(address, filled(client.get(address), name="Quokka"))
    assert response.status_code == 302


def by_update(body: Organization, tmp_path: Path) -> None:
    Organization.objects.filter(pk=body.pk).update(name="Quokka")


def by_sql(body: Organization, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagement_organization SET name = 'Quokka' WHERE id = %s", [body.pk])


def by_loaddata(body: Organization, tmp_path: Path) -> None:
    fields = {"slug": body.slug, "name": "Quokka", "sort_name": "quokka", "source": list(body.source.natural_key())}
    fixture = tmp_path / "edit.json"
    fixture.write_text(json.dumps([{"model": "engagement.organization", "fields": fields}]))
    call_command("loaddata", str(fixture), verbosity=0)


def by_bulk_create(body: Organization, tmp_path: Path) -> None:
    source = Source.objects.get(pk=body.source_id)
    Organization.objects.bulk_create(
        [Organization(slug=body.slug, name="Quokka", sort_name="quokka", source=source)],
        update_conflicts=True, unique_fields=["slug"], update_fields=["name"],
    )  # fmt: skip


@pytest.mark.parametrize("edit", [by_the_admin, by_update, by_sql, by_loaddata, by_bulk_create])
def test_the_next_search_and_the_next_list_show_an_edit_by_any_way_in(
    edit: Callable[[Organization, Path], None], client: Client, tmp_path: Path
) -> None:
    status = make_status(organization=make_organization(name="Formerly known"), granted="1990")
    body = status.organization
    catch_up()
    edit(body, tmp_path)
    number()
    link = f'<a href="/organizations/{body.slug}/">Quokka</a>'
    assert link in read(client, "quokka")
    assert re.search(rf'<a href="/organizations/{body.slug}/"[^>]*>Quokka</a>',
                     client.get("/organizations/?q=quokka").content.decode())  # fmt: skip
    assert body.slug not in client.get("/organizations/?q=formerly+known").content.decode()
    assert "Quokka" in client.get("/statuses/?q=quokka").content.decode()


def test_a_country_is_found_in_three_languages(client: Client) -> None:
    catch_up()
    for name in ("Germany", "Allemagne", "Alemania", "DEU"):
        assert "/countries/DE/" in read(client, name)
    assert Country.objects.filter(iso2="DE").exists()
