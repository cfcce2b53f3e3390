"""Numbers follow the order of commits, and on PostgreSQL no one waits for another's transaction."""

import random
import threading
import time

import pytest
from django.db import transaction

from engagement.freshness import changes, install, revision
from tests.freshness.toys import LINK, ON_POSTGRESQL, OWN, TOY, add, is_waiting_for_a_lock, own_noted, run, start, until

several_writers = pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite lets one transaction write at a time")


def test_a_transaction_rolled_back_leaves_nothing_and_moves_no_revision(own: str) -> None:
    add(1)
    before = revision(own)
    with pytest.raises(ZeroDivisionError), transaction.atomic(using=own):
        add(2)
        raise ZeroDivisionError
    assert (revision(own), own_noted(before)) == (before, [])
    add(3)
    assert own_noted(before) == [("toy", 3, "insert")]


def test_a_commit_moves_the_revision_by_the_rows_it_changed(own: str) -> None:
    assert revision(own) == 0
    with transaction.atomic(using=own):
        add(1)
        add(2)
    first = revision(own)
    run("UPDATE toy SET name = name")
    assert revision(own) == first
    run("UPDATE toy SET name = 'changed'")
    assert [change.number > first for change in changes(first, using=own)] == [True, True]
    assert revision(own) == changes(0, using=own)[-1].number


@several_writers
def test_a_long_transaction_does_not_delay_the_commit_of_another(own: str) -> None:
    written, may_end = threading.Event(), threading.Event()

    def long_one() -> None:
        with transaction.atomic(using=OWN):
            add(1)
            written.set()
            assert may_end.wait(30)

    thread = start(long_one)
    assert written.wait(30)
    began = time.perf_counter()
    add(2)
    took = time.perf_counter() - began
    assert own_noted() == [("toy", 2, "insert")]
    may_end.set()
    thread.result(timeout=60)
    assert took < 1
    assert own_noted() == [("toy", 2, "insert"), ("toy", 1, "insert")]


@several_writers
def test_installing_again_waits_for_no_transaction(own: str) -> None:
    written, may_end = threading.Event(), threading.Event()

    def long_one() -> None:
        with transaction.atomic(using=OWN):
            add(1)
            written.set()
            assert may_end.wait(30)

    thread = start(long_one)
    assert written.wait(30)
    run("SET lock_timeout = '1s'")
    assert install([TOY, LINK], using=own) == []
    may_end.set()
    thread.result(timeout=60)


@several_writers
def test_transactions_that_commit_in_the_other_order_are_numbered_in_that_order(own: str) -> None:
    may_end = [threading.Event() for _ in range(4)]
    written = threading.Barrier(5)

    def write(place: int) -> None:
        with transaction.atomic(using=OWN):
            add(place)
            written.wait(30)
            assert may_end[place].wait(30)

    threads = [start(lambda place=place: write(place)) for place in range(4)]  # type: ignore[misc]
    written.wait(30)
    seen = [revision(own)]
    for place in (2, 0, 3, 1):
        may_end[place].set()
        threads[place].result(timeout=60)
        seen.append(revision(own))
        assert own_noted(seen[-2]) == [("toy", place, "insert")]
    assert seen == sorted(set(seen))


@several_writers
def test_one_whose_constraints_are_checked_early_makes_others_wait_and_not_overtake(own: str) -> None:
    checked, may_end = threading.Event(), threading.Event()

    def early_one() -> None:
        with transaction.atomic(using=OWN):
            add(1)
            run("SET CONSTRAINTS ALL IMMEDIATE")
            checked.set()
            assert may_end.wait(30)

    first = start(early_one)
    assert checked.wait(30)
    second = start(lambda: add(2))
    until(is_waiting_for_a_lock)
    assert own_noted() == []
    may_end.set()
    first.result(timeout=60)
    second.result(timeout=60)
    assert own_noted() == [("toy", 1, "insert"), ("toy", 2, "insert")]


@several_writers
def test_numbering_waits_behind_the_foreign_keys_so_that_it_cannot_deadlock(own: str) -> None:
    """The one holds a row and wants to number; the other would number and then want that row for its foreign key."""
    add(1)
    add(2)
    held, checking = threading.Event(), threading.Event()

    def holds_the_row() -> None:
        with transaction.atomic(using=OWN):
            run("SELECT id FROM toy WHERE id = 1 FOR UPDATE")
            run("UPDATE toy SET name = 'changed' WHERE id = 1")
            held.set()
            assert checking.wait(30)

    def needs_the_row() -> None:
        with transaction.atomic(using=OWN):
            run("UPDATE toy SET name = 'changed' WHERE id = 2")
            run("INSERT INTO part (id, toy_id) VALUES (1, 1)")

    first = start(holds_the_row)
    assert held.wait(30)
    second = start(needs_the_row)
    until(is_waiting_for_a_lock)
    checking.set()
    first.result(timeout=60)
    second.result(timeout=60)
    assert own_noted(2) == [("toy", 1, "update"), ("toy", 2, "update")]


def test_a_reader_who_follows_the_log_misses_nothing_and_is_told_nothing_twice(own: str) -> None:
    writers, transactions, ended = 6, 30, threading.Event()
    followed: list[tuple[int, int]] = []

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for each in range(transactions):
            key = (writer * transactions + each) * 10
            with transaction.atomic(using=OWN):
                add(key)
                time.sleep(chance.random() / (100 if ON_POSTGRESQL else 1000))
                run("INSERT INTO toy VALUES (%s, 'x'), (%s, 'y')", [key + 1, key + 2])
                transaction.set_rollback(each % 5 == 0, using=OWN)

    def follow() -> None:
        while True:
            last = ended.is_set()
            found = changes(followed[-1][0] if followed else 0, using=OWN)
            followed.extend((change.number, change.key) for change in found)
            if last:
                return

    reader = start(follow)
    threads = [start(lambda writer=writer: write(writer)) for writer in range(writers)]  # type: ignore[misc]
    for thread in threads:
        thread.result(timeout=60)
    ended.set()
    reader.result(timeout=60)
    there = {key for (key,) in run("SELECT id FROM toy")}
    assert len(there) == writers * transactions * 3 * 4 // 5
    assert len(followed) == len(there) and {key for _, key in followed} == there
    numbers = [number for number, _ in followed]
    assert numbers == sorted(set(numbers))
