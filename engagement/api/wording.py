"""The description of the API in words, for the pages of its documentation."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

# Characters of a text, and elements of a list, that an example shows.
SHORT, FEW = 90, 3
# Codes of a vocabulary that are told one by one.
FEW_CODES = 12


@dataclass(frozen=True)
class Shown:
    """An operation for readers.

    parameters: name, what it takes, what it means. answers: status and what it means. request, answer: an example,
    '' where none is shown.
    """

    id: str
    path: str
    summary: str
    parameters: list[tuple[str, str, str]]
    answers: list[tuple[str, str]]
    request: str
    answer: str


def shown(path: str, operation: dict[str, Any], document: dict[str, Any], request: str, answer: Any) -> Shown:
    parameters = [
        (each["name"], taken_in_words(each["schema"]), each["description"]) for each in operation["parameters"]
    ]
    answers = [(status, resolved(each, document)["description"]) for status, each in operation["responses"].items()]
    text = json.dumps(shortened(answer), ensure_ascii=False, indent=2) if request else ""
    return Shown(operation["operationId"], path, operation["summary"], parameters, answers, request, text)


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What is meant where a component is referred to."""
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def taken_in_words(schema: dict[str, Any]) -> str:
    """The values that a parameter takes."""
    if schema["type"] == "array":
        return f"any of: {taken_in_words(schema['items'])}; may be repeated"
    if "enum" in schema:
        codes = schema["enum"]
        return ", ".join(codes) if len(codes) <= FEW_CODES else f"{len(codes)} codes, which the description lists"
    if schema["type"] == "integer":
        return f"whole number from {schema['minimum']} to {schema['maximum']}"
    if schema.get("format") == "date":
        return "day, YYYY-MM-DD"
    if "maxLength" in schema:
        return f"text of at most {schema['maxLength']} characters"
    return str(schema.get("description", "key"))


def value_in_words(schema: dict[str, Any]) -> str:
    """What a column holds."""
    if schema.get("type") == "array":
        return f"list: {value_in_words(schema['items'])}"
    if "$ref" in schema:
        return "partial date"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(str(schema.get("format", "text")) if kind == "string" else kind for kind in kinds)


def shortened(value: Any) -> Any:
    """An answer with its long texts and lists cut, so that an example can be read."""
    if isinstance(value, dict):
        return {name: shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(shortened, value[:FEW]), *(["…"] if len(value) > FEW else [])]
    return Truncator(value).chars(SHORT) if isinstance(value, str) else value
