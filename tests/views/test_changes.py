"""The page of the register's own edits: whoever writes is seen, and what is not public is not."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.models import ConsultativeStatus, Contact, Organization, Ratification, Source
from tests.admin.conftest import editor, staff  # noqa: F401  (fixtures)
from tests.admin.rows import address, filled
from tests.factories import make_organization, make_source, make_status
from tests.freshness.toys import number, run
from tests.noting import age, all_long_ago

pytestmark = pytest.mark.django_db

PAGE, MOST_QUERIES, LARGEST_PAGE = "/changes/", 12, 60 * 1024


@pytest.fixture(autouse=True)
def _loaded_long_ago(db: None) -> None:
    all_long_ago()


def shown(client: Client, address: str = PAGE) -> list[str]:
    """The entries of the page as a reader sees them."""
    number()
    response = client.get(address)
    assert response.status_code == 200
    found = re.search(r'<ol class="entries.*?</ol>', response.content.decode(), re.S)
    entries = found[0].split("<li>")[1:] if found else []
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", entry))).strip() for entry in entries]


def about(client: Client, text: str) -> list[str]:
    """The entries that have the text in them, without their moment."""
    return [entry.partition("UTC · ")[2] for entry in shown(client) if text in entry]


@pytest.fixture
def body() -> Organization:
    """An organization that has been in the register for long."""
    organization = make_organization(name="The former name")
    age()
    return organization


# -- The four ways in ------------------------------------------------------------------------------------------------

CHANGED = ["Organization · changed A newer name Name The former name → now: A newer name"]


def test_what_staff_change_in_the_admin_is_shown_with_what_it_was(
    client: Client,
    body: Organization,
    editor: Client,  # noqa: F811
) -> None:
    url = address(body)
    assert editor.post(url, filled(editor.get(url), name="A newer name")).status_code == 302
    assert about(client, "A newer name") == CHANGED


def test_what_an_update_changes_is_shown_with_what_it_was(client: Client, body: Organization) -> None:
    Organization.objects.filter(pk=body.pk).update(name="A newer name")
    assert about(client, "A newer name") == CHANGED


def test_what_a_fixture_changes_is_shown_with_what_it_was(client: Client, body: Organization, tmp_path: Path) -> None:
    fields = {"slug": body.slug, "name": "A newer name", "source": [body.source.slug], "sort_name": body.sort_name}
    path = tmp_path / "bodies.json"
    path.write_text(json.dumps([{"model": "engagement.organization", "fields": fields}]))
    call_command("loaddata", str(path), verbosity=0)
    assert about(client, "A newer name") == CHANGED


def test_what_is_changed_by_hand_in_sql_is_shown_with_what_it_was(client: Client, body: Organization) -> None:
    run("UPDATE engagement_organization SET name = 'A newer name' WHERE id = %s", [body.pk], using="default")
    assert about(client, "A newer name") == CHANGED


def test_what_is_added_and_removed_is_shown_with_its_kind_and_name(client: Client) -> None:
    status = make_status(granted="2005")
    name = status.organization.name
    assert about(client, name) == [
        f"Consultative status · added {name} · Special List",
        f"Organization · added {name}",
    ]
    status.delete()
    assert about(client, name)[0] == f"Consultative status · removed {name} · Special List"


def test_a_record_without_history_is_said_to_have_changed_and_no_more(client: Client) -> None:
    source = make_source()
    source.history.all().delete()
    age()
    Source.objects.filter(pk=source.pk).update(title="Another title")
    assert about(client, "Another title") == ["Source · changed Another title What it said before is not known."]


def test_an_entry_says_when_in_utc_and_leads_to_the_record(client: Client, body: Organization) -> None:
    Organization.objects.filter(pk=body.pk).update(acronym="XY")
    number()
    html = client.get(PAGE).content.decode()
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d+ \w+ \d{4}, \d\d:\d\d UTC</time>', html)
    assert f'<a href="{body.get_absolute_url()}">{body.name}</a>' in html


def test_a_load_of_many_is_one_entry_that_leads_to_their_list(client: Client) -> None:
    number()
    html = client.get(PAGE).content.decode()
    loaded = Ratification.objects.published().count()
    assert loaded > 100
    assert re.search(rf'<h3><a href="/ratifications/">\s*{loaded} ratifications added\s*</a></h3>', html)
    assert len(shown(client, f"{PAGE}?kind=ratification")) == 1


# -- What is not public ----------------------------------------------------------------------------------------------


def test_nothing_of_what_is_not_published_is_on_the_page(client: Client, body: Organization) -> None:
    draft = make_organization(name="A secret draft", published=False)
    make_status(organization=draft)
    Organization.objects.filter(pk=draft.pk).update(acronym="SECRET")
    Organization.objects.filter(pk=body.pk).update(published=False, name="Withdrawn and renamed")
    entries = shown(client)
    assert entries[0].endswith("Organization · removed No longer in the register.")
    page = client.get(PAGE).content.decode()
    for hidden in ("secret draft", "SECRET", body.slug, "The former name", "Withdrawn and renamed"):
        assert hidden not in page


def test_of_a_contact_neither_name_nor_address_is_on_the_page(client: Client) -> None:
    given: dict[str, Any] = {"name": "Invented Person", "phone": "+1 555 0100", "email": "person@example.org"}
    given |= {"purpose": "x", "lawful_basis": "public-role"}
    contact = Contact.objects.create(**given, public=True, source=make_source())
    age()
    contact.phone = "+1 555 0199"
    contact.save()
    assert shown(client)[0].endswith("Contact · changed A published contact")
    html = client.get(PAGE).content.decode()
    contact.delete()
    assert shown(client)[0].endswith("Contact · removed No longer in the register.")
    for page in (html, client.get(PAGE).content.decode()):
        assert not [hidden for hidden in ("Invented", "invented", "555", "example.org") if hidden in page]
    assert '<a href="/contacts/">A published contact</a>' in html


def test_who_edited_and_why_is_not_on_the_page(
    client: Client,
    body: Organization,
    editor: Client,  # noqa: F811
) -> None:
    url = address(body)
    editor.post(url, filled(editor.get(url), name="A newer name"))
    Organization.history.filter(id=body.pk).update(history_change_reason="Because of a quarrel")
    assert about(client, "A newer name") == CHANGED
    html = client.get(PAGE).content.decode()
    assert "quarrel" not in html and not re.search(r"\beditor\b", html)


# -- The address -----------------------------------------------------------------------------------------------------


def test_the_page_may_be_narrowed_to_kinds_of_record(client: Client, body: Organization) -> None:
    status = make_status(granted="2005")
    ConsultativeStatus.objects.filter(pk=status.pk).update(granted="2006")
    kinds = {
        entry.partition("UTC · ")[2].partition(" ·")[0] for entry in shown(client, f"{PAGE}?kind=consultativestatus")
    }
    assert kinds == {"Consultative status"}
    both = shown(client, f"{PAGE}?kind=consultativestatus&kind=organization")
    assert {entry.partition("UTC · ")[2].partition(" ·")[0] for entry in both} == {
        "Consultative status",
        "Organization",
    }


@pytest.mark.parametrize(
    ("query", "named"), [("kind=theme", "kind"), ("kind=x", "kind"), ("colour=blue", "colour"), ("page=x", "page")]
)
def test_a_bad_question_is_answered_400_with_the_parameter_named(client: Client, query: str, named: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert re.findall(r"<li><strong>(\w+)</strong>", response.content.decode()) == [named]
    assert '<ol class="entries' not in response.content.decode()


def test_equal_questions_are_redirected_to_one_address(client: Client) -> None:
    response = client.get(f"{PAGE}?page=1&kind=source&utm_source=x&kind=contact&kind=source")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?kind=contact&kind=source")


def test_the_pages_show_every_entry_once_and_the_one_past_the_end_is_404(client: Client) -> None:
    source = make_source()
    for _each in range(12):
        for _other in range(5):
            make_organization(source=source)
        age()
    number()
    found = client.get(f"{PAGE}?kind=organization").context["page"].paginator
    pages = [shown(client, f"{PAGE}?kind=organization" + (f"&page={n}" if n > 1 else "")) for n in found.page_range]
    entries = [entry for page in pages for entry in page]
    assert [len(page) for page in pages[:-1]] == [25] * (found.num_pages - 1)
    assert len(entries) == len(set(entries)) == found.count > 60
    assert client.get(f"{PAGE}?kind=organization&page={found.num_pages + 1}").status_code == 404


# -- The cost --------------------------------------------------------------------------------------------------------


def cost(client: Client) -> int:
    number()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(PAGE)
    assert response.status_code == 200 and len(response.content) <= LARGEST_PAGE
    return len(queries)


def test_the_number_of_queries_is_the_same_for_3_and_for_300_edits(client: Client) -> None:
    bodies = [make_status(granted="2005").organization for _each in range(25)]
    all_long_ago()  # a load that a minute's end divides has other groups

    def change(rows: int) -> int:
        for each in range(rows):
            body = bodies[each % len(bodies)]
            Organization.objects.filter(pk=body.pk).update(acronym=f"A{each}-{rows}")
            ConsultativeStatus.objects.filter(organization=body).update(decided_by=f"B{each}-{rows}")
            if each % 4 == 0:
                age()
        make_status().delete()
        return cost(client)

    few = change(3)
    assert few == change(300) <= MOST_QUERIES


def test_a_long_log_costs_no_more_queries_and_is_read_in_part(client: Client, body: Organization) -> None:
    few = cost(client)
    columns = "table_name, row_key, action, noted_at"
    sql = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        f"INSERT INTO freshness_change ({columns}) SELECT 'engagement_source', i, 'insert', "
        f"(SELECT max(noted_at) FROM freshness_change) FROM n"
    )
    run(sql, using="default")
    assert cost(client) <= few + 1
    Organization.objects.filter(pk=body.pk).update(name="A newer name")
    assert about(client, "A newer name") == CHANGED
