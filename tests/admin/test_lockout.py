"""Guessing passwords: on one name, over many names, from many addresses. And sessions, and forgotten passwords."""

import datetime
import ipaddress
import logging
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import F
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from engagement.accounts import lockout
from engagement.accounts.forms import post_office
from tests import environment
from tests.admin.conftest import Authenticator

Staff = Callable[[str], Client]

PASSWORD = "a long enough passphrase"
LOGIN, INDEX = "/admin/login/", "/admin/"


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def vera(db: None) -> User:
    return User.objects.create_user("vera", "vera@invented.example", PASSWORD, is_staff=True)


def attempt(name: str, password: str = "wrong", address: str = "192.0.2.1", client: Client | None = None) -> Any:
    given = {"username": name, "password": password, "next": INDEX}
    return (client or Client()).post(LOGIN, given, REMOTE_ADDR=address)


def entered(name: str, password: str = "wrong", address: str = "192.0.2.1") -> bool:
    """The same as a login, without its page."""
    request = RequestFactory().post(LOGIN, REMOTE_ADDR=address)
    return authenticate(request, username=name, password=password) is not None


def pass_time(**time: int) -> None:
    for model in (AccessFailureLog, AccessLog):
        model.objects.update(attempt_time=F("attempt_time") - datetime.timedelta(**time))


# -- Guesses ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("vera")
@pytest.mark.once  # it takes half a minute, and counts as the tests beside it do
def test_thousands_of_guesses_on_one_name_do_not_get_in_though_the_last_is_right() -> None:
    assert [attempt("vera").status_code for _ in range(8)] == [200] * 5 + [429] * 3
    assert sum(entered("vera", PASSWORD) for _ in range(10_000)) == 0
    assert attempt("vera", PASSWORD).status_code == 429


@pytest.mark.usefixtures("vera")
def test_a_thousand_names_from_one_address_do_not_get_in_though_one_guess_is_right() -> None:
    assert [entered(f"invented-{number}", PASSWORD) for number in range(50)] == [False] * 50
    assert sum(entered(name, PASSWORD) for name in [*(f"other-{n}" for n in range(950)), "vera"]) == 0
    assert attempt("vera", PASSWORD).status_code == 429
    assert AccessFailureLog.objects.count() == lockout.ADDRESS.failures


@pytest.mark.usefixtures("vera")
def test_a_guess_from_a_thousand_addresses_does_not_get_in_though_the_last_is_right() -> None:
    assert sum(entered("vera", address=f"198.51.100.{number}") for number in range(10)) == 0
    addresses = [f"203.0.{third}.{fourth}" for third in range(4) for fourth in range(250)]
    assert sum(entered("vera", PASSWORD, address) for address in addresses) == 0


@pytest.mark.usefixtures("vera")
def test_whoever_used_the_account_lately_is_not_locked_out_by_strangers() -> None:
    assert attempt("vera", PASSWORD, "192.0.2.77").status_code == 302
    for number in range(20):
        entered("vera", address=f"198.51.100.{number}")
    assert attempt("vera", PASSWORD, "203.0.113.1").status_code == 429
    assert attempt("vera", PASSWORD, "192.0.2.77").status_code == 302
    pass_time(minutes=10)
    assert attempt("vera", PASSWORD, "203.0.113.1").status_code == 302


@pytest.mark.usefixtures("vera")
def test_the_address_is_known_for_thirty_days() -> None:
    attempt("vera", PASSWORD, "192.0.2.77")
    pass_time(days=31)
    for number in range(10):
        entered("vera", address=f"198.51.100.{number}")
    assert attempt("vera", PASSWORD, "192.0.2.77").status_code == 429


@pytest.mark.usefixtures("vera")
def test_the_lock_of_a_name_at_an_address_ends_after_fifteen_minutes() -> None:
    for _ in range(5):
        attempt("vera")
    pass_time(minutes=14)
    assert attempt("vera", PASSWORD).status_code == 429
    pass_time(minutes=1)
    assert attempt("vera", PASSWORD).status_code == 302


