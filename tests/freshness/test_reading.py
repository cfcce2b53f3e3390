"""One state of the data for as long as it is read, with real connections."""

import pytest
from django.db import connections, transaction

from engagement.freshness import reading, revision
from tests.freshness.toys import OWN, add, run, start


def toys() -> int:
    [(number,)] = run("SELECT count(*) FROM toy")
    return int(number)


def test_what_others_write_meanwhile_is_not_seen_and_does_not_wait(own: str) -> None:
    add(1)
    with reading(own) as state:
        assert toys() == 1
        start(lambda: add(2)).result(timeout=30)
        assert (toys(), revision(own)) == (1, state.revision)
    assert toys() == 2
    assert revision(own) == state.revision + 1


def test_a_reading_within_another_sees_the_same(own: str) -> None:
    with reading(own) as outer:
        start(lambda: add(1)).result(timeout=30)
        with reading(own) as inner:
            assert (inner.revision, toys()) == (outer.revision, 0)
        assert toys() == 0
    assert toys() == 1


def test_a_reading_within_a_transaction_is_left_to_that_one(own: str) -> None:
    with transaction.atomic(using=own):
        add(1)
        with reading(own):
            assert toys() == 1
        add(2)
    assert toys() == 2


def test_afterwards_even_after_an_error_the_connection_writes_as_ever(own: str) -> None:
    closed_twice = reading(own)
    closed_twice.close()
    closed_twice.close()
    with pytest.raises(ZeroDivisionError), reading(own):
        raise ZeroDivisionError
    assert not connections[own].in_atomic_block
    add(1)
    start(lambda: run("UPDATE toy SET name = 'seen by others'")).result(timeout=30)
    assert run("SELECT name FROM toy") == [("seen by others",)]
    assert own == OWN


def test_within_a_reading_on_a_new_connection_the_database_knows_json(own: str) -> None:
    connections[own].close()
    connections[own].features.__dict__.pop("supports_json_field", None)
    with reading(own):
        assert connections[own].features.supports_json_field
