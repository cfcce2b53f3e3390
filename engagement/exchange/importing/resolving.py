"""What texts in a file name: keys and names of the register's records, read once a run and asked in memory."""

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Wrong
from engagement.models import (
    Affiliation,
    ConsultativeCategory,
    Country,
    InvitationDecision,
    Meeting,
    MeetingBody,
    NameKind,
    Office,
    Organization,
    OrganizationName,
    Programme,
    Project,
    Region,
    Source,
    Theme,
)
from engagement.search import normalise

# Names of more records than these are not compared letter by letter for a suggestion.
MOST_COMPARED = 5_000
# Texts of one run for which suggestions are sought.
MOST_SUGGESTED = 300
CLOSE = 0.7
# Keys that a message lists.
MOST_LISTED = 5

# One name is folded several times on its way: to be found, compared and claimed.
folded = lru_cache(maxsize=5_000)(normalise)


@dataclass(frozen=True)
class Called:
    """By what the records of a model are called: the fields that name them, and those that merely may (acronyms)."""

    names: tuple[str, ...]
    besides: tuple[str, ...] = ()


IN_ALL = ("name", "name_fr", "name_es")
CALLED: dict[type[models.Model], Called] = {
    Country: Called(("iso2", "iso3", *IN_ALL)),
    Region: Called(IN_ALL),
    Theme: Called(IN_ALL),
    ConsultativeCategory: Called((*IN_ALL, "formal_name")),
    MeetingBody: Called(("name",), ("acronym",)),
    Meeting: Called(("name",)),
    InvitationDecision: Called(("label",)),
    Affiliation: Called(("name",)),
    Organization: Called(("name",), ("acronym",)),
    Office: Called(("name",), ("acronym",)),
    Project: Called(("title",), ("acronym",)),
    Programme: Called(("title",), ("acronym",)),
    Source: Called(("title",)),
}


class Names:
    """The records of one model by what they are called."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.called = CALLED[model]
        self.by_key: dict[str, int] = {}
        self.keys: dict[int, str] = {}
        self.places: dict[int, int] = {}
        self.by_name: dict[str, set[int]] = {}
        self.by_more: dict[str, set[int]] = {}
        self.suggested: dict[str, str] = {}
        self.looked_up: dict[str, dict[int, Any]] = {}
        self.read()

    def read(self) -> None:
        names, besides = self.called.names, self.called.besides
        rows = self.model._base_manager.order_by(*self.model._meta.ordering)
        fields = ("pk", self.model.key_field, *names, *besides)
        for place, (pk, key, *texts) in enumerate(rows.values_list(*fields).iterator(chunk_size=2_000)):
            self.by_key[key], self.keys[pk], self.places[pk] = pk, key, place
            for at, text in enumerate(texts):
                self.note(self.by_name if at < len(names) else self.by_more, text, pk)
        if self.model is Organization:
            others = OrganizationName._base_manager.values_list("organization_id", "name", "kind")
            for pk, text, kind in others.iterator(chunk_size=2_000):
                self.note(self.by_more if kind == NameKind.ACRONYM else self.by_name, text, pk)

    @staticmethod
    def note(where: dict[str, set[int]], text: str, pk: int) -> None:
        if name := normalise(text):
            where.setdefault(name, set()).add(pk)

    def key_of(self, pk: int | None) -> str:
        return "" if pk is None else self.keys.get(pk, "")

    def place_of(self, pk: int) -> int:
        """Where the record stands in the order in which lists have it."""
        return self.places.get(pk, 0)

    def find(self, text: str) -> int:
        """The one record that the text names. Raises Wrong: it names none, or several."""
        if text in self.by_key:
            return self.by_key[text]
        name = folded(text)
        found = self.by_name.get(name) or self.by_more.get(name) or set[int]()
        if not found and name.replace(" ", "-") in self.by_key:
            return self.by_key[name.replace(" ", "-")]
        if len(found) == 1:
            return next(iter(found))
        raise self.several(found) if found else self.unknown(text)

    def named(self, text: str) -> set[int]:
        """Those that have the text for a name."""
        return self.by_name.get(folded(text), set())

    def several(self, found: Collection[int]) -> Wrong:
        keys = sorted(self.keys[pk] for pk in found)
        says = _("%(n)d records are called so. Give the key of one.") % {"n": len(keys)}
        return Wrong("several", says, ", ".join(keys[:MOST_LISTED]))

    def unknown(self, text: str) -> Wrong:
        says = _("The register has no %(model)s called so.") % {"model": self.model._meta.verbose_name}
        rule = f"unknown-{self.model._meta.model_name}"
        return Wrong(rule, says, self.suggestion(text))

    def suggestion(self, text: str) -> str:
        """The key of what is called most alike; "" where nothing is, or where too much would have to be compared."""
        if text not in self.suggested:
            too_much = len(self.suggested) >= MOST_SUGGESTED or len(self.by_name) > MOST_COMPARED
            self.suggested[text] = "" if too_much else self.closest(text)
        return self.suggested[text]

    def closest(self, text: str) -> str:
        name = normalise(text)[:200]
        known: dict[str, int] = {normalise(key): pk for key, pk in self.by_key.items()}
        known |= {called[:200]: min(pks) for called, pks in self.by_name.items()}
        close = difflib.get_close_matches(name, known, n=1, cutoff=CLOSE)
        return self.keys[known[close[0]]] if close else ""

    def of(self, pk: int | None, lookup: str) -> Any:
        """What the lookup leads to from a record; "" where there is none. One query a lookup."""
        if lookup not in self.looked_up:
            rows = self.model._base_manager.values_list("pk", lookup)
            self.looked_up[lookup] = {key: value for key, value in rows if value not in (None, "")}
        return "" if pk is None else self.looked_up[lookup].get(pk, "")


@dataclass
class Book:
    """What one run has looked up."""

    by_model: dict[Any, Names] = field(default_factory=dict)
    # Keys of records of which further sources speak, by model (parts).
    spoken_of: dict[Any, set[str]] = field(default_factory=dict)

    def names(self, model: Any) -> Names:
        if model not in self.by_model:
            self.by_model[model] = Names(model)
        return self.by_model[model]


def chunked(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
