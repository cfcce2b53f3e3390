"""The second factor: set up at the first login, asked for on every way in, replaced, removed, reset; kept secret."""

import base64
import io
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from engagement.accounts import second_factor
from tests.admin.conftest import Authenticator
from tests.admin.rows import MODELS, address

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
Held = Callable[[str], Authenticator]
Verified = Callable[[Client, Authenticator], Client]

PASSWORD = "a long enough passphrase"
INDEX, LOGIN = "/admin/", "/admin/login/"
CODE, SET_UP, OVERVIEW = "/admin/second-factor/code/", "/admin/second-factor/set-up/", "/admin/second-factor/"
OPEN_BEFORE_THE_CODE = {"logout"}


@pytest.fixture
def https(settings: Settings) -> None:
    """As on a public site; the cookies stay as they are, since the test client speaks http."""
    settings.HTTPS = True


def text_of(answer: Any) -> str:
    return answer.content.decode()


def key_on(page: str) -> str:
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")


def code_for(key: str) -> str:
    shown = TOTP(base64.b32decode(key))
    shown.time = time.time()
    return f"{shown.token():06d}"


def codes_on(page: str) -> list[str]:
    return re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1].split()


def addresses_of_the_admin() -> list[tuple[str, str]]:
    """The name and an address of every page of the admin, whoever wrote it."""
    found = []
    for name, patterns in get_resolver().namespace_dict["admin"][1].reverse_dict.lists():
        for possibilities, *_rest in patterns if isinstance(name, str) else []:
            arguments = [1] * len(possibilities[0][1])
            try:
                found.append((name, reverse(f"admin:{name}", args=arguments)))
            except NoReverseMatch:
                found.append((name, reverse(f"admin:{name}", args=["auth"])))
    return found


# -- Setting up ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("https")
def test_the_first_login_leads_to_setting_up_and_ends_where_it_was_going(staff: Staff) -> None:
    staff("editor")
    client, wanted = Client(), "/admin/engagement/organization/?q=wage"
    client.post(LOGIN, {"username": "editor", "password": PASSWORD, "next": wanted})
    arrived = client.get(wanted, follow=True)
    assert arrived.redirect_chain[-1][0].startswith(SET_UP)
    key = key_on(text_of(arrived))
    done = client.post(arrived.redirect_chain[-1][0], {"code": code_for(key), "next": wanted})
    assert done.status_code == 200 and f'href="{wanted}"' in text_of(done)
    assert client.get(wanted).status_code == 200


def test_the_page_shows_the_key_as_picture_and_as_text_and_never_again(editor: Client) -> None:
    page = text_of(editor.get(SET_UP))
    assert re.search(r'<svg [^>]*class="segno"', page) and not re.search(r"<[^>]*\sstyle=", page)
    assert re.fullmatch("[A-Z2-7]{32}", key_on(page))
    assert key_on(text_of(editor.get(SET_UP))) == key_on(page)
    editor.post(SET_UP, {"code": code_for(key_on(page))})
    assert editor.get(SET_UP).status_code == 302
    assert key_on(page) not in text_of(editor.get(OVERVIEW))


def test_a_wrong_code_sets_nothing_up_and_the_key_stays(editor: Client) -> None:
    key = key_on(text_of(editor.get(SET_UP)))
    wrong = f"{(int(code_for(key)) + 1) % 1_000_000:06d}"
    for given in (wrong, "", "no code", "1" * 21, "０" * 6):
        answer = editor.post(SET_UP, {"code": given})
        assert answer.status_code == 200 and key_on(text_of(answer)) == key and "errornote" in text_of(answer)
    assert not TOTPDevice.objects.exists()


def test_the_key_is_of_one_session_so_that_who_opens_the_page_first_does_not_know_it(editor: Client) -> None:
    other = Client()
    other.force_login(User.objects.get(username="editor"))
    theirs, own = (key_on(text_of(client.get(SET_UP))) for client in (other, editor))
    assert theirs != own
    editor.post(SET_UP, {"code": code_for(own)})
    other.post(SET_UP, {"code": code_for(theirs)})
    assert second_factor.in_groups(TOTPDevice.objects.get()).replace(" ", "") == own


