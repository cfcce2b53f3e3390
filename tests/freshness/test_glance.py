"""The newest entry, past Django's cursor: the same that the log says."""

import pytest
from django.db import connections

from engagement.freshness import changes, newest_entry, reading, revision
from engagement.freshness.glance import BEFORE_THE_LOG
from tests.freshness.toys import add, run, start


def test_the_newest_entry_is_that_of_the_log(own: str) -> None:
    add(3)
    newest = newest_entry(own)
    assert newest is not None and newest.number == revision(own)
    assert newest.at == changes(newest.number - 1, using=own)[0].at


def test_an_empty_log_has_the_revision_0(own: str) -> None:
    run("DELETE FROM freshness_change")
    assert newest_entry(own) == (0, BEFORE_THE_LOG)


def test_what_another_has_committed_is_seen_at_once_but_not_in_a_reading(own: str) -> None:
    add(1)
    before = newest_entry(own)
    with reading(own):
        start(lambda: add(2)).result(timeout=30)
        assert newest_entry(own) == before
    after = newest_entry(own)
    assert after is not None and before is not None and after.number > before.number


def test_a_database_that_does_not_answer_gives_none_and_is_asked_again(own: str) -> None:
    add(1)
    connections[own].connection.close()
    assert newest_entry(own) is None
    connections[own].close()
    assert newest_entry(own) is not None


@pytest.mark.parametrize("statement", ["ALTER TABLE freshness_change RENAME TO hidden"])
def test_a_register_without_a_log_gives_none(own: str, statement: str) -> None:
    run(statement)
    assert newest_entry(own) is None
    run("ALTER TABLE hidden RENAME TO freshness_change")
