"""Search on SQLite: FTS5, given tokens that are already made, so that its own tokenizer only splits at spaces."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from engagement.search.engine import NAMED, SQL, TABLES, TOKENS, Engine, Row, Ways, document_id

# While filling: memory for pages; of the full-text index, what it gathers in memory and how many parts it may have.
CACHE_KIB, HASH_BYTES, MOST_PARTS = 256 * 1024, 64 * 1024 * 1024, 1_000
# What FTS5 has otherwise.
CONFIGURED = {"hashsize": 1024 * 1024, "automerge": 4, "crisismerge": 16}


class SQLiteEngine(Engine):
    text, whole, token_id = "text", "integer", "rowid"

    def shared_tables(self) -> list[str]:
        """Tables without rowid: they are only ever read by their primary key."""
        keyed = tuple(f"CREATE TABLE IF NOT EXISTS {name} " for name in TABLES[3:])
        return [f"{each} WITHOUT ROWID" if each.startswith(keyed) else each for each in super().shared_tables()]

    def token_tables(self) -> list[str]:
        # detail=none and columnsize=0: no positions and no sizes, since there are no phrases and no engine's score.
        options = f"tokens, tokenize = \"ascii tokenchars '{NAMED}'\", detail = none, columnsize = 0, prefix = '3 4'"
        return [f"CREATE VIRTUAL TABLE IF NOT EXISTS {TOKENS} USING fts5({options})"]

    def insert(self, into: str, row: str, rows: Iterable[Row], *, conflict: str = "") -> None:
        """One prepared statement for all of them: faster here than many rows in a statement."""
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {into} VALUES {row} {conflict}", rows)

    def insert_tokens(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        self.insert(f"{TOKENS} (rowid, tokens)", "(%s, %s)", ((each, " ".join(tokens)) for each, tokens in rows))

    def among(self, texts: Sequence[str]) -> SQL:
        return "IN (SELECT value FROM json_each(%s))", [json.dumps(texts)]

    def lock(self, number: int) -> None:
        """Nothing to do: SQLite has one writer at a time."""

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Pages stay in memory, and the full-text index writes large parts, which `settle` merges once."""
        [(cache,)] = self.run("PRAGMA cache_size")
        self.run(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._configure(hashsize=HASH_BYTES, automerge=0, crisismerge=MOST_PARTS)
        try:
            yield
        finally:
            self._configure(**CONFIGURED)
            self.run(f"PRAGMA cache_size = {cache}")

    def _configure(self, **options: int) -> None:
        for name, value in options.items():
            self.run(f"INSERT INTO {TOKENS} ({TOKENS}, rank) VALUES (%s, %s)", [name, value])

    def settle(self) -> None:
        self._configure(**CONFIGURED)  # also where a filling was cut off
        self.run(f"INSERT INTO {TOKENS} ({TOKENS}) VALUES ('optimize')")
        for table in TABLES:
            self.run(f"ANALYZE {table}")

    def term(self, numbers: Sequence[int], token: str, begun: bool) -> list[str]:
        return [f'"{token}"*' if begun else f'"{token}"']

    def having(self, numbers: Sequence[int], words: Sequence[Ways], mark: str = "") -> SQL:
        """Of one collection, its range of ids is read; of several, all there is."""
        found = f"SELECT rowid AS document FROM {TOKENS} WHERE {TOKENS} MATCH %s"
        expression = self.expression(numbers, words, mark)
        if len(numbers) > 1:
            return found, [expression]
        (number,) = numbers
        return f"{found} AND rowid BETWEEN %s AND %s", [expression, document_id(number, 0), document_id(number + 1, -1)]

    def holding(self, number: int, words: Sequence[Ways]) -> dict[int, frozenset[str]]:
        found, values = self.having([number], words)
        rows = self.run(f"SELECT rowid, tokens FROM {TOKENS} WHERE rowid IN ({found})", values)
        return {each - document_id(number, 0): frozenset(tokens.split()) for each, tokens in rows}
