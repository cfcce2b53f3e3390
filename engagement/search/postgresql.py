"""Search on PostgreSQL: tsvector and GIN, built from tokens that are already made.

`to_tsvector('simple', …)` would parse the text once more, and in its own way: "ilo/aids" is a file name to it. So
lexemes are put in as they are, and questions are written in the form that is read without any parser.
"""

from collections.abc import Iterable, Sequence

from engagement.search.engine import COLLECTION, RECORD_BITS, SQL, TABLES, TOKENS, Engine, Ways, document_id


class PostgreSQLEngine(Engine):
    text, whole = 'text COLLATE "C"', "bigint"
    both, either = "&", "|"

    def token_tables(self) -> list[str]:
        return [
            f"CREATE TABLE IF NOT EXISTS {TOKENS} (id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
            f"CREATE INDEX IF NOT EXISTS {TOKENS}_gin ON {TOKENS} USING gin (tokens)",
        ]

    def insert_tokens(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Each token with its collection's number before it: the index then holds each collection by itself."""
        lexemes = ((each, [f"{each >> RECORD_BITS}_{token}" for token in tokens]) for each, tokens in rows)
        self.insert(f"{TOKENS} (id, tokens)", "(%s, array_to_tsvector(%s::text[]))", lexemes)

    def among(self, texts: Sequence[str]) -> SQL:
        return "= ANY(%s)", [list(texts)]

    def lock(self, number: int) -> None:
        self.run(f"SELECT number FROM {COLLECTION} WHERE number = %s FOR UPDATE", [number])

    def settle(self) -> None:
        for table in TABLES:
            self.run(f"ANALYZE {table}")

    def term(self, numbers: Sequence[int], token: str, begun: bool) -> list[str]:
        return [f"'{number}_{token}':*" if begun else f"'{number}_{token}'" for number in numbers]

    def having(self, numbers: Sequence[int], words: Sequence[Ways], mark: str = "") -> SQL:
        found = f"SELECT id AS document FROM {TOKENS} WHERE tokens @@ %s::tsquery"
        return found, [self.expression(numbers, words, mark)]

    def holding(self, number: int, words: Sequence[Ways]) -> dict[int, frozenset[str]]:
        found, values = self.having([number], words)
        rows = self.run(f"SELECT id, tsvector_to_array(tokens) FROM {TOKENS} WHERE id IN ({found})", values)
        mark = f"{number}_"
        return {
            each - document_id(number, 0): frozenset(token.removeprefix(mark) for token in tokens)
            for each, tokens in rows
        }
