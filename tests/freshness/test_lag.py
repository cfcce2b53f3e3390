"""How far a replica is behind, as it is measured: whatever either server says, or does not say any more."""

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.db import connections

from engagement.freshness import lag
from engagement.freshness.lag import PATIENCE, Server, Silent, Watch


class Told:
    """A server that says what it is told to say."""

    def __init__(self, is_replica: bool) -> None:
        self.is_replica, self.place = is_replica, 100
        self.since_replayed: float | None = 3600.0
        self.fault: Exception | None = None

    def standing(self) -> tuple[bool, int, float | None]:
        if self.fault is not None:
            raise self.fault
        return self.is_replica, self.place, self.since_replayed


class Both:
    """The two, a watch that looks at them, and the time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.primary, self.replica, self.watch, self.now = Told(False), Told(True), Watch(), 1000.0
        monkeypatch.setattr(self.watch, "_servers", (self.primary, self.replica))
        monkeypatch.setattr(lag, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=time.sleep))

    def after(self, seconds: float) -> float | None:
        """The lag that is measured then."""
        self.now += seconds
        self.watch._measure()
        return self.watch.lag

    def is_near(self) -> bool:
        return self.watch._is_near


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(monkeypatch)


def test_where_nobody_writes_for_an_hour_the_replica_is_not_behind(both: Both) -> None:
    assert both.after(0) == 0 and both.is_near()


def test_the_replica_is_behind_since_the_primary_was_first_seen_ahead_of_it(both: Both) -> None:
    both.after(0)
    both.primary.place = 200
    assert [both.after(1) for _each in range(6)] == [0, 1, 2, 3, 4, 5] and both.is_near()
    assert both.after(1) == 6 and not both.is_near()
    both.replica.place = 199
    assert both.after(1) == 7 and not both.is_near()
    both.replica.place = 200
    assert both.after(1) == 0 and both.is_near()


def test_a_replica_that_follows_at_some_distance_is_as_far_behind_as_that(both: Both) -> None:
    both.after(0)
    for second in range(1, 30):
        both.primary.place, both.replica.place = 100 + 10 * second, 100 + 10 * max(0, second - 3)
        both.after(1)
    assert both.watch.lag == 2 and both.is_near()


def test_of_the_time_before_the_first_look_the_timestamp_tells(both: Both) -> None:
    both.primary.place, both.replica.since_replayed = 200, 2.5
    assert both.after(0) == 2.5 and both.is_near()


@pytest.mark.parametrize("since_replayed", [7.0, None])
def test_a_replica_that_was_far_behind_at_the_first_look_is_not_read(both: Both, since_replayed: float | None) -> None:
    both.primary.place, both.replica.since_replayed = 200, since_replayed
    both.after(0)
    assert not both.is_near()
    both.replica.place = 200
    assert both.after(1) == 0 and both.is_near()


def test_a_server_that_has_become_a_primary_of_its_own_is_no_replica(both: Both) -> None:
    both.replica.is_replica = False
    assert both.after(0) is None and not both.is_near()


def test_what_there_is_is_read_while_the_primary_does_not_answer(both: Both) -> None:
    both.after(0)
    both.primary.place = 200
    for _each in range(9):
        both.after(1)
    assert not both.is_near()
    both.primary.fault = psycopg2.OperationalError("connection refused")
    both.after(1)
    assert both.is_near()
    both.primary.fault = None
    both.after(1)
    assert not both.is_near()


@pytest.mark.parametrize(("fault", "times"), [(Silent(), 1), (psycopg2.OperationalError("connection refused"), 0)])
def test_a_replica_that_does_not_answer_is_not_read_and_one_that_hangs_is_hung_up_on(
    both: Both, monkeypatch: pytest.MonkeyPatch, fault: Exception, times: int
) -> None:
    hung_up: list[bool] = []
    monkeypatch.setattr(lag, "hang_up", lambda: hung_up.append(True))
    both.after(0)
    both.replica.fault = fault
    assert both.after(1) is None and not both.is_near()
    assert len(hung_up) == times


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The alias of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address: dict[str, Any] = {"host": "127.0.0.1", "port": listening.getsockname()[1], "dbname": "none"}
        server: Any = SimpleNamespace(get_connection_params=lambda: address)
        connections["silent"] = server
        yield "silent"
        del connections["silent"]


def test_nobody_waits_longer_than_is_meant_for_a_server_that_says_nothing(silent: str) -> None:
    began = time.monotonic()
    with pytest.raises(Silent):
        Server(silent).standing()
    assert PATIENCE - 0.1 < time.monotonic() - began < PATIENCE + 1


def test_without_a_look_so_far_the_replica_is_not_read() -> None:
    watch = Watch()
    assert not watch._is_near and watch.lag is None
