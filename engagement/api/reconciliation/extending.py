"""Data extension: the values of properties of records that were reconciled."""

from collections.abc import Iterable
from typing import Any

from engagement.api.reconciliation.asked import Extension
from engagement.api.reconciliation.entities import by_type, merged
from engagement.api.reconciliation.properties import ALL, Property, values_of


def extended(asked: Extension, site: str) -> dict[str, Any]:
    """`meta` and `rows`. An identifier of nothing has a row without values. A fixed number of statements."""
    properties = [ALL[name] for name in asked.properties]
    found = values(asked.ids, asked, site)
    led = merged(set(asked.ids) - set(found))
    found_there = values(led.values(), asked, site)
    found |= {one: found_there[other] for one, other in led.items() if other in found_there}
    nothing: dict[str, Any] = {one.id: [] for one in properties}
    rows = {each: found.get(each, nothing) for each in asked.ids}
    return {"meta": [meta(each) for each in properties], "rows": rows}


def values(identifiers: Iterable[str], asked: Extension, site: str) -> dict[str, dict[str, Any]]:
    """By identifier of a record the values of the properties that are asked for."""
    return {
        of_type.id_of(record): {
            name: values_of(of_type, record, name, site)[:most] for name, most in asked.properties.items()
        }
        for of_type, keys in by_type(identifiers).items()
        for record in of_type.in_full(**{f"{of_type.directory.records().model.key_field}__in": keys})
    }


def meta(each: Property) -> dict[str, Any]:
    return each.said | ({"type": each.leads_to.said} if each.leads_to else {})
