"""The triggers: on every table, back after a table was rebuilt, and spoken of where they are missing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, migrations, models
from django.test.utils import CaptureQueriesContext

from engagement.freshness import Watched, changes, install, installing, revision, watched_of
from engagement.freshness.stores import store
from engagement.models import Theme
from tests.freshness.toys import LINK, NAMED_TOY, ON_POSTGRESQL, OWN, TOY, add, noting, own_noted, run

on_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL alters a table where it stands")
on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite knows neither")


class Toy(models.Model):
    name = models.CharField(max_length=20)
    size = models.IntegerField(null=True)

    objects: models.Manager["Toy"] = models.Manager()

    class Meta:
        app_label = "toys"
        apps = Apps()

    def __str__(self) -> str:
        return self.name


WATCHED_TOY = installing.watched(Toy)


@pytest.fixture
def table(own: str) -> Iterator[Any]:
    """A table made by Django's schema editor, watched, with a row in it."""
    with connections[own].schema_editor() as editor:
        editor.create_model(Toy)
    install([WATCHED_TOY], using=own)
    Toy.objects.using(own).create(name="one")
    yield Toy.objects.using(own)


def lengthen_the_name() -> None:
    longer = models.CharField(max_length=40, default="")
    longer.set_attributes_from_name("name")
    longer.model = Toy
    with connections[OWN].schema_editor() as editor:
        editor.alter_field(Toy, Toy._meta.get_field("name"), longer)


def faults(watched: Watched) -> dict[str, list[str]]:
    return store(OWN).faulty([watched])


def warnings(**options: Any) -> list[str]:
    found = run_checks(databases=["default"], **options)
    return [f"{message.msg} {message.hint}" for message in found if message.id == "engagement.W002"]


# -- What is watched --------------------------------------------------------------------------------------------


def test_every_table_of_the_register_is_watched_but_the_history_and_what_says_that_it_is_not_noted() -> None:
    every = {model._meta.db_table for model in apps.get_app_config("engagement").get_models(include_auto_created=True)}
    left_out = every - {watched.table for watched in watched_of()}
    assert {table for table in left_out if not table.startswith("engagement_historical")} == {"engagement_snapshot"}


def test_generated_columns_are_not_compared_and_all_others_are() -> None:
    (organization,) = [watched for watched in watched_of() if watched.table == "engagement_organization"]
    assert {"id", "name", "source_id", "founded", "published"} < set(organization.columns)
    assert not {"founded_earliest", "founded_latest"} & set(organization.columns)
    assert not organization.links


def test_a_many_to_many_table_is_noted_as_its_owner() -> None:
    (links,) = [watched for watched in watched_of() if watched.table == "engagement_project_countries"]
    assert (links.key, links.noted_as, links.links) == ("project_id", "engagement_project", True)


def test_a_part_is_noted_by_itself_and_as_its_owners() -> None:
    itself, part = [watched for watched in watched_of() if watched.table == "engagement_seat"]
    assert (itself.key, itself.noted_as, itself.part) == ("id", "engagement_seat", False)
    assert (part.key, part.noted_as, part.part) == ("organization_id", "engagement_organization", True)


def test_a_record_is_named_by_its_key_and_a_contact_a_part_or_a_link_by_nothing() -> None:
    named = {watched: (watched.named_by, watched.named_if) for watched in watched_of()}
    whole = {watched.table: each for watched, each in named.items() if not watched.links}
    assert whole["engagement_organization"] == ("slug", "published")
    assert whole["engagement_consultativestatus"] == ("key", "published")
    assert whole["engagement_instrument"] == ("code", "published")
    assert whole["engagement_country"] == ("iso2", "published")
    assert [table for table, each in whole.items() if each == ("", "")] == ["engagement_contact"]
    assert {each for watched, each in named.items() if watched.links} == {("", "")}


def test_a_primary_key_that_is_no_integer_is_refused() -> None:
    class Worded(models.Model):
        word = models.CharField(primary_key=True, max_length=5)

        class Meta:
            app_label = "toys"
            apps = Apps()

        def __str__(self) -> str:
            return self.word

    with pytest.raises(ImproperlyConfigured, match=r"toys\.Worded"):
        installing.watched(Worded)


