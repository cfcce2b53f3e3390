"""The servers beside the portal are killed: PostgreSQL under writers, Redis under readers. No restart of the portal."""

import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests import environment
from tests.backups import amcheck
from tests.browser.site import served, wait_until_it_answers
from tests.environment import REGISTER, TEST_DATABASE_URL
from tests.faults.clusters import NOT_HERE, can_make_clusters, cluster, own_redis
from tests.faults.doing import A_RECORD, CORRECTIONS, Figure, Writers, manage, needs_proc, often, python, require_whole

PAGES = (
    "/",
    "/organizations/",
    "/organizations/?q=union",
    "/countries/",
    "/api/v1/organizations/",
    "/search/?q=labour",
)


@needs_proc
@pytest.mark.skipif(not TEST_DATABASE_URL, reason="the register for it is copied from TEST_DATABASE_URL")
@pytest.mark.skipif(not can_make_clusters(), reason=NOT_HERE)
def test_no_acknowledged_write_is_lost_when_postgresql_is_killed(tmp_path: Path, figure: Figure) -> None:
    kills = often(2, 20)
    with cluster() as one:
        one.execute("CREATE DATABASE register")
        copy(environment.url_of(environment.made(REGISTER)), one.url("register"))
        port, log = environment.free_port(), tmp_path / "log"
        settings = environment.portal(tmp_path, DATABASE_URL=one.url("register"), PORT=str(port), RATE_LIMITS="0")
        # Of the tests' own server commits need not outlive a fall: here they have to.
        settings |= {"PGOPTIONS": ""}
        manage(settings, "prepare")
        with log.open("w") as file, served(settings, file.fileno()) as process:
            wait_until_it_answers(f"http://127.0.0.1:{port}", process, log)
            writers = Writers(f"http://127.0.0.1:{port}", python(settings, A_RECORD))
            with writers.at_work(8):
                for _kill in range(kills):
                    writers.wait_for(often(20, 200), seconds=300)
                    one.kill()
                    time.sleep(0.3)
                    one.start()
                    began = time.monotonic()
                    writers.wait_for(1)
                    answered = time.monotonic() - began
                writers.wait_for(20)
        missing = set(writers.acknowledged) - set(python(settings, CORRECTIONS).split())
        figure(
            f"{kills} times killed, {len(writers.acknowledged)} writes acknowledged, {len(missing)} missing, "
            f"{len(writers.refused)} refused, {answered:.1f} s from its start to the next write"
        )
        assert not missing
        assert len(writers.refused) >= kills, "nobody noticed"
        require_whole(settings)
        amcheck.require_sound(one.url("register"))


def copy(source: str, target: str) -> None:
    dump = subprocess.Popen(["pg_dump", "--no-owner", "--no-privileges", "--dbname", source], stdout=subprocess.PIPE)
    with dump:
        subprocess.run(["psql", "-X", "-q", "-d", target], stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dump.returncode == 0


@pytest.mark.once
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server was found")
def test_pages_are_answered_while_redis_is_killed_and_comes_back(tmp_path: Path, figure: Figure) -> None:
    at = environment.free_port()
    with environment.own_database(tmp_path, "register_redis", REGISTER) as database:
        port, log = environment.free_port(), tmp_path / "log"
        settings = environment.portal(
            tmp_path, DATABASE_URL=database, PORT=str(port), CACHE_URL=f"redis://127.0.0.1:{at}/1", PAGE_CACHE="1"
        )
        manage(settings, "prepare")
        with own_redis(tmp_path, at) as redis, log.open("w") as file, served(settings, file.fileno()) as process:
            url = f"http://127.0.0.1:{port}"
            wait_until_it_answers(url, process, log)
            before = times(url)
            redis.kill()
            redis.wait()
            without = times(url) + times(url)
            with own_redis(tmp_path, at):
                after = times(url)
        figure(
            f"{len(before + without + after)} answers, all 200; slowest with Redis {max(before) * 1000:.0f} ms, "
            f"without it {max(without) * 1000:.0f} ms, when it was back {max(after) * 1000:.0f} ms"
        )


def times(url: str) -> list[float]:
    """Seconds that each page takes, all of which are well."""
    taken = []
    for page in PAGES:
        began = time.monotonic()
        with urllib.request.urlopen(url + page, timeout=20) as answer:
            assert answer.status == 200 and answer.read()
        taken.append(time.monotonic() - began)
    return taken
