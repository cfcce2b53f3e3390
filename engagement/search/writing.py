"""Keeping the tables of search: writing, removing, rebuilding and comparing the documents of a collection.

Nothing here is called by itself: whoever changes records says which documents follow (no triggers, no signals).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, transaction

from engagement.search import vocabulary
from engagement.search.documents import Document, Entry, entry_of
from engagement.search.engine import DOCUMENT, NAME, TOKENS, Engine, Row, batches, document_id
from engagement.search.engines import engine_for

BATCH = 500
# Documents a transaction where the collection has none yet, so that nobody misses any meanwhile.
FIRST_BATCH = 25_000

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Difference:
    """The records whose documents are out of step with the register."""

    stale: list[int]
    missing: list[int]
    superfluous: list[int]

    def __bool__(self) -> bool:
        return bool(self.stale or self.missing or self.superfluous)


def write(collection: str, documents: Iterable[Document], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Put the documents in, in the place of those their records had; how many there were. One that says what is stored
    costs a look at its digest: most edits are of something that nobody searches for.

    Each batch is a transaction, unless the caller has one open: what is read meanwhile is the former or the new text.
    """
    engine = engine_for(using)
    written = 0
    for batch in batches(map(entry_of, documents), BATCH):
        with transaction.atomic(using=using, savepoint=False):
            number = _locked(engine, collection)
            if changed := _changed(engine, number, batch):
                vocabulary.change(engine, number, _replace(engine, number, changed))
        written += len(batch)
    return written


def remove(collection: str, ids: Iterable[int], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the documents of these records out; one that is not there is no error."""
    engine = engine_for(using)
    for batch in batches(ids, BATCH):
        with transaction.atomic(using=using, savepoint=False):
            number = _locked(engine, collection)
            vocabulary.change(engine, number, _delete(engine, number, batch))


def rebuild(
    collection: str, documents: Iterable[Document], *, using: str = DEFAULT_DB_ALIAS, progress: Progress | None = None
) -> int:
    """Write every document anew, remove all others, count the words again; how many documents there are.

    Batch by batch, so that the former documents are found until the new ones stand, and other writers wait for one
    batch only. `progress` is told after each how many have been written.
    """
    engine = engine_for(using)
    with transaction.atomic(using=using):
        superfluous = {record_id for record_id, _digest in _digests(engine, _locked(engine, collection))}
    written = 0
    with engine.filling():
        for batch in batches(map(entry_of, documents), BATCH if superfluous else FIRST_BATCH):
            with transaction.atomic(using=using):
                _replace(engine, _locked(engine, collection), batch)
            superfluous -= {entry.record_id for entry in batch}
            written += len(batch)
            if progress:
                progress(written)
        remove(collection, sorted(superfluous), using=using)
        with transaction.atomic(using=using):
            _count_again(engine, _locked(engine, collection))
    return written


def settle(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """After many writes, and after an erasure: leave nothing of what was removed in the index; renew statistics."""
    engine_for(using).settle()


def compare(collection: str, documents: Iterable[Document], *, using: str = DEFAULT_DB_ALIAS) -> Difference:
    """How the stored documents differ from those that should be."""
    engine = engine_for(using)
    number = engine.number_of(collection)
    stored = dict(_digests(engine, number)) if number is not None else {}
    stale, missing = [], []
    for entry in map(entry_of, documents):
        digest = stored.pop(entry.record_id, None)
        if digest is None:
            missing.append(entry.record_id)
        elif digest != entry.digest:
            stale.append(entry.record_id)
    return Difference(sorted(stale), sorted(missing), sorted(stored))


# -- One batch, in the caller's transaction -----------------------------------------------------------------------


def _locked(engine: Engine, collection: str) -> int:
    number = engine.numbered(collection)
    engine.lock(number)
    return number


def _changed(engine: Engine, number: int, entries: list[Entry]) -> list[Entry]:
    """Those that are not stored as they are. Of two of one record both, so that the last one counts."""
    keys = [entry.record_id for entry in entries]
    ids = [document_id(number, key) for key in keys]
    stored: dict[int, str] = dict(engine.run_each(f"SELECT id, digest FROM {DOCUMENT} WHERE id IN %s", ids))
    twice = {key for key, times in Counter(keys).items() if times > 1}
    return [
        entry
        for each, entry in zip(ids, entries, strict=True)
        if entry.record_id in twice or stored.get(each) != entry.digest
    ]


def _replace(engine: Engine, number: int, entries: list[Entry]) -> Counter[str]:
    """Store the entries (of two of one record, the last); how the numbers of documents that hold each word change."""
    by_id = {document_id(number, entry.record_id): entry for entry in entries}
    differences = _delete(engine, number, [entry.record_id for entry in by_id.values()])
    engine.insert(
        f"{DOCUMENT} (id, collection, record_id, sort_name, digest, words)",
        "(%s, %s, %s, %s, %s, %s)",
        (
            (each, number, entry.record_id, entry.sort_name, entry.digest, " ".join(entry.words))
            for each, entry in by_id.items()
        ),
    )
    engine.insert_tokens((each, entry.tokens) for each, entry in by_id.items())
    names = sorted((number, name, each) for each, entry in by_id.items() for name in entry.names)
    engine.insert(f"{NAME} (collection, name, document)", "(%s, %s, %s)", names)
    for entry in by_id.values():
        differences.update(entry.words)
    return differences


def _delete(engine: Engine, number: int, record_ids: Iterable[int]) -> Counter[str]:
    """Remove what is stored of the records; the words that are now held by fewer documents, counted below zero."""
    ids = [document_id(number, record_id) for record_id in record_ids]
    stored = engine.run_each(f"SELECT id, words FROM {DOCUMENT} WHERE id IN %s", ids)
    found = [row[0] for row in stored]
    engine.run_each(f"DELETE FROM {DOCUMENT} WHERE id IN %s", found)
    engine.run_each(f"DELETE FROM {TOKENS} WHERE {engine.token_id} IN %s", ids)
    engine.run_each(f"DELETE FROM {NAME} WHERE document IN %s", ids)
    differences: Counter[str] = Counter()
    for _id, words in stored:
        differences.subtract(words.split())
    return differences


def _count_again(engine: Engine, number: int) -> None:
    """Make the vocabulary anew from what the stored documents say."""
    counted: Counter[str] = Counter()
    for row in _pages(engine, number, "words"):
        counted.update(row[1].split())
    vocabulary.clear(engine, number)
    vocabulary.change(engine, number, counted)


def _digests(engine: Engine, number: int) -> Iterator[tuple[int, str]]:
    lowest = document_id(number, 0)
    for each, digest in _pages(engine, number, "digest"):
        yield each - lowest, digest


def _pages(engine: Engine, number: int, column: str) -> Iterator[Row]:
    """The id and a column of every document of the collection, in bounded reads."""
    last, end = document_id(number, 0) - 1, document_id(number + 1, 0)
    select = f"SELECT id, {column} FROM {DOCUMENT} WHERE id > %s AND id < %s ORDER BY id LIMIT 2000"
    while rows := engine.run(select, [last, end]):
        yield from rows
        last = rows[-1][0]
