"""What points to a record that is merged into another: each row leads to the survivor, and of two that the database
does not allow beside each other the richer one is kept."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from engagement.desk.journal import Edit
from engagement.desk.states import State, states_of
from engagement.desk.undoing import pointing_to
from engagement.models import Organization, ProjectPartner
from engagement.models.base import Record
from engagement.models.sources import AboutRecord


@dataclass(frozen=True)
class Collision:
    """Two rows of which the database allows one: they say the same thing of the same body."""

    kept: Record
    dropped: Record


@dataclass
class Moves:
    """edits: rows that are to lead to the survivor. between: rows that join the two, which have nothing left to say."""

    edits: list[Edit] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    between: list[Record] = field(default_factory=list)

    @property
    def dropped(self) -> list[Record]:
        return [*(each.dropped for each in self.collisions), *self.between]

    @property
    def kept(self) -> list[Edit]:
        """The edits of rows that stay."""
        gone = {(type(record), record.pk) for record in self.dropped}
        return [edit for edit in self.edits if (type(edit.record), edit.record.pk) not in gone]


def moves(survivor: Organization, other: Organization) -> Moves:
    """A fixed number of queries a model that points to organizations."""
    found = Moves()
    for model, names in columns_to_organizations().items():
        move(found, model, names, survivor, other)
    for about in AboutRecord.__subclasses__():
        move_what_speaks(found, about, survivor, other)
    return found


def columns_to_organizations() -> dict[type[Record], list[str]]:
    """By model of the register the foreign keys that lead to organizations, by their columns."""
    found: dict[type[Record], list[str]] = defaultdict(list)
    for relation in pointing_to(Organization):
        if issubclass(relation.related_model, Record):
            found[relation.related_model].append(relation.field.attname)
    return found


def move(found: Moves, model: type[Record], names: Sequence[str], survivor: Organization, other: Organization) -> None:
    rows = {each.pk: each for each in rows_of(model, names, survivor, other)}
    states = states_of(list(rows.values()))
    edits = [
        Edit(rows[pk], state, after)
        for pk, state in states.items()
        if (after := moved(model, names, state, survivor, other)) != state
    ]
    between = [edit for edit in edits if len(names) > 1 and {edit.after[name] for name in names} == {survivor.pk}]
    found.between += [edit.record for edit in between]
    edits = [edit for edit in edits if edit not in between]
    changed = {edit.record.pk for edit in edits}
    standing = {pk: state for pk, state in states.items() if pk not in changed}
    found.edits += edits
    found.collisions += collisions(model, rows, standing, edits)


def rows_of(model: type[Record], names: Sequence[str], *bodies: Organization) -> models.QuerySet[Any]:
    """The rows of the two, in the order in which they were made; with what they are named after."""
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"{name}__in": [body.pk for body in bodies]})
    if model is ProjectPartner:
        wanted |= Q(slug__in=[body.slug for body in bodies])
    relations = [each.name for each in model._meta.fields if each.is_relation]
    return model._base_manager.filter(wanted).select_related(*relations).order_by("pk")


def moved(
    model: type[Record], names: Sequence[str], state: State, survivor: Organization, other: Organization
) -> State:
    """What a row is to say: the survivor in place of the other, and its code where the other's was the row's."""
    after = {**state, **{name: survivor.pk for name in names if state[name] == other.pk}}
    if model is ProjectPartner and state["slug"] == other.slug:
        after["slug"] = survivor.slug
    return after


# -- Of two the richer ------------------------------------------------------------------------------------------


def collisions(
    model: type[Record], rows: dict[int, Any], standing: dict[int, State], edits: Sequence[Edit]
) -> Iterator[Collision]:
    for columns in unique_columns(model):
        taken = {unique: pk for pk, state in standing.items() if (unique := value_of(columns, state))}
        for edit in edits:
            unique = value_of(columns, edit.after)
            if unique is None or unique not in taken:
                continue
            one, two = rows[taken[unique]], edit.record
            kept = max((one, two), key=richness)  # of equals the survivor's
            yield Collision(kept, two if kept is one else one)


def unique_columns(model: type[Record]) -> Iterator[list[str]]:
    """The columns of each unique constraint over several fields."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield [model._meta.get_field(name).attname for name in constraint.fields]  # type: ignore[union-attr]


def value_of(columns: Sequence[str], state: State) -> tuple[Any, ...] | None:
    """None where nothing collides: what is null is unlike anything."""
    values = tuple(state[name] for name in columns)
    return None if None in values else values


def richness(record: Record) -> tuple[bool, int, int]:
    """Public before withheld, then how many fields say something, then how much."""
    said = [value for name, value in states_of([record])[record.pk].items() if name != record.key_field]
    filled = [value for value in said if value not in (None, "", [], False)]
    return record.published, len(filled), sum(len(value) for value in filled if isinstance(value, str))


# -- What speaks of a record by its key -------------------------------------------------------------------------


def move_what_speaks(found: Moves, about: Any, survivor: Organization, other: Organization) -> None:
    """Remarks on the other speak of the survivor, those on a row that goes of the one that is kept."""
    keys = {("organization", other.slug): survivor.slug}
    for each in found.collisions:
        keys[name_and_key(each.dropped)] = name_and_key(each.kept)[1]
    of_between = {name_and_key(record) for record in found.between if not isinstance(record, AboutRecord)}
    wanted = Q(pk__in=[])
    for kind, key in (*keys, *of_between):
        wanted |= Q(kind=kind, record_key=key)
    relations = [each.name for each in about._meta.fields if each.is_relation]
    rows = list(about._base_manager.filter(wanted).select_related(*relations).order_by("pk"))
    states = states_of(rows)
    for row in rows:
        if (row.kind, row.record_key) in of_between:
            found.between.append(row)
            continue
        before = states[row.pk]
        found.edits.append(Edit(row, before, {**before, "record_key": keys[row.kind, row.record_key]}))


def name_and_key(record: Record) -> tuple[str, str]:
    return str(record._meta.model_name), record.natural_key()[0]