@pytest.mark.usefixtures("vera")
def test_trying_on_while_locked_does_not_make_the_wait_longer() -> None:
    for _ in range(30):
        attempt("vera")
    pass_time(minutes=15)
    assert attempt("vera", PASSWORD).status_code == 302


@pytest.mark.usefixtures("vera")
def test_four_mistakes_cost_nothing_and_are_forgotten_with_the_right_password() -> None:
    for _round in range(3):
        assert [attempt("vera").status_code for _ in range(4)] == [200] * 4
        assert attempt("vera", PASSWORD).status_code == 302
    assert not AccessFailureLog.objects.exists()


@pytest.mark.usefixtures("vera")
def test_a_colleague_at_the_same_address_is_not_locked_with_the_other() -> None:
    User.objects.create_user("wanda", password=PASSWORD, is_staff=True)
    for _ in range(6):
        attempt("vera")
    assert attempt("wanda", PASSWORD).status_code == 302


@pytest.mark.usefixtures("vera")
def test_the_right_password_of_one_account_does_not_clear_what_was_guessed_on_others() -> None:
    for number in range(49):
        entered(f"invented-{number}")
    assert attempt("vera", PASSWORD).status_code == 302
    assert entered("invented-50") is False
    assert attempt("vera", PASSWORD).status_code == 429


# Twelve threads, each with a wrong password; printed is of how many of them the password was looked at.
TOGETHER = """
import threading
from django.contrib.auth import authenticate
from django.test import RequestFactory
together, looked_at = threading.Barrier(12), []

def guess():
    request = RequestFactory().post("/admin/login/", REMOTE_ADDR="192.0.2.1")
    together.wait(timeout=60)
    authenticate(request, username="vera", password="wrong")
    looked_at.append(request.locked_until is None)
    connection.close()

threads = [threading.Thread(target=guess) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(looked_at), sum(looked_at))
"""


@pytest.mark.slow
def test_guesses_at_the_same_moment_are_counted_before_the_password_is_looked_at(tmp_path: Path) -> None:
    with environment.own_database(tmp_path, "guesses", environment.TABLES) as url:
        settings = environment.portal(tmp_path, DATABASE_URL=url)
        done = environment.manage("shell", "--no-imports", "-c", TOGETHER, settings=settings)
    guesses, looked_at = map(int, done.stdout.split())
    assert guesses == 12 and looked_at <= lockout.PAIR.failures


# -- The address -----------------------------------------------------------------------------------------------------


def test_a_header_that_anybody_can_send_does_not_change_the_address() -> None:
    for number in range(5):
        Client().post(
            LOGIN,
            {"username": "vera", "password": "wrong"},
            REMOTE_ADDR="192.0.2.1",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
        )
    assert attempt("vera").status_code == 429


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.66, 203.0.113.5")
    assert lockout.counted_address(request) == "203.0.113.5"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("not an address", "0.0.0.0"),
        ("", "0.0.0.0"),
    ],
)
def test_of_an_address_as_much_is_counted_as_one_person_has(address: str, counted: str) -> None:
    assert lockout.counted_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


# -- What is said and kept -------------------------------------------------------------------------------------------


def without_token(page: Any) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page.content.decode())


@pytest.mark.usefixtures("vera")
def test_the_page_says_until_when_and_the_same_for_every_name() -> None:
    for name in ("vera", "nobody"):
        for _ in range(5):
            attempt(name)
    known, unknown = attempt("vera", PASSWORD), attempt("nobody", PASSWORD)
    assert re.search(r"Try again after \d\d:\d\d UTC", without_token(known))
    assert re.sub(r"\d\d:\d\d UTC", "", without_token(known)) == re.sub(r"\d\d:\d\d UTC", "", without_token(unknown))
    assert 0 < int(known["Retry-After"]) <= 900 and "no-store" in known["Cache-Control"]
    assert "css/admin.css" in without_token(known)


@pytest.mark.usefixtures("vera")
def test_neither_names_nor_passwords_are_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("vera", "my-secret-passphrase"):
        for _ in range(7):
            attempt(name, "another-secret")
    pass_time(minutes=15)
    attempt("vera", PASSWORD)
    kept = [list(model.objects.values()) for model in (AccessFailureLog, AccessLog, AccessAttempt)]
    said = f"{kept} {[record.getMessage() for record in caplog.records if not record.name.startswith('django.db')]}"
    assert len(kept[0]) == 5 and len(kept[1]) == 1 and kept[2] == []
    assert [word for word in ("vera", "secret", PASSWORD) if word in said] == []


