"""PostgreSQL's own look at every table and index of a database, where its program is there and the role may."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ALLOWED = """
    SELECT usesuper AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'amcheck')
    FROM pg_user WHERE usename = current_user"""


def postgresql_program(name: str) -> str | None:
    """One of PostgreSQL's programs: on Debian they stand beside the path, by version."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(beside[-1]) if beside else shutil.which(name)


def may_look(url: str) -> bool:
    connection = psycopg2.connect(url)
    try:
        cursor = connection.cursor()
        cursor.execute(ALLOWED)
        return bool(cursor.fetchone()[0])
    finally:
        connection.close()


def require_sound(url: str) -> bool:
    """Whether it was looked at; what is damaged fails the test."""
    found = postgresql_program("pg_amcheck")
    if found is None or not may_look(url):
        return False
    at = urlsplit(url)
    reached = {"PGHOST": at.hostname, "PGPORT": str(at.port or 5432), "PGUSER": at.username, "PGPASSWORD": at.password}
    done = subprocess.run(
        [found, "--install-missing", "--heapallindexed", "--parent-check", at.path.lstrip("/")],
        env={**os.environ, **{name: value for name, value in reached.items() if value}},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return True
