"""V7 Session management: a new session with each login, an end that does not move, none for who is no longer staff."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough passphrase"


@pytest.fixture
def vera() -> User:
    return User.objects.create_superuser("vera", "", PASSWORD)


def log_in(client: Client) -> str:
    said = {"username": "vera", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", said).status_code == 302
    return str(client.cookies["sessionid"].value)


@pytest.mark.usefixtures("vera")
def test_asvs_7_2_4_a_login_makes_a_new_token_and_the_one_from_before_opens_nothing() -> None:
    client, thief = Client(), Client()
    session = client.session
    session["planted"] = 1
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = thief.cookies["sessionid"] = planted
    first = log_in(client)
    second = log_in(client)
    assert len({planted, first, second}) == 3
    for old in (planted, first):
        thief.cookies["sessionid"] = old
        assert thief.get("/admin/").status_code == 302


@pytest.mark.usefixtures("vera")
def test_asvs_7_3_2_a_session_ends_twelve_hours_after_the_login_however_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    log_in(client)
    began = timezone.now()
    ends = Session.objects.get().expire_date
    for hours in (4, 8, 11):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: began + datetime.timedelta(hours=hours))
        session = client.session
        session["used"] = hours
        session.save()
        assert client.get("/admin/").status_code == 200
    assert Session.objects.get(pk=client.session.session_key).expire_date == ends
    monkeypatch.setattr(timezone, "now", lambda: began + datetime.timedelta(hours=12, minutes=1))
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "another"}])
def test_asvs_7_4_2_who_is_disabled_has_no_session_any_more(vera: User, change: dict[str, Any]) -> None:
    clients = [Client(), Client()]
    for client in clients:
        log_in(client)
    assert [client.get("/admin/").status_code for client in clients] == [200, 200]
    if "password" in change:
        vera.set_password("another long passphrase")
        vera.save()
    else:
        User.objects.filter(pk=vera.pk).update(**change)
    assert [client.get("/admin/").status_code for client in clients] == [302, 302]
