"""What a client asks, read strictly: whatever is malformed is named with the place where it stands."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from engagement.api.asking import Refused
from engagement.api.reconciliation.comparing import given_text
from engagement.api.reconciliation.entities import TYPES, Type
from engagement.api.reconciliation.properties import ALL

BATCH = 500  # queries of a batch, identifiers of an extension
MOST_VALUES = 10  # of one property in a query
MOST_SHOWN = 60  # characters of what is wrong that are said back
STRICTNESS = ("any", "all", "should")
OF_QUERY = frozenset({"query", "type", "limit", "properties", "type_strict"})


@dataclass(frozen=True)
class Query:
    """One query. types: those asked for, all where none is named. properties: of each the values as texts."""

    text: str
    types: tuple[Type, ...]
    is_typed: bool
    limit: int | None
    properties: dict[str, list[str]]


@dataclass(frozen=True)
class Extension:
    """ids: as given. properties: of each the most values that are wanted of a record, None for all."""

    ids: list[str]
    properties: dict[str, int | None]


Batch = dict[str, Query]


def wrong(where: str, what: str) -> Refused:
    return Refused({where: what})


def shown(text: object) -> str:
    """What a client sent, short enough to be said back."""
    said = str(text)
    return f"“{said[:MOST_SHOWN]}…”" if len(said) > MOST_SHOWN else f"“{said}”"


def expect(value: Any, kind: type[Any] | tuple[type[Any], ...], where: str, what: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise wrong(where, f"is not {what}")
    return value


def known(value: Any, among: Any, where: str) -> str:
    """The value, if it is the name of one of these."""
    if not isinstance(value, str) or value not in among:
        raise wrong(where, f"is none of {', '.join(among)}")
    return value


def whole(value: Any, where: str, least: int) -> int:
    """A whole number, which may come as 3, 3.0 or, from a form, "3"."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10:
        text = int(text)
    if isinstance(text, bool) or not isinstance(text, int | float) or text != text // 1 or not least <= text < 10**9:
        raise wrong(where, f"is not a whole number from {least}")
    return int(text)


# -- From a request -------------------------------------------------------------------------------------------------


def of_form(form: QueryDict) -> Batch | Extension | None:
    """What the parameters of an address or the fields of a form ask; None where there are none."""
    given = parameters(form, ("queries", "extend"))
    return of_parts({name: loaded(text, name) for name, text in given.items()}) if given else None


def of_json(body: bytes) -> Batch | Extension:
    """What a body in JSON asks: `{"queries": …}`, `{"extend": …}` or the batch itself."""
    asked = expect(loaded(body, "body"), dict, "body", "an object")
    return of_parts(asked) if set(asked) & {"queries", "extend"} else batch_of(asked, "queries")


def parameters(query: QueryDict, names: Collection[str]) -> dict[str, str]:
    """What is given of these, once each; nothing else may be."""
    for name, given in query.lists():
        if name == "callback":
            raise wrong(name, "is not served: scripts of other sites may read every answer as it is (CORS)")
        if name not in names:
            raise wrong(name, "is not a parameter here")
        if len(given) > 1:
            raise wrong(name, "is given more than once")
    return {name: str(query[name]) for name in query}


def of_parts(parts: dict[str, Any]) -> Batch | Extension:
    if len(parts) != 1:
        raise wrong(" and ".join(parts), "are not asked together")
    ((name, asked),) = parts.items()
    return batch_of(asked, name) if name == "queries" else extension_of(asked, name)


