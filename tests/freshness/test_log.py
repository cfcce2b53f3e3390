"""Reading the log: since a revision, the newest rows, and what trimming leaves."""

import datetime
import random
from dataclasses import replace

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.models import F
from django.utils import timezone

from engagement.freshness import PART, about, changes, install, names, newest, recent, revision, rows, touched, trim
from tests.freshness.toys import LINK, NAMED_TOY, OWN, TOY, add, own_noted, run

LATER = datetime.timedelta(minutes=5)


class Toys(models.Model):
    id = models.IntegerField(primary_key=True)
    name = models.TextField()

    objects: models.Manager["Toys"] = models.Manager()

    class Meta:
        app_label = "toys"
        apps = Apps()
        db_table = "toy"

    def __str__(self) -> str:
        return self.name


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


def random_log(chance: random.Random) -> None:
    """A hundred changes of thirty toys and of what is part of them, some of the toys gone."""
    install([NAMED_TOY, LINK, replace(LINK, part=True)], using=OWN)
    for each in range(100):
        key = chance.randrange(30)
        statement = chance.choice(
            [
                f"INSERT INTO toy VALUES ({key}, 'toy {key}') ON CONFLICT DO NOTHING",
                f"UPDATE toy SET name = 'changed {each}' WHERE id = {key}",
                f"INSERT INTO toy_link VALUES ({each}, {key}, 0)",
                f"DELETE FROM toy WHERE id = {key}",
            ]
        )
        run(statement)


@pytest.mark.parametrize("walk", [5, 5_000])
def test_the_newest_change_of_any_rows_is_what_a_walk_through_the_whole_log_finds(
    own: str, monkeypatch: pytest.MonkeyPatch, walk: int
) -> None:
    monkeypatch.setattr("engagement.freshness.log.WALK", walk)
    chance = random.Random(walk)
    random_log(chance)
    last = {change.key: change for change in changes(0, using=own)}
    for _ in range(60):
        asked = {key for key in range(35) if chance.random() < chance.choice([0.1, 0.9])}
        limit = chance.choice([1, 3, 10, 100])
        expected = sorted((last[key] for key in asked & last.keys()), key=lambda change: -change.number)
        assert newest("toy", asked, limit, using=own) == expected[:limit]
    assert newest("toy", [], 10, using=own) == newest("another", [1], 10, using=own) == []


def test_the_newest_changes_of_a_queryset_are_those_of_its_rows(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in range(10):
        add(key, "odd" if key % 2 else "even %")
    for walk in (2, 5_000):
        monkeypatch.setattr("engagement.freshness.log.WALK", walk)
        odd = Toys.objects.using(own).exclude(name="even %").order_by("name")
        assert [change.key for change in newest("toy", odd, 4, using=own)] == [9, 7, 5, 3]
        assert newest("toy", odd.filter(name="even %"), 4, using=own) == []
        assert newest("toy", odd.none(), 4, using=own) == []


def test_what_is_about_rows_comes_newest_first_without_what_is_about_their_parts(own: str) -> None:
    random_log(random.Random(1))
    asked = [3, 5, 7, 11]
    expected = [each for each in reversed(changes(0, using=own)) if each.key in asked and each.action != PART]
    found = about({"toy": asked}, 100, using=own)
    assert found == expected and found
    assert about({"toy": asked, "toy_link": [], "another": [1]}, 2, using=own) == found[:2]
    assert about({}, 2, using=own) == []


def test_rows_are_touched_by_their_own_changes_and_by_those_that_lead_to_them(own: str) -> None:
    chance = random.Random(7)
    for key in range(12):
        add(key)
    start = revision(own)
    for each in range(20):
        run(f"UPDATE toy SET name = 'n{each}' WHERE id IN ({chance.randrange(12)}, {chance.randrange(12)})")
    # A toy is touched by the one before it and by the one behind it.
    rows = Toys.objects.using(own)
    leading = [("toy", rows.annotate(this=F("id"), other=F("id") + step).values("this", "other")) for step in (1, -1)]
    expected: dict[int, int] = {}
    for change in changes(start, using=own):
        expected |= {key: change.number for key in (change.key - 1, change.key, change.key + 1) if 0 <= key < 12}
    in_order = sorted((number, key) for key, number in expected.items())
    assert touched("toy", leading, (start, 99), 100, using=own) == in_order
    for place, pair in enumerate(in_order):
        assert touched("toy", leading, pair, 3, using=own) == in_order[place + 1 : place + 4]
    assert touched("toy", [("toy", rows.none())], (revision(own), 99), 100, using=own) == []


def test_trimming_leaves_the_name_of_a_row_that_is_gone_though_a_part_of_it_went_after_it(own: str) -> None:
    install([NAMED_TOY, replace(LINK, part=True)], using=own)
    add(1, "first")
    run("INSERT INTO toy_link VALUES (1, 1, 0)")
    run("DELETE FROM toy")
    run("DELETE FROM toy_link")
    trim(timezone.now() + LATER, using=own)
    left = [(change.action, change.name) for change in changes(0, tables=["toy"], using=own)]
    assert left == [("delete", "first"), (PART, "")]
    assert names("toy", [1, 2], using=own) == {1: "first"}


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
