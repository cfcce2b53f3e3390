"""V8 Authorization: what of a record somebody may see."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from engagement.directories import contacts
from engagement.models import Contact
from engagement.roles import ROLES
from tests.admin.conftest import staff
from tests.admin.rows import address
from tests.factories import make_source
from tests.projecting import catch_up

__all__ = ["staff"]

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
HIDDEN = {"email": "zq-mail@canary.example", "purpose": "zq-purpose", "consent_source": "zq-consent"}


@pytest.fixture
def shown() -> Contact:
    """A contact whose name the public may read, and no more than that."""
    known = {"name": "Zq Shown", "public": True, "lawful_basis": "public-role", "source": make_source()}
    made = Contact.objects.create(**known, **HIDDEN)
    catch_up()
    return made


@pytest.fixture
def private() -> Contact:
    known = {"name": "Zq Private", "public": False, "lawful_basis": "public-role", "source": make_source()}
    return Contact.objects.create(**known, **HIDDEN, phone="zq-phone", note="zq-note")


def told(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    text: str = body.decode("utf-8", "replace")
    return text


@pytest.mark.usefixtures("private")
def test_asvs_8_2_3_of_a_contact_the_public_sees_the_fields_that_are_named_public_and_no_others(
    client: Client, shown: Contact
) -> None:
    ways = ("/contacts/", "/contacts/?q=Zq", "/fr/contacts/", "/contacts.csv", "/contacts.json", "/contacts.atom",
            "/api/v1/contacts/", f"/api/v1/contacts/{shown.key}/", "/search/?q=Zq")  # fmt: skip
    pages = {way: told(client, way) for way in ways}
    assert "Zq Shown" in pages["/contacts/"] and "Zq Shown" in pages["/contacts.csv"]
    for way, page in pages.items():
        assert [value for value in (*HIDDEN.values(), "Zq Private", "zq-phone", "zq-note") if value in page] == [], way
    for value in HIDDEN.values():
        assert client.get("/contacts/", {"q": value}).context["page"].paginator.count == 0
    said = json.loads(pages[f"/api/v1/contacts/{shown.key}/"])
    assert set(said) <= {column.name for column in contacts.columns} | {"url"} and not set(HIDDEN) & set(said)


def test_asvs_8_2_3_of_staff_only_those_who_keep_contacts_see_them(staff: Staff, private: Contact) -> None:
    for role in ROLES:
        client = staff(role)
        allowed = role in ("contact-officer", "administrator")
        for path in (address(private), address(private, "history"), "/admin/engagement/contact/"):
            answer = client.get(path)
            assert answer.status_code == (200 if allowed else 403), (role, path)
            assert allowed or "zq-" not in answer.content.decode(), (role, path)
        found = client.get("/admin/autocomplete/", {
            "app_label": "engagement", "model_name": "contact", "field_name": "organization", "term": "Zq",
        })  # fmt: skip
        assert "Zq Private" not in found.content.decode() or allowed, role
