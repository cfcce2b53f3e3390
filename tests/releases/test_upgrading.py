"""A register that a release left behind is restored, migrated to this one, and gives away what it gave away then."""

import csv
import gzip
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from tests import environment
from tests.environment import TEST_DATABASE_URL
from tests.releases.keep import EXPORT, EXPORTED, HERE, MIGRATIONS, python, run

RELEASES = sorted(path.parent.name for path in HERE.glob(f"*/{EXPORT}"))
ENGINE = "postgresql" if TEST_DATABASE_URL else "sqlite"

STAFF = """
from django.contrib.auth import get_user_model
from engagement.desk.models import Erasure, ImportRun, Operation
from engagement.models import Contact, Organization, Snapshot, Source
assert get_user_model().objects.get(username="vera").check_password("a long passphrase")
assert Contact.objects.get(name="Vera Canary").email == "vera@canary.example"
assert not Contact.objects.filter(name="Erased Canary").exists() and Erasure.objects.count() == 1
assert ImportRun.objects.filter(body=bytes([0, 255, 92, 10])).exists()
assert Operation.objects.exists() and Snapshot.objects.exists()
source = Source.objects.get(note__startswith="Edited by hand")
assert source.history.first().note == source.note
print(Organization.objects.filter(name__startswith="Invented").count())
"""
LAST = """
from django.db.migrations.loader import MigrationLoader
graph = MigrationLoader(None, ignore_no_migrations=True).graph
for app in ("desk", "engagement"):
    [leaf] = graph.leaf_nodes(app)
    before = [parent.key[1] for parent in graph.node_map[leaf].parents if parent.key[0] == app]
    print(app, *before)
"""


@pytest.fixture(params=RELEASES)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The directory of a release, and the settings of a portal of this one that was restored from its backup."""
    directory = HERE / request.param
    with environment.own_database(tmp_path, "register_upgraded") as database:
        settings = environment.portal(tmp_path, DATABASE_URL=database)
        run(settings, "restore", str(directory / f"{ENGINE}.backup"))
        yield directory, settings


def rows(text: str, columns: list[str]) -> list[list[str]]:
    """The rows of a file, of which only these columns."""
    return [[row[name] for name in columns] for row in csv.DictReader(StringIO(text))]


def test_the_first_release_is_kept_for_both_engines() -> None:
    assert RELEASES[:1] == ["1.0.0"]
    for release in RELEASES:
        there = {path.name for path in (HERE / release).iterdir()}
        assert there == {EXPORT, MIGRATIONS, "postgresql.backup", "sqlite.backup"}


def test_a_register_of_each_release_comes_up_the_same_in_this_one(upgraded: tuple[Path, dict[str, str]]) -> None:
    directory, settings = upgraded
    then = json.loads(gzip.decompress((directory / EXPORT).read_bytes()))
    now = json.loads(python(settings, EXPORTED))
    assert set(then) <= set(now)
    for kind, text in then.items():
        # Columns may be added; those that were there stay, and say the same.
        columns = next(csv.reader(StringIO(text)))
        assert rows(now[kind], columns) == rows(text, columns), kind
    assert int(python(settings, STAFF)) >= 2
    run(settings, "rebuild_search", "--check")
    step_back_and_forward(settings)
    assert json.loads(python(settings, EXPORTED)) == now
    run(settings, "rebuild_search", "--check")


def step_back_and_forward(settings: dict[str, str]) -> None:
    """Take back the last migration of each app, where there is one before it, and run it again."""
    for line in python(settings, LAST).splitlines():
        app, *before = line.split()
        if before:
            run(settings, "migrate", app, before[0], "--verbosity=0")
    run(settings, "migrate", "--verbosity=0")
