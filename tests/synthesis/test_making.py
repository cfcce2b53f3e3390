"""Invented data in the database: what there is of it, that it holds together, and that the change log knows."""

import pytest
from django.db import connection
from django.db.models import Count

from engagement import freshness
from engagement.desk import histories
from engagement.models import (
    ConsultativeStatus,
    Invitation,
    Meeting,
    Organization,
    OrganizationName,
    Project,
    ProjectPartner,
    Seat,
    Source,
)
from engagement.models.dates import PartialDate
from engagement.synthesis import making
from engagement.synthesis.words import FIRST_NAME

pytestmark = pytest.mark.django_db

FACTS = (Organization, Seat, OrganizationName, ConsultativeStatus, Invitation, Project, ProjectPartner)


def invented() -> dict[str, int]:
    """How many rows of each model are of the invented source."""
    return {model.__name__: model.objects.filter(source__slug=making.SLUG).count() for model in FACTS}


def test_organizations_come_with_what_belongs_to_them_in_about_the_shares_of_a_register() -> None:
    told = list[int]()
    making.make(400, 1, told.append)
    counts = invented()
    assert told == [400] and counts["Organization"] == 400 and counts["Project"] == 4
    assert 400 < counts["Seat"] < 500 and 140 < counts["ConsultativeStatus"] < 220
    assert counts["OrganizationName"] > 100 < counts["Invitation"] and counts["ProjectPartner"] >= 4
    ours = Organization.objects.filter(source__slug=making.SLUG)
    assert ours.filter(name=FIRST_NAME).count() == 1
    assert not ours.exclude(name__icontains="invented").exists()
    assert set(ours.annotate(n=Count("themes")).values_list("n", flat=True)) == {1, 2, 3, 4}
    connection.check_constraints()


def test_what_it_writes_is_what_the_models_take() -> None:
    making.make(60, 2, str)
    for model in FACTS:
        for record in model.objects.filter(source__slug=making.SLUG):
            record.full_clean()


def test_the_same_seed_gives_the_same_and_another_something_else() -> None:
    said = {}
    for time, seed in enumerate((3, 3, 4)):
        making.make(30, seed, str)
        ours = Organization.objects.filter(source__slug=making.SLUG)
        said[time] = list(ours.order_by("slug").values_list("slug", "name", "founded", "statuses__granted"))
        for model in reversed(FACTS):
            model.objects.filter(source__slug=making.SLUG).delete()
        Meeting.objects.filter(source__slug=making.SLUG).delete()
        Source.objects.filter(slug=making.SLUG).delete()
    assert said[0] == said[1] != said[2]


def test_the_change_log_notes_each_row_once_and_the_triggers_are_there_again() -> None:
    before = freshness.revision()
    making.make(20, 1, str)
    connection.check_constraints()  # on PostgreSQL numbers are given when the transaction ends, or here
    noted = [(each.table, each.key) for each in freshness.changes(before) if each.action == "insert"]
    for model in FACTS:
        keys = model.objects.filter(source__slug=making.SLUG).values_list("pk", flat=True)
        assert sorted(key for table, key in noted if table == model._meta.db_table) == sorted(keys)
    first = Organization.objects.get(name=FIRST_NAME)
    before = freshness.revision()
    Organization.objects.filter(pk=first.pk).update(acronym="ICLI")
    connection.check_constraints()
    [change] = freshness.changes(before)
    assert (change.key, change.action, change.name) == (first.pk, "update", first.slug)


def test_records_that_come_later_get_larger_keys() -> None:
    making.make(20, 1, str)
    newest = Organization.objects.order_by("-pk").values_list("pk", flat=True)[0]
    source = Source.objects.get(slug=making.SLUG)
    assert Organization.objects.create(name="Invented Later Union", source=source, as_of="2024").pk > newest


def test_no_model_is_left_for_the_next_start_to_begin_histories_of() -> None:
    making.make(20, 1, str)
    assert histories.without_history() == []
    assert Organization.history.filter(history_change_reason=making.FIRST_OF_MANY).count() == 1


def test_grants_end_after_they_begin() -> None:
    making.make(300, 5, str)
    ended = ConsultativeStatus.objects.filter(source__slug=making.SLUG).exclude(ended="")
    assert ended.exists()
    assert all(PartialDate(each.granted).earliest <= PartialDate(each.ended).latest for each in ended)
