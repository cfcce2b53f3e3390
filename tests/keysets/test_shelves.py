"""What is kept of one revision is at the next what it would be if it were made anew, and costs little."""

import random
import threading
from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from engagement import freshness, keysets
from engagement.directories import Directory, invitations, organizations, projects, statuses
from engagement.directories.counting import facet_counts
from engagement.keysets import Coding, Keysets, Remembered, Shelf, shelves
from engagement.keysets.shelves import FOLLOWED, MOST_BYTES
from engagement.models import (
    ConsultativeStatus,
    Country,
    Invitation,
    Meeting,
    Organization,
    OrganizationKind,
    Project,
    Region,
    Seat,
    Source,
    Theme,
)
from tests.directories.test_counting import ask, random_pairs
from tests.factories import make_invitation, make_organization, make_source, make_status

STEPS, QUESTIONS = 40, 3


def some(rows: Any, chance: random.Random) -> Any:
    return rows.order_by("pk")[chance.randrange(rows.count())]


def rename(chance: random.Random) -> None:
    one = some(Organization.objects.all(), chance)
    one.name = f"{chance.choice('AbzÉ')} renamed {chance.random()}"
    one.save()


def recategorize(chance: random.Random) -> None:
    one = some(Organization.objects.all(), chance)
    one.kind = chance.choice(OrganizationKind.values)
    one.save()


def hide_or_show(chance: random.Random) -> None:
    one = some(Organization.objects.all(), chance)
    Organization.objects.filter(pk=one.pk).update(published=not one.published)


def retheme(chance: random.Random) -> None:
    some(Organization.objects.all(), chance).themes.set(chance.sample(list(Theme.objects.all()), 2))


def found(chance: random.Random) -> None:
    one = make_organization(name=f"Invented {chance.random()}")
    make_status(organization=one)
    Seat.objects.create(organization=one, country=some(Country.objects.all(), chance), source=make_source())


def unseat(chance: random.Random) -> None:
    some(Seat.objects.all(), chance).delete()


def move_status(chance: random.Random) -> None:
    one = some(ConsultativeStatus.objects.all(), chance)
    one.organization = some(Organization.objects.all(), chance)
    one.save()


def date_status(chance: random.Random) -> None:
    one = some(ConsultativeStatus.objects.all(), chance)
    one.granted, one.ended = chance.choice([("", ""), ("2001", ""), ("1990", "1999-05")])
    one.save()


def invite(chance: random.Random) -> None:
    make_invitation(organization=some(Organization.objects.all(), chance), meeting=some(Meeting.objects.all(), chance))


def move_invitation(chance: random.Random) -> None:
    one = some(Invitation.objects.all(), chance)
    one.organization = some(Organization.objects.all(), chance)
    one.save()


def uninvite(chance: random.Random) -> None:
    some(Invitation.objects.all(), chance).delete()


def move_meeting(chance: random.Random) -> None:
    Meeting.objects.filter(pk=some(Meeting.objects.all(), chance).pk).update(start="2006-11-14", end="2006-11-14")


def recode(chance: random.Random) -> None:
    one = some(Region.objects.all(), chance)
    Region.objects.filter(pk=one.pk).update(slug=f"{one.slug}-x")


def reclassify_source(chance: random.Random) -> None:
    one = some(Source.objects.all(), chance)
    Source.objects.filter(pk=one.pk).update(kind=chance.choice(["profile", "report"]))


def drop_project(chance: random.Random) -> None:
    some(Project.objects.all(), chance).delete()


EDITS: tuple[Callable[[random.Random], None], ...] = (
    rename, recategorize, hide_or_show, retheme, found, unseat, move_status, date_status, invite, move_invitation,
    uninvite, move_meeting, recode, reclassify_source, drop_project,
)  # fmt: skip


def agrees(directory: Directory, pairs: list[tuple[str, str]], after: str) -> None:
    """What is kept answers as SQL does, and counts as sets do that are made at once."""
    kept, anew = ask(directory, pairs), ask(directory, pairs)
    anew.__dict__["keysets"] = Keysets(Shelf(lambda changed: None), None)
    by_sql = list(kept.qs.values_list("pk", flat=True))
    assert sorted(kept.chosen) == sorted(by_sql), (after, pairs)
    assert kept.page(0, 60) == by_sql[:60], (after, pairs)
    counted, exact = facet_counts(kept), facet_counts(anew)
    assert {n: {c: k for c, k in codes.items() if k} for n, codes in counted.items()} == {
        n: {c: k for c, k in codes.items() if k} for n, codes in exact.items()
    }, (after, pairs)


@pytest.mark.slow
def test_after_each_of_many_edits_the_sets_are_those_that_sql_selects(committed_register: None) -> None:
    chance = random.Random("edits")
    for step in range(STEPS):
        edit = EDITS[step % len(EDITS)]
        edit(chance)
        for directory in (organizations, statuses, invitations, projects):
            agrees(directory, [], f"{step} {edit.__name__}")
        for _question in range(QUESTIONS):
            agrees(organizations, random_pairs(organizations, chance), f"{step} {edit.__name__}")