def test_another_engine_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "oracle")
    with pytest.raises(ImproperlyConfigured, match="not oracle"):
        store("default")
    assert warnings() == []


# -- Installing -------------------------------------------------------------------------------------------------


def test_installing_again_changes_nothing(own: str) -> None:
    add(1)
    before = revision(own)
    with CaptureQueriesContext(connections[own]) as queries:
        assert install([TOY, LINK], using=own) == []
    assert revision(own) == before
    assert [query["sql"] for query in queries if "DROP" in query["sql"] or "TRIGGER" in query["sql"]] == []


def test_a_table_older_than_the_log_is_noted_whole(own: str) -> None:
    run("INSERT INTO part VALUES (1, NULL), (2, NULL)")
    part = Watched("part", "id", "id", ("id", "toy_id"), noted_as="part")
    assert install([TOY, LINK, part], using=own) == ["part"]
    assert own_noted() == [("part", 1, "update"), ("part", 2, "update")]


def test_a_links_table_older_than_the_log_notes_each_owner_once(own: str) -> None:
    install([TOY], using=own)
    run("INSERT INTO toy_link VALUES (1, 10, 0), (2, 10, 1), (3, 20, 0)")
    assert own_noted() == []
    assert install([TOY, LINK], using=own) == ["toy_link"]
    assert sorted(own_noted()) == [("toy", 10, "update"), ("toy", 20, "update")]


def test_a_table_that_is_no_longer_watched_loses_its_triggers(own: str) -> None:
    install([LINK], using=own)
    add(1)
    assert own_noted() == []
    assert install([TOY, LINK], using=own) == ["toy"]
    add(2)
    assert own_noted() == [("toy", 1, "update"), ("toy", 2, "insert")]


def test_a_table_that_does_not_exist_is_passed_over(own: str) -> None:
    assert install([TOY, LINK, Watched("not_there", "id", "id", ("id",), "not_there")], using=own) == []


def test_a_renamed_table_is_watched_under_its_new_name_alone(own: str) -> None:
    add(1)
    run("ALTER TABLE toy RENAME TO plaything")
    plaything = Watched("plaything", "id", "id", ("id", "name"), noted_as="plaything")
    before = revision(own)
    install([plaything, LINK], using=own)
    run("INSERT INTO plaything VALUES (2, 'new')")
    assert own_noted(before) == [("plaything", 1, "update"), ("plaything", 2, "insert")]


def test_a_log_of_an_earlier_release_gets_what_it_lacks_and_keeps_what_it_has(own: str) -> None:
    add(1)
    run("DROP INDEX freshness_change_by_row")
    run("ALTER TABLE freshness_change DROP COLUMN row_name")
    if ON_POSTGRESQL:
        run("ALTER TABLE freshness_pending DROP COLUMN row_names")
    assert install([NAMED_TOY, LINK], using=own) == ["toy"]
    add(2, "two")
    assert own_noted() == [("toy", 1, "insert"), ("toy", 1, "update"), ("toy", 2, "insert")]
    assert [change.name for change in changes(0, using=own)] == ["", "a toy", "two"]
    assert install([NAMED_TOY, LINK], using=own) == []


# -- Tables rebuilt ---------------------------------------------------------------------------------------------


@on_sqlite
def test_a_rebuilt_table_has_lost_its_triggers_and_gets_them_again(own: str, table: Any) -> None:
    assert faults(WATCHED_TOY) == {}
    lengthen_the_name()
    assert len(faults(WATCHED_TOY)["toys_toy"]) == 4
    before = revision(own)
    unseen = table.create(name="unseen")
    assert own_noted(before) == []
    assert install([WATCHED_TOY], using=own) == ["toys_toy"]
    assert ("toys_toy", unseen.pk, "update") in own_noted(before)
    before = revision(own)
    table.filter(pk=unseen.pk).update(name="seen")
    assert own_noted(before) == [("toys_toy", unseen.pk, "update")]


@on_postgresql
def test_an_altered_table_keeps_its_triggers_on_postgresql(own: str, table: Any) -> None:
    lengthen_the_name()
    assert faults(WATCHED_TOY) == {}
    before, row = revision(own), table.get()
    table.update(name="a longer name than it could have")
    assert own_noted(before) == [("toys_toy", row.pk, "update")]


