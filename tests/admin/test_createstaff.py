"""`manage.py createstaff` and what follows a forgotten password."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from engagement.accounts.forms import post_office

pytestmark = pytest.mark.django_db

PASSWORD = "seven words make a good enough passphrase"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What stands on standard input: a good password, until a test writes another."""
    stdin = io.StringIO(f"{PASSWORD}\nand another line\n")
    monkeypatch.setattr("sys.stdin", stdin)
    return stdin


def create(*arguments: str) -> str:
    out = io.StringIO()
    call_command("createstaff", *arguments, stdout=out)
    return out.getvalue()


def test_the_account_has_the_role_and_its_password_is_the_first_line(typed: io.StringIO) -> None:
    said = create("vera", "--email", "vera@example.org", "--role", "viewer", "--password-stdin")
    vera = User.objects.get(username="vera")
    assert vera.is_staff and not vera.is_superuser and vera.check_password(PASSWORD)
    assert [group.name for group in vera.groups.all()] == ["viewer"]
    assert said.splitlines() == ["vera (viewer) may now log in at /admin/"]


def test_on_a_public_site_it_says_that_the_second_factor_comes_with_the_first_login(
    typed: io.StringIO, settings: Settings
) -> None:
    settings.HTTPS = True
    lines = create("vera", "--role", "approver", "--password-stdin").splitlines()
    assert lines[0] == "vera (approver) may now log in at /admin/"
    assert len(lines) == 2 and "second factor is set up at the first login" in lines[1]


def test_an_account_is_an_editors_unless_it_is_said_otherwise(typed: io.StringIO) -> None:
    create("edith", "--password-stdin")
    assert User.objects.get(username="edith").groups.get().name == "editor"


def test_an_administrator_is_a_superuser_without_a_group(typed: io.StringIO) -> None:
    create("ada", "--role", "administrator", "--password-stdin")
    ada = User.objects.get(username="ada")
    assert ada.is_superuser and not ada.groups.exists()


def test_a_weak_password_is_refused_with_a_line_for_each_fault(
    typed: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    typed.write("12345\n")
    typed.seek(0)
    with pytest.raises(SystemExit) as ended:
        create("vera", "--password-stdin")
    assert ended.value.code == 1 and not User.objects.filter(username="vera").exists()
    faults = capsys.readouterr().err.strip().splitlines()
    assert len(faults) == 3 and "too short" in faults[0]


def test_a_password_like_the_name_of_the_account_is_refused(typed: io.StringIO) -> None:
    typed.write("wilhelmina-tell\n")
    typed.seek(0)
    with pytest.raises(SystemExit):
        create("wilhelmina.tell", "--password-stdin")


def test_a_name_that_is_taken_is_refused(typed: io.StringIO) -> None:
    User.objects.create_user("vera")
    with pytest.raises(CommandError, match="already an account called vera"):
        create("vera", "--password-stdin")


def test_without_a_terminal_the_password_has_to_be_given(typed: io.StringIO) -> None:
    for arguments in (["vera"], ["vera", "--no-input"]):
        with pytest.raises(CommandError, match="--password-stdin"):
            create(*arguments)


def test_on_a_terminal_the_password_is_asked_for_twice(typed: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, "something else", PASSWORD, PASSWORD])
    monkeypatch.setattr("engagement.management.commands.createstaff.getpass", lambda prompt: next(answers))
    monkeypatch.setattr(typed, "isatty", lambda: True)
    with pytest.raises(SystemExit):
        create("vera")
    create("vera")
    assert User.objects.get(username="vera").check_password(PASSWORD)


def test_a_forgotten_password_is_reset_by_mail(client: Client, typed: io.StringIO) -> None:
    create("vera", "--email", "vera@example.org", "--password-stdin")
    assert reverse("admin_password_reset") in client.get(reverse("admin:login")).content.decode()
    client.post(reverse("admin_password_reset"), {"email": "vera@example.org"})
    post_office.submit(lambda: None).result()  # whatever was to be sent has been sent
    link = re.findall(r"http://testserver(/admin/reset/\S+)", str(mail.outbox[0].body))
    form = client.get(link[0], follow=True)
    new = "an entirely different passphrase"
    done = client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}, follow=True)
    assert done.status_code == 200 and User.objects.get(username="vera").check_password(new)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client) -> None:
    answer = client.post(reverse("admin_password_reset"), {"email": "nobody@example.org"}, follow=True)
    post_office.submit(lambda: None).result()
    assert answer.status_code == 200 and mail.outbox == []
