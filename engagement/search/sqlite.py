"""Search on SQLite: FTS5, given tokens that are already made, so that its own tokenizer only splits at spaces."""

import json
from collections.abc import Iterable, Sequence

from engagement.search.engine import NAMED, SQL, TABLES, TOKENS, Engine, Ways, document_id


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

    def insert_tokens(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        self.insert(f"{TOKENS} (rowid, tokens)", "(%s, %s)", ((each, " ".join(tokens)) for each, tokens in rows))

    def among(self, texts: Sequence[str]) -> SQL:
        return "IN (SELECT value FROM json_each(%s))", [json.dumps(texts)]

    def lock(self, number: int) -> None:
        """Nothing to do: SQLite has one writer at a time."""

    def settle(self) -> None:
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