def test_what_no_rule_asks_for_any_more_is_deleted(vera: User) -> None:
    attempt("vera", PASSWORD)
    attempt("nobody")
    pass_time(minutes=61)
    lockout.purge()
    assert (AccessFailureLog.objects.count(), AccessLog.objects.count()) == (0, 1)
    pass_time(days=30)
    lockout.purge()
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("command", [("axes_reset",), ("axes_reset_ip", "192.0.2.1"), ("axes_reset_username", "vera")])
def test_the_operator_ends_a_lock(command: tuple[str, ...], vera: User, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(6):
        attempt("vera")
    call_command(*command)
    assert attempt("vera", PASSWORD).status_code == 302


# -- Sessions --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("vera")
def test_a_login_begins_a_new_session_and_after_the_logout_its_cookie_opens_nothing(client: Client) -> None:
    session = client.session
    session["anything"] = 1
    session.save()
    before = str(session.session_key)
    client.cookies["sessionid"] = before
    attempt("vera", PASSWORD, client=client)
    during = str(client.cookies["sessionid"].value)
    assert during != before and client.get(INDEX).status_code == 200
    client.post(reverse("admin:logout"))
    for old in (before, during):
        thief = Client()
        thief.cookies["sessionid"] = old
        assert thief.get(INDEX).status_code == 302


# -- Forgotten passwords ---------------------------------------------------------------------------------------------


def ask(email: str, address: str = "192.0.2.1") -> Any:
    answer = Client().post(reverse("admin_password_reset"), {"email": email}, REMOTE_ADDR=address)
    post_office.submit(lambda: None).result()  # whatever was to be sent has been sent
    return answer


def link_in_mail() -> str:
    return re.findall(r"http://testserver(/admin/reset/\S+)", str(mail.outbox[-1].body))[0]


def test_the_whole_way_from_a_forgotten_password_to_a_new_one(
    vera: User, client: Client, authenticator: Callable[[str], Authenticator]
) -> None:
    client.force_login(vera)
    ask("vera@invented.example")
    link, new = link_in_mail(), "an entirely different passphrase"
    visitor = Client()
    form = visitor.get(link, follow=True).redirect_chain[-1][0]
    visitor.post(form, {"new_password1": new, "new_password2": new})
    assert client.get(INDEX).status_code == 302  # the session from before has ended
    assert "new_password1" not in Client().get(link, follow=True).content.decode()  # the link works once
    assert attempt("vera", PASSWORD).status_code == 200
    authenticator("vera")
    assert attempt("vera", new, client=visitor).status_code == 302
    assert visitor.get(INDEX, follow=True).redirect_chain[-1][0].startswith("/admin/second-factor/code/")


@pytest.mark.usefixtures("vera")
def test_the_answer_does_not_tell_whether_there_is_such_an_account() -> None:
    known, unknown = ask("vera@invented.example"), ask("nobody@invented.example")
    assert len(mail.outbox) == 1
    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)


@pytest.mark.usefixtures("vera")
def test_the_answer_does_not_wait_for_the_mail() -> None:
    busy = threading.Event()
    post_office.submit(busy.wait, 30)
    try:
        url = reverse("admin_password_reset")
        assert Client().post(url, {"email": "vera@invented.example"}).status_code == 302
        assert mail.outbox == []
    finally:
        busy.set()
    post_office.submit(lambda: None).result()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("vera")
def test_mails_are_asked_for_ten_times_a_minute_and_no_more(settings: Settings) -> None:
    settings.LIMITS = {"forms": 2}
    # The minute may turn once in between.
    answers = [ask("vera@invented.example").status_code for _ in range(6)]
    assert answers[:2] == [302, 302] and 429 in answers and len(mail.outbox) == answers.count(302) <= 4
    assert ask("vera@invented.example", "192.0.2.200").status_code == 302
