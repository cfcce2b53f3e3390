"""The environment that the tests run in, and the portal's commands as separate processes in it.

What the operator has set in the shell must not reach the tests: a DATABASE_URL there names the real register.
"""

import fcntl
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

# What a database may begin with. Migrating takes most of a minute and loading a quarter: each is done once a run.
TABLES, REGISTER = "tables", "register"
MADE_BY = {TABLES: ("migrate", "--verbosity=0"), REGISTER: ("loaddata", "profile", "register", "--verbosity=0")}
MADE_FROM = {TABLES: "", REGISTER: TABLES}

READ_BY_SETTINGS = (
    "ALLOWED_HOSTS",
    "BACKUP_DIR",
    "BREACHED_PASSWORDS",
    "CACHE_URL",
    "CSRF_TRUSTED_ORIGINS",
    "DATA_LICENCE",
    "DATABASE_REPLICA_URL",
    "DATABASE_URL",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_URL",
    "HTTPS",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "PAGE_CACHE",
    "PAGE_CACHE_BYTES",
    "PORT",
    "RATE_LIMITS",
    "READ_ONLY",
    "REQUESTS",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "SECURITY_CONTACT",
    "SENTRY_DSN",
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
        # Commits need not outlive a fall of the server. Read by libpq, so by every process of the run.
        os.environ.update(DATABASE_URL=TEST_DATABASE_URL, PGOPTIONS="-c synchronous_commit=off")
    return var


def leave(var: Path) -> None:
    """Remove what the run has made: its directory and the databases that were copied."""
    kinds = [path.stem for path in var.glob("*.begun")]
    try:
        if TEST_DATABASE_URL and kinds:
            server_run(*(f'DROP DATABASE IF EXISTS "{template(kind, var)}" WITH (FORCE)' for kind in kinds))
    finally:
        shutil.rmtree(var, ignore_errors=True)


def portal(var: Path, **more: str) -> dict[str, str]:
    """What a portal of its own, with `var` as its directory, needs in its environment."""
    return {
        "VAR_DIR": str(var),
        "HTTPS": "0",
        "PAGE_CACHE": "0",
        "SECRET_KEY": "for the tests alone " + "k" * 40,
        **more,
    }


def shell(settings: Mapping[str, str]) -> dict[str, str]:
    """The shell's environment with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in READ_BY_SETTINGS}
    return {**kept, **settings}


def manage(
    *arguments: str, settings: Mapping[str, str], stdin: str = "", seconds: int = 240
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with these settings to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=shell(settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@contextmanager
def managing(*arguments: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`manage.py` at work with these settings, what it writes to be read; at the end it is killed if it still works."""
    command = [sys.executable, "manage.py", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=shell(settings), stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


# -- Databases ----------------------------------------------------------------------------------------------------


@contextmanager
def own_database(var: Path, name: str, holding: str = "") -> Iterator[str]:
    """The DATABASE_URL of a new database: a SQLite file in `var`, or, under TEST_DATABASE_URL, one beside that.

    It is empty, or a copy of one that is `holding` the TABLES, or the REGISTER as the fixtures have it.
    """
    path = var / f"{name}.sqlite3" if not TEST_DATABASE_URL else f"{name}_{os.getpid()}"
    create(path, made(holding) if holding else "")
    try:
        yield url_of(path)
    finally:
        if TEST_DATABASE_URL:
            server_run(f'DROP DATABASE IF EXISTS "{path}" WITH (FORCE)')


def made(kind: str) -> Path | str:
    """The database to copy: TABLES or REGISTER. The first process of the run that asks makes it, the others wait."""
    var = Path(os.environ["VAR_DIR"])
    name, begun, done = template(kind, var), var / f"{kind}.begun", var / f"{kind}.done"
    with begun.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            create(name, made(MADE_FROM[kind]) if MADE_FROM[kind] else "")
            ran = manage(*MADE_BY[kind], settings=portal(var, DATABASE_URL=url_of(name)), seconds=1200)
            assert ran.returncode == 0, ran.stderr
            done.touch()
    return name


def template(kind: str, var: Path) -> Path | str:
    return f"{var.name}_{kind}" if TEST_DATABASE_URL else var / f"{kind}.sqlite3"


def create(target: Path | str, source: Path | str) -> None:
    """A new database in place of what was there: a copy of `source`, which nobody uses; without one it is empty."""
    if TEST_DATABASE_URL:
        begins_as = f' TEMPLATE "{source}"' if source else ""
        server_run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)', f'CREATE DATABASE "{target}"{begins_as}')
    elif source:
        shutil.copyfile(source, target)


def url_of(database: Path | str) -> str:
    return beside(str(database)) if TEST_DATABASE_URL else f"sqlite:///{database}"


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
