"""“Check the address I hold”: one sentence, once a day, and no means to find addresses by guessing."""

import datetime
import logging
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.desk import checking
from engagement.desk.forgetting import forget_past
from engagement.desk.models import ContactCheck
from engagement.models import Contact, Office, Organization
from engagement.views.contact_check import contact_check
from tests.admin.rows import make
from tests.factories import make_organization
from tests.projecting import catch_up

pytestmark = pytest.mark.django_db

PAGE = "/contacts/check/"
HELD, OTHER = "It is the one we hold", "It is not one that we hold"
RIGHT, WRONG = "quokka@invented.example", "wombat@invented.example"


@pytest.fixture
def body() -> Organization:
    organization = make_organization(name="Union of Invented Weavers", acronym="UIW")
    make(Contact, organization=organization, email=RIGHT, public=False)
    catch_up()
    return organization


def guess(client: Client, body: Any, email: str, address: str = "198.51.100.7") -> Any:
    told = {"body": f"{body._meta.model_name}:{body.slug}", "email": email}
    return client.post(PAGE, told, REMOTE_ADDR=address)


def heading(response: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode())
    return found[1] if found else ""


# -- The answer ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "said"), [(RIGHT, HELD), (RIGHT.upper(), HELD), (WRONG, OTHER), ("quokka@invented.exampl_", "")]
)
def test_the_address_of_a_private_contact_is_compared_whatever_its_capitals(
    client: Client, body: Organization, email: str, said: str
) -> None:
    response = guess(client, body, email)
    assert response.status_code == (200 if said else 400)
    assert not said or heading(response) == said
    assert "no-store" in response["Cache-Control"] and email not in response.content.decode() * bool(said)


def test_signs_that_a_database_reads_as_any_letter_stand_for_themselves(client: Client, body: Organization) -> None:
    for number, email in enumerate(("quokk_@invented.example", "%@invented.example", "_______invented.example@a.bc")):
        assert heading(guess(client, body, email, f"192.0.2.{number}")) == OTHER


def test_an_office_is_checked_as_an_organization_is_and_neither_for_the_other(client: Client) -> None:
    office = make(Office, name="Office of Invented Affairs", acronym="OIA", slug="shared")
    other = make_organization(slug="shared")
    make(Contact, office=office, email=RIGHT, public=True, lawful_basis="public-role")
    typed = client.post(PAGE, {"name": "oia", "email": RIGHT})
    assert heading(typed) == HELD and "Office of Invented Affairs" in typed.content.decode()
    assert heading(guess(client, other, RIGHT)) == OTHER


def test_the_body_is_recognized_by_what_is_typed_and_chosen_where_that_is_not_certain(
    client: Client, body: Organization
) -> None:
    assert heading(client.post(PAGE, {"name": "uiw", "email": RIGHT}, REMOTE_ADDR="192.0.2.1")) == HELD
    twin = make_organization(name="Union of Invented Welders", acronym="UIW")
    catch_up()
    asked = client.post(PAGE, {"name": "UIW", "email": RIGHT})
    html = asked.content.decode()
    assert asked.status_code == 400 and "It is not certain which one is meant" in html
    assert f'value="organization:{body.slug}"' in html and f'value="organization:{twin.slug}"' in html
    assert f'value="{RIGHT}"' in html and 'name="name" value="UIW"' in html  # nothing typed is lost
    assert heading(client.post(PAGE, {"body": f"organization:{twin.slug}", "name": "UIW", "email": RIGHT})) == OTHER


def test_a_page_may_lead_here_with_the_body_chosen(client: Client, body: Organization) -> None:
    html = client.get(f"{PAGE}?organization={body.slug}").content.decode()
    assert f'value="organization:{body.slug}" checked' in html and '<meta name="robots" content="noindex">' in html
    office = make(Office)
    assert f'value="office:{office.slug}" checked' in client.get(f"{PAGE}?office={office.slug}").content.decode()
    assert client.get(f"{PAGE}?utm_source=x").headers["Location"] == PAGE
    for query, named in (
        (f"organization={body.slug}&office={office.slug}", "office"),
        ("organization=nobody", "organization"),
        ("email=a@b.cd", "email"),
        (f"office={office.slug}&office={office.slug}", "office"),
    ):
        refused = client.get(f"{PAGE}?{query}")
        assert refused.status_code == 400
        assert re.findall(r"<li><strong>(\w+)</strong>", refused.content.decode()) == [named]


# -- No oracle -----------------------------------------------------------------------------------------------


def test_1000_guesses_from_one_address_tell_nothing_that_the_first_did_not(client: Client, body: Organization) -> None:
    assert heading(guess(client, body, WRONG)) == OTHER
    guesses = [f"guess{number}@invented.example" for number in range(998)]
    guesses.insert(500, RIGHT)
    asked = RequestFactory(REMOTE_ADDR="198.51.100.7")
    told = {"body": f"organization:{body.slug}"}
    answers = [contact_check(asked.post(PAGE, {**told, "email": each})) for each in guesses]
    assert len({(each.status_code, each.content, str(each.headers)) for each in answers}) == 1
    assert answers[0].status_code == 429 and b"nothing was compared" in answers[0].content
    assert ContactCheck.objects.count() == 1


