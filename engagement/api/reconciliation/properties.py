"""What may be asked of a type and given with a query: the columns of its directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engagement.api.reconciliation.entities import TYPES, Named, Type
from engagement.directories.columns import Column, Kind, plain

# Columns that lead to records of a type, by their keys; their names stand in the column with LABEL at its end.
LEADING = {"country": TYPES["country"]}
LABEL = "_label"

# How a value is marked, by the kind of its column; any other is text. The specification knows a date with its time
# alone: a day stands at its beginning, and a date that may be less than a day stays text.
SHAPES = {Kind.INTEGER: "int", Kind.NUMBER: "float", Kind.BOOLEAN: "bool", Kind.DAY: "date"}
BEGINNING = "T00:00:00Z"

Value = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """One property: a column of one type's directory, or of several that have it by the same name.

    says: what it holds, in English.
    """

    id: str
    says: str

    @property
    def said(self) -> Named:
        return {"id": self.id, "name": self.id.replace("_", " ").capitalize()}

    @property
    def leads_to(self) -> Type | None:
        return LEADING.get(self.id)


COLUMNS: dict[str, dict[str, Column]] = {
    each.id: {column.name: column for column in each.directory.columns} for each in TYPES.values()
}


def column_of(of_type: Type, property_id: str) -> Column | None:
    return COLUMNS[of_type.id].get(property_id)


def properties_of(types: Sequence[Type]) -> dict[str, Property]:
    """Those of the types, by id, in the order of their columns."""
    said: dict[str, dict[str, str]] = {}
    for of_type in types:
        for column in COLUMNS[of_type.id].values():
            said.setdefault(column.name, {})[of_type.name] = column.says
    return {name: Property(name, says_of(says)) for name, says in said.items()}


def says_of(says: dict[str, str]) -> str:
    """What it holds, type by type where that is not the same."""
    (first, *others) = says.values()
    if all(each == first for each in others):
        return first
    return "; ".join(f"{name}: {each}" for name, each in says.items())


OF_TYPE = {each.id: properties_of([each]) for each in TYPES.values()}
ALL = properties_of([*TYPES.values()])


def values_of(of_type: Type, record: Any, property_id: str, site: str) -> list[Value]:
    """The values as data extension has them. In a list that has gaps a gap is `{}`; without any value it is empty."""
    column = column_of(of_type, property_id)
    if column is None:
        return []
    values = listed(plain(column.value(record), column.kind, site))
    if (leads_to := LEADING.get(property_id)) and (label := column_of(of_type, property_id + LABEL)):
        names = listed(label.value(record))
        return [{"id": leads_to.id_with(key), "name": name} for key, name in zip(values, names, strict=True)]
    marked = [marked_as(SHAPES.get(column.kind, "str"), value) for value in values]
    return marked if any(marked) else []


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def marked_as(shape: str, value: Any) -> Value:
    if value in ("", None):
        return {}
    return {shape: f"{value}{BEGINNING}" if shape == "date" else value}
