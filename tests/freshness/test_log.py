"""Reading the log: since a revision, the newest rows, and what trimming leaves."""

import datetime
from dataclasses import replace

from django.utils import timezone

from engagement.freshness import PART, changes, install, recent, revision, rows, trim
from tests.freshness.toys import LINK, OWN, TOY, add, own_noted, run

LATER = datetime.timedelta(minutes=5)


def write_some() -> None:
    for key in (1, 2, 3):
        add(key)
    run("UPDATE toy SET name = 'changed' WHERE id = 1")
    run("INSERT INTO toy_link VALUES (1, 2, 0)")
    run("DELETE FROM toy WHERE id = 3")


def test_changes_come_oldest_first_and_no_more_than_asked_for(own: str) -> None:
    write_some()
    numbers = [change.number for change in changes(0, using=own)]
    assert numbers == sorted(numbers) and len(numbers) == 6
    assert [change.number for change in changes(numbers[1], limit=2, using=own)] == numbers[2:4]
    assert changes(numbers[-1], using=own) == changes(0, tables=["another"], using=own) == []
    assert len(changes(0, tables=["toy", "another"], using=own)) == 6


def test_a_change_says_when_it_was_noted(own: str) -> None:
    before = timezone.now()
    add(1)
    (change,) = changes(0, using=own)
    assert abs(change.at - before) < datetime.timedelta(seconds=20)
    assert change.at.tzinfo is not None


def test_recent_changes_of_one_table_hide_none_of_another(own: str) -> None:
    install([TOY, LINK, replace(TOY, table="toy_copy", noted_as="toy_copy")], using=own)
    run("INSERT INTO toy_copy VALUES (7, 'a copy')")
    for key in range(1, 6):
        add(key)
    found = recent(2, ["toy", "toy_copy", "another"], using=own)
    assert [(change.table, change.key) for change in found] == [("toy", 5), ("toy", 4), ("toy_copy", 7)]
    assert recent(2, [], using=own) == []


def test_recent_changes_are_of_rows_and_not_of_their_parts(own: str) -> None:
    install([TOY, replace(LINK, part=True)], using=own)
    add(1)
    for each in range(5):
        run("INSERT INTO toy_link VALUES (%s, 1, 0)", [each])
    assert PART in {change.action for change in changes(0, using=own)}
    assert [(change.key, change.action) for change in recent(2, ["toy"], using=own)] == [(1, "insert")]


def test_rows_names_each_row_of_each_table_once(own: str) -> None:
    write_some()
    assert rows(changes(0, using=own)) == {"toy": [1, 2, 3]}
    assert rows([]) == {}


def test_trimming_leaves_the_newest_entry_of_each_row_and_the_revision(own: str) -> None:
    write_some()
    before = revision(own)
    assert trim(timezone.now() + LATER, using=own) == 3
    assert own_noted() == [("toy", 1, "update"), ("toy", 2, "update"), ("toy", 3, "delete")]
    assert revision(own) == before
    assert trim(timezone.now() + LATER, using=own) == 0
    add(4)
    assert revision(own) > before


def test_who_asks_since_any_revision_is_told_of_the_same_rows_after_trimming(own: str) -> None:
    write_some()
    run("UPDATE toy SET name = 'changed' WHERE id = 2")
    run("UPDATE toy SET name = 'changed again' WHERE id = 1")
    told = [set(rows(changes(since, using=own)).get("toy", [])) for since in range(revision(own) + 1)]
    assert trim(timezone.now() + LATER, using=own) > 0
    assert [set(rows(changes(since, using=own)).get("toy", [])) for since in range(revision(own) + 1)] == told


def test_trimming_leaves_what_is_recent(own: str) -> None:
    write_some()
    assert trim(timezone.now() - LATER, using=own) == 0
    assert len(changes(0, using=OWN)) == 6
