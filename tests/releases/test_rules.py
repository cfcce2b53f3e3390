"""Migrations after the first release run while the former one serves, and can be taken back."""

from pathlib import Path
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tests.releases.keep import MIGRATIONS
from tests.releases.rules import broken_by

pytestmark = pytest.mark.once

FIRST = "1.0.0"
# By (app, migration): why it may do what the rule forbids.
ALLOWED: dict[tuple[str, str], str] = {}


def released() -> set[tuple[str, str]]:
    lines = (Path(__file__).parent / FIRST / MIGRATIONS).read_text().splitlines()
    return {(app, name) for app, _space, name in (line.partition(" ") for line in lines)}


def test_migrations_since_the_first_release_leave_the_former_code_working() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {key for key in loader.disk_migrations if key[0] in ("engagement", "desk")}
    assert released() <= ours, "a migration that was released is gone"
    found = [
        fault
        for key in sorted(ours - released() - set(ALLOWED))
        for fault in broken_by(loader.disk_migrations[key], loader.project_state(key, at_end=False))
    ]
    assert found == []


def faults(*operations: Operation) -> list[str]:
    """Of a migration with these operations, after one that made a model with a name and a number."""
    migration: Any = migrations.Migration("0002_next", "engagement")
    migration.operations = list(operations)
    before = ProjectState()
    fields: list[Any] = [
        ("id", models.AutoField(primary_key=True)),
        ("name", models.CharField(max_length=10)),
        ("number", models.IntegerField(null=True)),
    ]
    before.add_model(ModelState("engagement", "Thing", fields))
    return list(broken_by(migration, before))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("thing", "name"),
        migrations.RenameField("thing", "name", "title"),
        migrations.DeleteModel("Thing"),
        migrations.RenameModel("Thing", "Matter"),
        migrations.AlterModelTable("Thing", "matter"),
        migrations.AddField("thing", "text", models.TextField()),
        migrations.AddField("thing", "text", models.TextField(default="")),
        migrations.AddField("thing", "text", models.CharField(max_length=9, unique=True, db_default="")),
        migrations.AlterField("thing", "number", models.IntegerField(default=0)),
        migrations.AlterField("thing", "number", models.TextField(null=True)),
        migrations.AlterField("thing", "name", models.CharField(max_length=9)),
        migrations.AlterField("thing", "name", models.CharField(max_length=10, unique=True)),
        migrations.AlterUniqueTogether("thing", {("name", "number")}),
        migrations.AddConstraint("thing", models.CheckConstraint(condition=models.Q(number=1), name="one")),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("SELECT 1", "SELECT 1"),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("thing", "name")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_the_former_release_would_stumble_over_is_found(operation: Operation) -> None:
    assert len(faults(operation)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Other", [("id", models.AutoField(primary_key=True))]),
        migrations.AddField("thing", "text", models.TextField(null=True)),
        migrations.AddField("thing", "text", models.TextField(db_default="")),
        migrations.AddField("thing", "key", models.CharField(max_length=9, unique=True, null=True)),
        migrations.AlterField("thing", "name", models.CharField("Name", max_length=20, blank=True, help_text="New")),
        migrations.AlterField("thing", "name", models.CharField(max_length=10, null=True)),
        migrations.AddIndex("thing", models.Index(fields=["name"], name="by_name")),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_both_releases_can_live_with_is_let_through(operation: Operation) -> None:
    assert faults(operation) == []
