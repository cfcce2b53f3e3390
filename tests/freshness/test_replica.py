"""While a thread answers from the replica, `default` leads there, for that thread alone."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from engagement.freshness import replica
from engagement.freshness.stores import store
from engagement.keysets import shelf_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setitem(connections.settings, replica.ALIAS, settings.DATABASES[DEFAULT_DB_ALIAS])
    made = connections[replica.ALIAS] = connections.create_connection(replica.ALIAS)
    yield made
    replica.leave()
    del connections[replica.ALIAS]


def test_whoever_asks_the_default_database_asks_the_replica_until_it_is_left(other: Any) -> None:
    primary = connections[DEFAULT_DB_ALIAS]
    assert replica.is_configured() and not replica.is_entered()
    replica.enter()
    replica.enter()
    assert connections[DEFAULT_DB_ALIAS] is other and store(DEFAULT_DB_ALIAS).connection is other
    assert connection.alias == replica.ALIAS
    replica.leave()
    replica.leave()
    assert connections[DEFAULT_DB_ALIAS] is primary and connection.alias == DEFAULT_DB_ALIAS


def test_what_is_to_be_written_goes_to_the_primary_and_then_the_replica_is_read_again(other: Any) -> None:
    primary = connections[DEFAULT_DB_ALIAS]
    replica.enter()
    with pytest.raises(ZeroDivisionError), replica.left():
        assert connections[DEFAULT_DB_ALIAS] is primary
        raise ZeroDivisionError
    assert connections[DEFAULT_DB_ALIAS] is other
    replica.leave()
    with replica.left():
        pass
    assert not replica.is_entered()


def test_another_thread_goes_on_reading_the_primary(other: Any) -> None:
    replica.enter()
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(connections[DEFAULT_DB_ALIAS].alias))
    thread.start()
    thread.join()
    assert seen == [DEFAULT_DB_ALIAS] and replica.is_entered()


def test_sets_of_the_replica_are_kept_apart_for_it_comes_to_a_revision_later(other: Any) -> None:
    of_primary = shelf_of("some", lambda changed: ())
    replica.enter()
    of_replica = shelf_of("some", lambda changed: ())
    assert of_replica is not of_primary and shelf_of("some", lambda changed: ()) is of_replica
    replica.leave()
    assert shelf_of("some", lambda changed: ()) is of_primary


def test_without_a_replica_there_is_none_to_enter() -> None:
    assert not replica.is_configured()
