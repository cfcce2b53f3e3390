"""`prepare` and `serve`, as processes of their own on a database of their own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from engagement.management import preparing, serving
from tests import environment
from tests.browser.site import served, wait_until_it_answers

COUNT = "from engagement.models import Source; print(Source.objects.count())"
EDIT = "from engagement.models import Source; s = Source.objects.first(); s.note = 'Seen by Vera'; s.save()"
SHOW = "from engagement.models import Source; print(Source.objects.filter(note='Seen by Vera').count())"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a portal that was prepared once."""
    var = tmp_path_factory.mktemp("var")
    with environment.own_database(var, "register_commands") as database:
        settings = environment.portal(var, DATABASE_URL=database)
        done = prepared(settings)
        assert "Loading the register" in done.stdout and "Collecting static files" in done.stdout
        yield settings


def prepared(settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    done = environment.manage("prepare", settings=settings)
    assert done.returncode == 0, done.stderr
    return done


def python(code: str, settings: dict[str, str]) -> str:
    done = environment.manage("shell", "--no-imports", "-c", code, settings=settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_preparing_again_loads_nothing_and_keeps_an_edit(installation: dict[str, str]) -> None:
    before = python(COUNT, installation)
    assert int(before) > 0
    python(EDIT, installation)
    done = prepared(installation)
    assert "left as it is" in done.stdout and "Collecting" not in done.stdout
    assert python(SHOW, installation) == "1"
    assert python(COUNT, installation) == before


def test_serving_says_where_and_answers_there_until_it_is_ended(installation: dict[str, str], tmp_path: Path) -> None:
    port = environment.free_port()
    log = tmp_path / "log"
    with log.open("w") as file, served({**installation, "PORT": str(port)}, file.fileno()) as process:
        wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            assert answer.status == 200
        second = environment.manage("serve", settings={**installation, "PORT": str(port)})
        assert f"Port {port} is in use" in second.stderr
    assert f"http://127.0.0.1:{port}/" in log.read_text() and "createstaff NAME" in log.read_text()
    serving.require_free("127.0.0.1", port)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process loads the code itself")
def test_what_answers_are_forks_of_the_process_that_loaded_the_code(
    installation: dict[str, str], tmp_path: Path
) -> None:
    port, log = environment.free_port(), tmp_path / "log"
    with log.open("w") as file, served({**installation, "PORT": str(port)}, file.fileno()) as process:
        wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
        of_process = Path("/proc") / str(process.pid)
        workers = (of_process / "task" / str(process.pid) / "children").read_text().split()
        assert len(workers) == min(os.cpu_count() or 1, 4)
        began = (of_process / "cmdline").read_bytes()
        assert {Path(f"/proc/{worker}/cmdline").read_bytes() for worker in workers} == {began}


def test_of_two_starts_at_one_moment_one_serves_and_the_other_says_that_the_port_is_taken(
    installation: dict[str, str], tmp_path: Path
) -> None:
    port = environment.free_port()
    settings = {**installation, "PORT": str(port)}
    log = tmp_path / "log"
    with (
        log.open("w") as file,
        served(settings, file.fileno()) as first,
        served(settings, file.fileno()) as second,
    ):
        refused = one_that_ends(first, second)
        assert refused.returncode == 1
        wait_until_it_answers(f"http://127.0.0.1:{port}", second if refused is first else first, log)
    assert log.read_text().count(f"Port {port} is in use") == 1


def one_that_ends(*processes: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    for _ in range(300):
        time.sleep(0.1)
        if ended := [process for process in processes if process.poll() is not None]:
            return ended[0]
    raise AssertionError("none of the processes ended")


def test_the_lock_on_a_port_is_held_once_and_given_back(tmp_path: Path) -> None:
    held = serving.claim(8000, tmp_path)
    with pytest.raises(CommandError, match="Port 8000 is in use"):
        serving.claim(8000, tmp_path)
    os.close(serving.claim(8001, tmp_path))
    os.close(held)
    os.close(serving.claim(8000, tmp_path))


def test_a_port_in_use_is_one_line_that_names_another(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = environment.manage("serve", settings=environment.portal(tmp_path, PORT=str(port)))
    assert done.returncode == 1
    assert done.stderr.strip() == f"CommandError: Port {port} is in use: choose another with PORT={port + 1}"


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", "8000.5"])
def test_what_is_no_port_number_is_refused(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port"):
        serving.port_from({"PORT": port})


def test_without_a_port_the_register_is_served_on_8000() -> None:
    assert serving.port_from({}) == serving.port_from({"PORT": ""}) == 8000


def test_a_broken_fixture_leaves_an_empty_register_and_the_next_start_loads_the_mended_one(tmp_path: Path) -> None:
    fixtures = tmp_path / "fixtures"
    fixtures.mkdir()
    good = {"model": "engagement.source", "fields": {"slug": "a-source", "title": "A source"}}
    bad = {"model": "engagement.source", "fields": {"slug": "b-source", "date": "?"}}
    (fixtures / "profile.json").write_text(json.dumps([good]))
    (fixtures / "register.json").write_text(json.dumps([good, bad]))
    settings_module = f"from ilo_portal.settings import *\n\nFIXTURE_DIRS = [{str(fixtures)!r}]\n"
    (tmp_path / "with_these_fixtures.py").write_text(settings_module)
    with environment.own_database(tmp_path, "register_broken", environment.TABLES) as database:
        settings = environment.portal(tmp_path, DATABASE_URL=database)
        settings |= {"DJANGO_SETTINGS_MODULE": "with_these_fixtures", "PYTHONPATH": str(tmp_path)}
        done = environment.manage("prepare", settings=settings)
        assert done.returncode != 0
        assert done.stderr.startswith(
            f"CommandError: {fixtures}/register.json: object 2 (engagement.source b-source): "
        )
        assert len(done.stderr.strip().splitlines()) == 1
        assert python(COUNT, settings) == "0"
        (fixtures / "register.json").write_text(json.dumps([good]))
        prepared(settings)
        assert python(COUNT, settings) == "1"


def test_static_files_are_collected_again_only_when_they_differ(settings: Settings, tmp_path: Path) -> None:
    ours = tmp_path / "static"
    ours.mkdir()
    (ours / "one.css").write_text("body { margin: 0 }")
    settings.VAR_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "collected"
    settings.STATICFILES_DIRS = [ours]
    said: list[str] = []
    preparing.collect_static(said.append)
    preparing.collect_static(said.append)
    assert said == ["Collecting static files"]
    (ours / "one.css").write_text("body { margin: 1em }")
    preparing.collect_static(said.append)
    assert len(said) == 2
    assert (tmp_path / "collected" / "one.css").read_text() == "body { margin: 1em }"