def loaded(text: str | bytes, where: str) -> Any:
    try:
        value = json.loads(text, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise wrong(
            where, f"is not JSON: {error}" if isinstance(error, ValueError) else "is nested too deeply"
        ) from error
    writable(value, where)
    return value


def no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def writable(value: Any, where: str) -> None:
    """Half a character, as `"\\ud800"`, is no text that could be said back."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise wrong(where, "holds half a character, or is nested too deeply") from error


# -- Queries --------------------------------------------------------------------------------------------------------


def batch_of(asked: Any, where: str) -> Batch:
    expect(asked, dict, where, "an object with a query by each name")
    if len(asked) > BATCH:
        raise wrong(where, f"holds {len(asked)} queries; {BATCH} are the most of a batch")
    return {name: query_of(each, f"{where}.{name[:MOST_SHOWN]}") for name, each in asked.items()}


def query_of(asked: Any, where: str) -> Query:
    expect(asked, dict, where, "an object")
    if unknown := next((name for name in asked if name not in OF_QUERY), None):
        raise wrong(where, f"has {shown(unknown)}, which is none of {', '.join(sorted(OF_QUERY))}")
    if "type_strict" in asked:
        known(asked["type_strict"], STRICTNESS, f"{where}.type_strict")
    properties = dict(properties_of(asked.get("properties", []), f"{where}.properties"))
    text = asked.get("query")
    if text is None and not properties:
        raise wrong(where, "has neither a query nor properties")
    if text is not None and not expect(text, str, f"{where}.query", "a text"):
        raise wrong(f"{where}.query", "is empty")
    types = types_of(asked.get("type", []), f"{where}.type")
    limit = whole(asked["limit"], f"{where}.limit", 1) if "limit" in asked else None
    return Query(text or "", types or tuple(TYPES.values()), bool(types), limit, properties)


def types_of(asked: Any, where: str) -> tuple[Type, ...]:
    """The types named: one as text, several as a list of texts or of objects with an id."""
    listed = asked if isinstance(asked, list) else [asked]
    ids = [each.get("id") if isinstance(each, dict) else each for each in listed]
    return tuple(TYPES[each] for each in dict.fromkeys(known(each, TYPES, where) for each in ids))


def properties_of(asked: Any, where: str) -> Iterator[tuple[str, list[str]]]:
    given: set[str] = set()
    for number, each in enumerate(expect(asked, list, where, "a list")):
        place = f"{where}[{number}]"
        if set(expect(each, dict, place, "an object")) != {"pid", "v"}:
            raise wrong(place, "is not an object with pid and v, and nothing else")
        name = known(each["pid"], ALL, f"{place}.pid")
        if name in given:
            raise wrong(f"{place}.pid", f"is given twice: {name}")
        given.add(name)
        yield name, values_of(each["v"], f"{place}.v")


def values_of(given: Any, where: str) -> list[str]:
    listed = given if isinstance(given, list) else [given]
    if len(listed) > MOST_VALUES:
        raise wrong(where, f"holds {len(listed)} values; {MOST_VALUES} are the most")
    for each in listed:
        if isinstance(each, dict) and not isinstance(each.get("id"), str):
            raise wrong(where, "holds an object without an id that is a text")
        if isinstance(each, dict) and not isinstance(each.get("name", ""), str):
            raise wrong(where, "holds an object whose name is no text")
        if not isinstance(each, dict | str | int | float):
            raise wrong(where, "is neither text, number, true or false nor an object with an id")
    return [given_text(each) for each in listed]


# -- Extension ------------------------------------------------------------------------------------------------------


def extension_of(asked: Any, where: str) -> Extension:
    if set(expect(asked, dict, where, "an object")) != {"ids", "properties"}:
        raise wrong(where, "is not an object with ids and properties, and nothing else")
    ids = expect(asked["ids"], list, f"{where}.ids", "a list")
    if len(ids) > BATCH:
        raise wrong(f"{where}.ids", f"holds {len(ids)} identifiers; {BATCH} are the most")
    for number, each in enumerate(ids):
        expect(each, str, f"{where}.ids[{number}]", "a text")
    return Extension(ids, dict(wanted_of(asked["properties"], f"{where}.properties")))


def wanted_of(asked: Any, where: str) -> Iterator[tuple[str, int | None]]:
    for number, each in enumerate(expect(asked, list, where, "a list")):
        place = f"{where}[{number}]"
        if not {"id"} <= set(expect(each, dict, place, "an object")) <= {"id", "name", "settings"}:
            raise wrong(place, "is not an object with an id and, where wanted, settings")
        settings = expect(each.get("settings") or {}, dict, f"{place}.settings", "an object")
        if set(settings) - {"limit"}:
            raise wrong(f"{place}.settings", "holds more than the limit")
        limit = whole(settings.get("limit", 0), f"{place}.settings.limit", 0)
        yield known(each["id"], ALL, f"{place}.id"), limit or None
