"""Whether what is given beside a name agrees with what the register says: yes, no, or it cannot be told.

A property that the record has no value for, or that its type does not have, tells nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from engagement.api.reconciliation.entities import TYPES, Type, parsed
from engagement.api.reconciliation.properties import LABEL, LEADING, column_of, listed
from engagement.directories.columns import Column, Kind
from engagement.models.dates import PartialDate
from engagement.search import name_keys

# A name that is given agrees with any name of the record, whatever of them the column holds.
NAMES = frozenset({"name", "name_fr", "name_es", "acronym", "former_names"})
ADDRESSES = frozenset({Kind.URL, Kind.PAGE})
_BEFORE_HOST = re.compile(r"^(https?://)?(www\.)?", re.IGNORECASE)


def agrees(
    of_type: Type, record: Any, property_id: str, given: Iterable[str], countries: dict[str, str]
) -> bool | None:
    """Whether any of the given texts agrees. countries: the codes of countries by the keys of their names."""
    column = column_of(of_type, property_id)
    if column is None:
        return None
    if property_id in NAMES:
        held = [alias.name for _why, alias in of_type.names_of(record)]
        return same_names(held, given)
    if property_id.removesuffix(LABEL) in LEADING:
        codes = column_of(of_type, property_id.removesuffix(LABEL))
        return same_countries(texts(codes, record) if codes else [], given, countries)
    if column.kind in (Kind.DATE, Kind.DATES, Kind.DAY):
        return same_dates(texts(column, record), given)
    if column.kind in ADDRESSES:
        return same_addresses(texts(column, record), given)
    return same_names(code_and_label(of_type, record, property_id), given)


def texts(column: Column, record: Any) -> list[str]:
    """What the column says, each value as text; nothing where it says nothing."""
    return [text_of(value) for value in listed(column.value(record)) if value not in ("", None)]


def text_of(value: Any) -> str:
    """144 and 144.0 are one number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def code_and_label(of_type: Type, record: Any, property_id: str) -> list[str]:
    name = property_id.removesuffix(LABEL)
    columns = filter(None, (column_of(of_type, each) for each in (name, name + LABEL)))
    return [text for column in columns for text in texts(column, record)]


def keys(found: Iterable[str]) -> set[str]:
    return {each[0] for each in map(name_keys, found) if each}


def same_names(held: Iterable[str], given: Iterable[str]) -> bool | None:
    """Compared as names are: without case, accents, punctuation."""
    ours, theirs = keys(held), keys(given)
    return bool(ours & theirs) if ours and theirs else None


def same_countries(held: list[str], given: Iterable[str], countries: dict[str, str]) -> bool | None:
    """By code; a text that names no country of the register tells nothing."""
    codes = {countries[key] for key in keys(given) if key in countries}
    return bool(codes & set(held)) if codes and held else None


def same_dates(held: list[str], given: Iterable[str]) -> bool | None:
    """Two dates agree if they may be the same day."""
    ours, theirs = list(spans(held)), list(spans(given))
    if not ours or not theirs:
        return None
    return any(one.earliest <= other.latest and other.earliest <= one.latest for one in ours for other in theirs)


def spans(dates: Iterable[str]) -> Iterator[PartialDate]:
    """What is no date is left out; of a date with its time, the day counts."""
    for text in dates:
        try:
            yield PartialDate.parse(text.partition("T")[0].strip())
        except ValueError:
            continue


def same_addresses(held: Iterable[str], given: Iterable[str]) -> bool | None:
    """Without scheme, `www.` and the last slash; of a page of the register its path is enough."""
    ours, theirs = [*map(bare, held)], [*filter(None, map(bare, given))]
    if not ours or not theirs:
        return None
    return any(one == other or (one.startswith("/") and other.endswith(one)) for one in ours for other in theirs)


def bare(address: str) -> str:
    return _BEFORE_HOST.sub("", address.strip()).rstrip("/").casefold()


def given_text(value: Any) -> str:
    """A value that comes with a query as text; of an entity its key, or its name where the identifier is another's."""
    if isinstance(value, dict):
        own = parsed(value["id"])
        return own[1] if own else value.get("name", "")
    return text_of(value)


def codes_of_countries() -> dict[str, str]:
    """The code of each public country by the keys of all its names and codes; in one statement."""
    country = TYPES["country"]
    named = country.directory.records()
    return {key: each.iso2 for each in named for key in keys(alias.name for _why, alias in country.names_of(each))}
