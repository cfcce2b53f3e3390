"""A session ends twelve hours after its login, however busy it is."""

import datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.admin.conftest import Staff

pytestmark = pytest.mark.django_db


def test_a_session_that_is_saved_again_and_again_ends_when_it_was_to_end(staff: Staff, settings: Any) -> None:
    client = staff("editor")
    row = Session.objects.get(session_key=client.session.session_key)
    left = row.expire_date - timezone.now()
    assert datetime.timedelta(hours=11, minutes=59) < left <= datetime.timedelta(hours=12)
    busy(client)
    assert Session.objects.get(pk=row.pk).expire_date == row.expire_date
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now())
    assert client.get("/admin/").status_code == 302


def busy(client: Client) -> None:
    session = client.session
    session["said"] = "something"
    session.save()
