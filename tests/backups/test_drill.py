"""The drill: a register that is lost comes back from its backup, the same to the byte, without those erased since."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import environment
from tests.backups import amcheck
from tests.environment import REGISTER, TEST_DATABASE_URL

# A digest of everything that the register gives away as files: all collections, whole.
DIGEST = """
import hashlib
from engagement.management.exporting import COLLECTIONS, exported
digest = hashlib.sha256()
for kind in COLLECTIONS:
    for chunk in exported(kind, "csv", "", "", "https://register.example"):
        digest.update(chunk)
print(digest.hexdigest())
"""
EDIT = """
from engagement.models import Organization
assert Organization.objects.filter(pk__gt=0).update(name="Overwritten by mistake") > 50
"""
CONTACT = """
from engagement.models import Contact, Source
print(Contact.objects.create(name="Vera Canary", email="vera@canary.example", purpose="a test", lawful_basis="consent",
                             source=Source.objects.first()).pk)
"""
# Commits one row after the other, and says the number of each when it is committed.
WRITER = """
from itertools import count
from engagement.models import Region
for number in count(1):
    Region.objects.create(slug=f"written-{number}", name=f"Written {number}")
    print(number, flush=True)
"""
WRITTEN = """
from engagement.models import Region
print(*sorted(int(slug.removeprefix("written-")) for slug in
              Region.objects.filter(slug__startswith="written-").values_list("slug", flat=True)))
"""
CONTACTS = "from engagement.models import Contact; print(Contact.objects.filter(name='Vera Canary').count())"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a portal that holds the register."""
    with environment.own_database(tmp_path, "register_drill", REGISTER) as database:
        yield environment.portal(tmp_path, DATABASE_URL=database)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of another one, whose directory and database are empty."""
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    with environment.own_database(directory, "register_elsewhere") as database:
        yield environment.portal(directory, DATABASE_URL=database)


def manage(settings: dict[str, str], *command: str) -> str:
    done = environment.manage(*command, settings=settings, seconds=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refused(settings: dict[str, str], *command: str) -> str:
    done = environment.manage(*command, settings=settings, seconds=300)
    assert done.returncode == 1 and done.stderr.count("\n") == 1, (done.stdout, done.stderr)
    return done.stderr


def python(settings: dict[str, str], code: str) -> str:
    return manage(settings, "shell", "--no-imports", "-c", code)


def backup(settings: dict[str, str], tmp_path: Path) -> Path:
    manage(settings, "backup", "--into", str(tmp_path / "backups"))
    (path,) = (tmp_path / "backups").iterdir()
    return path


def test_a_register_that_was_spoilt_comes_back_the_same_to_the_byte(portal: dict[str, str], tmp_path: Path) -> None:
    before = python(portal, DIGEST)
    path = backup(portal, tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    python(portal, EDIT)
    spoilt = python(portal, DIGEST)
    assert spoilt != before
    assert "say --replace" in refused(portal, "restore", str(path)) and python(portal, DIGEST) == spoilt
    assert "Restart whatever serves" in manage(portal, "restore", str(path), "--replace")
    assert python(portal, DIGEST) == before
    assert manage(portal, "rebuild_search", "--check") is not None


def test_an_empty_database_elsewhere_becomes_the_register(
    portal: dict[str, str], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    manage(elsewhere, "restore", str(backup(portal, tmp_path)))
    assert python(elsewhere, DIGEST) == python(portal, DIGEST)
    if TEST_DATABASE_URL:
        amcheck.require_sound(elsewhere["DATABASE_URL"])


def test_a_copy_made_while_others_write_is_of_one_moment(portal: dict[str, str], tmp_path: Path) -> None:
    with environment.managing("shell", "--no-imports", "-c", WRITER, settings=portal) as writer:
        assert writer.stdout is not None
        before = int(writer.stdout.readline())
        path = backup(portal, tmp_path)
        writer.kill()
        after = int(writer.stdout.read().split()[-1])
    manage(portal, "restore", str(path), "--replace")
    written = [int(number) for number in python(portal, WRITTEN).split()]
    assert written == list(range(1, len(written) + 1)), "a row is missing that was committed before another"
    assert before <= len(written) <= after + 1


def test_who_was_erased_after_the_backup_does_not_come_back(portal: dict[str, str], tmp_path: Path) -> None:
    number = python(portal, CONTACT)
    path = backup(portal, tmp_path)
    manage(portal, "erase_contact", number, "--yes")
    assert "Erased again" in manage(portal, "restore", str(path), "--replace")
    assert python(portal, CONTACTS) == "0"


def test_the_ledger_in_a_backup_holds_where_the_directory_was_lost(
    portal: dict[str, str], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    number = python(portal, CONTACT)
    early = backup(portal, tmp_path).rename(tmp_path / "early.backup")
    manage(portal, "erase_contact", number, "--yes")
    manage(elsewhere, "restore", str(backup(portal, tmp_path)))
    manage(elsewhere, "restore", str(early), "--replace")
    assert python(elsewhere, CONTACTS) == "0"


def test_what_cannot_be_restored_leaves_the_register_as_it_is(portal: dict[str, str], tmp_path: Path) -> None:
    before = python(portal, DIGEST)
    path = backup(portal, tmp_path)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "Nothing was restored" in refused(portal, "restore", str(cut), "--replace")
    assert "No such file" in refused(portal, "restore", str(tmp_path / "nowhere.backup"), "--replace")
    assert python(portal, DIGEST) == before
    assert not list(tmp_path.glob(".restoring-*")) and not list((tmp_path / "backups").glob(".*"))


def test_a_backup_where_nothing_can_be_written_is_one_line(portal: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "No backup was made" in refused(portal, "backup", "--into", str(tmp_path / "file"))


@pytest.mark.parametrize("days", ["0", "-5", "99999999999"])
def test_a_number_of_days_that_would_delete_everything_is_refused(
    portal: dict[str, str], tmp_path: Path, days: str
) -> None:
    backups = tmp_path / "backups"
    assert "No backup was made" in refused(portal, "backup", "--into", str(backups), "--keep-days", days)
    assert not backups.exists()


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="of SQLite's file")
def test_a_database_that_is_damaged_is_not_put_in_place_of_a_good_one(portal: dict[str, str], tmp_path: Path) -> None:
    path, bad = tmp_path / "register_drill.sqlite3", tmp_path / "bad"
    before = python(portal, DIGEST)
    bad.mkdir()
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(bad / "register_bad.sqlite3")) as copy:
        database.backup(copy)
        copy.executescript("PRAGMA foreign_keys=OFF; DELETE FROM engagement_source; PRAGMA journal_mode=DELETE;")
    spoilt = environment.portal(bad, DATABASE_URL=f"sqlite:///{bad / 'register_bad.sqlite3'}")
    assert "damaged" in refused(spoilt, "backup", "--into", str(bad / "backups"))
    assert list((bad / "backups").iterdir()) == []
    assert python(portal, DIGEST) == before
