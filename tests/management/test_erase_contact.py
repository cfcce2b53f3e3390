"""`manage.py erase_contact`: what it says, that it asks, and that no byte of the contact stays behind or comes back."""

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from engagement.desk import ledger
from engagement.management.erasing import erase_contact
from engagement.models import Contact
from tests import environment
from tests.desk.canaries import EMAIL, KEY, NAME, signs_in
from tests.desk.test_erasing import brought, contact, var
from tests.exchange.importing.bringing import csv_bytes

__all__ = ["var"]

pytestmark = pytest.mark.django_db

PLANT = f"""
from django.conf import settings
from engagement import freshness
from engagement.exchange.importing import runs
from engagement.exchange.importing.base import Options
from tests.desk import canaries
rows = [canaries.row(key={KEY!r}), *(canaries.row(name=f"Invented {{n}}", email="", phone="", address=str(n), key="")
    for n in range(60))]
run = runs.bring("contacts", "invented.xlsx", canaries.workbook(*rows), Options(source="profile", as_of="2008"))
runs.apply(run)
freshness.catch_up()
found = canaries.tables_with_signs()
assert len(found) > 5, found
"""
LOOK = """
from engagement.models import Contact
from tests.desk import canaries
print(canaries.tables_with_signs(), Contact.objects.filter(name__startswith="Invented").count())
"""


# -- As a process, on a database of its own --------------------------------------------------------------------------


def ran(*arguments: str, settings: dict[str, str]) -> str:
    done = environment.manage(*arguments, settings=settings)
    assert done.returncode == 0, done.stderr
    assert not signs_in(done.stderr)
    return done.stdout.strip()


def python(code: str, settings: dict[str, str]) -> str:
    return ran("shell", "--no-imports", "-c", code, settings=settings)


@contextmanager
def backup_of(url: str, var: Path) -> Iterator[Any]:
    """A copy of the database; what is given puts it back."""
    name = urlsplit(url).path
    if not environment.TEST_DATABASE_URL:
        path = Path(name)
        shutil.copyfile(path, var / "backup")

        def put_back() -> None:
            for rest in path.parent.glob(f"{path.name}-*"):
                rest.unlink()
            shutil.move(var / "backup", path)

        yield put_back
        return
    database = name.removeprefix("/")
    environment.create(f"{database}_backup", database)
    try:
        yield lambda: environment.create(database, f"{database}_backup")
    finally:
        environment.server_run(f'DROP DATABASE IF EXISTS "{database}_backup" WITH (FORCE)')


def test_no_byte_of_it_is_left_and_a_backup_does_not_bring_it_back(tmp_path: Path) -> None:
    with environment.own_database(tmp_path, "erasing", environment.REGISTER) as url:
        settings = environment.portal(tmp_path, DATABASE_URL=url)
        python(PLANT, settings)
        with backup_of(url, tmp_path) as put_back:
            with reading(url):
                said = ran("erase_contact", KEY, "--yes", settings=settings)
                assert files_with_signs(tmp_path) - {"backup"} == set()
            assert "Erased. Cleared:" in said and "The files of imports 1 are dropped" in said
            assert python(LOOK, settings) == "{} 60"
            put_back()
            assert not signs_in(said)
            assert "Erased again, as the ledger of erasures has it: 1 contacts" in ran("prepare", settings=settings)
            assert python(LOOK, settings) == "{} 60"
            assert files_with_signs(tmp_path) == set()


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Somebody else has the database open, so that SQLite's write-ahead log stays when a process ends."""
    if environment.TEST_DATABASE_URL:
        yield
        return
    other = sqlite3.connect(urlsplit(url).path)
    other.execute("SELECT count(*) FROM engagement_contact").fetchall()
    yield
    assert Path(f"{urlsplit(url).path}-wal").exists()
    other.close()


def files_with_signs(directory: Path) -> set[str]:
    """Also the database's own file and its write-ahead log, where it is SQLite."""
    files = [path for path in directory.rglob("*") if path.is_file() and "static" not in path.parts]
    return {path.name for path in files if signs_in(path.read_bytes())}


# -- What it says ----------------------------------------------------------------------------------------------------


def test_it_says_what_goes_asks_and_says_what_went() -> None:
    made, said = contact(), list[str]()
    brought("invented.csv", csv_bytes("name email", (NAME, EMAIL)))
    with pytest.raises(CommandError, match="Nothing was erased"):
        erase_contact(str(made.pk), lambda question: "no", said.append)
    assert Contact.objects.filter(pk=made.pk).exists() and said[0] == "This will be cleared:"
    erase_contact(str(made.pk), lambda question: f"{made.pk} ", said.append)
    assert not Contact.objects.filter(pk=made.pk).exists()
    assert "Erased. Cleared:" in said and any("Imports whose file is dropped" in line for line in said)
    assert not signs_in("\n".join(said))


def test_what_is_wrong_is_one_line_and_erases_nothing() -> None:
    made, out = contact(), io.StringIO()
    for told in ("0", "no-such-key", "9" * 40, "²"):
        with pytest.raises(CommandError, match="There is no contact"):
            call_command("erase_contact", told, yes=True, stdout=out)
    with pytest.raises(CommandError, match="Say --yes"):
        erase_contact(made.key, None, out.write)
    ledger.path().mkdir()
    with pytest.raises(CommandError, match=r"Nothing was erased, as its ledger failed\..*erasures") as failed:
        call_command("erase_contact", made.key, yes=True, stdout=out)
    assert "\n" not in str(failed.value) and not signs_in(str(failed.value))
    assert Contact.objects.filter(pk=made.pk).exists()
