"""A disk that is full: who reads is answered, who writes is told, and all goes on when there is room again."""

import http.client
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import environment
from tests.browser.site import served, wait_until_it_answers
from tests.environment import REGISTER, TEST_DATABASE_URL
from tests.faults.doing import A_RECORD, CORRECTIONS, Figure, Writers, manage, python, require_whole
from tests.faults.test_servers import times

MIB = 1024 * 1024
EDIT = "from engagement.models import Source; print(Source.objects.filter(pk__gt=0).update(note='x' * {size}))"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own in memory. Only root may mount one, and not in every container."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room for another byte."""
    with path.open("wb", buffering=0) as file:
        for portion in (MIB, 4096, 1):
            try:
                while file.write(b"\0" * portion):
                    pass
            except OSError:
                continue


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="of SQLite, whose file is on the portal's own disk")
def test_on_a_full_disk_pages_are_answered_writes_are_refused_and_all_goes_on_when_there_is_room(
    small_disk: Path, figure: Figure
) -> None:
    with environment.own_database(small_disk, "register_full", REGISTER) as database:
        port, log = environment.free_port(), small_disk.parent / "log"
        url = f"http://127.0.0.1:{port}"
        settings = environment.portal(small_disk, DATABASE_URL=database, PORT=str(port), RATE_LIMITS="0")
        manage(settings, "prepare")
        with log.open("w") as file, served(settings, file.fileno()) as process:
            wait_until_it_answers(url, process, log)
            writers = Writers(url, python(settings, A_RECORD))
            with writers.at_work(2):
                writers.wait_for(5)
            fill(small_disk / "ballast")
            slowest = max(times(url) + times(url))
            assert ready(port) == 503
            status, page = one_more(writers)
            refused = environment.manage("shell", "--no-imports", "-c", EDIT.format(size=20_000), settings=settings)
            assert status == 500 and "Nothing was changed" in page
            assert refused.returncode and "disk is full" in refused.stderr.splitlines()[-1]
            (small_disk / "ballast").unlink()
            assert one_more(writers)[0] == 302 and ready(port) == 200
        kept = python(settings, CORRECTIONS).split()
        assert set(writers.acknowledged) <= set(kept)
        figure(
            f"full: 12 pages 200, slowest {slowest * 1000:.0f} ms, a form {status}; with room again 302; "
            f"{len(writers.acknowledged)} writes acknowledged, none missing"
        )
        require_whole(settings)


def one_more(writers: Writers) -> tuple[int, str]:
    """What one more form is answered with: the status, and the page."""
    said = {"field": "-", "proposed": f"Proposal {len(writers.acknowledged)} on a full disk", "evidence": "Invented"}
    status, _headers, page = writers.asked("POST", writers.place, {**writers.form, **said})
    return status, page


def ready(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    finally:
        connection.close()
