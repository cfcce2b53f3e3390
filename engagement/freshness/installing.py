"""The log and its triggers, made where they are missing: after each `migrate`, and never in a migration.

SQLite rebuilds a table to alter it and drops its triggers without a word. So a table that is found without them, or
with others than it should have, may have been written to unnoticed: it gets its triggers, and every row of it is noted
as changed. On a database that is older than the log this also makes the beginning of the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.migrations import AddField, RemoveField, RenameField, RenameModel, SeparateDatabaseAndState
from django.db.transaction import atomic

from engagement.freshness.store import Watched
from engagement.freshness.stores import STORES, store

APP = "engagement"
# Models whose rows are no part of what the register says, by the beginning of their names in lower case.
LEFT_OUT = ("historical",)
# The column that says whether the public sees a row: what it never saw is not named either.
PUBLISHED = "published"


# -- Which tables -------------------------------------------------------------------------------------------------


def watched_of(registry: Any = apps) -> tuple[Watched, ...]:
    """The tables of the app's models, those of its many-to-many fields included.

    A model that names a foreign key in `part_of` is watched twice: its rows are part of those they point to. One that
    says `noted = False` is not watched: its rows are no part of what the register says.
    """
    found = registry.get_models(include_auto_created=True)
    ours = [model for model in found if model._meta.app_label == APP and model._meta.managed and not model._meta.proxy]
    models = [model for model in ours if is_noted(model)]
    return (*map(watched, models), *(part(model, name) for model in models if (name := as_written(model, "part_of"))))


def is_noted(model: Any) -> bool:
    """Not the history, and no model that says `noted = False`."""
    return not model._meta.model_name.startswith(LEFT_OUT) and as_written(model, "noted") is not False


def as_written(model: Any, attribute: str) -> Any:
    """Of the model as it is written: while migrating, models are made without attributes. None: it has none."""
    try:
        return getattr(apps.get_model(APP, model._meta.model_name), attribute, None)
    except LookupError:  # it is gone from the code
        return None


def named_by(model: Any) -> str:
    """The column of its natural key; '' where it has none, or none that may be kept when the row is gone."""
    name = as_written(model, "key_field") if as_written(model, "key_may_outlive") else None
    columns = {field.name: field.column for field in model._meta.local_concrete_fields}
    return columns.get(name, "")


def part(model: Any, name: str) -> Watched:
    owner = model._meta.get_field(name)
    whole = replace(watched(model), named_by="", named_if="")
    return replace(whole, key=owner.column, noted_as=owner.related_model._meta.db_table, part=True)


def watched(model: Any) -> Watched:
    meta = model._meta
    if not isinstance(meta.pk.target_field if meta.pk.remote_field else meta.pk, models.IntegerField):
        raise ImproperlyConfigured(f"{meta.label}: the change log takes integers for primary keys and nothing else.")
    # Sorted: while migrating, a model has its fields in the order in which the migrations added them.
    columns = tuple(sorted(field.column for field in meta.local_concrete_fields if not field.generated))
    primary_key, owner = meta.pk.column, meta.auto_created
    if not owner:
        named = named_by(model)
        flag = PUBLISHED if named and PUBLISHED in columns else ""
        return Watched(meta.db_table, primary_key, primary_key, columns, meta.db_table, named_by=named, named_if=flag)
    [field] = [field for field in owner._meta.local_many_to_many if field.remote_field.through is model]
    return Watched(meta.db_table, primary_key, field.m2m_column_name(), columns, noted_as=owner._meta.db_table)


# -- Installing ---------------------------------------------------------------------------------------------------


def install(watch: Sequence[Watched], using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Make what is missing; the tables that got their triggers. Where nothing is missing, nothing is done."""
    target = store(using)
    with atomic(using=using):
        target.create_tables()
        if strays := target.strays(watch):
            target.unwatch(strays)
        faulty = target.faulty(watch)
        for each in watch:
            if each.table in faulty:
                target.watch(each)
                target.note_all(each)
    return list(faulty)


def after_migrating(using: str = DEFAULT_DB_ALIAS, apps: Any = apps, **kwargs: Any) -> None:
    """The receiver of post_migrate. `apps` are the models as far as they have been migrated."""
    if router.allow_migrate(using, APP):
        install(watched_of(apps), using)


def before_migrating(using: str, plan: Iterable[tuple[Any, bool]], apps: Any, **kwargs: Any) -> None:
    """The receiver of pre_migrate: SQLite refuses to drop a column that a trigger names, and PostgreSQL runs into a
    function that reads a column by its former name. Those tables get their triggers again when all is migrated."""
    altered = {
        name for migration, backwards in plan if migration.app_label == APP for name in losing(migration, backwards)
    }
    existing = {
        model._meta.model_name: model._meta.db_table for model in apps.get_models() if model._meta.app_label == APP
    }
    tables = {existing[name] for name in altered if name in existing}
    if tables:
        target = store(using)
        target.unwatch({each.table for each in watched_of(apps) if {each.table, each.noted_as} & tables})


def losing(migration: Any, backwards: bool) -> Iterator[str]:
    """Models from whose table a column goes or gets another name, in lower case."""
    for operation in flat(migration.operations):
        if isinstance(operation, RemoveField | RenameField) or (isinstance(operation, AddField) and backwards):
            yield operation.model_name_lower
        elif isinstance(operation, RenameModel):
            yield from (operation.old_name_lower, operation.new_name_lower)


def flat(operations: Iterable[Any]) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


# -- Checking -----------------------------------------------------------------------------------------------------


@register(Tags.database)
def changes_are_noted(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn of tables whose changes pass unnoted. Before the first `migrate` there are no tables to warn of."""
    return [warning for alias in databases or [] for warning in unnoted(alias)]


def unnoted(using: str) -> Iterator[CheckMessage]:
    if connections[using].vendor not in STORES or not router.allow_migrate(using, APP):
        return
    missing = {table: triggers for table, triggers in store(using).faulty(watched_of()).items() if triggers}
    if missing:
        table, triggers = min(missing.items())
        yield Warning(
            f"Changes of {len(missing)} tables may pass unnoted, the first being {table} (no {', '.join(triggers)}).",
            hint="Run `manage.py migrate`: it installs the triggers, even where there is nothing to migrate.",
            id="engagement.W002",
        )
