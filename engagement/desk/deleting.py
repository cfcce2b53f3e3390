"""What falls when records are deleted, and deleting it so that history and undoing know of all of it.

Django follows the same rules, but tells the history neither of links that it cuts nor of references that it empties.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

from engagement.desk.journal import Edit, Journal, batches
from engagement.desk.states import State, states_of
from engagement.models.base import Record

# By model and primary key: a reference (its column) that is emptied -> None, a link (its field) -> the keys that go.
Changes = defaultdict[type[Record], defaultdict[int, dict[str, Any]]]


@dataclass
class Deletion:
    """What deleting `chosen` means. falls: by model, what others are deleted before first. edits: records that lose a
    reference or a link. others: rows that are no records of the register; nothing brings them back. emptied: of rows
    like that, by model and primary key, the references that they lose. needed: records that keep some of it from being
    deleted, in which case nothing is."""

    chosen: list[Record]
    falls: dict[type[Record], list[Record]] = field(default_factory=dict)
    edits: dict[type[Record], list[Edit]] = field(default_factory=dict)
    others: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    emptied: dict[type[models.Model], dict[int, dict[str, Any]]] = field(default_factory=dict)
    needed: list[models.Model] = field(default_factory=list)

    def cascades(self) -> dict[type[Record], list[Record]]:
        """What falls besides what was chosen."""
        chosen = set(self.chosen)
        with_them = {model: [each for each in found if each not in chosen] for model, found in self.falls.items()}
        return {model: found for model, found in with_them.items() if found}


class Falling(Collector):
    """Django's own collector of what falls; it goes on where something is needed, and notes what needs it."""

    def __init__(self) -> None:
        super().__init__(using=DEFAULT_DB_ALIAS)
        self.needed: set[models.Model] = set()

    def can_fast_delete(self, *args: Any, **kwargs: Any) -> bool:
        """Nothing is deleted unseen."""
        return False

    def collect(self, objs: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().collect(objs, *args, **kwargs)
        except (models.ProtectedError, models.RestrictedError) as error:
            needed = error.protected_objects if isinstance(error, models.ProtectedError) else error.restricted_objects
            self.needed.update(needed)

    def add(self, objs: Any, source: Any = None, nullable: bool = False, reverse_dependency: bool = False) -> Any:
        """What points to a record goes before it even where it need not point to one."""
        return super().add(objs, source, False, reverse_dependency=reverse_dependency)


def plan(records: Sequence[Record]) -> Deletion:
    """What deleting these, all of one model, means. It writes nothing."""
    falling = Falling()
    falling.collect(list(records))
    falling.sort()
    deletion = Deletion(list(records), needed=sorted(falling.needed, key=lambda each: (each._meta.label, each.pk)))
    changes: Changes = defaultdict(lambda: defaultdict(dict))
    for model, rows in falling.data.items():
        found: list[Any] = sorted(rows, key=lambda row: row.pk)
        if model._meta.auto_created:
            cut_links(model, found, falling.data, changes)
        elif issubclass(model, Record):
            deletion.falls[model] = found
        elif found:
            deletion.others[model] = found
    empty_references(falling, changes)
    for model, of_model in changes.items():
        if of_model and issubclass(model, Record):
            deletion.edits[model] = edits(model, of_model)
        elif of_model:
            deletion.emptied[model] = of_model
    return deletion


def cut_links(through: Any, links: list[Any], falls: Any, changes: Changes) -> None:
    """The links by which records that stay point to what falls."""
    owner_model = through._meta.auto_created
    many = next(each for each in owner_model._meta.many_to_many if each.remote_field.through is through)
    owner, target = many.m2m_column_name(), many.m2m_reverse_name()
    going = {row.pk for row in falls.get(owner_model, ())}
    for link in links:
        if getattr(link, owner) not in going:
            change = changes[owner_model][getattr(link, owner)]
            change.setdefault(many.name, set()).add(getattr(link, target))


def empty_references(falling: Falling, changes: Changes) -> None:
    updates: dict[Any, Any] = falling.field_updates
    for (emptied, value), sets in updates.items():
        going = {row.pk for row in falling.data.get(emptied.model, ())}
        for row in (row for rows in sets for row in rows):
            if row.pk not in going:
                changes[emptied.model][row.pk][emptied.attname] = value


def edits(model: type[Record], changes: dict[int, dict[str, Any]]) -> list[Edit]:
    found: list[Edit] = []
    for pks in batches(sorted(changes)):
        records = model._base_manager.in_bulk(pks)
        before = states_of(list(records.values()))
        found += [Edit(records[pk], before[pk], changed(before[pk], changes[pk])) for pk in pks if pk in records]
    return found


def changed(before: State, change: dict[str, Any]) -> State:
    links = {name: [key for key in before[name] if key not in gone] for name, gone in change.items() if gone}
    return {**before, **change, **links}


def carry_out(deletion: Deletion, journal: Journal) -> None:
    """Delete it, in the caller's transaction. Raises ProtectedError where something is needed."""
    if deletion.needed:
        raise models.ProtectedError("Others need these records.", set(deletion.needed))
    for found in deletion.edits.values():
        journal.change(found)
    for model, of_model in deletion.emptied.items():
        for pk, columns in of_model.items():
            model._base_manager.filter(pk=pk).update(**columns)
    for model, rows in deletion.others.items():
        model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
    for records in deletion.falls.values():
        journal.delete(records)


def fallen_with(model: type[Record], chosen: Collection[Record], found: Sequence[Record]) -> dict[int, int]:
    """How many of what falls hang directly on each of the chosen, by its primary key."""
    pks = {record.pk for record in chosen}
    kinds = type(found[0])._meta.fields if found else ()
    columns = [each.attname for each in kinds if each.related_model is model]
    numbers: dict[int, int] = defaultdict(int)
    for each in found:
        for pk in {getattr(each, column) for column in columns} & pks:
            numbers[pk] += 1
    return dict(numbers)
