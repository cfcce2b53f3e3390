"""The front page of the desk: each number is that of the rows at its link, told only to those who see the list."""

import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.desk import secrets
from engagement.desk.models import (
    ContactConfirmation,
    Correction,
    DecisionSet,
    ImportRun,
    Proposal,
    Request,
    RequestKind,
    Stage,
)
from engagement.models import Contact
from tests.admin.conftest import Staff
from tests.factories import make_source, make_status

INDEX = reverse("admin:index")


def told(client: Client) -> dict[str, Any]:
    sections = client.get(INDEX).context["waiting"]
    return {str(matter.text): matter for _title, matters in sections for matter in matters}


def one_of_each(today: datetime.date) -> None:
    """Something for every line of the page."""
    author = get_user_model().objects.create_user("author")
    Proposal.objects.create(title="Invented proposal", actor=author, actor_name="author")
    DecisionSet.objects.create(
        session="Invented session", date=today, document="INV/1", source=make_source(), actor_name="author"
    )
    for number, stage in enumerate((Stage.RECEIVED, Stage.COMPLETE, Stage.DRAFT, Stage.GRANTED)):
        sent = timezone.now() - datetime.timedelta(days=40)
        Request.objects.create(
            receipt=secrets.number("R"),
            digest=secrets.digest(str(number)),
            kind=RequestKind.STATUS,
            name="Invented body",
            stage=stage,
            sent_at=None if stage == Stage.DRAFT else sent,
            stage_since=sent,
        )
    Correction.objects.create(
        reference=secrets.number("C"),
        kind="source",
        record_key=make_source().slug,
        label="x",
        proposed="y",
        evidence="z",
    )
    ImportRun.objects.create(
        kind="organizations", file_name="invented.csv", sha256="0", size=1, body=b"x", actor_name="a"
    )
    make_status()
    long_ago = today - datetime.timedelta(days=500)
    contact = Contact.objects.create(
        name="Invented Person", purpose="tests", lawful_basis="public-role", source=make_source(),
        last_verified=long_ago, retain_until=long_ago, email="invented@person.example",
    )  # fmt: skip
    asked = timezone.now() - datetime.timedelta(days=40)
    ContactConfirmation.objects.create(contact=contact, digest="1", sent_at=asked, actor_name="a")
    other = Contact.objects.create(
        name="Invented Other", purpose="tests", lawful_basis="public-role", source=make_source(), last_verified=today
    )
    ContactConfirmation.objects.create(
        contact=other, digest="2", sent_at=asked, answered_at=asked, answer="wrong", message="x", actor_name="a"
    )


@pytest.mark.django_db
def test_each_number_is_the_number_of_rows_at_its_link(admin_client: Client) -> None:
    before = {text: matter.number for text, matter in told(admin_client).items()}
    one_of_each(timezone.localdate())
    matters = told(admin_client)
    for text, matter in matters.items():
        if "alike" in matter.url:
            assert admin_client.get(matter.url).context["open_count"] == matter.number
            continue
        assert admin_client.get(matter.url).context["cl"].result_count == matter.number, text
        if "disagree" not in text:
            assert matter.number > (before[text] or 0), text
    html = admin_client.get(INDEX).content.decode()
    assert all(f'href="{matter.url.replace("&", "&amp;")}"' in html for matter in matters.values())


@pytest.mark.django_db
def test_whoever_may_not_see_a_list_is_not_told_of_it(staff: Staff) -> None:
    one_of_each(timezone.localdate())
    viewer, editor, officer = (told(staff(role)) for role in ("viewer", "editor", "contact-officer"))
    assert not [text for text in (*viewer, *editor) if "ontact" in text]
    assert not [text for text in (*viewer, *officer) if "Request" in text or "Proposal" in text]
    assert not [text for text in viewer if "Correction" in text]
    assert officer["Contacts kept past their time"].number == 1
    assert editor["Proposals to be approved"].number == 1 and "Look-alikes among organizations" in editor
    assert "Look-alikes among organizations" not in viewer


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_waits(admin_client: Client) -> None:
    told(admin_client)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(INDEX)
    for _round in range(5):
        Proposal.objects.create(title="Invented proposal", actor_name="author")
        make_status()
    told(admin_client)  # look-alikes are looked for anew when the data have changed
    with CaptureQueriesContext(connection) as many:
        admin_client.get(INDEX)
    assert len(many) == len(few) <= 30


@pytest.mark.django_db
def test_look_alikes_in_a_large_register_are_counted_when_somebody_looks_for_them(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engagement.admin.merging.LOOKED_FOR_AT_ONCE", 3)
    cache.clear()  # nobody has looked yet
    assert told(admin_client)["Look-alikes among organizations"].number is None
    found = admin_client.get(reverse("admin:engagement_organization_alike")).context["open_count"]
    assert told(admin_client)["Look-alikes among organizations"].number == found
