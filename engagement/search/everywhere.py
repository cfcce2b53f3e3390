"""The records of all collections that match a text, for one page that shows the first of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS

from engagement.search.asking import Question, understand
from engagement.search.engine import DOCUMENT, NAMED, SQL, Engine, Ways, marks
from engagement.search.engines import engine_for


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


def match_everywhere(text: str, collections: Sequence[str], limit: int, *, using: str = DEFAULT_DB_ALIAS) -> Everywhere:
    """How many records of each collection match the text, and the first `limit` in the order of `match()`.

    A word is replaced only if none of the collections knows it. A blank text finds nothing. One statement more than
    `match()` takes to understand the text: two to seven for all collections together.
    """
    found = dict.fromkeys(collections, Found())
    engine = engine_for(using)
    question = understand(engine, collections, text)
    if not question:
        return Everywhere(found)
    for name, rows in _first(engine, question, limit).items():
        found[name] = Found(rows[0][1], tuple(key for key, *_ in rows[:limit]), rank=rows[0][2])
    return Everywhere(found, question.replacements)


def _first(engine: Engine, question: Question, limit: int) -> dict[str, list[tuple[int, int, int]]]:
    """By collection the first records, each with the number of all and its own rank."""
    ranked, values = _ranked(engine, question)
    rows = engine.run(
        "SELECT collection, record_id, total, place FROM (SELECT d.collection, d.record_id, ranked.place, "
        "COUNT(*) OVER (PARTITION BY d.collection) AS total, ROW_NUMBER() OVER (PARTITION BY d.collection "
        "ORDER BY ranked.place, d.sort_name, d.record_id) AS row_number "
        f"FROM ({ranked}) AS ranked JOIN {DOCUMENT} d ON d.id = ranked.document "
        f"WHERE d.collection IN {marks([*question.numbers])}) AS numbered "
        "WHERE row_number <= %s ORDER BY collection, row_number",
        [*values, *question.numbers.values(), max(limit, 1)],
    )
    names = {number: name for name, number in question.numbers.items()}
    first: dict[str, list[tuple[int, int, int]]] = {}
    for number, key, total, place in rows:
        first.setdefault(names[number], []).append((key, total, place))
    return first


def _ranked(engine: Engine, question: Question) -> SQL:
    """A query for all documents that answer, with their rank as `match()` counts it."""
    numbers = list(question.numbers.values())
    sets = [("0", engine.named(numbers, question.keys)), ("1", engine.named_from(numbers, question.beginnings))]
    if question.any_order:
        sets.append(("2", engine.named(numbers, question.any_order)))
    missing = len(question.words) + 1
    sets.append((f"{3 + len(question.words) * missing} - SUM(saved)", _held(engine, numbers, question.words, missing)))
    ranked = " UNION ALL ".join(
        f"SELECT document, {rank} AS place FROM ({query}) AS found GROUP BY document" for rank, (query, _) in sets
    )
    values = [value for _, (_, some) in sets for value in some]
    return f"SELECT document, MIN(place) AS place FROM ({ranked}) AS sets GROUP BY document", values


def _held(engine: Engine, numbers: list[int], words: Sequence[Ways], missing: int) -> SQL:
    """A query for the documents that hold each word, with what that saves of the cost of missing it."""
    held = [(missing - 1, engine.having(numbers, [ways])) for ways in words]
    named = [(1, engine.having(numbers, [ways], NAMED)) for ways in words]
    queries = [f"SELECT document, {saved} AS saved FROM ({query}) AS found" for saved, (query, _) in (*held, *named)]
    return " UNION ALL ".join(queries), [value for _, (_, some) in (*held, *named) for value in some]
