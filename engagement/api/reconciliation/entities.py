"""What is reconciled: the records of four collections, by type, and their identifiers.

An identifier is the path of the record's page: `organizations/<slug>`, `countries/<ISO2>`. It tells the type, and put
behind the identifier space, which is the address of the site, it leads to the page; clients do just that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from engagement.desk.models import Signpost
from engagement.directories import Directory, countries, instruments, organizations, projects
from engagement.directories.recognizing import RECOGNIZABLE, Names

Named = dict[str, str]


@dataclass(frozen=True)
class Type:
    """One type. id, name: as clients know it."""

    id: str
    name: str
    directory: Directory

    @property
    def said(self) -> Named:
        return {"id": self.id, "name": self.name}

    def names_of(self, record: Any) -> Names:
        return RECOGNIZABLE[self.directory.name].names(record)

    def id_of(self, record: Any) -> str:
        return self.id_with(record.natural_key()[0])

    def id_with(self, key: str) -> str:
        return f"{self.directory.name}/{key}"

    def name_of(self, record: Any) -> str:
        """As it is called without its acronym."""
        return self.names_of(record)[0][1].name

    def records(self, keys: Iterable[str]) -> QuerySet:
        """The public records with these keys, with all their names."""
        rows = RECOGNIZABLE[self.directory.name].records()
        return rows.filter(**{f"{rows.model.key_field}__in": set(keys)})

    def in_full(self, **wanted: Any) -> QuerySet:
        """Public records with all that the columns of their directory say of them."""
        return self.directory.in_full(self.directory.records().filter(**wanted).for_list())


TYPES = {
    each.id: each
    for each in (
        Type("organization", "Organization", organizations),
        Type("country", "Country", countries),
        Type("project", "Project", projects),
        Type("instrument", "Instrument", instruments),
    )
}
ORGANIZATION = TYPES["organization"]
OF_COLLECTION = {each.directory.name: each for each in TYPES.values()}
IDENTIFIER = re.compile(rf"({'|'.join(OF_COLLECTION)})/([-A-Za-z0-9_]{{1,200}})")


def parsed(identifier: str) -> tuple[Type, str] | None:
    """The type and the key that an identifier names; None for what has not the form of one."""
    found = IDENTIFIER.fullmatch(identifier)
    return (OF_COLLECTION[found[1]], found[2]) if found else None


def by_type(identifiers: Iterable[str]) -> dict[Type, set[str]]:
    """The keys that the identifiers name; what is none names nothing."""
    keys: dict[str, set[str]] = {}
    for one in filter(None, map(parsed, identifiers)):
        keys.setdefault(one[0].id, set()).add(one[1])
    return {TYPES[each]: some for each, some in keys.items()}


def merged(identifiers: Iterable[str]) -> dict[str, str]:
    """By identifier of an organization that was merged into another, the other's; one statement, if any is asked."""
    asked = {one: key for one in identifiers for of_type, key in filter(None, [parsed(one)]) if of_type is ORGANIZATION}
    if not asked:
        return {}
    signposts = Signpost.objects.filter(slug__in=asked.values(), organization__published=True)
    leading = dict(signposts.values_list("slug", "organization__slug"))
    return {one: ORGANIZATION.id_with(leading[key]) for one, key in asked.items() if key in leading}


def identified(identifiers: Iterable[str]) -> dict[str, tuple[Type, Any]]:
    """The records that identifiers name, by identifier; one statement a type, or two."""
    return {
        of_type.id_of(record): (of_type, record)
        for of_type, keys in by_type(identifiers).items()
        for record in of_type.records(keys)
    }
