"""What is searched of organizations, read as plain values and not as models: there may be a million of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from engagement.models import Organization, OrganizationIdentifier, OrganizationName, Seat
from engagement.models.languages import OTHERS
from engagement.search import initials


@dataclass(frozen=True, slots=True)
class OrganizationTexts:
    """names: those it has and had, and its acronym. words: what else it is found by."""

    sort_name: str
    names: list[str]
    words: list[str]


def every_language(lookup: str) -> tuple[str, ...]:
    """The columns of a name in the register's languages."""
    return (lookup, *(f"{lookup}_{language}" for language in OTHERS))


REGION = every_language("region__name")
COUNTRY = (*every_language("country__name"), "country__iso3", *every_language("country__region__name"))
THEME = every_language("theme__name")


def organization_texts(organizations: Collection[int]) -> dict[int, OrganizationTexts]:
    """The texts of the published ones among these, by primary key; five queries."""
    rows = Organization.objects.published().filter(pk__in=organizations)
    texts = {}
    for key, sort_name, name, acronym, *region in rows.values_list("pk", "sort_name", "name", "acronym", *REGION):
        texts[key] = OrganizationTexts(sort_name, [name, acronym], list(filter(None, region)))
        if not acronym and len(letters := initials(name)) >= 3:
            texts[key].words.append(letters)  # "WCC" is looked for, though no source of ours prints it
    for key, name in of_these(OrganizationName.objects.published(), texts, "name"):
        texts[key].names.append(name)
    others = chain(
        of_these(OrganizationIdentifier.objects.published(), texts, "value"),
        of_these(Seat.objects.published(), texts, "city", *COUNTRY),
        of_these(Organization.themes.through._base_manager.filter(theme__published=True), texts, *THEME),
    )
    for key, *words in others:
        texts[key].words.extend(filter(None, words))
    return texts


def of_these(rows: QuerySet, organizations: Collection[int], *columns: str) -> Iterator[tuple[Any, ...]]:
    """The key of the organization and the columns, of those of the rows that are of these organizations."""
    return iter(rows.filter(organization__in=organizations).order_by().values_list("organization_id", *columns))
