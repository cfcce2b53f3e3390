"""Keeping what is searched: whatever was written and removed before, the tables are those of a rebuild."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.search import Document, compare, rebuild, remove, settle, write, writing
from engagement.search.engine import DOCUMENT, NAME, TRIGRAM, WORD
from tests.search.toys import ON_POSTGRESQL, TOYS, run, some_documents, stored

pytestmark = pytest.mark.django_db

PLAIN = Document(1, "council", ["Council"], ["Geneva"])


@pytest.mark.parametrize("seed", range(8))
def test_writing_and_removing_bit_by_bit_leaves_what_a_rebuild_makes(seed: int) -> None:
    source, kept = random.Random(seed), dict[int, Document]()
    for _ in range(25):
        keys = source.sample(range(1, 20), source.randrange(1, 6))
        if source.random() < 0.6:
            documents = some_documents(source, keys)
            write(TOYS, documents)
            kept |= {document.record_id: document for document in documents}
        else:
            remove(TOYS, keys)
            kept = {key: document for key, document in kept.items() if key not in keys}
    bit_by_bit = stored(TOYS)
    assert not compare(TOYS, kept.values())
    rebuild(TOYS, kept.values())
    assert stored(TOYS) == bit_by_bit


def test_a_rebuild_takes_out_what_is_gone_and_mends_what_was_spoilt() -> None:
    documents = some_documents(random.Random(1), range(1, 9))
    rebuild(TOYS, documents)
    whole = stored(TOYS)
    write(TOYS, some_documents(random.Random(2), range(5, 15)))
    for table in (NAME, WORD, TRIGRAM):
        run(f"DELETE FROM {table}")
    run(f"UPDATE {DOCUMENT} SET words = 'spoilt', digest = ''")
    assert rebuild(TOYS, documents) == 8
    assert stored(TOYS) == whole


def test_the_size_of_batches_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = some_documents(random.Random(3), range(1, 12))
    rebuild(TOYS, documents)
    at_once, told = stored(TOYS), list[int]()
    monkeypatch.setattr(writing, "BATCH", 5)
    rebuild(TOYS, documents, progress=told.append)
    assert stored(TOYS) == at_once and told == [5, 10, 11]
    remove(TOYS, range(1, 12))
    assert write(TOYS, documents) == 11 and stored(TOYS) == at_once


def test_of_two_documents_of_one_record_the_last_is_kept() -> None:
    write(TOYS, [PLAIN, Document(1, "another", ["Another"])])
    twice = stored(TOYS)
    remove(TOYS, [1])
    write(TOYS, [Document(1, "another", ["Another"])])
    assert stored(TOYS) == twice


def test_a_document_that_says_what_is_stored_is_not_written_again() -> None:
    write(TOYS, [PLAIN])
    before = stored(TOYS)
    with CaptureQueriesContext(connection) as queries:
        assert write(TOYS, [PLAIN, Document(2, "new", ["New"])]) == 2
        remove(TOYS, [2])
        assert write(TOYS, [PLAIN]) == 1
    assert len([each for each in queries if f" INTO {DOCUMENT} " in each["sql"]]) == 1
    assert stored(TOYS) == before


def test_removing_what_is_not_there_is_no_error() -> None:
    remove(TOYS, [7])
    write(TOYS, [PLAIN])
    remove(TOYS, [7, 1, 1])
    assert not any(stored(TOYS))


def test_collections_do_not_touch_one_another() -> None:
    write(TOYS, [PLAIN])
    before = stored(TOYS)
    write("other toys", [Document(1, "union", ["Union council"])])
    remove("other toys", [1])
    rebuild("other toys", [])
    assert stored(TOYS) == before


def test_comparing_tells_what_is_stale_missing_and_superfluous() -> None:
    assert compare(TOYS, [PLAIN]).missing == [1]
    write(TOYS, [PLAIN, Document(2, "b", ["B"]), Document(3, "c", ["C"])])
    found = compare(TOYS, [PLAIN, Document(2, "b", ["B changed"]), Document(4, "d", ["D"])])
    assert (found.stale, found.missing, found.superfluous) == ([2], [4], [3])
    assert found and not compare(TOYS, [PLAIN, Document(2, "b", ["B"]), Document(3, "c", ["C"])])


def test_a_document_may_hold_any_text() -> None:
    write(TOYS, [Document(1, "a", ["\x00 a\x00b \ud800c", "'\"*=%s %%"], ["x" * 100_000, "word " * 10_000])])
    assert [row[0] for row in run(f"SELECT words FROM {DOCUMENT} WHERE sort_name = 'a'")] == [
        f"a b c s word {'x' * 64}"
    ]


def test_large_keys_stay_apart_from_the_collections_number() -> None:
    write(TOYS, [Document(2**39, "a", ["A"])])
    assert compare(TOYS, [Document(2**39, "a", ["A"])]) == writing.Difference([], [], [])


def test_settling_leaves_the_tables_as_they_are() -> None:
    write(TOYS, [PLAIN])
    before = stored(TOYS)
    settle()
    assert stored(TOYS) == before


@pytest.mark.skipif(ON_POSTGRESQL, reason="SQLite's own check")
def test_the_full_text_index_is_whole_after_many_changes() -> None:
    source = random.Random(4)
    for _ in range(20):
        write(TOYS, some_documents(source, source.sample(range(1, 30), 5)))
    settle()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        assert cursor.fetchall() == [("ok",)]
