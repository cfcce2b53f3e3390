"""Projections: each exactly once and in order, whoever else is catching up, and none in the way of another."""

import datetime
import gc
import threading
import time
from collections.abc import Callable, Collection, Sequence

import pytest
from django.db import transaction
from django.utils import timezone

from engagement.freshness import Busy, Change, behind, catch_up, changes, projector, rebuild, register, revision, trim
from engagement.freshness.projector import Report
from tests.freshness.toys import ON_POSTGRESQL, OWN, add, run, start


class Copy:
    """A copy of the toys, and the numbers it was given: a number given twice is refused by the database."""

    def __init__(self, name: str = "copy", fail: Callable[[Sequence[Change]], object] = lambda changes: None) -> None:
        self.name, self.fail = name, fail
        self.tables: Collection[str] = ("toy",)
        self.batches: list[int] = []

    def apply(self, changes: Sequence[Change]) -> None:
        self.batches.append(len(changes))
        for change in changes:
            run("INSERT INTO applied VALUES (%s)", [change.number])
            run("DELETE FROM toy_copy WHERE id = %s", [change.key])
            run("INSERT INTO toy_copy SELECT id, name FROM toy WHERE id = %s", [change.key])
        self.fail(changes)

    def rebuild(self, report: Report) -> None:
        run("DELETE FROM toy_copy")
        run("INSERT INTO toy_copy SELECT id, name FROM toy")


class Count(Copy):
    """Only what it was given."""

    def apply(self, changes: Sequence[Change]) -> None:
        self.batches.append(len(changes))
        self.fail(changes)


def refuse(changes: Sequence[Change]) -> None:
    raise ZeroDivisionError


def copied() -> bool:
    return run("SELECT * FROM toy ORDER BY id") == run("SELECT * FROM toy_copy ORDER BY id")


def numbers() -> list[int]:
    return [change.number for change in changes(0, using=OWN)]


def applied() -> list[int]:
    return [number for (number,) in run("SELECT number FROM applied ORDER BY number")]


def test_without_projections_there_is_nothing_to_catch_up_with(own: str) -> None:
    add(1)
    assert (catch_up(using=own), behind(own)) == ([], 0)


def test_a_projection_catches_up_with_what_it_has_not_seen(own: str) -> None:
    copy = Copy()
    register(copy)
    add(1)
    assert behind(own) == 1
    assert catch_up(using=own) == [] and copied()
    run("UPDATE toy SET name = 'changed'")
    add(2)
    assert catch_up(using=own) == [] and copied()
    assert catch_up(using=own) == [] and behind(own) == 0
    assert copy.batches == [1, 2]


def test_a_reader_applies_no_more_than_the_limit(own: str) -> None:
    copy = Copy()
    register(copy)
    for key in range(5):
        add(key)
    catch_up(limit=2, using=own)
    assert (copy.batches, behind(own)) == ([2], 3)
    catch_up(limit=2, using=own)
    catch_up(limit=2, using=own)
    catch_up(limit=2, using=own)
    assert (copy.batches, behind(own)) == ([2, 2, 1], 0) and copied()


def test_a_long_log_is_applied_in_batches(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "BATCH", 3)
    copy = Copy()
    register(copy)
    for key in range(7):
        add(key)
    assert catch_up(using=own) == [] and copied()
    assert copy.batches == [3, 3, 1]


def test_a_projection_is_not_given_other_tables_and_has_seen_them_all_the_same(own: str) -> None:
    other = Count("other")
    other.tables = ("another",)
    register(other)
    add(1)
    assert catch_up(using=own) == [] and behind(own) == 0
    assert other.batches == []


def test_a_crash_rolls_back_that_projection_and_no_other(own: str) -> None:
    register(Copy("fails", fail=refuse))
    register(Count("works"))
    add(1)
    assert catch_up(using=own) == ["fails"]
    assert run("SELECT * FROM toy_copy") == run("SELECT * FROM applied") == []
    assert run("SELECT name, seen FROM freshness_projection WHERE seen > 0") == [("works", revision(own))]
    assert behind(own) == 1
    projector._registered["fails"].fail = lambda changes: None  # type: ignore[attr-defined]
    assert catch_up(using=own) == [] and copied()


def test_a_crash_inside_the_writers_own_transaction_leaves_what_was_written(own: str) -> None:
    register(Copy("fails", fail=refuse))
    add(1)
    with transaction.atomic(using=own):
        add(2)
        assert catch_up(using=own) == ["fails"]
    assert run("SELECT id FROM toy ORDER BY id") == [(1,), (2,)]


def test_processes_that_catch_up_at_once_apply_each_entry_once(own: str) -> None:
    register(Copy())

    def write(writer: int) -> None:
        for each in range(25):
            add(writer * 100 + each)
            run("UPDATE toy SET name = %s WHERE id <= 3", [f"{writer} {each}"])
            catch_up(limit=None if each % 2 else 10, using=OWN)

    threads = [start(lambda writer=writer: write(writer)) for writer in range(5)]  # type: ignore[misc]
    for thread in threads:
        thread.result(timeout=60)
    assert catch_up(using=own) == []
    assert copied() and applied() == numbers() and behind(own) == 0


