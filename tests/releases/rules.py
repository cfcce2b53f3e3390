"""What a migration may do while processes of the former release still serve, and what it may not.

The former code reads and writes every column that it knows, and none that it does not. So columns and tables come with
one release and go with a later one, when nobody knows them any more (docs/architecture.md).
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.state import ProjectState

# What of a field the database does not know.
WORDS = frozenset(
    {
        "blank", "choices", "default", "editable", "encoder", "error_messages", "help_text", "limit_choices_to",
        "on_delete", "related_name", "related_query_name", "serialize", "validators", "verbose_name",
    }
)  # fmt: skip
GOING = (
    migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel,
    migrations.AlterModelTable,
)  # fmt: skip
NARROWING = (migrations.AddConstraint, migrations.AlterUniqueTogether)
HARMLESS = (
    migrations.AddIndex, migrations.RemoveIndex, migrations.RenameIndex, migrations.RemoveConstraint,
    migrations.AlterModelOptions, migrations.AlterModelManagers, migrations.CreateModel,
)  # fmt: skip


def broken_by(migration: Any, before: ProjectState) -> Iterator[str]:
    """What in a migration the former release would stumble over, or what could not be taken back. `before`: what was
    there before it."""
    state = before.clone()
    for operation in flat(migration.operations):
        if fault := fault_of(operation, state, migration.app_label):
            yield f"{migration}: {operation.describe()}: {fault}"
        operation.state_forwards(migration.app_label, state)


def flat(operations: Any) -> Iterator[Any]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def fault_of(operation: Any, state: ProjectState, app: str) -> str:
    """'' for an operation that both releases can live with."""
    if not operation.reversible:
        return "cannot be taken back"
    if isinstance(operation, GOING):
        return "the former release still asks for what goes"
    if isinstance(operation, NARROWING):
        return "the former release may write what this refuses"
    if isinstance(operation, migrations.AddField):
        return fault_of_new(operation.field)
    if isinstance(operation, migrations.AlterField):
        was = state.models[app, operation.model_name_lower].fields[operation.name]
        return fault_of_altered(was, operation.field)
    if isinstance(operation, (migrations.RunPython, *HARMLESS)):
        return ""
    return "nobody has judged this kind of operation yet"


def fault_of_new(field: Any) -> str:
    """The former release inserts rows without it. Django's `default` is no default of the database."""
    if field.many_to_many or field.null or field.generated or field.has_db_default():
        return (
            ""
            if not (field.unique or field.one_to_one) or field.null
            else "the former release leaves it the same in all rows"
        )
    return "the former release inserts rows without it: null=True or db_default"


def fault_of_altered(was: Any, becomes: Any) -> str:
    """Only what the database does not know may differ, but that more may fit in."""
    (_name, kind, _args, before), (_name, other, _args, after) = was.deconstruct(), becomes.deconstruct()
    if kind != other:
        return f"another kind of field ({kind}, {other})"
    for name in sorted((before.keys() | after.keys()) - WORDS):
        old, new = before.get(name), after.get(name)
        wider = (name == "max_length" and (new is None or (old is not None and new >= old))) or (name == "null" and new)
        if old != new and not wider:
            return f"{name} was {old} and becomes {new}"
    return ""
