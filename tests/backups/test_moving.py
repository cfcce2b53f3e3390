"""A register moves to another database, of the other engine too: all of it, or nothing."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from engagement.backups import Refused
from engagement.backups.moving import connected, require_empty
from tests import environment
from tests.backups.lives import EVERYTHING, LIVED
from tests.backups.test_drill import CONTACTS, DIGEST, manage, python, refused
from tests.environment import REGISTER, TABLES, TEST_DATABASE_URL

# A new row gets a key that no row ever had, and a number in the log; who has an account comes in.
GOES_ON = """
from django.contrib.auth import get_user_model
from engagement import freshness
from engagement.models import Region
before = freshness.revision()
made = Region.objects.create(slug="made-after-the-move", name="Made")
assert [change.number for change in freshness.changes(before)] == [before + 1], freshness.changes(before)
assert get_user_model().objects.get(username="vera").check_password("a long passphrase")
print(made.pk)
"""
LAST_KEY = (
    "from engagement.models import Region; r = Region.objects.create(slug='x', name='x'); print(r.pk); r.delete()"
)
# The move itself, in a process that ends itself when it has written so many rows.
KILLED = """
import os, signal
from engagement.backups import moving
with moving.connected("{url}") as target:
    moving.require_empty(target)
    moving.move(target, lambda rows: os.kill(os.getpid(), signal.SIGKILL) if rows > {rows} else None)
"""
ROWS = """
import json
from engagement.backups import moving
print(json.dumps([model._base_manager.count() for model in moving.moved_models() if model not in moving.FILLED]))
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moving")


@pytest.fixture(scope="module")
def lived(var: Path) -> Iterator[dict[str, str]]:
    """The settings of a register that people have worked with."""
    with environment.own_database(var, "register_lived", REGISTER) as database:
        settings = environment.portal(var, DATABASE_URL=database)
        python(settings, LIVED)
        yield settings


def other(settings: dict[str, str], url: str) -> dict[str, str]:
    """The same portal on another database."""
    return {**settings, "DATABASE_URL": url}


@pytest.fixture(scope="module")
def half_moved(lived: dict[str, str], var: Path) -> Iterator[tuple[dict[str, str], set[int]]]:
    """The portal on the database that a move was killed on, and how many rows are in each of its tables."""
    with environment.own_database(var, "register_moved", TABLES) as database:
        code = KILLED.format(url=database, rows=4_000)
        assert environment.manage("shell", "--no-imports", "-c", code, settings=lived).returncode == -9
        settings = other(lived, database)
        yield settings, set(json.loads(python(settings, ROWS)))


@pytest.fixture(scope="module")
def moved(lived: dict[str, str], half_moved: tuple[dict[str, str], set[int]], var: Path) -> dict[str, str]:
    """The register after it was moved: on SQLite to another file, on PostgreSQL to a file of SQLite and back."""
    settings, _rows = half_moved
    origin = lived
    if TEST_DATABASE_URL:
        origin = other(lived, f"sqlite:///{var / 'between.sqlite3'}")
        assert "Moved" in manage(lived, "move_to", origin["DATABASE_URL"])
    assert "Moved" in manage(origin, "move_to", settings["DATABASE_URL"])
    return settings


def test_a_move_that_is_killed_leaves_no_row(half_moved: tuple[dict[str, str], set[int]]) -> None:
    assert half_moved[1] == {0}


def test_everything_is_the_same_in_the_new_database(lived: dict[str, str], moved: dict[str, str]) -> None:
    assert python(moved, EVERYTHING) == python(lived, EVERYTHING)
    assert python(moved, DIGEST) == python(lived, DIGEST)
    assert python(moved, CONTACTS) == "1"
    manage(moved, "rebuild_search", "--check")


@pytest.mark.skipif(not TEST_DATABASE_URL, reason="between the engines")
def test_everything_is_the_same_on_the_other_engine(lived: dict[str, str], moved: dict[str, str], var: Path) -> None:
    between = other(lived, f"sqlite:///{var / 'between.sqlite3'}")
    assert python(between, EVERYTHING) == python(lived, EVERYTHING)
    assert python(between, DIGEST) == python(lived, DIGEST)
    manage(between, "rebuild_search", "--check")


def test_the_new_database_goes_on_where_the_old_one_was(lived: dict[str, str], moved: dict[str, str]) -> None:
    assert int(python(moved, GOES_ON)) == int(python(lived, LAST_KEY))
    assert "Erased again" not in manage(moved, "prepare")


def test_a_database_that_holds_anything_is_refused_and_left_as_it_is(
    lived: dict[str, str], moved: dict[str, str]
) -> None:
    before = python(moved, DIGEST)
    assert "is not empty" in refused(lived, "move_to", moved["DATABASE_URL"])
    assert python(moved, DIGEST) == before


def test_tables_of_others_are_refused_and_those_that_a_killed_migration_leaves_are_taken(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    path = tmp_path / "begun.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE django_migrations (id); CREATE TABLE engagement_region (id);")
        with django_db_blocker.unblock(), connected(f"sqlite:///{path}") as target:
            require_empty(target)
            database.executescript("INSERT INTO engagement_region VALUES (1);")
            with pytest.raises(Refused, match="holds rows in “engagement_region”"):
                require_empty(target)
            database.executescript("CREATE TABLE ledger (entry);")
            with pytest.raises(Refused, match="holds the table “ledger”"):
                require_empty(target)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name"])
def test_what_is_no_address_of_a_database_that_is_known_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="is to be postgres://"), connected(url):
        pass


def test_an_address_that_leads_nowhere_is_one_line(lived: dict[str, str]) -> None:
    assert "Nothing was moved" in refused(lived, "move_to", "postgres://nobody@127.0.0.1:1/nowhere")


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="the same on both engines")
def test_a_register_of_an_earlier_release_is_refused(lived: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "earlier.sqlite3"
    shutil.copyfile(lived["DATABASE_URL"].removeprefix("sqlite:///"), path)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("DELETE FROM django_migrations WHERE app = 'engagement' AND name LIKE '0007%'")
        copy.commit()
    earlier = other(lived, f"sqlite:///{path}")
    assert "of an earlier release" in refused(earlier, "move_to", f"sqlite:///{tmp_path / 'new.sqlite3'}")
