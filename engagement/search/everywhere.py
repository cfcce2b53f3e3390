"""The records of all collections that match a text, for one page that shows the first of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS
from pyroaring import BitMap

from engagement.search.asking import understand
from engagement.search.engine import DOCUMENT, Engine, Row, document_id
from engagement.search.engines import engine_for
from engagement.search.ranking import RECORD, Keep, made_now, places

# Records of a rank that are put into order by their names alone; where there are more, all names are read in order.
MANY = 200
READ_AT_ONCE = 500


@dataclass(frozen=True)
class Found:
    """Of one collection: how many records match, the primary keys of the first of them, in order, and how well the
    first answers, less being better; 0 and 1 are names that are the text or begin with it."""

    total: int = 0
    first: tuple[int, ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Everywhere:
    """What matches a text in each of the collections asked, and what was looked for instead of unknown words."""

    found: dict[str, Found]
    replacements: dict[str, tuple[str, ...]] = field(default_factory=dict)


def match_everywhere(
    text: str,
    collections: Sequence[str],
    limit: int,
    *,
    using: str = DEFAULT_DB_ALIAS,
    keep: Callable[[str], Keep] = lambda collection: made_now,
) -> Everywhere:
    """How many records of each collection match the text, and the first `limit` in the order of `match()`.

    A word is replaced only if none of the collections knows it. A blank text finds nothing. `keep`: by collection what
    keeps the sets of words (ranking.Keep). Statements, besides those to understand the text: one for all names, one for
    each word that is not kept, one to put the first into order, and one for each rank of many that is begun.
    """
    found = dict.fromkeys(collections, Found())
    engine = engine_for(using)
    question = understand(engine, collections, text)
    if not question:
        return Everywhere(found)
    ranks = places(engine, question, {name: keep(name) for name in question.numbers})
    first = _first(engine, question.numbers, ranks, max(limit, 1))
    for name, answers in ranks.items():
        if answers:
            found[name] = Found(sum(len(rank) for _place, rank in answers), first[name][:limit], answers[0][0])
    return Everywhere(found, question.replacements)


def _first(
    engine: Engine, numbers: dict[str, int], ranks: dict[str, list[tuple[int, BitMap]]], limit: int
) -> dict[str, tuple[int, ...]]:
    """By collection the first records, in order of rank and then of name."""
    begun: dict[str, list[list[int]]] = {}
    for name, answers in ranks.items():
        wanted, begun[name] = limit, []
        for _place, rank in answers:
            if wanted > 0:
                many = len(rank) > MANY
                begun[name].append(_first_of_many(engine, numbers[name], rank, wanted) if many else list(rank))
                wanted -= len(rank)
    few = {
        document_id(numbers[name], record)
        for name, sets in begun.items()
        for records, (_place, rank) in zip(sets, ranks[name], strict=False)
        if len(rank) <= MANY
        for record in records
    }
    select = f"SELECT id, sort_name FROM {DOCUMENT} WHERE id IN %s"
    names: dict[int, str] = dict(engine.run_each(select, few)) if few else {}
    return {
        name: tuple(record for records in sets for record in _in_order(records, numbers[name], names))
        for name, sets in begun.items()
    }


def _in_order(records: list[int], number: int, names: dict[int, str]) -> list[int]:
    """By name, which is compared byte by byte, then by key; the records of a rank of many stand in order already."""
    ids = [document_id(number, record) for record in records]
    if ids and ids[0] not in names:
        return records
    return [each & RECORD for each in sorted(ids, key=lambda each: (names.get(each, ""), each))]


def _first_of_many(engine: Engine, number: int, rank: BitMap, wanted: int) -> list[int]:
    """The first records of a set, found by reading the collection's names in their order until there are enough."""
    found: list[int] = []
    after: Row = ("", -1)
    select = (
        f"SELECT sort_name, record_id FROM {DOCUMENT} WHERE collection = %s AND (sort_name, record_id) > (%s, %s) "
        "ORDER BY sort_name, record_id LIMIT %s"
    )
    while len(found) < wanted and (rows := engine.run(select, [number, *after, READ_AT_ONCE])):
        found += [record for _name, record in rows if record in rank]
        after = rows[-1]
    return found[:wanted]
