"""The tables of search, what both engines do alike, and what each has to bring.

Nothing here is a Django model: the tables are derived, made anew from the register at any time, and no migration or
fixture knows them. Their names carry a version; whoever changes what they hold, or how words become tokens, raises it.

    search_collection   number, name               the collections, numbered as they come
    search_document     id, collection …           one row a record, in the order of its sort_name
    search_tokens       id, tokens                 the full-text index
    search_name         collection, name, document the keys of names: found exactly and by their beginning
    search_word         word, collection …         each word, how many documents hold it, and its token
    search_trigram      collection, trigram …      from three letters to the words that hold them

A document's id is its collection's number and its record's key in one: what the full-text index gives are record ids.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

# Raised when the tables change, or what documents are made of: an upgrade then fills them anew.
VERSION = "v6"
COLLECTION, DOCUMENT, TOKENS, NAME, WORD, TRIGRAM = TABLES = tuple(
    f"search_{name}_{VERSION}" for name in ("collection", "document", "tokens", "name", "word", "trigram")
)
OF_ANY_VERSION = "search_(collection|document|tokens|name|word|trigram)_v[0-9]+"
RECORD_BITS = 40
HIGHEST = "\U0010ffff"  # after every text that begins alike, compared byte by byte

NAMED = "="  # before a token, where it stands in a name of the document

# Values in one statement; SQLite takes 32,766, older ones 999.
VALUES_AT_ONCE = 900

T = TypeVar("T")
Row = tuple[Any, ...]
SQL = tuple[str, list[Any]]


@dataclass(frozen=True)
class Term:
    """A token, or several that stand for one another; `begun` if words that begin with it count."""

    tokens: tuple[str, ...]
    begun: bool = False


# A word of a query is asked in several ways, one of which has to hold; each is several terms, all of which have to.
Way = tuple[Term, ...]
Ways = tuple[Way, ...]


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def marks(values: Sequence[Any]) -> str:
    """A parameter for each of the values: `(%s, %s)`."""
    return f"({', '.join(['%s'] * len(values))})"


def document_id(number: int, record_id: int) -> int:
    return (number << RECORD_BITS) + record_id


class Engine(ABC):
    """Search on one connection. `text` is the type of a column compared byte by byte, `whole` that of large numbers."""

    text: str
    whole: str
    token_id = "id"  # the column of the full-text index that holds the document's id
    both, either = "AND", "OR"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    # -- Statements ------------------------------------------------------------------------------------------------

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    def run_each(self, sql: str, values: Iterable[Any], *before: Any) -> list[Row]:
        """Run `sql`, which holds one `IN %s`, for a bounded number of values at a time."""
        found: list[Row] = []
        for batch in batches(values, VALUES_AT_ONCE):
            found += self.run(sql.replace("IN %s", f"IN {marks(batch)}"), [*before, *batch])
        return found

    def insert(self, into: str, row: str, rows: Iterable[Row], *, conflict: str = "") -> None:
        """Insert rows, many in one statement; `row` is what stands in it for one of them, as `(%s, %s)`."""
        for batch in batches(rows, VALUES_AT_ONCE // row.count("%s")):
            values = ", ".join([row] * len(batch))
            self.run(f"INSERT INTO {into} VALUES {values} {conflict}", [value for each in batch for value in each])

    @abstractmethod
    def among(self, texts: Sequence[str]) -> SQL:
        """To stand after a column: that it is one of the texts, however many, in one parameter."""

    # -- Tables ----------------------------------------------------------------------------------------------------

    def install(self) -> None:
        """Make what is missing; run as often as one likes."""
        for statement in (*self.shared_tables(), *self.token_tables()):
            self.run(statement)

    def shared_tables(self) -> list[str]:
        def table(name: str, columns: str) -> str:
            return f"CREATE TABLE IF NOT EXISTS {name} ({columns})"

        def index(of: str, suffix: str, columns: str) -> str:
            return f"CREATE INDEX IF NOT EXISTS {of}_{suffix} ON {of} ({columns})"

        return [
            table(COLLECTION, f"number integer PRIMARY KEY, name {self.text} NOT NULL UNIQUE"),
            table(
                DOCUMENT,
                f"id {self.whole} PRIMARY KEY, collection integer NOT NULL, record_id {self.whole} NOT NULL, "
                f"sort_name {self.text} NOT NULL, digest {self.text} NOT NULL, words {self.text} NOT NULL",
            ),
            index(DOCUMENT, "order", "collection, sort_name, record_id"),
            table(
                NAME,
                f"collection integer NOT NULL, name {self.text} NOT NULL, document {self.whole} NOT NULL, "
                "PRIMARY KEY (collection, name, document)",
            ),
            index(NAME, "document", "document"),
            table(
                WORD,
                f"word {self.text} NOT NULL, collection integer NOT NULL, token {self.text} NOT NULL, "
                "frequency integer NOT NULL, PRIMARY KEY (word, collection)",
            ),
            index(WORD, "token", "token, collection, frequency"),
            table(
                TRIGRAM,
                f"collection integer NOT NULL, trigram {self.text} NOT NULL, length integer NOT NULL, "
                f"word {self.text} NOT NULL, PRIMARY KEY (collection, trigram, length, word)",
            ),
        ]

    @abstractmethod
    def token_tables(self) -> list[str]:
        """Statements that make the full-text index where it is missing."""

    @abstractmethod
    def insert_tokens(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Put documents' tokens, by id, into the full-text index; none of the ids is in it."""

    @abstractmethod
    def lock(self, number: int) -> None:
        """Make other writers of the collection wait until the transaction ends."""

    def filling(self) -> AbstractContextManager[object]:
        """While very many documents are written one after the other, `settle` to follow: what makes that faster."""
        return nullcontext()

    @abstractmethod
    def settle(self) -> None:
        """After many writes: drop from the files what was removed, and let the planner know the sizes."""

    def number_of(self, collection: str) -> int | None:
        """The collection's number; None as long as nothing was ever written of it."""
        found = self.run(f"SELECT number FROM {COLLECTION} WHERE name = %s", [collection])
        return found[0][0] if found else None

    def numbered(self, collection: str) -> int:
        """The collection's number, given now if it has none."""
        while (number := self.number_of(collection)) is None:  # again, where another writer took the next number
            self.run(
                f"INSERT INTO {COLLECTION} (number, name) "
                f"SELECT COALESCE(MAX(number), 0) + 1, %s FROM {COLLECTION} WHERE true ON CONFLICT DO NOTHING",
                [collection],
            )
        return number

    # -- Questions -------------------------------------------------------------------------------------------------

    @abstractmethod
    def having(self, numbers: Sequence[int], words: Sequence[Ways], mark: str = "") -> SQL:
        """A query for the documents that hold any of the words; `mark` stands before the tokens looked for.

        Of several collections, it may list documents of others too.
        """

    @abstractmethod
    def term(self, numbers: Sequence[int], token: str, begun: bool) -> list[str]:
        """Expressions of the full-text index's own language, one of which has to hold, for a token."""

    @abstractmethod
    def holding(self, number: int, words: Sequence[Ways]) -> dict[int, frozenset[str]]:
        """The records of a collection that hold any of the words, each with all its tokens."""

    def expression(self, numbers: Sequence[int], words: Sequence[Ways], mark: str) -> str:
        """Any of the words, in the full-text index's language."""
        return self._joined(self.either, [self._way(numbers, way, mark) for ways in words for way in ways])

    def _way(self, numbers: Sequence[int], way: Way, mark: str) -> str:
        terms = ([one for token in term.tokens for one in self.term(numbers, mark + token, term.begun)] for term in way)
        return self._joined(self.both, [self._joined(self.either, alternatives) for alternatives in terms])

    @staticmethod
    def _joined(operator: str, operands: Sequence[str]) -> str:
        return operands[0] if len(operands) == 1 else f"({f' {operator} '.join(operands)})"

    def named(self, numbers: Sequence[int], keys: Sequence[str]) -> SQL:
        """A query for the documents one of whose names is one of these."""
        return self._with_name(numbers, f"name IN {marks(keys)}", list(keys))

    def named_from(self, numbers: Sequence[int], beginnings: Sequence[str]) -> SQL:
        """A query for the documents one of whose names begins so."""
        begun = " OR ".join(["(name >= %s AND name < %s)"] * len(beginnings))
        bounds = [bound for beginning in beginnings for bound in (beginning, beginning + HIGHEST)]
        return self._with_name(numbers, f"({begun})", bounds)

    @staticmethod
    def _with_name(numbers: Sequence[int], condition: str, values: list[str]) -> SQL:
        return f"SELECT document FROM {NAME} WHERE collection IN {marks(numbers)} AND {condition}", [*numbers, *values]
