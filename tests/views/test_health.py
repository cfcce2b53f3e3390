"""Whether the process lives and whether it can serve."""

import datetime
import shutil
import socket
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from engagement.freshness import lag, replica
from engagement.views import health
from engagement.views.health import PATIENCE, Probe
from tests import environment


def test_healthz_answers_without_touching_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_green_when_the_database_is_migrated(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_is_red_when_a_migration_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("engagement", "9999")])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["reason"]) == (503, "migrations are missing")


@pytest.mark.django_db
def test_readyz_is_red_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: MigrationExecutor, targets: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(MigrationExecutor, "migration_plan", refuse)
    assert client.get("/readyz").status_code == 503


def reason(client: Client) -> str | None:
    response = client.get("/readyz")
    assert response.status_code == (503 if response.json()["status"] == "unavailable" else 200)
    return response.json().get("reason")


@pytest.mark.django_db
def test_readyz_is_red_when_the_disk_is_nearly_full_and_healthz_is_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=1000, free=99))
    assert reason(client) == "the disk is nearly full"
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(total=1000, free=100))
    assert reason(client) is None


@pytest.mark.django_db
def test_readyz_looks_for_backups_only_where_it_is_said_where_they_are(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    assert settings.BACKUP_DIR is None and reason(client) is None
    settings.BACKUP_DIR = tmp_path / "nowhere"
    assert reason(client) == "there is no backup"


@pytest.mark.django_db
def test_readyz_is_red_when_the_newest_backup_is_older_than_a_day_and_two_hours(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = tmp_path
    for hours, said in ((27, "the newest backup is too old"), (25, None)):
        at = timezone.now() - datetime.timedelta(hours=hours)
        (tmp_path / f"register-{at:%Y%m%dT%H%M%SZ}.backup").touch()
        assert reason(client) == said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behind", "said"),
    [(0.0, None), (5.0, None), (5.1, "the replica is too far behind"), (None, "the replica does not answer")],
)
def test_readyz_is_red_when_the_replica_is_far_behind_or_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch, behind: float | None, said: str | None
) -> None:
    assert reason(client) is None, "there is none"
    monkeypatch.setattr(replica, "is_configured", lambda: True)
    monkeypatch.setattr(lag, "watch", SimpleNamespace(look=lambda seconds: behind))
    assert reason(client) == said


def test_a_look_that_never_ends_is_a_fault_in_time_and_nobody_waits_for_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.2)
    let_go, looks = threading.Event(), []

    def look() -> str:
        looks.append(let_go.wait(30))
        return ""

    probe = Probe(look, "it is stuck")
    began = time.monotonic()
    for _each in range(5):
        probe.begin()
        assert probe.reason() == "it is stuck"
    assert time.monotonic() - began < 1, "only the first one has waited"
    let_go.set()
    until = time.monotonic() + 5
    while len(looks) < 1 and time.monotonic() < until:
        time.sleep(0.01)
    probe.begin()
    assert probe.reason() == "" and len(looks) <= 2


SILENT = """
import time
from django.test import Client
client = Client(raise_request_exception=False)
client.get("/healthz")  # what is loaded for the first request is not to be measured
for path in ("/healthz", "/readyz"):
    began = time.monotonic()
    answer = client.get(path)
    print(answer.status_code, answer.json().get("reason"), round(time.monotonic() - began, 1), sep="|")
"""


@pytest.mark.once
def test_a_database_that_takes_connections_and_says_nothing_turns_readyz_red_in_time_and_healthz_stays_green(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"postgres://register@127.0.0.1:{listening.getsockname()[1]}/register"
        settings = environment.portal(tmp_path, DATABASE_URL=url, ALLOWED_HOSTS="testserver")
        done = environment.manage("shell", "--no-imports", "-c", SILENT, settings=settings)
    assert done.returncode == 0, done.stderr
    alive, ready = (line.split("|") for line in done.stdout.strip().splitlines())
    assert alive[:2] == ["200", "None"] and float(alive[2]) < 1
    assert ready[:2] == ["503", "the database does not answer"] and float(ready[2]) < PATIENCE + 2


@pytest.mark.skipif(not environment.TEST_DATABASE_URL, reason="SQLite lets readers read whoever writes")
@pytest.mark.django_db(transaction=True)
def test_a_lock_that_others_hold_turns_readyz_red_in_time(client: Client) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        assert reason(client) == "the database does not answer"
        assert time.monotonic() - began < 5
    time.sleep(0.5)
    assert reason(client) is None
