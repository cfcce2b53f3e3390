"""Processes that are killed while they write: nothing that was acknowledged is lost, nothing is half there."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import environment
from tests.backups.lives import EVERYTHING
from tests.browser.site import served, wait_until_it_answers
from tests.environment import REGISTER
from tests.faults.doing import (
    A_RECORD,
    CORRECTIONS,
    Figure,
    Writers,
    kill_one_worker,
    killed_after,
    manage,
    moments,
    needs_proc,
    often,
    python,
    require_whole,
)

ROWS = often(200, 2_000)
IMPORTED = """
from collections import Counter
from engagement.models import Organization
named = Organization.objects.filter(name__startswith="Invented import").values_list("name", flat=True)
counts = Counter(name.split()[2] for name in named)
print(*(f"{number}:{count}" for number, count in counts.items()))
"""


@pytest.fixture
def register(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a portal that holds the register."""
    with environment.own_database(tmp_path, "register_faults", REGISTER) as database:
        yield environment.portal(tmp_path, DATABASE_URL=database)


@needs_proc
def test_no_acknowledged_write_is_lost_when_workers_are_killed(tmp_path: Path, figure: Figure) -> None:
    kills = often(5, 100)
    with environment.own_database(tmp_path, "register_killing", REGISTER) as database:
        port = environment.free_port()
        settings = environment.portal(
            tmp_path, DATABASE_URL=database, PORT=str(port), RATE_LIMITS="0", LOG_FORMAT="text"
        )
        url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
        manage(settings, "prepare")
        with log.open("w") as file, served(settings, file.fileno()) as process:
            wait_until_it_answers(url, process, log)
            writers = Writers(url, python(settings, A_RECORD))
            with writers.at_work(8):
                for _kill in range(kills):
                    writers.wait_for(often(10, 500), seconds=300)
                    kill_one_worker(process)
                    time.sleep(0.3)
                writers.wait_for(10)  # who answers now was started for one that was killed
        kept = python(settings, CORRECTIONS).split()
        missing = set(writers.acknowledged) - set(kept)
        figure(
            f"{kills} workers killed, {len(writers.acknowledged)} writes acknowledged, {len(missing)} missing, "
            f"{len(writers.refused)} refused, {len(kept) - len(writers.acknowledged)} kept and not acknowledged"
        )
        assert not missing and len(set(writers.acknowledged)) == len(writers.acknowledged)
        require_whole(settings)


def test_an_import_that_is_killed_is_there_whole_or_not_at_all(
    register: dict[str, str], tmp_path: Path, figure: Figure
) -> None:
    kills = often(4, 100)
    files = [tmp_path / f"{number}.csv" for number in range(kills + 1)]
    for number, file in enumerate(files):
        file.write_text("name\n" + "".join(f"Invented import {number} of row {row}\n" for row in range(ROWS)))
    how = ("--commit", "--source", "profile", "--as-of", "2008", "--look-alikes", "new")
    began = time.monotonic()
    manage(register, "import_data", "organizations", str(files[kills]), *how)
    lasts = time.monotonic() - began
    ended = [
        killed_after(after, "import_data", "organizations", str(file), *how, settings=register)
        for file, after in zip(files, moments(kills, lasts), strict=False)
    ]
    counts = dict(pair.split(":") for pair in python(register, IMPORTED).split())
    there = [int(counts.get(str(number), 0)) for number in range(kills)]
    whole, partial = there.count(ROWS), [count for count in there if count not in (0, ROWS)]
    lost = [number for number, (well, _said) in enumerate(ended) if well and there[number] != ROWS]
    figure(f"{kills} imports of {ROWS} rows killed: {whole} whole, {there.count(0)} not there, {len(partial)} partial")
    assert not partial and not lost
    for number, count in enumerate(there[:4]):
        if not count:
            manage(register, "import_data", "organizations", str(files[number]), *how)
            break
    require_whole(register)


def test_fixtures_loaded_again_and_again_change_nothing_not_even_when_killed(
    register: dict[str, str], figure: Figure
) -> None:
    manage(register, "prepare")
    before, loads, kills = python(register, EVERYTHING), often(1, 5), often(1, 20)
    began = time.monotonic()
    for _load in range(loads):
        manage(register, "loaddata", "profile", "register", "--verbosity=0")
    lasts = (time.monotonic() - began) / loads
    for after in moments(kills, lasts):
        killed_after(after, "loaddata", "profile", "register", "--verbosity=0", settings=register)
    # Not the log: what `profile` says of some rows is noted, and that `register` says more in the same transaction.
    after_all = python(register, EVERYTHING)
    assert after_all.split()[3] == before.split()[3]
    figure(f"loaded {loads} times, killed {kills} times: all rows and all histories the same")
    require_whole(register)
