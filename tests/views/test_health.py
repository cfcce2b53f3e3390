"""Whether the process lives and whether it can serve."""

import datetime
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from pytest_django import Settings


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
