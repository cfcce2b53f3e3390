"""The answer to a batch: whom each query may mean, how well, and whether that is sure.

A name is judged as the meeting check judges it (directories.recognizing). What is given beside the name moves the
score: AGREEING for each property that agrees, CONTRADICTING for each that contradicts. A record is a match if it alone
is sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engagement.api.reconciliation.asked import Batch, Query
from engagement.api.reconciliation.comparing import agrees, codes_of_countries
from engagement.api.reconciliation.entities import TYPES, Type, identified, parsed
from engagement.api.reconciliation.properties import LABEL, LEADING
from engagement.directories.recognizing import Alias, Candidate, Why, recognized
from engagement.search import normalise

AGREEING, CONTRADICTING = 5, -20
# What may be a word or another's code: only where it is said of what type the record is.
SURE_OF_TYPE = frozenset({Why.CODE, Why.ACRONYM})
# Of a query without a name, the properties that hold one, the most telling first.
NAMING = ("key", "name", "acronym", "iso3", "name_fr", "name_es")

WHY = list(Why)


@dataclass(frozen=True)
class Scored:
    """A candidate of a type; what agrees with it, by property, where that can be told."""

    of_type: Type
    candidate: Candidate
    is_sure: bool
    agreements: dict[str, bool] = field(default_factory=dict)

    @property
    def agreeing(self) -> int:
        return sum(self.agreements.values())

    @property
    def contradicting(self) -> int:
        return len(self.agreements) - self.agreeing

    @property
    def score(self) -> int:
        moved = self.candidate.score + AGREEING * self.agreeing + CONTRADICTING * self.contradicting
        return max(0, min(100, moved))

    @property
    def place(self) -> tuple[Any, ...]:
        """Among the candidates of a query."""
        name = normalise(self.of_type.name_of(self.candidate.record))
        return (
            -self.score,
            -self.agreeing,
            WHY.index(self.candidate.why),
            name,
            self.of_type.id_of(self.candidate.record),
        )


Found = dict[str, list[Scored]]


def answers(batch: Batch) -> dict[str, Any]:
    """The result of each query, in a fixed number of statements for however many."""
    texts = {name: text_of(query) for name, query in batch.items()}
    found = candidates(batch, texts)
    compare(batch, found)
    return {name: {"result": result(batch[name], scored)} for name, scored in found.items()}


def text_of(query: Query) -> str:
    given = (value for name in NAMING for value in query.properties.get(name, ()))
    return query.text or next(given, "")


# -- By name, or by identifier --------------------------------------------------------------------------------------


def candidates(batch: Batch, texts: dict[str, str]) -> Found:
    found: Found = {name: [] for name in batch}
    known = identified({text for text in texts.values() if parsed(text)})
    for name, query in batch.items():
        if (one := known.get(texts[name])) and one[0] in query.types:
            found[name] = [Scored(one[0], Candidate(one[1], Why.CODE, 100, True, Alias(texts[name])), True)]
    for of_type in TYPES.values():
        asking = [name for name, query in batch.items() if of_type in query.types and texts[name] not in known]
        recognitions = recognized([texts[name] for name in asking], of_type.directory.name) if asking else []
        for name, recognition in zip(asking, recognitions, strict=True):
            found[name] += [scored(of_type, each, batch[name]) for each in recognition.candidates]
    return found


def scored(of_type: Type, candidate: Candidate, query: Query) -> Scored:
    return Scored(of_type, candidate, candidate.is_sure and (query.is_typed or candidate.why not in SURE_OF_TYPE))


# -- By properties --------------------------------------------------------------------------------------------------


def compare(batch: Batch, found: Found) -> None:
    """Put to each candidate of a query with properties what agrees with it and what does not."""
    asking = {name: query.properties for name, query in batch.items() if query.properties and found[name]}
    rows = in_full(each for name in asking for each in found[name])
    of_countries = any(given.removesuffix(LABEL) in LEADING for properties in asking.values() for given in properties)
    countries = codes_of_countries() if of_countries else {}
    for name, properties in asking.items():
        found[name] = [with_agreements(each, rows[each.of_type.id], properties, countries) for each in found[name]]


def in_full(some: Iterable[Scored]) -> dict[str, dict[int, Any]]:
    """The rows of the candidates, by type and primary key."""
    keys: dict[str, set[int]] = {}
    for each in some:
        keys.setdefault(each.of_type.id, set()).add(each.candidate.record.pk)
    return {name: {row.pk: row for row in TYPES[name].in_full(pk__in=some)} for name, some in keys.items()}


def with_agreements(
    each: Scored, rows: dict[int, Any], properties: dict[str, list[str]], countries: dict[str, str]
) -> Scored:
    row = rows.get(each.candidate.record.pk, each.candidate.record)
    told = {name: agrees(each.of_type, row, name, given, countries) for name, given in properties.items()}
    agreements = {name: agreement for name, agreement in told.items() if agreement is not None}
    return Scored(each.of_type, each.candidate, each.is_sure, agreements)


# -- The result -----------------------------------------------------------------------------------------------------


def result(query: Query, found: list[Scored]) -> list[dict[str, Any]]:
    match = the_match(found)
    ordered = sorted(found, key=lambda each: each.place)
    return [said(each, is_match=each is match) for each in ordered[: query.limit]]


def the_match(found: list[Scored]) -> Scored | None:
    """The only one that is sure. Of several by name, the only one that nothing contradicts and something speaks for."""
    sure = [each for each in found if each.is_sure]
    left = [each for each in sure if not each.contradicting]
    if len(left) != 1:
        return None
    return left[0] if len(sure) == 1 or left[0].agreeing else None


def said(each: Scored, *, is_match: bool) -> dict[str, Any]:
    candidate = each.candidate
    return {
        "id": each.of_type.id_of(candidate.record),
        "name": each.of_type.name_of(candidate.record),
        "description": description(candidate),
        "type": [each.of_type.said],
        "score": each.score,
        "match": is_match,
        "features": features(each),
    }


def description(candidate: Candidate) -> str:
    """The reason in words: “A former name: League of Looms (until 1990)”."""
    alias = candidate.alias
    until = f" (until {alias.until})" if alias.until else ""
    reason = f"{candidate.why.label}: {alias.name}{until}" if alias.name else str(candidate.why.label)
    taken = (f"“{typed}” taken for “{word}”" if word else f"“{typed}” left out" for typed, word in candidate.replaced)
    return "; ".join((reason, *taken))


def features(each: Scored) -> list[dict[str, Any]]:
    """What the score is made of: that of the name, its reason, the words replaced, and the properties compared."""
    by_name: dict[str, Any] = {
        "name": each.candidate.score,
        f"reason-{each.candidate.why.value}": True,
        "replaced-words": len(each.candidate.replaced),
    }
    by_property = {f"property-{name}": agreement for name, agreement in each.agreements.items()}
    return [{"id": name, "value": value} for name, value in (by_name | by_property).items()]
