"""Whether the process lives and whether it can serve."""

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client


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