def test_1000_guesses_from_1000_addresses_are_answered_five_times(client: Client, body: Organization) -> None:
    addresses = [f"198.18.{n // 250}.{n % 250}" for n in range(1_000)]
    answers = [guess(client, body, WRONG, each) for each in addresses[:10]]
    assert [heading(each) for each in answers[:5]] == [OTHER] * 5
    assert {each.status_code for each in answers[5:]} == {429}
    assert not any(checking.admit(each, body) for each in addresses[10:])
    assert guess(client, body, RIGHT, "198.19.0.1").content == answers[-1].content
    # It is the same page as for who asked before; and who was refused may still check another body.
    assert guess(client, make_organization(), RIGHT, addresses[0]).content == answers[-1].content
    assert heading(guess(client, make_organization(), RIGHT, addresses[-1])) == OTHER


def test_a_body_with_contacts_and_one_without_answer_alike_to_the_byte_with_the_same_queries(
    client: Client, body: Organization
) -> None:
    alike = [make_organization(name=f"Union of Invented Workers {letter}") for letter in "ABC"]
    for number in range(5):
        make(Contact, organization=alike[0], email=f"other{number}@invented.example")
    make(Contact, organization=alike[1], email=WRONG)
    catch_up()
    seen = []
    for number, organization in enumerate(alike):
        with CaptureQueriesContext(connection) as queries:
            response = guess(client, organization, WRONG, f"192.0.2.{number}")
        text = response.content.decode().replace(HELD, OTHER).replace(organization.slug, "-")
        kinds = [re.sub(r"'[^']*'|\b[0-9a-f]{64}\b|\d+", "?", each["sql"]) for each in queries]
        seen.append((response.status_code, text.replace(organization.name, "-"), kinds))
    assert seen[0] == seen[1] == seen[2]


def test_what_is_refused_is_not_compared_and_what_is_malformed_is_not_counted(
    client: Client, body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for told in (
        {},
        {"body": f"organization:{body.slug}", "email": "nonsense"},
        {"body": "organization:nobody", "email": RIGHT},
        {"body": "contact:x", "email": RIGHT},
        {"body": "nonsense", "email": RIGHT},
        {"name": "Nobody of whom anybody knows", "email": RIGHT},
        {"name": "x" * 301, "email": RIGHT},
        {"body": f"organization:{make_organization(published=False).slug}", "email": RIGHT},
    ):
        assert client.post(PAGE, told).status_code == 400
    assert not ContactCheck.objects.exists()
    guess(client, body, WRONG)
    monkeypatch.setattr(checking, "is_held", lambda *_args: pytest.fail("it was compared"))
    assert guess(client, body, RIGHT).status_code == 429


def test_a_failure_after_counting_still_counts(
    client: Client, body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> bool:
        raise RuntimeError

    monkeypatch.setattr(checking, "is_held", fail)
    client.raise_request_exception = False
    assert guess(client, body, RIGHT).status_code == 500
    assert ContactCheck.objects.count() == 1


def test_a_form_without_the_token_of_the_site_is_refused_and_not_counted(body: Organization) -> None:
    client = Client(enforce_csrf_checks=True)
    assert guess(client, body, RIGHT).status_code == 403 and not ContactCheck.objects.exists()


def test_nothing_typed_stands_in_a_log_or_in_the_database(
    client: Client, body: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _time in range(2):
        guess(client, body, RIGHT, "203.0.113.77")
    kept = " ".join(map(str, ContactCheck.objects.values_list()))
    for personal in (RIGHT, "203.0.113.77", body.slug):
        assert personal not in kept
        assert personal not in "".join(each.getMessage() for each in caplog.records if "sql" not in each.__dict__)


# -- Who counts as one ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
        ("", "", True),
    ],
)
def test_of_ipv6_a_network_counts_as_one_address(body: Organization, first: str, second: str, same: bool) -> None:
    assert checking.admit(first, body) and checking.admit(second, body) is not same


def test_the_next_day_begins_anew_and_keeps_nothing_of_the_last(
    body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checking.admit("198.51.100.7", body) and not checking.admit("198.51.100.7", body)
    (first,) = ContactCheck.objects.values_list("who", "about")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(checking.timezone, "localdate", lambda: tomorrow)
    assert checking.admit("198.51.100.7", body)
    (second,) = ContactCheck.objects.values_list("who", "about")
    assert not set(first) & set(second)
    with override_settings(SECRET_KEY="another"):
        assert checking.digest(tomorrow, "198.51.100.7") not in second
    monkeypatch.setattr(checking.timezone, "localdate", lambda: tomorrow + datetime.timedelta(days=1))
    assert forget_past()["checks"] == 1 and not ContactCheck.objects.exists()


def test_of_two_at_one_moment_each_takes_a_number_of_its_own_and_nobody_a_sixth(
    body: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = ContactCheck.objects.create
    rivals = iter(range(99))

    def overtaken(**fields: Any) -> Any:
        create(**{**fields, "who": f"rival {next(rivals)}"})
        return create(**fields)

    with monkeypatch.context() as patched:
        patched.setattr(checking.ContactCheck.objects, "create", overtaken)
        assert not checking.admit("198.51.100.7", body)  # somebody was faster each time
    assert checking.admit("198.51.100.7", body) is (ContactCheck.objects.count() <= 5)
    assert ContactCheck.objects.count() <= 5
