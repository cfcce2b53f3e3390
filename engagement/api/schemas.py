"""From what is declared of filters and columns to JSON Schema: what is accepted and nothing else, what is answered."""

from functools import singledispatch
from typing import Any

from django.http import QueryDict
from django_filters import Filter
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from engagement.api.asking import Number, OneOf
from engagement.directories import Directory
from engagement.directories.columns import Column, Kind
from engagement.directories.filters import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_CHARACTERS,
    Codes,
    Day,
    Sorting,
    Vocabulary,
    Words,
    Year,
    YearBound,
)
from engagement.directories.questions import DirectoryFilterSet

Schema = dict[str, Any]

# What Python calls a space, for a pattern that means the same whoever reads it. Words are more than spaces, and no NUL.
SPACES = "".join(f"\\u{ord(character):04x}" for character in map(chr, range(0x10000)) if character.isspace())
WORDS = rf"^[^\u0000]*[^\u0000{SPACES}][^\u0000]*$"
KEY = r"^[-a-zA-Z0-9_]+$"


class Components(ComponentRegistry):
    """What the document says once and refers to, and the empty question to each directory with its vocabularies.

    enumerating: whether vocabularies kept in tables are read and told code by code.
    """

    def __init__(self, *, enumerating: bool) -> None:
        super().__init__()
        self.enumerating = enumerating
        self._questions: dict[str, DirectoryFilterSet] = {}

    def shared(self, name: str, schema: Schema) -> Schema:
        """The reference to the schema, which is kept under that name."""
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
        self.register_on_missing(component)
        return component.ref

    def question(self, directory: Directory) -> DirectoryFilterSet:
        if directory.name not in self._questions:
            self._questions[directory.name] = directory.ask(QueryDict())
        return self._questions[directory.name]


# -- What may be asked -----------------------------------------------------------------------------------------------


@singledispatch
def asked_as(parameter: Any, components: Components) -> Schema | None:
    """The values that a parameter takes; None where there is not one."""
    raise NotImplementedError(f"The API cannot describe a {type(parameter).__name__}")


@asked_as.register
def _number(parameter: Number, components: Components) -> Schema:
    default = {} if parameter.default is None else {"default": parameter.default}
    return {"type": "integer", "minimum": parameter.least, "maximum": parameter.most, **default}


@asked_as.register
def _one_of(parameter: OneOf, components: Components) -> Schema:
    return {"type": "string", "enum": list(parameter.words), "default": parameter.default}


@asked_as.register
def _words(parameter: Words, components: Components) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS, "pattern": WORDS, "examples": ["labour"]}


@asked_as.register
def _day(parameter: Day, components: Components) -> Schema:
    return {"type": "string", "format": "date", "examples": ["2006-11-15"]}


@asked_as.register(Year)
@asked_as.register(YearBound)
def _year(parameter: Filter, components: Components) -> Schema:
    return {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR, "examples": [2006]}


@asked_as.register
def _sorting(parameter: Sorting, components: Components) -> Schema:
    names = [name for name, _label in parameter.extra["choices"]]
    return {"type": "string", "enum": names, "default": parameter.default}


@asked_as.register
def _vocabulary(parameter: Vocabulary, components: Components) -> Schema | None:
    kept = parameter.vocabulary.model._meta if isinstance(parameter.vocabulary, Codes) else None
    if kept and not components.enumerating:
        return listed({"type": "string", "description": f"codes of {kept.verbose_name_plural}"})
    if not parameter.known:
        return None
    code: Schema = {"type": "string", "enum": [choice.value for choice in parameter.known]}
    return listed(components.shared(f"{kept.object_name}Code", code) if kept else code)


# -- What is answered ------------------------------------------------------------------------------------------------

PARTIAL_DATE: Schema = {
    "type": "string",
    "description": "As finely as the source gives it, in EDTF (ISO 8601-2): a day, a month, a year, about a year, a "
    "decade, a span, one open at an end. Empty where no date is known.",
    "examples": ["2006-11-15", "2006-11", "2006", "2014~", "194X", "2011/2013", "../2022", ""],
}

KINDS: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.CODE: {"type": "string"},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.URL: {"type": "string"},
    Kind.PAGE: {"type": "string", "format": "uri"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
}


def column_as(column: Column, components: Components) -> Schema:
    if column.kind in (Kind.DATE, Kind.DATES):
        date = components.shared("PartialDate", PARTIAL_DATE)
        schema = {"type": "array", "items": date} if column.kind.is_list else date
    else:
        schema = KINDS[column.kind]
    return {**schema, "description": column.says}


def row_of(directory: Directory, components: Components) -> Schema:
    """A row of the directory: every column, always."""
    properties = {column.name: column_as(column, components) for column in directory.columns}
    return components.shared(name_of_row(directory), closed(properties))


def name_of_row(directory: Directory) -> str:
    return f"{directory.name.capitalize()}Row"


def closed(properties: dict[str, Schema]) -> Schema:
    """An object with all of these and no others."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}
