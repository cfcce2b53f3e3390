"""Staff of each role, logged in. (Pytest reads this before Django is set up: models are not imported here.)"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP

Staff = Callable[[str], Client]


@pytest.fixture
def staff(db: None, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """staff("editor") is a client logged in as the user `editor`, who was made with that role."""

    def log_in(role: str) -> Client:
        monkeypatch.setattr("sys.stdin", io.StringIO("a long enough passphrase\n"))
        call_command("createstaff", role, "--role", role, "--password-stdin", stdout=io.StringIO())
        client = Client()
        client.force_login(get_user_model().objects.get(username=role))
        return client

    return log_in


@pytest.fixture
def editor(staff: Staff) -> Client:
    return staff("editor")


@dataclass(frozen=True)
class Authenticator:
    """What staff hold in their hand: it shows codes. `later` lets time pass, so that its next code is a new one."""

    device: Any

    def code(self) -> str:
        self.device.refresh_from_db()
        shown = TOTP(self.device.bin_key, drift=self.device.drift)
        shown.time = time.time()
        return f"{shown.token():06d}"

    def wrong_code(self) -> str:
        return f"{(int(self.code()) + 1) % 1_000_000:06d}"

    def later(self) -> "Authenticator":
        models = [apps.get_model(name) for name in ("otp_totp.TOTPDevice", "otp_static.StaticDevice")]
        models[0].objects.filter(pk=self.device.pk).update(last_t=-1)
        for model in models:
            model.objects.filter(user=self.device.user).update(throttling_failure_timestamp=None)
        return self


@pytest.fixture
def authenticator(db: None) -> Callable[[str], Authenticator]:
    """authenticator("editor") is that of the account `editor`, set up before."""

    def set_up(username: str) -> Authenticator:
        user = get_user_model().objects.get(username=username)
        return Authenticator(apps.get_model("otp_totp.TOTPDevice").objects.create(user=user, name="authenticator"))

    return set_up


@pytest.fixture
def verified() -> Callable[[Client, Authenticator], Client]:
    """verified(client, authenticator) has given a code, as far as its session knows."""

    def give_code(client: Client, held: Authenticator) -> Client:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = held.device.persistent_id
        session.save()
        return client

    return give_code