def test_ten_recovery_codes_are_shown_once_and_only_their_hashes_are_kept(editor: Client) -> None:
    shown = editor.post(SET_UP, {"code": code_for(key_on(text_of(editor.get(SET_UP))))})
    codes = codes_on(text_of(shown))
    assert len(set(codes)) == 10 and all(re.fullmatch("[a-z2-9]{5}-[a-z2-9]{5}", code) for code in codes)
    kept = list(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10 and not {code.replace("-", "") for code in codes} & set(kept)
    assert "no-store" in shown["Cache-Control"]
    assert codes[0] not in text_of(editor.get(OVERVIEW))


def test_without_https_it_is_offered_and_not_required(editor: Client) -> None:
    assert f'href="{OVERVIEW}"' in text_of(editor.get(INDEX))
    assert f'href="{SET_UP}"' in text_of(editor.get(OVERVIEW))


# -- No way around ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("https")
def test_without_a_second_factor_no_page_of_the_admin_opens(staff: Staff) -> None:
    client, pages = staff("administrator"), addresses_of_the_admin()
    assert len(pages) > 6 * len(MODELS)
    opened = [url for name, url in pages if name not in {"login", "logout"} and client.get(url).status_code != 302]
    assert opened == []
    assert client.post(reverse("admin:logout")).status_code == 200


@pytest.mark.parametrize("by_https", [True, False])
def test_before_the_code_no_page_of_the_admin_opens(
    by_https: bool, staff: Staff, authenticator: Held, settings: Settings
) -> None:
    settings.HTTPS = by_https
    client = staff("administrator")
    authenticator("administrator")
    closed = [(name, url) for name, url in addresses_of_the_admin() if name not in OPEN_BEFORE_THE_CODE | {"login"}]
    answers = {url: client.get(url) for name, url in closed}
    assert [url for url, answer in answers.items() if answer.status_code != 302] == []
    assert {answer["Location"].split("?")[0] for answer in answers.values()} == {LOGIN}
    assert client.post(address(MODELS[0], "changelist"), {"action": "publish"}).status_code == 302
    assert client.post(reverse("admin:logout")).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("step", ["", "recovery-codes/", "replace/", "remove/", "set-up/"])
def test_before_the_code_the_second_factor_cannot_be_changed(step: str, staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    for answer in (client.get(OVERVIEW + step), client.post(OVERVIEW + step, {"code": held.code()})):
        assert answer.status_code == 302 and answer["Location"].startswith(CODE)
    assert list(TOTPDevice.objects.all()) == [held.device]


@pytest.mark.parametrize("page", ["", "code/", "set-up/", "recovery-codes/", "replace/", "remove/"])
def test_the_pages_are_for_staff_who_gave_their_password(page: str, client: Client) -> None:
    client.force_login(User.objects.create_user("a-stranger"))
    for visitor in (Client(), client):
        assert visitor.get(OVERVIEW + page)["Location"].startswith(LOGIN)
        assert visitor.post(OVERVIEW + page, {"code": "123456"})["Location"].startswith(LOGIN)


def test_the_code_of_another_account_is_not_taken(staff: Staff, authenticator: Held) -> None:
    client = staff("editor")
    staff("viewer")
    authenticator("editor")
    assert client.post(CODE, {"code": authenticator("viewer").code()}).status_code == 200
    assert client.get(INDEX).status_code == 302


# -- Codes -----------------------------------------------------------------------------------------------------------


def test_after_the_code_the_admin_opens_with_a_new_session_key(staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    before = client.session.session_key
    assert client.get(INDEX, follow=True).redirect_chain[-1][0] == f"{CODE}?next=%2Fadmin%2F"
    assert client.post(CODE, {"code": held.code()})["Location"] == INDEX
    assert client.get(INDEX).status_code == 200 and client.session.session_key != before
    assert client.get(CODE)["Location"] == INDEX


def test_a_code_works_once(staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    used = held.code()
    client.post(CODE, {"code": used})
    another = Client()
    another.force_login(User.objects.get(username="editor"))
    assert "used before" in text_of(another.post(CODE, {"code": used}))
    assert another.get(INDEX).status_code == 302


def test_after_wrong_codes_the_right_one_has_to_wait_ever_longer(staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    for _ in range(5):
        client.post(CODE, {"code": held.wrong_code()})
        held.later()
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now())
    assert re.search(r"try again in 1\d seconds", text_of(client.post(CODE, {"code": held.code()})))
    assert client.post(CODE, {"code": held.later().code()}).status_code == 302


def test_a_recovery_code_works_once_however_it_is_written(staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    first, second, *_others = second_factor.new_recovery_codes(held.device.user)
    assert client.post(CODE, {"code": f" {first.upper().replace('-', ' ')} "}).status_code == 302
    assert "9 recovery codes are left" in text_of(client.get(OVERVIEW))
    another = Client()
    another.force_login(User.objects.get(username="editor"))
    assert another.post(CODE, {"code": first}).status_code == 200
    held.later()
    assert another.post(CODE, {"code": second}).status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "1000",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_the_next_page_is_one_of_this_site(wanted: str, staff: Staff, authenticator: Held) -> None:
    client, held = staff("editor"), authenticator("editor")
    assert client.get(CODE, {"next": wanted}).status_code == 200
    assert client.get(LOGIN, {"next": wanted}).status_code == 302
    assert client.post(CODE, {"code": held.code(), "next": wanted})["Location"] == INDEX
    assert Client().get(LOGIN, {"next": wanted}).status_code == 200
    entered = Client().post(LOGIN, {"username": "editor", "password": PASSWORD, "next": wanted})
    assert entered.status_code == 302 and "elsewhere" not in entered["Location"]


# -- Changing --------------------------------------------------------------------------------------------------------


def test_new_recovery_codes_ask_for_a_fresh_code_and_end_the_old(
    staff: Staff, authenticator: Held, verified: Verified
) -> None:
    client = staff("editor")
    held = authenticator("editor")
    verified(client, held)
    old = second_factor.new_recovery_codes(held.device.user)
    page = f"{OVERVIEW}recovery-codes/"
    assert client.post(page, {"code": held.wrong_code()}).status_code == 200
    held.later()
    assert StaticToken.objects.filter(token=second_factor.hashed(old[0])).exists()
    new = codes_on(text_of(client.post(page, {"code": held.code()})))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept == {second_factor.hashed(code) for code in new} and not set(new) & set(old)


@pytest.mark.usefixtures("https")
def test_removing_asks_for_a_fresh_code_and_leads_to_setting_up_anew(
    staff: Staff, authenticator: Held, verified: Verified
) -> None:
    client = staff("editor")
    held = authenticator("editor")
    verified(client, held)
    second_factor.new_recovery_codes(held.device.user)
    client.post(f"{OVERVIEW}remove/", {"code": held.wrong_code()})
    assert TOTPDevice.objects.exists()
    arrived = client.post(f"{OVERVIEW}remove/", {"code": held.later().code()}, follow=True)
    assert arrived.redirect_chain[-1][0].startswith(SET_UP)
    assert not TOTPDevice.objects.exists() and not StaticDevice.objects.exists()


def test_another_authenticator_takes_the_place_of_the_first_once_it_has_shown_a_code(
    staff: Staff, authenticator: Held, verified: Verified
) -> None:
    client = staff("editor")
    held = authenticator("editor")
    verified(client, held)
    assert client.get(SET_UP)["Location"] == OVERVIEW
    page = text_of(client.post(f"{OVERVIEW}replace/", {"code": held.code()}, follow=True))
    assert list(TOTPDevice.objects.all()) == [held.device]
    client.post(SET_UP, {"code": code_for(key_on(page))})
    assert second_factor.in_groups(TOTPDevice.objects.get()).replace(" ", "") == key_on(page)
    assert client.get(INDEX).status_code == 200


def test_a_session_that_knows_the_old_authenticator_is_asked_again(
    staff: Staff, authenticator: Held, verified: Verified
) -> None:
    client = staff("editor")
    held = authenticator("editor")
    verified(client, held)
    assert client.get(INDEX).status_code == 200
    held.device.delete()
    authenticator("editor")
    assert client.get(INDEX).status_code == 302


# -- Resetting -------------------------------------------------------------------------------------------------------


def test_an_administrator_resets_that_of_another_after_a_question_and_it_is_logged(
    staff: Staff, authenticator: Held
) -> None:
    staff("editor")
    administrator = staff("administrator")
    held = authenticator("editor")
    second_factor.new_recovery_codes(held.device.user)
    url = reverse("admin:auth_user_changelist")
    chosen = {"action": "reset_second_factor", "_selected_action": [held.device.user.pk]}
    asked = administrator.post(url, chosen)
    assert asked.status_code == 200 and TOTPDevice.objects.exists()
    answer = administrator.post(url, {**chosen, "sure": "yes"}, follow=True)
    assert "1 second factor reset." in text_of(answer)
    assert not TOTPDevice.objects.exists() and not StaticDevice.objects.exists()
    entry = LogEntry.objects.get(object_id=str(held.device.user.pk))
    assert (entry.user.username, entry.get_change_message()) == ("administrator", "Second factor reset.")


def test_the_operator_resets_it_from_the_shell(staff: Staff, authenticator: Held) -> None:
    staff("editor")
    authenticator("editor")
    out = io.StringIO()
    call_command("reset_second_factor", "editor", stdout=out)
    assert out.getvalue() == "The second factor of editor is removed.\n" and not TOTPDevice.objects.exists()
    for name, wrong in (("editor", "has no second factor"), ("nobody", "no account called nobody")):
        with pytest.raises(CommandError, match=wrong):
            call_command("reset_second_factor", name)


def test_no_page_of_the_admin_shows_a_key_or_a_recovery_code(staff: Staff, authenticator: Held) -> None:
    staff("editor")
    administrator = staff("administrator")
    held = authenticator("editor")
    codes = second_factor.new_recovery_codes(held.device.user)
    assert [model for model in site._registry if model._meta.app_label in ("otp_totp", "otp_static", "axes")] == []
    user = held.device.user
    pages = [reverse(f"admin:auth_user_{page}", args=[user.pk]) for page in ("change", "delete", "history")]
    pages += [reverse("admin:auth_user_changelist"), INDEX]
    secrets = {held.device.key, second_factor.in_groups(held.device), *codes, *map(second_factor.hashed, codes)}
    shown = {url: text_of(administrator.get(url)) for url in pages}
    assert [url for url, text in shown.items() if any(secret in text for secret in secrets)] == []
