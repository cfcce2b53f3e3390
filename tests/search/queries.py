"""The committed queries: what the register answers to each, the same on both engines.

A line of queries.txt holds, between tabs: the collection, the query (as JSON, for the sake of odd characters), how many
records match, the natural keys of the first five in order, and a digest of all keys in order. `python -m
tests.search.queries`, with the environment of a portal that holds the fixtures and their documents, writes the answers
anew; what then differs is for a person to judge.
"""

import hashlib
import json
from pathlib import Path

import django

FILE = Path(__file__).with_name("queries.txt")
SHOWN = 5

Line = tuple[str, str, int, tuple[str, ...], str]


def read() -> list[Line]:
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        (collection, json.loads(query), int(total), tuple(keys.split()), digest)
        for collection, query, total, keys, digest in lines
    ]


def written(line: Line) -> str:
    collection, query, total, keys, digest = line
    return "\t".join((collection, json.dumps(query), str(total), " ".join(keys), digest))


def line_of(collection: str, query: str, keys: list[str]) -> Line:
    digest = hashlib.blake2b("\n".join(keys).encode(), digest_size=6).hexdigest()
    return collection, query, len(keys), tuple(keys[:SHOWN]), digest


if __name__ == "__main__":
    django.setup()
    from tests.search.test_queries import answer

    lines = [written(answer(collection, query)) for collection, query, *_ in read()]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
