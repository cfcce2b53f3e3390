"""What a reader may mean while typing: records, types, properties; a page of them at a time."""

from collections.abc import Iterable
from typing import Any

from engagement.api.reconciliation.entities import OF_COLLECTION, TYPES, Named, Type, identified
from engagement.api.reconciliation.properties import Property
from engagement.directories.recognizing import RECOGNIZABLE
from engagement.search import match_everywhere, normalise

PAGE = 20


def entities(prefix: str, types: Iterable[Type], cursor: int) -> list[dict[str, Any]]:
    """The records that answer to the prefix, the best first; one whose identifier it is before all others."""
    asked = [each.directory.name for each in types]
    known = identified([prefix]).get(prefix)
    first = [known] if known and known[0].directory.name in asked else []
    found = match_everywhere(prefix, asked, cursor + PAGE).found
    # Those of the collection that answers best come first, as on the page of the search.
    best = sorted(asked, key=lambda name: found[name].rank)
    keys = [(OF_COLLECTION[name], key) for name in best for key in found[name].first]
    listed = (first + records(keys))[cursor : cursor + PAGE]
    return [
        {"id": of_type.id_of(record), "name": str(record), "description": of_type.name, "notable": [of_type.said]}
        for of_type, record in listed
    ]


def records(keys: list[tuple[Type, int]]) -> list[tuple[Type, Any]]:
    """The records with these primary keys in the same order; a statement a type, or two."""
    there: dict[tuple[str, int], Any] = {}
    for of_type in {each.id: each for each, _key in keys}.values():
        wanted = [key for each, key in keys if each is of_type]
        rows = RECOGNIZABLE[of_type.directory.name].records().filter(pk__in=wanted)
        there |= {(of_type.id, record.pk): record for record in rows}
    return [(of_type, there[of_type.id, key]) for of_type, key in keys if (of_type.id, key) in there]


def types(prefix: str, cursor: int) -> list[Named]:
    found = (each.said for each in TYPES.values() if begins(prefix, each.id, each.name, each.directory.name))
    return list(found)[cursor : cursor + PAGE]


def properties(prefix: str, known: dict[str, Property], cursor: int) -> list[Named]:
    found = (
        each.said | {"description": each.says}
        for each in known.values()
        if begins(prefix, each.id, each.said["name"], each.says)
    )
    return list(found)[cursor : cursor + PAGE]


def begins(prefix: str, *texts: str) -> bool:
    """Whether one of the texts, or a word of it, begins with the prefix."""
    wanted = normalise(prefix)
    return any(f" {wanted}" in f" {normalise(text)}" for text in texts)
