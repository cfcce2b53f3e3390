"""The environment that the tests run in, and the portal's commands as separate processes in it.

What the operator has set in the shell must not reach the tests: a DATABASE_URL there names the real register.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
IN_CI = bool(os.environ.get("CI"))
IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ

READ_BY_SETTINGS = (
    "ALLOWED_HOSTS",
    "BACKUP_DIR",
    "CACHE_URL",
    "CSRF_TRUSTED_ORIGINS",
    "DATA_LICENCE",
    "DATABASE_REPLICA_URL",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "HTTPS",
    "PAGE_CACHE",
    "PORT",
    "REQUESTS",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "SITE_NAME",
    "SITE_PUBLISHER",
    "TRUSTED_PROXIES",
    "VAR_DIR",
)


def enter() -> Path:
    """Make this process's environment that of the tests; the directory that stands for var/ (to be removed)."""
    if IN_WORKER:
        return Path(os.environ["VAR_DIR"])
    var = Path(tempfile.mkdtemp(prefix="register-tests-"))
    (var / "static").mkdir()
    for name in READ_BY_SETTINGS:
        os.environ.pop(name, None)
    os.environ.update(portal(var), DJANGO_SETTINGS_MODULE="ilo_portal.settings")
    if TEST_DATABASE_URL:
        os.environ["DATABASE_URL"] = TEST_DATABASE_URL
    return var


def portal(var: Path, **more: str) -> dict[str, str]:
    """What a portal of its own, with `var` as its directory, needs in its environment."""
    return {"VAR_DIR": str(var), "HTTPS": "0", "SECRET_KEY": "for the tests alone " + "k" * 40, **more}


def shell(settings: Mapping[str, str]) -> dict[str, str]:
    """The shell's environment with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in READ_BY_SETTINGS}
    return {**kept, **settings}


def manage(*arguments: str, settings: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with these settings to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=shell(settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


@contextmanager
def own_database(var: Path, name: str) -> Iterator[str]:
    """The DATABASE_URL of a new database: a SQLite file in `var`, or, under TEST_DATABASE_URL, one beside that."""
    if not TEST_DATABASE_URL:
        yield f"sqlite:///{var / name}.sqlite3"
        return
    name = f"{name}_{os.getpid()}"
    server_run(f'CREATE DATABASE "{name}"')
    try:
        yield beside(name)
    finally:
        server_run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def beside(name: str) -> str:
    """The address of another database on the server of TEST_DATABASE_URL."""
    return urlsplit(TEST_DATABASE_URL)._replace(path=f"/{name}").geturl()


def server_run(*statements: str) -> None:
    """Run statements on the PostgreSQL server of TEST_DATABASE_URL, outside any transaction."""
    connection = psycopg2.connect(beside("postgres"), connect_timeout=5)
    try:
        connection.autocommit = True
        for statement in statements:
            connection.cursor().execute(statement)
    finally:
        connection.close()


def chromium() -> str | None:
    """The system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