def test_a_reader_does_not_wait_for_whoever_is_catching_up(own: str) -> None:
    began, may_end = threading.Event(), threading.Event()

    def linger(changes: Sequence[Change]) -> None:
        began.set()
        assert may_end.wait(30)

    register(Count("slow", fail=linger))
    add(1)
    thread = start(lambda: catch_up(using=OWN))
    assert began.wait(30)
    asked = time.perf_counter()
    assert catch_up(limit=500, using=own) == []
    took = time.perf_counter() - asked
    may_end.set()
    thread.result(timeout=60)
    assert took < 1 and behind(own) == 0
    assert projector._registered["slow"].batches == [1]  # type: ignore[attr-defined]


def test_whoever_finds_a_projection_held_leaves_no_cursor_to_the_garbage_collector(own: str) -> None:
    began, may_end = threading.Event(), threading.Event()

    def linger(changes: Sequence[Change]) -> None:
        began.set()
        assert may_end.wait(30)

    register(Count("slow", fail=linger))
    add(1)
    thread = start(lambda: catch_up(using=OWN))
    assert began.wait(30)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert catch_up(limit=5, using=own) == []
        gc.collect()
        assert [each for each in gc.garbage if "Cursor" in type(each).__name__] == []
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
        may_end.set()
        thread.result(timeout=60)


def test_a_writer_waits_a_while_and_then_leaves_it_to_the_next(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "WRITERS_PATIENCE", 0.3)
    began, may_end = threading.Event(), threading.Event()

    def linger(changes: Sequence[Change]) -> None:
        began.set()
        assert may_end.wait(30)

    register(Count("slow", fail=linger))
    add(1)
    thread = start(lambda: catch_up(using=OWN))
    assert began.wait(30)
    asked = time.perf_counter()
    assert catch_up(using=own) == []
    assert 0.2 < time.perf_counter() - asked < 10
    monkeypatch.setattr(projector, "REBUILDERS_PATIENCE", 0.0)
    with pytest.raises(Busy):
        rebuild("slow", using=own)
    may_end.set()
    thread.result(timeout=60)


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite lets one transaction write at a time")
def test_a_projection_that_is_held_does_not_hold_up_another(own: str) -> None:
    began, may_end = threading.Event(), threading.Event()

    def linger(changes: Sequence[Change]) -> None:
        began.set()
        assert may_end.wait(30)

    register(Count("slow", fail=linger))
    add(1)
    thread = start(lambda: catch_up(using=OWN))
    assert began.wait(30)
    quick = Count("quick")
    register(quick)
    assert catch_up(limit=500, using=own) == []
    assert quick.batches == [1]
    may_end.set()
    thread.result(timeout=60)


def test_the_patience_of_the_session_is_as_it_was_afterwards(own: str) -> None:
    asked = "SHOW lock_timeout" if ON_POSTGRESQL else "PRAGMA busy_timeout"
    before = run(asked)
    register(Copy())
    add(1)
    catch_up(using=own)
    add(2)
    catch_up(limit=5, using=own)
    assert run(asked) == before


def test_rebuilding_makes_anew_what_was_lost_and_goes_on_from_there(own: str) -> None:
    copy = Copy()
    register(copy)
    add(1)
    catch_up(using=own)
    run("DELETE FROM toy_copy")
    add(2)
    rebuild("copy", using=own)
    assert copied() and behind(own) == 0
    add(3)
    catch_up(using=own)
    assert copied() and copy.batches == [1, 1]


def test_what_is_committed_while_a_projection_is_rebuilt_is_applied_once_more(own: str) -> None:
    began, may_end = threading.Event(), threading.Event()

    class Slow(Copy):
        def rebuild(self, report: Report) -> None:
            super().rebuild(report)
            began.set()
            assert may_end.wait(30)

    register(Slow())
    add(1)
    thread = start(lambda: rebuild("copy", using=OWN))
    assert began.wait(30)
    add(2)
    may_end.set()
    thread.result(timeout=60)
    assert behind(own) == 0 and copied()
    assert applied() == numbers()[1:]


def test_trimming_leaves_what_a_projection_has_yet_to_see(own: str) -> None:
    copy = Copy()
    register(copy)
    add(1)
    run("UPDATE toy SET name = 'once'")
    catch_up(limit=2, using=own)
    run("UPDATE toy SET name = 'twice'")
    run("UPDATE toy SET name = 'three times'")
    later = timezone.now() + datetime.timedelta(minutes=5)
    assert trim(later, using=own) == 2
    assert (len(numbers()), behind(own)) == (2, 2)
    catch_up(using=own)
    assert trim(later, using=own) == 1
    assert copied() and len(numbers()) == 1


def test_a_name_is_registered_once_and_a_projection_watches_something() -> None:
    copy = Copy()
    register(copy)
    register(copy)
    with pytest.raises(ValueError, match="already a projection called copy"):
        register(Copy())
    nothing = Copy("nothing")
    nothing.tables = ()
    with pytest.raises(ValueError, match="watches no table"):
        register(nothing)
