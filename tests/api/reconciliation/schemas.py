"""What the Reconciliation Service API 0.2 says of the form of answers, as JSON Schemas of our own."""

from typing import Any

from jsonschema import Draft7Validator

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
TEMPLATE: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}


def closed(required: dict[str, Schema], **optional: Schema) -> Schema:
    """An object with these members and no others."""
    members = required | optional
    return {"type": "object", "properties": members, "required": [*required], "additionalProperties": False}


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TYPE = closed({"id": TEXT, "name": TEXT})
SERVICE = closed({"service_url": ADDRESS, "service_path": {"type": "string", "pattern": "^/"}})
SETTING = closed({"name": TEXT, "label": TEXT, "type": {"const": "number"}}, default={"type": "number"}, help_text=TEXT)
MANIFEST = closed(
    {
        "versions": listed(TEXT) | {"contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": ADDRESS,
        "schemaSpace": ADDRESS,
    },
    defaultTypes=listed(TYPE) | {"uniqueItems": True},
    documentation=ADDRESS,
    view=closed({"url": TEMPLATE}),
    preview=closed({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
    suggest=closed({}, entity=SERVICE, type=SERVICE, property=SERVICE),
    extend=closed({}, propose_properties=SERVICE, property_settings=listed(SETTING)),
    batchSize={"type": "integer", "minimum": 1},
)

FEATURE = closed({"id": TEXT, "value": {"type": ["boolean", "number"]}})
CANDIDATE = closed(
    {"id": TEXT, "name": TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    description=TEXT,
    type=listed(TYPE),
    features=listed(FEATURE),
    match={"type": "boolean"},
)
RESULTS: Schema = {"type": "object", "additionalProperties": closed({"result": listed(CANDIDATE)})}

SUGGESTED_ENTITIES = closed(
    {"result": listed(closed({"id": TEXT, "name": TEXT}, description=TEXT, notable=listed(TYPE)))}
)
SUGGESTED = closed({"result": listed(closed({"id": TEXT, "name": TEXT}, description=TEXT))})
PROPOSED = closed({"type": {"type": "string"}, "properties": listed(TYPE)}, limit={"type": "integer", "minimum": 1})

DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
VALUE: Schema = {
    "oneOf": [
        closed({}),
        closed({"id": TEXT, "name": TEXT}),
        closed({"str": TEXT}),
        closed({"float": {"type": "number"}}),
        closed({"int": {"type": "integer"}}),
        closed({"date": DATE}),
    ]
}
ROW: Schema = {"type": "object", "additionalProperties": listed(VALUE)}
EXTENSION = closed(
    {
        "meta": listed(closed({"id": TEXT, "name": TEXT}, type=TYPE)),
        "rows": {"type": "object", "additionalProperties": ROW},
    }
)


def errors(value: object, schema: Schema) -> list[str]:
    """Where the value is not as the schema says; nothing if it is."""
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(value)]
