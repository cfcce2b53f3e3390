"""One database a run, with the fixtures in it; nothing of the operator's environment; plain static files."""

import shutil
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from tests import environment

# Here, and not in a fixture: the settings read the environment once, when pytest has read its configuration.
VAR = environment.enter()

FIXTURES = ("profile", "register")
# The tests under one of these share something that takes long to make (a portal, a browser, a crawl of the site).
KEPT_TOGETHER = ("tests/browser/", "tests/test_commands.py", "tests/test_pages.py")


def pytest_configure(config: pytest.Config) -> None:
    if environment.TEST_DATABASE_URL and not environment.IN_WORKER:
        require_postgresql()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Scheduling(LoadScopeScheduling):
    """Test by test to the worker that is free, but those that are kept together all to one.

    Not xdist's own groups: with pytest 9.2 it no longer sees them and spreads the tests without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in KEPT_TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def require_postgresql() -> None:
    try:
        environment.server_run("SELECT 1")
    except psycopg2.Error as error:
        raise pytest.UsageError(f"TEST_DATABASE_URL cannot be reached: {' '.join(str(error).split())}") from error


def pytest_unconfigure(config: pytest.Config) -> None:
    if not environment.IN_WORKER:
        shutil.rmtree(VAR, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    database = "PostgreSQL" if environment.TEST_DATABASE_URL else "SQLite"
    terminalreporter.write_line(f"Database of this run: {database}")
    if environment.chromium() is None:
        terminalreporter.write_line("Browser tests: not run, no Chromium was found (chromium, google-chrome)")


def load_fixtures() -> None:
    call_command("loaddata", *FIXTURES, verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The fixtures stand in the database before the first test; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        load_fixtures()


@pytest.fixture
def committed_register(transactional_db: None) -> None:
    """For tests that need real commits: the fixtures, loaded again where an earlier such test emptied the tables."""
    if not apps.get_model("engagement", "Source").objects.exists():
        load_fixtures()
