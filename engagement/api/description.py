"""The description of the API in OpenAPI 3.1, made of the same declarations that the API is made of.

drf-spectacular finds the addresses and holds the document together; what stands at each is said here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uritemplate
from django.conf import settings
from django_filters import Filter
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from engagement.api.asking import Parameter
from engagement.api.mirroring import Changes
from engagement.api.schemas import KEY, Components, Schema, asked_as, closed, listed, row_of
from engagement.api.views import Collection, Index, OfCollection, Record
from engagement.directories import DIRECTORIES, Directory
from engagement.directories.filters import Vocabulary

ABOUT = (
    "Who takes part in the work of the International Labour Organization, since when and by which decision, with the "
    "source of every fact. Read-only and open to all. How to use it is written at /api/v1/docs/."
)


ADDRESS: Schema = {"type": "string", "format": "uri"}
ADDRESS_OR_NONE: Schema = {"type": ["string", "null"], "format": "uri"}


# -- Answers -----------------------------------------------------------------------------------------------------------


def index(view: Index, components: Components) -> Schema:
    text, addresses = {"type": "string"}, dict.fromkeys(("documentation", "schema", "reconciliation"), ADDRESS)
    collection = closed({"name": text, "title": text, "url": ADDRESS, "page": ADDRESS})
    return closed({"revision": {"type": "integer"}, **addresses, "collections": listed(collection)})


def page(view: Collection, components: Components) -> Schema:
    return closed(
        {
            "count": {"type": "integer", "minimum": 0, "description": "Rows that answer the question, on all pages"},
            "next": {**ADDRESS_OR_NONE, "description": "The page that follows"},
            "previous": {**ADDRESS_OR_NONE, "description": "The page before"},
            "results": listed(row_of(view.directory, components)),
        }
    )


def row(view: Record, components: Components) -> Schema:
    return row_of(view.directory, components)


def changes(view: Changes, components: Components) -> Schema:
    changed = closed(
        {
            "key": {"type": "string", "description": "The key of the row"},
            "number": {"type": "integer", "description": "The revision in which it changed last"},
            "gone": {"type": "boolean", "description": "Whether it is no longer there"},
        }
    )
    return closed(
        {
            "since": {"type": "integer", "description": "The revision that was asked for"},
            "revision": {"type": "integer", "description": "The present one"},
            "more": {"type": "boolean", "description": "Whether others follow"},
            "next": {**ADDRESS_OR_NONE, "description": "Where they follow"},
            "results": listed(components.shared("Change", changed)),
        }
    )


@dataclass(frozen=True)
class Told:
    """What is told of a kind of view. title: begins the summary. with_links: whether it is answered in pages."""

    name: str
    title: str
    answer: Callable[[Any, Components], Schema]
    with_links: bool = False


TOLD: dict[type, Told] = {
    Index: Told("index", "Where everything is", index),
    Collection: Told("list", "Rows that answer a question", page, with_links=True),
    Record: Told("read", "One row by its key", row),
    Changes: Told("changes", "What has changed since a revision", changes, with_links=True),
}

PATHS = {
    "key": {"schema": {"type": "string", "pattern": KEY}, "description": "`key` of the row"},
    "revision": {
        "schema": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
        "description": "A revision that an earlier answer gave in `X-Data-Revision` or `revision`; 0 for all",
    },
}

HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it as `If-None-Match`: 304 while nothing has changed"},
    "X-Data-Revision": {"schema": {"type": "string"}, "description": "The revision of the data that the answer is of"},
    "Link": {"schema": {"type": "string"}, "description": '`rel="next"` and `rel="prev"` (RFC 8288), where there are'},
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds until the next request is answered"},
}

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "What kind of problem it is"},
        "status": {"type": "integer", "description": "The status of the answer"},
        "detail": {"type": "string", "description": "What is wrong this time"},
        "parameters": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "What is wrong, by parameter",
        },
    },
    "required": ["type", "title", "status"],
    "examples": [
        {
            "type": "about:blank",
            "title": "Not understood",
            "status": 400,
            "detail": "colour is not a parameter here",
            "parameters": {"colour": "is not a parameter here"},
        }
    ],
}

PROBLEMS = {
    400: ("Refused", "A parameter is unknown, given twice or without a value, or has a value that it does not take"),
    404: ("Missing", "There is no such thing"),
    429: ("Limited", "More requests a minute from one address than are answered"),
    500: ("Failed", "The fault is on the register's side"),
}


def header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def common_responses() -> dict[str, Schema]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Schema] = {
        name: {"description": description, "content": problem} for name, description in PROBLEMS.values()
    }
    found["Limited"]["headers"] = {"Retry-After": header("Retry-After")}
    state = {name: header(name) for name in ("ETag", "X-Data-Revision")}
    return {**found, "Unchanged": {"description": "Nothing has changed since", "headers": state}}


# -- The document ------------------------------------------------------------------------------------------------------


class Operation(AutoSchema):
    """What a view of the API says of itself (settings.REST_FRAMEWORK)."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any]:
        assert isinstance(registry, Components)
        told = TOLD[type(self.view)]
        directory = getattr(self.view, "directory", None)
        names = list(uritemplate.variables(path))
        return {
            "operationId": f"{directory.name}_{told.name}" if directory else told.name,
            "summary": f"{told.title}: {directory.title}" if directory else told.title,
            "tags": [directory.name if directory else "index"],
            "parameters": [*map(in_path, names), *in_query(self.view, registry)],
            "responses": {
                "200": self.answered(told, registry),
                "304": {"$ref": "#/components/responses/Unchanged"},
                **{
                    str(status): {"$ref": f"#/components/responses/{name}"}
                    for status, (name, _description) in PROBLEMS.items()
                    if status != 404 or names
                },
            },
        }

    def answered(self, told: Told, components: Components) -> Schema:
        headers = ["ETag", "X-Data-Revision", *(["Link"] if told.with_links else [])]
        content: Schema = {"application/json": {"schema": told.answer(self.view, components)}}
        if isinstance(self.view, Collection):
            content["text/csv"] = {"schema": {"type": "string", "description": "The rows under their columns' names"}}
        answered = {"description": told.title, "headers": {name: header(name) for name in headers}, "content": content}
        return {**answered, "links": ways_on(self.view)} if isinstance(self.view, Collection) else answered


