"""The records that match a text as sets, one a rank, without a score for each of them.

The ranks are those of matching.py, made of a few sets: the records with such a name, and for each word those that hold
it and those that hold it in a name. Within a rank the order is the same for every question, so that a page of the
answers is cut out of one rank or two, however many records match.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyroaring import BitMap

from engagement.search.asking import Question
from engagement.search.engine import DOCUMENT, NAMED, RECORD_BITS, SQL, Engine, Ways, document_id, marks

HELD, IN_NAME = "held", "named"
RECORD = document_id(1, 0) - 1  # of a document's id, the part that is its record's

# Gives what a Derived (keysets.shelves) makes, by a name: made now, or kept from before.
Keep = Callable[[Hashable, Any], Any]


def made_now(name: Hashable, derived: Any) -> Any:
    """Keep nothing."""
    return derived.make()


class Word:
    """A word asked of several collections: by the number of each, its records that hold it. One statement, if any."""

    def __init__(self, engine: Engine, numbers: Sequence[int], ways: Ways) -> None:
        self.engine, self.numbers, self.ways = engine, numbers, ways

    @cached_property
    def everywhere(self) -> dict[int, dict[str, BitMap]]:
        sets = [self.engine.having(self.numbers, [self.ways], mark) for mark in ("", NAMED)]
        held, named = by_collection(self.engine, sets)
        return {number: {HELD: held[number], IN_NAME: named[number]} for number in self.numbers}

    def of(self, number: int) -> "OfWord":
        return OfWord(self, number)


@dataclass(frozen=True)
class OfWord:
    """The records of one collection that hold a word, and those that hold it in a name; as keysets keep it."""

    word: Word
    number: int

    def follows(self, tables: frozenset[str]) -> bool:
        return True

    def make(self) -> dict[str, BitMap]:
        return self.word.everywhere[self.number]

    def again(self, former: dict[str, BitMap], records: Collection[int]) -> dict[str, BitMap]:
        """The former sets, which stay as they are, with these records as they are now."""
        changed, engine = BitMap(records), self.word.engine

        def found(mark: str) -> BitMap:
            documents = engine.having([self.number], [self.word.ways], mark)
            return BitMap(records_of(engine, self.number, documents, records))

        return {HELD: (former[HELD] - changed) | found(""), IN_NAME: (former[IN_NAME] - changed) | found(NAMED)}


def ranked(engine: Engine, question: Question, keep: Keep) -> list[BitMap]:
    """The records that answer a question put to one collection: each in one of the sets, the best set first."""
    if not question:
        return []
    ((collection, _number),) = question.numbers.items()
    return [rank for _place, rank in places(engine, question, {collection: keep})[collection]]


def places(engine: Engine, question: Question, keeps: Mapping[str, Keep]) -> dict[str, list[tuple[int, BitMap]]]:
    """By collection the records that answer, each in one of the sets, with the rank of each set, the best first."""
    numbers = list(question.numbers.values())
    words = [Word(engine, numbers, ways) for ways in question.words]
    by_name = by_collection(engine, _named(engine, question))
    found = {}
    for collection, number in question.numbers.items():
        held = [keeps[collection](("word", word.ways), word.of(number)) for word in words]
        before, ranks = BitMap(), []
        for place, records in enumerate(named[number] for named in by_name):
            ranks.append((place, records - before))
            before |= records
        left = BitMap.union(BitMap(), *(word[HELD] for word in held)) - before
        ranks += [(3 + cost, group) for cost, group in _by_words(left, held)]
        found[collection] = [(place, rank) for place, rank in ranks if rank]
    return found


def _named(engine: Engine, question: Question) -> list[SQL]:
    """By a name or an acronym that is the text, by one that begins with it, by the same words in another order."""
    numbers = list(question.numbers.values())
    sets = [engine.named(numbers, question.keys), engine.named_from(numbers, question.beginnings)]
    return [*sets, engine.named(numbers, question.any_order)] if question.any_order else sets


def _by_words(records: BitMap, words: list[dict[str, BitMap]]) -> list[tuple[int, BitMap]]:
    """By what the words cost together: nothing where a name has one, 1 where the record has it, else more than all."""
    missing = len(words) + 1
    groups = {0: records}
    for word in words:
        split: dict[int, BitMap] = {}
        for cost, group in groups.items():
            named = group & word[IN_NAME]
            held = (group & word[HELD]) - named
            for more, some in ((0, named), (1, held), (missing, group - named - held)):
                if some:
                    split[cost + more] = split[cost + more] | some if cost + more in split else some
        groups = split
    return sorted(groups.items())


def by_collection(engine: Engine, sets: Sequence[SQL]) -> list[dict[int, BitMap]]:
    """For each of the queries the records of the documents that it finds, by the number of their collection."""
    query = " UNION ALL ".join(
        f"SELECT {place} AS place, document FROM ({sql}) AS found" for place, (sql, _) in enumerate(sets)
    )
    documents: list[dict[int, list[int]]] = [{} for _sql in sets]
    for place, document in engine.run(query, [value for _, values in sets for value in values]):
        documents[place].setdefault(document >> RECORD_BITS, []).append(document & RECORD)
    return [defaultdict(BitMap, {number: BitMap(some) for number, some in each.items()}) for each in documents]


def records_of(engine: Engine, number: int, documents: SQL, among: Collection[int]) -> Iterator[int]:
    """Those of the records whose documents a query finds."""
    query, values = documents
    ids = [document_id(number, record) for record in among]
    found = engine.run_each(f"SELECT document FROM ({query}) AS found WHERE document IN %s", ids, *values)
    return (document & RECORD for (document,) in found)


@dataclass(frozen=True)
class ByName:
    """The order of equally good answers of a collection: of all its documents, or of some records."""

    engine: Engine
    number: int

    def __call__(self, among: Collection[int] | None) -> list[int]:
        select, order = f"SELECT record_id FROM {DOCUMENT} WHERE collection = %s", "ORDER BY sort_name, record_id"
        if among is None:
            return [record for (record,) in self.engine.run(f"{select} {order}", [self.number])]
        ids = [document_id(self.number, record) for record in among]
        found = self.engine.run(f"{select} AND id IN {marks(ids)} {order}", [self.number, *ids]) if ids else []
        return [record for (record,) in found]
