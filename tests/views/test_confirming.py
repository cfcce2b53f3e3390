"""The page that a contact reaches by its mailed link: what is held, three answers, and nothing by a GET."""

import logging
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from engagement.desk import confirming
from engagement.desk.models import ContactConfirmation
from engagement.models import Contact
from tests.admin.rows import make
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

HELD = {
    "name": "Ada Invented", "title": "Secretary <of> all", "email": "ada@invented.example", "phone": "+41 22 000 00 00",
    "address": "1 Invented Street", "purpose": "Invitations to invented meetings", "consent_source": "a letter, filed",
}  # fmt: skip


@pytest.fixture
def contact() -> Contact:
    dates = {"consented_on": "2025-02-03", "last_verified": "2025-03-04", "retain_until": "2027-04-05"}
    body = make_organization(name="Union of Invented Weavers")
    made: Contact = make(Contact, organization=body, lawful_basis="consent", **HELD, **dates)
    made.refresh_from_db()
    return made


@pytest.fixture
def link(contact: Contact) -> str:
    return f"/contacts/confirm/{confirming.ask(contact, get_user_model().objects.create_user('invented'))}/"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_the_page_shows_all_that_is_held_why_and_until_when_and_asks_nobody_to_keep_it(
    client: Client, link: str
) -> None:
    response = client.get(link)
    page = words(response)
    for said in (*HELD.values(), "Union of Invented Weavers", "Consent of the person, 3 February 2025",
                 "4 March 2025", "5 April 2027", "Only those who keep the register"):  # fmt: skip
        assert said in page, said
    html = response.content.decode()
    assert '<meta name="robots" content="noindex">' in html and 'rel="canonical"' not in html
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "strict-origin")
    assert "no-store" in response["Cache-Control"]


def test_opening_the_link_however_often_changes_nothing(client: Client, contact: Contact, link: str) -> None:
    before = list(ContactConfirmation.objects.values()), list(Contact.objects.values()), contact.history.count()
    for _time in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert client.put(link).status_code == client.delete(link).status_code == 405
    assert Client(enforce_csrf_checks=True).post(link, {"answer": "remove"}).status_code == 403
    assert before == (
        list(ContactConfirmation.objects.values()), list(Contact.objects.values()), contact.history.count(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "message", "thanks"),
    [
        ("right", "", "It is noted that your entry was right today."),
        ("wrong", "The number is another.", "will put your entry right"),
        ("remove", "", "will remove your entry"),
    ],
)
def test_each_answer_is_taken_once_and_the_link_is_dead_then(
    client: Client, contact: Contact, link: str, answer: str, message: str, thanks: str
) -> None:
    taken = client.post(link, {"answer": answer, "message": message})
    assert taken.status_code == 200 and thanks in words(taken)
    contact.refresh_from_db()
    assert (contact.last_verified == timezone.localdate()) is (answer == "right")
    kept = ContactConfirmation.objects.get()
    assert (kept.answer, kept.message) == (answer, message)
    for again in (client.get(link), client.post(link, {"answer": "right"})):
        assert again.status_code == 404 and "This link is not valid" in words(again)
        assert "Ada" not in words(again) and again["Referrer-Policy"] == "strict-origin"


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost_or_written(client: Client, link: str) -> None:
    for told, said in (
        ({}, "Choose one of the three."),
        ({"answer": "nonsense"}, "nonsense is not one"),
        ({"answer": "wrong", "message": "  "}, "Say what is wrong"),
        ({"answer": "wrong", "message": "x" * 2_001}, "2000"),
        ({"answer": "", "message": "My <b>words</b>"}, "My <b>words</b>"),
    ):
        response = client.post(link, told)
        assert response.status_code == 400 and said in unescape(response.content.decode()), told
        assert 'role="alert"' in response.content.decode()
    assert confirming.find(link.split("/")[-2]) is not None


def test_an_unknown_link_and_one_that_is_dead_get_the_same_page(client: Client, link: str) -> None:
    unknown = client.get("/contacts/confirm/nonsense/")
    ContactConfirmation.objects.update(sent_at=timezone.now() - confirming.VALID)
    for dead in (client.get(link), client.post(link, {"answer": "right"})):
        assert dead.status_code == unknown.status_code == 404
        assert dead.content.replace(link.encode(), b"") == unknown.content.replace(b"/contacts/confirm/nonsense/", b"")


def test_neither_the_secret_nor_the_person_stands_in_a_log(
    client: Client, link: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.post(link, {"answer": "wrong"})
    client.post(link, {"answer": "wrong", "message": "The number is another."})
    client.get(link)
    logged = "".join(each.getMessage() for each in caplog.records)
    assert link.split("/")[-2] not in logged and "another" not in logged and "Ada" not in logged