def ways_on(view: Collection) -> Schema:
    """From the rows to a row, and to what changes from then on."""
    name = view.directory.name
    return {
        "row": {"operationId": f"{name}_read", "parameters": {"key": "$response.body#/results/0/key"}},
        "changes": {
            "operationId": f"{name}_changes",
            "parameters": {"revision": "$response.header.X-Data-Revision"},
        },
    }


def in_path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, **PATHS[name]}


def in_query(view: Any, components: Components) -> list[Schema]:
    """The parameters of a view: the filters of its directory that it takes, and its own."""
    found: list[tuple[str, Any, str]] = []
    if isinstance(view, OfCollection) and view.asked_by:
        filters = components.question(view.directory).filters
        found += [(name, filters[name], str(filters[name].label)) for name in view.asked_by]
    found += [(each.name, each, each.says) for each in getattr(view, "parameters", ())]
    described = [(name, each, says, asked_as(each, components)) for name, each, says in found]
    return [parameter(name, each, says, schema) for name, each, says, schema in described if schema]


def parameter(name: str, each: Filter | Parameter, says: str, schema: Schema) -> Schema:
    many = {"style": "form", "explode": True} if isinstance(each, Vocabulary) else {}
    return {"name": name, "in": "query", "description": says, **many, "schema": schema}


class Description(SchemaGenerator):
    """The document (settings.SPECTACULAR_SETTINGS), or the part of it that is about one directory."""

    registry: Components

    def __init__(self, *args: Any, directory: Directory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        self.registry = Components(enumerating=directory is None)

    def _get_paths_and_endpoints(self) -> list[Any]:
        found = super()._get_paths_and_endpoints()
        return [each for each in found if self.directory in (None, getattr(each[-1], "directory", None))]

    def get_schema(self, request: Any = None, public: bool = True) -> dict[str, Any]:
        document = super().get_schema(request, public)
        document["info"]["description"] = ABOUT
        if settings.DATA_LICENCE:
            document["info"]["license"] = {"name": settings.DATA_LICENCE}
        document["tags"] = [
            {"name": "index", "description": "Where everything is"},
            *({"name": each.name, "description": str(each.title)} for each in DIRECTORIES),
        ]
        components = document["components"]
        components["headers"], components["responses"] = HEADERS, common_responses()
        components.setdefault("schemas", {})["Problem"] = PROBLEM
        return document