def test_a_column_added_is_compared_after_installing(own: str, table: Any) -> None:
    table.update(size=1)
    run("ALTER TABLE toys_toy ADD COLUMN colour text")
    wider = Watched("toys_toy", "id", "id", (*WATCHED_TOY.columns, "colour"), "toys_toy")
    install([wider], using=own)
    before = revision(own)
    run("UPDATE toys_toy SET colour = 'red'")
    run("UPDATE toys_toy SET colour = 'red'")
    assert len(own_noted(before)) == 1


# -- Around migrations ------------------------------------------------------------------------------------------


def plan_of(*operations: Any, backwards: bool = False) -> list[tuple[Any, bool]]:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations)})
    return [(kind("0002_test", "engagement"), backwards)]


@pytest.mark.django_db
@on_sqlite
def test_sqlite_refuses_to_drop_a_column_that_a_trigger_names() -> None:
    with pytest.raises(DatabaseError, match=r"freshness_note_\w+_engagement_theme"):
        run("ALTER TABLE engagement_theme DROP COLUMN published", using="default")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "plan",
    [
        plan_of(migrations.RemoveField("Theme", "published")),
        plan_of(migrations.AddField("Theme", "published", models.BooleanField()), backwards=True),
        plan_of(migrations.SeparateDatabaseAndState([migrations.RenameField("Theme", "published", "shown")])),
        plan_of(migrations.RenameModel("Theme", "Topic")),
    ],
)
def test_before_a_migration_that_takes_a_column_its_table_loses_its_triggers(plan: Any) -> None:
    theme = Theme.objects.create(name="Test theme")
    installing.before_migrating(using="default", plan=plan, apps=apps)
    run("ALTER TABLE engagement_theme DROP COLUMN published", using="default")
    with noting() as noted:
        run("UPDATE engagement_theme SET name = 'Unseen' WHERE id = %s", [theme.pk], using="default")
    assert noted == []
    run("ALTER TABLE engagement_theme ADD COLUMN published boolean NOT NULL DEFAULT true", using="default")
    with noting() as noted:
        installing.after_migrating(using="default")
    assert ("theme", theme.pk, "update") in noted
    assert {table for table, *_ in noted} <= {"theme", "organization", "project", "programme", "consultativecategory"}


@pytest.mark.django_db
def test_other_migrations_leave_the_triggers_alone() -> None:
    added = migrations.AddField("Theme", "colour", models.TextField(null=True))
    unknown = migrations.RemoveField("NotThere", "colour")
    installing.before_migrating(using="default", plan=plan_of(added, unknown, migrations.RunSQL("")), apps=apps)
    assert store("default").faulty(watched_of()) == {}


@pytest.mark.django_db
def test_migrating_an_up_to_date_register_notes_nothing() -> None:
    with noting() as noted:
        call_command("migrate", verbosity=0)
    assert noted == []


# -- The check --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_check_is_silent_while_every_trigger_is_there() -> None:
    assert warnings() == []


@pytest.mark.django_db
def test_the_check_names_a_table_without_its_triggers_until_they_are_installed() -> None:
    store("default").unwatch({"engagement_theme"})
    (warning,) = warnings()
    assert "1 tables" in warning and "engagement_theme" in warning and "manage.py migrate" in warning
    assert install(watched_of()) == ["engagement_theme"]
    assert warnings() == []


@pytest.mark.django_db
@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE engagement_theme DISABLE TRIGGER freshness_update",
        "DROP TRIGGER freshness_insert ON engagement_theme",
        "ALTER TABLE freshness_bell DISABLE TRIGGER freshness_number",
        "DROP TRIGGER freshness_number ON freshness_bell",
    ],
)
def test_a_trigger_disabled_or_dropped_by_hand_is_spoken_of_and_mended(statement: str) -> None:
    run(statement, using="default")
    (warning,) = warnings()
    assert "freshness_" in warning
    install(watched_of())
    assert warnings() == []
    with noting() as noted:
        theme = Theme.objects.create(name="Test theme")
    assert noted == [("theme", theme.pk, "insert")]


def test_before_the_first_migration_the_check_has_nothing_to_say(own: str) -> None:
    assert list(installing.unnoted(own)) == []
