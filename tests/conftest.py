"""One database a run, with the fixtures in it; nothing of the operator's environment; plain static files."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from xdist.scheduler import LoadScopeScheduling

from engagement import keysets
from engagement.web import frames
from tests import environment
from tests.faults import figures

# Here, and not in a fixture: the settings read the environment once, when pytest has read its configuration.
VAR = environment.enter()

# The tests under one of these share something that takes long to make (a portal, a browser, a crawl of the site). They
# go first: one that began late would be waited for. The second needs no register, so nobody waits while that is loaded.
KEPT_TOGETHER = (
    "tests/browser/",
    "tests/test_commands.py",
    "tests/test_pages.py",
    "tests/asvs/",
    "tests/backups/test_moving.py",
    "tests/faults/test_replica.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if environment.TEST_DATABASE_URL and not environment.IN_WORKER:
        require_postgresql()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What has been imported by now stays: the collector of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class Scheduling(LoadScopeScheduling):
    """Test by test to the worker that is free, but those that are kept together all to one.

    Not xdist's own groups: with pytest 9.2 it no longer sees them and spreads the tests without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in KEPT_TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    config.option.loadscopereorder = False  # they are in order by then
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that are kept together first; the others as they are, which is those that commit at the end."""
    items.sort(key=lambda item: next((n for n, place in enumerate(KEPT_TOGETHER) if item.nodeid.startswith(place)), 9))


def require_postgresql() -> None:
    try:
        environment.server_run("SELECT 1")
    except psycopg2.Error as error:
        raise pytest.UsageError(f"TEST_DATABASE_URL cannot be reached: {' '.join(str(error).split())}") from error


def pytest_unconfigure(config: pytest.Config) -> None:
    if not environment.IN_WORKER:
        environment.leave(VAR)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures.tell(terminalreporter)
    database = "PostgreSQL" if environment.TEST_DATABASE_URL else "SQLite"
    terminalreporter.write_line(f"Database of this run: {database}")
    if environment.chromium() is None:
        terminalreporter.write_line("Browser tests: not run, no Chromium was found (chromium, google-chrome)")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Before the first test the database is a copy of one that holds the fixtures; each test's own changes are rolled
    back. Django, which makes the database then, finds it migrated."""
    register = environment.made(environment.REGISTER)
    if environment.TEST_DATABASE_URL:
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = register
        yield
        return
    # The database in memory lasts for as long as somebody is connected.
    sqlite: Any = connection
    first = sqlite.Database.connect(sqlite.creation._get_test_db_name(), uri=True)
    fill(first, register)
    yield
    first.close()


def fill(into: Any, source: Path | str) -> None:
    """Make the SQLite database of a connection a copy of `source`, whatever it holds. (Not with Python's own sqlite3:
    Django may run on another library, see ilo_portal/sqlite.py, and each has databases in memory of its own.)"""
    sqlite: Any = connection
    copied = sqlite.Database.connect(source)
    try:
        copied.backup(into)
    finally:
        copied.close()


@pytest.fixture
def committed_register(transactional_db: None) -> None:
    """For tests that need real commits: the fixtures again, since an earlier such test has emptied the tables."""
    register = environment.made(environment.REGISTER)
    connection.close()
    if environment.TEST_DATABASE_URL:
        environment.create(connection.settings_dict["NAME"], register)
    else:
        connection.ensure_connection()
        fill(connection.connection, register)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps of the register and of its texts, no test leaves to another."""
    frames.forget()
    keysets.forget()
