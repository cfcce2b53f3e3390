"""With READ_ONLY the site is read, nothing is written, and whoever wanted to write is told so in three languages."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import resolve

from engagement.freshness import catch_up
from engagement.web.readonly import FORMS
from engagement.web.writing import KEEP_NOTHING
from tests import environment
from tests.web.test_publicity import NOT_PUBLIC, PUBLIC_PAGES

PRIVATE_THAT_READ = {"healthz", "readyz", "metrics", "requests", "request", "meeting-check"}
WRITING = (
    "/corrections/new/", "/requests/new/", "/contacts/check/", "/snapshots/", "/admin/login/", "/admin/logout/",
    "/admin/engagement/organization/add/", "/admin/password_reset/", "/contacts/confirm/a-secret/",
)  # fmt: skip
TITLES = {
    "": "Nothing can be written at the moment",
    "/fr": "Rien ne peut être enregistré pour le moment",
    "/es": "Por el momento no se puede guardar nada",
}


@pytest.fixture
def read_only() -> Iterator[None]:
    with override_settings(READ_ONLY=True):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("path", WRITING)
def test_whatever_writes_is_refused_kindly_in_the_language_of_the_page(
    client: Client, read_only: None, language: str, path: str
) -> None:
    answer = client.post(f"{language}{path}", {"anything": "typed"})
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "600", "no-store")
    assert f"<h1>{TITLES[language]}</h1>" in answer.content.decode() and not answer.cookies


@pytest.mark.django_db
def test_a_form_that_would_be_refused_says_so_before_it_is_filled_in(client: Client, read_only: None) -> None:
    for path in ("/corrections/new/", "/requests/new/", "/contacts/check/", "/fr/admin/login/"):
        assert client.get(path).status_code == 503, path
    answer = client.post("/api/v1/organizations/")
    assert answer.status_code == 503 and answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "600"


def test_every_private_route_is_known_to_read_or_to_write() -> None:
    forms = {name.rpartition(":")[2] for name in FORMS if not name.startswith("admin")}
    assert NOT_PUBLIC["private"] - forms == PRIVATE_THAT_READ
    assert resolve("/meeting-check/").view_name in KEEP_NOTHING
    assert resolve("/api/v1/reconcile").view_name in KEEP_NOTHING


@pytest.mark.django_db
def test_what_keeps_nothing_is_answered_as_always(client: Client, read_only: None) -> None:
    assert client.post("/meeting-check/", {"names": "Amnesty International"}).status_code < 500
    answer = client.post("/api/v1/reconcile", "queries={}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.django_db
def test_staff_look_at_everything_and_are_told_that_nothing_is_saved(admin_client: Client, read_only: None) -> None:
    told = "nothing is saved"
    for path in ("/admin/", "/admin/engagement/organization/"):
        page: HttpResponse = admin_client.get(path)  # type: ignore[assignment]
        assert page.status_code == 200 and told in page.content.decode()
    assert "rien n’est enregistré" in admin_client.get("/fr/admin/").content.decode()
    with override_settings(READ_ONLY=False):
        assert told not in admin_client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_nothing_catches_up_while_nothing_may_be_written(
    read_only: None, django_assert_num_queries: Any, client: Client
) -> None:
    with django_assert_num_queries(0):
        assert catch_up() == []


# -- Databases that cannot be written to -----------------------------------------------------------------------------

ASKED = """
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from engagement.models import Source
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
client = Client(raise_request_exception=False)
for path in {paths!r}:
    print(client.get(path).status_code, path)
print(client.get("/readyz").status_code, "/readyz")
print(client.post("/corrections/new/").status_code, "/corrections/new/")
try:
    print("updated", Source.objects.update(note="written"))
except DatabaseError as error:
    print("refused", type(error).__name__)
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a register that cannot be written to: a file that is only read, or a database in which nobody
    may, and whose transactions only read."""
    var = tmp_path_factory.mktemp("var")
    with environment.own_database(var, "register_read_only", environment.REGISTER) as made:
        if environment.TEST_DATABASE_URL:
            keep_from_writing(made)
            yield made
        else:
            path = Path(made.removeprefix("sqlite:///"))
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            path.chmod(0o444)
            yield made


def keep_from_writing(made: str) -> None:
    """By its owner, who may be no more than that. (An administrator would not be kept by the first.)"""
    with closing(psycopg2.connect(made)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM CURRENT_USER")
        cursor.execute(f'ALTER DATABASE "{connection.info.dbname}" SET default_transaction_read_only = on')


def test_on_a_database_that_cannot_be_written_to_every_public_page_is_answered(database: str, tmp_path: Path) -> None:
    settings = environment.portal(tmp_path, DATABASE_URL=database, READ_ONLY="1", ALLOWED_HOSTS="testserver")
    code = ASKED.format(paths=PUBLIC_PAGES)
    done = environment.manage("shell", "--no-imports", "-c", code, settings=settings)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    assert len(lines) == len(PUBLIC_PAGES) + 3
    assert lines[-2] == "503 /corrections/new/" and lines[-1].startswith("refused ")
    assert [line for line in lines[:-2] if not line.startswith("200 ")] == []


@pytest.mark.parametrize(
    ("command", "runs"),
    [(("loaddata", "profile"), False), (("prepare",), False), (("migrate",), False), (("rebuild_search",), False),
     (("rebuild_search", "--check"), True), (("export_data", "countries"), True)],
)  # fmt: skip
def test_commands_that_write_refuse_in_one_line_and_others_run(
    database: str, tmp_path: Path, command: tuple[str, ...], runs: bool
) -> None:
    settings = environment.portal(tmp_path, DATABASE_URL=database, READ_ONLY="1", ALLOWED_HOSTS="register.example")
    done = environment.manage(*command, settings=settings)
    if runs:
        assert done.returncode == 0, done.stderr
        return
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.strip() == f"Configuration: READ_ONLY is on, and {command[0]} writes: nothing is done."
