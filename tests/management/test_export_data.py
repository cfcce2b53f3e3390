"""`manage.py export_data`: the bytes of the web, one line for what is wrong, a reader that has enough."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from engagement.directories import DIRECTORIES
from engagement.exchange.formats import FORMATS
from engagement.management.exporting import default_site

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
MANAGE = [sys.executable, str(Path(project.BASE_DIR) / "manage.py"), "export_data"]


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A directory for what is kept, as in tests two states of the data may have one revision. The limits count on."""
    settings.VAR_DIR = tmp_path
    cache.clear()
    yield


def export(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> bytes:
    call_command("export_data", *arguments, "--site", SITE)
    written = capsysbinary.readouterr()
    assert written.err == b""
    return written.out


def body(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("kind", [directory.name for directory in DIRECTORIES])
@pytest.mark.parametrize("suffix", list(FORMATS))
def test_a_collection_is_written_byte_for_byte_as_the_web_has_it(
    client: Client, capsysbinary: pytest.CaptureFixture[bytes], kind: str, suffix: str
) -> None:
    assert export(capsysbinary, kind, "--format", suffix) == body(client, f"/{kind}.{suffix}")


def test_a_question_and_a_day_give_the_bytes_that_they_give_on_the_web(
    client: Client, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = "category=special-list&category=general&q=international&sort="
    written = export(capsysbinary, "organizations", "--on", "2006-11-15", "--query", asked)
    assert written == body(client, f"/organizations.csv?{asked}&on=2006-11-15")
    assert written.count(b"\r\n") > 1


@pytest.mark.parametrize(
    ("kind", "address"), [("register", "/data/register.zip"), ("iati-activities", "/data/iati-activities.xml")]
)
def test_the_whole_register_is_written_byte_for_byte_as_the_web_has_it(
    client: Client, capsysbinary: pytest.CaptureFixture[bytes], kind: str, address: str
) -> None:
    written = export(capsysbinary, kind)
    assert written == body(client, address)
    assert len(written) > 10_000


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["organisations"], "organisations is none of organizations"),
        (["sources", "--format", "pdf"], "format: pdf is none of csv, xlsx, json"),
        (["sources", "--on", "2006-11-15"], "on is not a parameter"),
        (["organizations", "--on", "2006-02-31"], "on "),
        (["organizations", "--query", "colour=red"], "colour is not a parameter"),
        (["organizations", "--query", "kind=club"], "kind "),
        (["organizations", "--query", "page=2"], "page belongs to pages"),
        (["organizations", "--on", "2006-11-15", "--query", "on=2007-01-01"], "on is given more than once"),
        (["register", "--format", "csv"], "register takes no format, day or query"),
        (["sources", "--site", "register.example"], "site: register.example is not an address"),
    ],
)
def test_what_is_wrong_is_named_in_one_line_and_nothing_is_written(
    capsysbinary: pytest.CaptureFixture[bytes], arguments: list[str], wrong: str
) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("export_data", *arguments)
    assert str(caught.value).startswith(wrong) and "\n" not in str(caught.value)
    assert capsysbinary.readouterr().out == b""


def test_more_rows_than_a_workbook_holds_are_refused_before_a_byte_is_written(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], most=3))
    with pytest.raises(CommandError, match=r"^xlsx holds at most 3 rows, these are \d+$"):
        call_command("export_data", "countries", "--format", "xlsx")
    assert capsysbinary.readouterr().out == b""


def test_the_address_of_the_site_is_the_first_host_that_is_a_name(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = ["*", ".register.example", "localhost"], True
    assert default_site() == "https://register.example"
    settings.ALLOWED_HOSTS, settings.HTTPS = ["127.0.0.1"], False
    assert default_site() == "http://127.0.0.1"


def test_an_error_ends_the_program_with_one_line_on_standard_error() -> None:
    done = subprocess.run([*MANAGE, "nothing"], capture_output=True, check=False)
    assert done.returncode == 1 and done.stdout == b""
    assert done.stderr.startswith(b"CommandError: nothing is none of") and done.stderr.count(b"\n") == 1


# The command with rows without end, and a pipe that nobody reads.
HANGING_UP = """
import os, sys
reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, 1)
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "ilo_portal.settings"
django.setup()
from engagement.management.commands import export_data
export_data.exported = lambda *asked: iter([b"row"] * 100_000)
export_data.Command().run_from_argv(["manage.py", "export_data", "sources"])
"""


def test_a_reader_that_hangs_up_ends_it_quietly() -> None:
    done = subprocess.run([sys.executable, "-c", HANGING_UP], cwd=project.BASE_DIR, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
