"""Many persons are erased, and their names stand in no file any more: not after a restore of an older backup."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import environment

pytestmark = pytest.mark.slow

MARK = "Quetzalvane"
# On PostgreSQL each takes longer, and is erased by the same statements.
NUMBER = 20 if environment.TEST_DATABASE_URL else 100
# Each has been edited, so that the history has two versions of it, and one was changed by an operation.
PLANT = f"""
from engagement.desk.journal import Edit, operation
from engagement.models import Contact, Source
source = Source.objects.first()
for number in range({NUMBER}):
    said = {{"email": f"{MARK}{{number}}@invented.example", "address": f"{MARK}street {{number}}", "purpose": "a test"}}
    said |= {{"lawful_basis": "public-role", "public": number % 2 == 0, "source": source}}
    made = Contact.objects.create(name=f"{MARK} Name{{number}}", **said)
    made.title = f"{MARK} title"
    made.save()
with operation("bulk", "Invented") as journal:
    journal.change([Edit(made, {{"phone": ""}}, {{"phone": "+41 22 000 00 00"}})])
from engagement import freshness
freshness.catch_up()
"""
ERASE = f"""
from engagement.desk import erasing
from engagement.models import Contact
for contact in Contact.objects.filter(name__startswith="{MARK}"):
    erasing.erase(contact)
print(Contact.objects.filter(name__startswith="{MARK}").count())
"""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[dict[str, str]]:
    (tmp_path / "var").mkdir()
    with environment.own_database(tmp_path / "var", "register_erasures", environment.REGISTER) as database:
        yield environment.portal(tmp_path / "var", DATABASE_URL=database)


def manage(settings: dict[str, str], *command: str) -> str:
    done = environment.manage(*command, settings=settings, seconds=300)
    assert done.returncode == 0, done.stderr
    assert MARK not in done.stdout + done.stderr, "what commands say goes into logs"
    return done.stdout.strip()


def python(settings: dict[str, str], code: str) -> str:
    return manage(settings, "shell", "--no-imports", "-c", code)


def marks(settings: dict[str, str]) -> int:
    """How often the mark stands in any file of the installation, in any case: database, write-ahead log, ledger. Of
    PostgreSQL in all that the database holds."""
    files = [path.read_bytes() for path in Path(settings["VAR_DIR"]).rglob("*") if path.is_file()]
    if environment.TEST_DATABASE_URL:
        files.append(subprocess.run(["pg_dump", settings["DATABASE_URL"]], capture_output=True, check=True).stdout)
    return sum(data.lower().count(MARK.lower().encode()) for data in files)


def test_of_all_erased_persons_nothing_is_in_any_file_nor_after_an_older_backup_is_restored(
    portal: dict[str, str], tmp_path: Path
) -> None:
    python(portal, PLANT)
    assert marks(portal) >= 4 * NUMBER, "the marks are found while they are there"
    manage(portal, "backup", "--into", str(tmp_path / "backups"))
    (backup,) = (tmp_path / "backups").iterdir()
    assert python(portal, ERASE) == "0"
    assert marks(portal) == 0
    assert f"{NUMBER} contacts" in manage(portal, "restore", str(backup), "--replace")
    assert marks(portal) == 0
