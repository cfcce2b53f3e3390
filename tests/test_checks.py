"""The check on the SQLite library, and that the library is in fact exchanged."""

import importlib
import importlib.util
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection

from engagement import checks
from ilo_portal.sqlite import FIRST_FIXED_VERSION, library_version

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="concerns SQLite")


def warnings_of_the_database() -> list[str]:
    found = checks.sqlite_has_no_wal_fault(None, ["default"])
    assert all(message in run_checks(databases=["default"]) for message in found)
    return [str(message.id) for message in found]


@on_sqlite
@pytest.mark.django_db
def test_a_sqlite_with_the_wal_fault_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "library_version", lambda: (3, 40, 1))
    assert warnings_of_the_database() == ["engagement.W001"]
    (message,) = checks.sqlite_has_no_wal_fault(None, ["default"])
    assert "3.40.1" in message.msg and "3.51.3" in str(message.hint)


@on_sqlite
@pytest.mark.django_db
def test_a_mended_sqlite_passes_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "library_version", lambda: FIRST_FIXED_VERSION)
    assert warnings_of_the_database() == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="concerns PostgreSQL")
@pytest.mark.django_db
def test_another_database_is_not_warned_of_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "library_version", lambda: (3, 40, 1))
    assert warnings_of_the_database() == []


@pytest.mark.skipif(importlib.util.find_spec("pysqlite3") is None, reason="no wheel of pysqlite3 for this system")
def test_django_opens_databases_with_the_mended_library() -> None:
    library = vars(importlib.import_module("django.db.backends.sqlite3.base"))["Database"]
    assert library.sqlite_version_info >= FIRST_FIXED_VERSION
    assert library_version() == library.sqlite_version_info


@on_sqlite
@pytest.mark.django_db
def test_an_open_connection_runs_on_the_library_that_the_check_sees() -> None:
    with connection.cursor() as cursor:
        (version,) = cursor.execute("SELECT sqlite_version()").fetchone()
    assert tuple(int(part) for part in version.split(".")) == library_version()


def test_requests_without_a_publisher_are_warned_of(settings: Any) -> None:
    def found() -> list[str | None]:
        return [each.id for each in checks.requests_have_a_publisher(None)]

    for on, publisher, ids in ((True, "", ["engagement.W002"]), (True, "Invented body", []), (False, "", [])):
        settings.REQUESTS, settings.SITE_PUBLISHER = on, publisher
        assert found() == ids
