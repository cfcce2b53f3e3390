"""The preview of a record: what tells it from others, and where that stands written."""

from typing import Any

from engagement.api.reconciliation.entities import Type
from engagement.api.reconciliation.properties import COLUMNS, LABEL, listed
from engagement.directories.columns import plain

SHOWN = {
    "organization": ("acronym", "former_names", "kind_label", "city", "country_label", "category_label", "founded"),
    "country": ("name_fr", "name_es", "iso3", "region_label", "member_since", "member_until"),
    "project": ("acronym", "programme_label", "country_label", "start", "end"),
    "instrument": ("key", "kind_label", "adopted", "in_force_from", "status"),
}
OF_ALL = ("source", "as_of")


def facts(of_type: Type, record: Any) -> list[tuple[str, str]]:
    """What is known of it, each with its name; dates as they are written."""
    columns = (COLUMNS[of_type.id][name] for name in (*SHOWN[of_type.id], *OF_ALL))
    said = [(column.name, listed(plain(column.value(record), column.kind, ""))) for column in columns]
    return [(heading(name), ", ".join(dict.fromkeys(filter(None, values)))) for name, values in said if any(values)]


def heading(name: str) -> str:
    return name.removesuffix(LABEL).replace("_", " ").capitalize()
