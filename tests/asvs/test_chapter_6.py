"""V6 Authentication: passwords that nobody may have, guesses that are held up, and a second factor for all staff."""

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from engagement.roles import ROLES
from tests.admin.conftest import Authenticator, authenticator, staff, verified

__all__ = ["authenticator", "staff", "verified"]

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
Held = Callable[[str], Authenticator]
PASSWORD = "a long enough passphrase"
CODE, SET_UP = "/admin/second-factor/code/", "/admin/second-factor/set-up/"


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def is_refused(password: str) -> bool:
    try:
        validate_password(password, User(username="vera"))
    except ValidationError:
        return True
    return False


def test_asvs_6_2_4_none_of_the_most_frequent_passwords_is_taken() -> None:
    frequent = CommonPasswordValidator().passwords
    assert len(frequent) > 19_000 and all(map(is_refused, frequent)) and not is_refused(PASSWORD)


def test_asvs_6_2_12_no_password_of_the_named_set_of_breached_ones_is_taken(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    breached = [f"breached passphrase {number}" for number in range(500)]
    digests = sorted(hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest().upper() for each in breached)
    (tmp_path / "breached.txt").write_text("".join(f"{digest}:7\n" for digest in digests))
    for validator in settings.AUTH_PASSWORD_VALIDATORS:
        if "breached" in validator.get("OPTIONS", {}):
            monkeypatch.setitem(validator["OPTIONS"], "breached", tmp_path / "breached.txt")
    settings.AUTH_PASSWORD_VALIDATORS = list(settings.AUTH_PASSWORD_VALIDATORS)
    assert all(map(is_refused, breached)) and not is_refused(PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{breached[7]}\n"))
    with pytest.raises(SystemExit):
        call_command("createstaff", "vera", "--role", "editor", "--password-stdin", stdout=io.StringIO())
    assert not User.objects.filter(username="vera").exists()


def attempt(name: str, password: str, address: str) -> int:
    said = {"username": name, "password": password, "next": "/admin/"}
    status: int = Client().post("/admin/login/", said, REMOTE_ADDR=address).status_code
    return status


def test_asvs_6_3_1_guessing_one_password_or_one_at_many_names_is_held_up() -> None:
    User.objects.create_superuser("vera", "", PASSWORD)
    assert [attempt("vera", "wrong", "192.0.2.1") for _ in range(6)] == [200] * 5 + [429]
    assert attempt("vera", PASSWORD, "192.0.2.1") == 429
    sprayed = [attempt(f"name-{number}", "wrong", "198.51.100.1") for number in range(55)]
    assert sprayed[:50] == [200] * 50 and set(sprayed[50:]) == {429}
    User.objects.create_superuser("wanda", "", PASSWORD)
    stuffed = [attempt("wanda", "wrong", f"203.0.113.{number}") for number in range(12)]
    assert stuffed[:10] == [200] * 10 and set(stuffed[10:]) == {429}
    assert attempt("wanda", PASSWORD, "203.0.113.99") == 429


def test_asvs_6_3_3_no_role_opens_anything_of_the_admin_without_a_second_factor(staff: Staff, settings: Any) -> None:
    settings.HTTPS = True  # as on a public site
    pages = ("/admin/", "/admin/engagement/organization/", "/admin/desk/request/", "/admin/password_change/",
             "/admin/auth/user/", "/admin/engagement/contact/", "/admin/jsi18n/")  # fmt: skip
    assert len(ROLES) >= 5
    for role in ROLES:
        client = staff(role)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 302 and "organization" not in answer.content.decode(), (role, page)
        assert client.get("/admin/login/", follow=True).request["PATH_INFO"] == SET_UP, role


def test_asvs_6_5_1_a_code_opens_once_and_never_again(staff: Staff, authenticator: Held, settings: Any) -> None:
    settings.HTTPS = True
    client = staff("editor")
    held = authenticator("editor")
    code = held.code()
    assert client.post(CODE, {"code": held.wrong_code()}).status_code == 200
    held.device.refresh_from_db()
    type(held.device).objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post(CODE, {"code": code}).status_code == 302 and client.get("/admin/").status_code == 200
    another = Client()
    another.force_login(User.objects.get(username="editor"))
    type(held.device).objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert another.post(CODE, {"code": code}).status_code == 200
    assert another.get("/admin/").status_code == 302