def test_a_second_question_asks_for_nothing_but_the_revision(committed_register: None) -> None:
    def counted() -> None:
        question = ask(organizations, [("kind", "ngo"), ("category", "special-list")])
        facet_counts(question)
        question.page(0, 25)

    counted()
    with CaptureQueriesContext(connection) as queries:
        counted()
    assert len(queries) == 0  # the revision is read past Django's cursor


def test_after_one_edit_each_set_is_brought_up_to_date_by_one_small_query(committed_register: None) -> None:
    def counted() -> None:
        question = ask(organizations, [])
        facet_counts(question)
        question.page(0, 25)

    counted()
    one = Organization.objects.published().first()
    assert one is not None
    one.kind = "other"
    one.save()
    with CaptureQueriesContext(connection) as queries:
        counted()
    reading = [query["sql"] for query in queries if str(one.pk) in query["sql"]]
    assert len(queries) <= 32
    assert len(reading) >= 8


class Rows:
    """A collection of one set, whose making is counted."""

    def __init__(self) -> None:
        self.made = 0
        self.shelf = Shelf(self.concerned)

    def concerned(self, changed: Any) -> Collection[int] | None:
        return [key for table, keys in changed.items() for key in keys if table == Organization._meta.db_table]

    def codings(self) -> list[Coding]:
        self.made += 1
        rows: QuerySet = Organization.objects.published()
        return [Coding(rows, "kind")]


def test_within_a_transaction_of_ones_own_nothing_is_kept(committed_register: None) -> None:
    rows = Rows()
    with transaction.atomic():
        Organization.objects.update(kind="other")
        own = Keysets(rows.shelf, freshness.seen())
        assert set(own.codes("kind", rows.codings)) == {"other"}
        transaction.set_rollback(True)
    assert "ngo" in Keysets(rows.shelf, freshness.seen()).codes("kind", rows.codings)


def test_a_reader_of_an_older_revision_is_given_no_newer_sets(committed_register: None) -> None:
    rows = Rows()
    before = freshness.revision()
    Organization.objects.filter(pk=Organization.objects.published()[0].pk).update(kind="other")
    Keysets(rows.shelf, freshness.revision()).codes("kind", rows.codings)
    kept = rows.shelf._lasting["kind"]
    Keysets(rows.shelf, before).codes("kind", rows.codings)
    assert rows.shelf._lasting["kind"] is kept


def test_where_very_much_has_changed_the_sets_are_made_anew(committed_register: None) -> None:
    rows = Rows()
    Keysets(rows.shelf, freshness.revision()).codes("kind", rows.codings)
    made = rows.made
    for name in ("One", "Other"):
        Organization.objects.update(acronym=name)
        Source.objects.update(note=name)
    while len(freshness.changes(rows.shelf._lasting["kind"].revision, FOLLOWED + 1)) <= FOLLOWED:
        Organization.objects.update(acronym=f"{random.random()}"[:9])
    codes = Keysets(rows.shelf, freshness.revision()).codes("kind", rows.codings)
    assert rows.made > made
    assert sum(map(len, codes.values())) == Organization.objects.published().count()


def test_many_threads_that_ask_at_once_make_a_set_once() -> None:
    made, begun = [], threading.Barrier(8)
    shelf = Shelf(lambda changed: None)

    def ask_for_it() -> None:
        begun.wait()
        Keysets(shelf, 1).get("slow", Remembered(lambda: made.append(1)))

    threads = [threading.Thread(target=ask_for_it) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_threads_that_wait_for_one_another_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "PATIENCE", 0.2)
    one, other, both = Shelf(lambda changed: None), Shelf(lambda changed: None), threading.Barrier(2)

    def made_of(mine: Shelf, theirs: Shelf) -> str:
        def maker() -> str:
            both.wait()
            return Keysets(theirs, 1).get("there", Remembered(lambda: "there"))

        return Keysets(mine, 1).get("here", Remembered(maker))

    found: list[str] = []
    pairs = ((one, other), (other, one))
    threads = [threading.Thread(target=lambda pair=pair: found.append(made_of(*pair))) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found == ["there", "there"]


def test_what_is_kept_of_questions_without_end_stays_within_its_bytes() -> None:
    shelf = Shelf(lambda changed: None)

    class Large:
        size = MOST_BYTES // 10

    for day in range(100):
        Keysets(shelf, 1).passing(("day", day), Remembered(Large))
    assert shelf._size <= MOST_BYTES
    assert 5 <= len(shelf._passing) <= 10
    assert ("day", 99) in shelf._passing


def test_what_was_put_away_is_made_anew() -> None:
    shelf = Shelf(lambda changed: None)
    made: list[int] = []
    for _each in range(2):
        Keysets(shelf, 1).get("once", Remembered(lambda: made.append(1)))
    keysets.forget()
    assert made == [1]
