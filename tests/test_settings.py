"""What an operator meets who starts the portal with a setting missing or wrong: one line and a failing command."""

import stat
from pathlib import Path

import pytest

from ilo_portal.secret_key import make_once
from tests import environment

NOWHERE = "postgres://register:secret-password@127.0.0.1:1/register"


def complaint(*command: str, settings: dict[str, str]) -> str:
    """The one line that a command which must fail writes."""
    done = environment.manage(*command, settings=settings)
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def value(expression: str, settings: dict[str, str]) -> str:
    """A setting as the portal reads it in the environment given."""
    command = f"from django.conf import settings; print({expression})"
    done = environment.manage("shell", "--no-imports", "-c", command, settings=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_a_secret_key_the_portal_says_so_in_one_line(tmp_path: Path) -> None:
    assert "SECRET_KEY is not set" in complaint("check", settings={"VAR_DIR": str(tmp_path)})


def test_the_key_kept_in_var_is_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("kept " * 12 + "\n")
    assert value("settings.SECRET_KEY", {"VAR_DIR": str(tmp_path)}) == ("kept " * 12).strip()


def test_the_key_may_stand_in_a_file_named_by_the_environment(tmp_path: Path) -> None:
    secret = tmp_path / "mounted"
    secret.write_text("mounted" * 8)
    settings = {"VAR_DIR": str(tmp_path), "SECRET_KEY_FILE": str(secret)}
    assert value("settings.SECRET_KEY", settings) == "mounted" * 8


def test_debugging_needs_no_key_and_no_https(tmp_path: Path) -> None:
    assert value("settings.DEBUG, settings.HTTPS", {"VAR_DIR": str(tmp_path), "DEBUG": "1"}) == "True False"


def test_a_public_site_has_all_of_https_and_a_local_one_none_of_it(tmp_path: Path) -> None:
    shown = "settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
    here = environment.portal(tmp_path)
    assert value(shown, here) == "sessionid False False"
    assert value(shown, here | {"HTTPS": "1"}) == "__Host-sessionid True True"


def test_an_authenticator_names_the_site(tmp_path: Path) -> None:
    settings = environment.portal(tmp_path, SITE_NAME="An invented register")
    assert value("settings.OTP_TOTP_ISSUER", settings) == "An invented register"


@pytest.mark.parametrize("command", ["prepare", "migrate"])
def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(tmp_path: Path, command: str) -> None:
    line = complaint(command, settings=environment.portal(tmp_path, DATABASE_URL=NOWHERE))
    assert line.removeprefix("CommandError: ").startswith("Database: ")
    assert "127.0.0.1" in line and "secret-password" not in line


def test_a_database_address_of_an_unknown_kind_is_named_without_a_traceback(tmp_path: Path) -> None:
    settings = environment.portal(tmp_path, DATABASE_URL="postgress://127.0.0.1/register")
    done = environment.manage("prepare", settings=settings)
    assert done.returncode != 0
    assert done.stderr.startswith("Configuration: 'postgress'") and "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_one_line_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite3"
    file.write_text("this is not a database, but somebody may need it\n" * 100)
    before = file.read_bytes()
    assert "not a database" in complaint("prepare", settings=environment.portal(tmp_path))
    assert file.read_bytes() == before


def test_a_directory_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "VAR_DIR" in complaint("prepare", settings=environment.portal(tmp_path / "file" / "var"))


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    kept = make_once(tmp_path / "var")
    first = kept.read_text()
    assert len(first.strip()) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert make_once(tmp_path / "var").read_text() == first
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_an_empty_key_left_by_an_interrupted_start_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert len(make_once(tmp_path).read_text().strip()) >= 50


def test_a_proxy_that_is_no_address_is_named_in_one_line(tmp_path: Path) -> None:
    said = complaint("check", settings={**environment.portal(tmp_path), "TRUSTED_PROXIES": "127.0.0.1,proxy.example"})
    assert "TRUSTED_PROXIES" in said and "proxy.example" in said


def test_proxies_may_be_addresses_and_networks(tmp_path: Path) -> None:
    settings = {**environment.portal(tmp_path), "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}
    assert value("[str(each) for each in settings.TRUSTED_PROXIES]", settings) == "['127.0.0.1/32', '10.0.0.0/8']"


def test_room_for_snapshots_that_is_no_number_is_named_in_one_line(tmp_path: Path) -> None:
    said = complaint("check", settings={**environment.portal(tmp_path), "SNAPSHOT_BYTES": "much"})
    assert "SNAPSHOT_BYTES" in said


@pytest.mark.parametrize("value", ["-1", "64M"])
def test_room_for_pages_that_is_no_number_of_bytes_is_named(tmp_path: Path, value: str) -> None:
    settings = {**environment.portal(tmp_path), "PAGE_CACHE_BYTES": value}
    assert "PAGE_CACHE_BYTES is to be" in complaint("check", settings=settings)


@pytest.mark.parametrize("name", ["DEBUG", "HTTPS", "PAGE_CACHE", "RATE_LIMITS", "REQUESTS"])
def test_a_switch_that_is_neither_on_nor_off_is_named(tmp_path: Path, name: str) -> None:
    settings = {**environment.portal(tmp_path), name: "ture"}
    assert f"{name} is to be 1 or 0." in complaint("check", settings=settings)


@pytest.mark.parametrize(("said", "understood"), [("1", "True"), (" Yes ", "True"), ("off", "False"), ("", "False")])
def test_a_switch_may_be_said_in_words(tmp_path: Path, said: str, understood: str) -> None:
    assert value("settings.PAGE_CACHE", environment.portal(tmp_path) | {"PAGE_CACHE": said}) == understood


def test_for_measuring_nobody_is_refused_by_a_limit(tmp_path: Path) -> None:
    here = environment.portal(tmp_path)
    assert value("settings.LIMITS['files']", here) == "300"
    assert value("min(settings.LIMITS.values()) >= 10**9", here | {"RATE_LIMITS": "0"}) == "True"


def test_a_contact_without_its_scheme_and_a_file_that_is_not_there_are_named(tmp_path: Path) -> None:
    here = environment.portal(tmp_path)
    assert "SECURITY_CONTACT is to begin" in complaint("check", settings=here | {"SECURITY_CONTACT": "a@b.example"})
    gone = str(tmp_path / "gone")
    assert "BREACHED_PASSWORDS names no file" in complaint("check", settings=here | {"BREACHED_PASSWORDS": gone})
