"""Staff of each role, logged in. (Pytest reads this before Django is set up: models are not imported here.)"""

import io
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

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
