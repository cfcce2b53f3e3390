"""Undoing an operation: what was created, changed and deleted, and what stands in the way of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from engagement.desk.forgetting import forget_past
from engagement.desk.journal import Edit, Overtaken, operation
from engagement.desk.models import Action, Operation, OperationKind, RecordChange
from engagement.desk.states import links_of, state_of, states_of
from engagement.desk.undoing import TooLate, undo
from engagement.models import Organization, Seat, Source, Theme
from tests.admin.rows import MODELS, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Any:
    return get_user_model().objects.create_user("invented-editor", password="a long enough passphrase")


def new(name: str, **fields: Any) -> Organization:
    return Organization(name=name, source=Source.objects.all()[0], as_of="2020", **fields)


def everything() -> dict[str, Any]:
    return {model.__name__: states_of(list(model._base_manager.all())) for model in (Organization, Seat)}


def done(actor: Any, *changes: Any) -> Operation:
    """An operation that makes two organizations with a seat, edits one that was there and deletes another."""
    there, doomed = changes
    with operation(OperationKind.IMPORT, "invented.csv", actor) as journal:
        fresh = [new("Invented Alpha"), new("Invented Alpha")]
        journal.create(fresh, [{"themes": [Theme.objects.all()[0].pk]}, {}])
        seat = Seat(organization=fresh[0], country_id=1, source=fresh[0].source, as_of="2020")
        journal.create([seat])
        before = states_of([there])[there.pk]
        journal.change([Edit(there, before, {**before, "name": "Invented Renamed", "themes": [2, 3]})])
        journal.delete([doomed])
    assert journal.operation
    return journal.operation


def test_an_operation_writes_keys_sort_names_links_and_history(actor: Any) -> None:
    there, doomed = make(Organization), make(Organization)
    done(actor, there, doomed)
    first, second = Organization.objects.filter(name="Invented Alpha").order_by("slug")
    assert [first.slug, second.slug] == ["invented-alpha", "invented-alpha-2"]
    assert first.sort_name == "invented alpha" and first.themes.count() == 1
    there.refresh_from_db()
    assert there.sort_name == "invented renamed" and set(there.themes.values_list("pk", flat=True)) == {2, 3}
    newest = there.history.first()
    assert (newest.history_type, newest.history_user, newest.name) == ("~", actor, "Invented Renamed")
    assert set(newest.themes.values_list("theme", flat=True)) == {2, 3}
    gone = Organization.history.filter(slug=doomed.slug).latest("history_id")
    assert gone.history_type == "-" and "invented.csv" in gone.history_change_reason


def test_undoing_leaves_the_register_exactly_as_it_was(actor: Any) -> None:
    there, doomed = make(Organization), make(Organization)
    doomed.themes.add(4)
    before = everything()
    made = done(actor, there, doomed)
    assert everything() != before
    undo(made, actor)
    assert everything() == before
    made.refresh_from_db()
    assert made.undone_by == actor and not made.can_be_undone
    newest = there.history.first()
    assert newest.history_user == actor and newest.history_change_reason.startswith("Undone")


def test_an_operation_is_not_undone_twice_nor_after_its_time(actor: Any) -> None:
    made = done(actor, make(Organization), make(Organization))
    Operation.objects.filter(pk=made.pk).update(done_at=timezone.now() - timedelta(days=31))
    with pytest.raises(TooLate):
        undo(made)
    Operation.objects.filter(pk=made.pk).update(done_at=timezone.now())
    undo(made)
    with pytest.raises(TooLate):
        undo(made)


def test_nothing_is_undone_where_a_record_was_edited_since(actor: Any) -> None:
    there = make(Organization)
    made = done(actor, there, make(Organization))
    there.refresh_from_db()
    there.acronym = "INV"
    there.save()
    after = everything()
    undo(made, actor)  # another field than the operation wrote: both stay
    there.refresh_from_db()
    assert there.acronym == "INV" and there.name != "Invented Renamed"
    assert everything() != after


@pytest.mark.parametrize("field", ["name"])
def test_the_same_field_edited_since_stops_the_whole(actor: Any, field: str) -> None:
    there = make(Organization)
    made = done(actor, there, make(Organization))
    there.refresh_from_db()
    setattr(there, field, "Invented Later")
    there.save()
    after = everything()
    with pytest.raises(Overtaken) as stopped:
        undo(made, actor)
    assert [key for _model, key, _why in stopped.value.records] == [there.slug]
    assert everything() == after


def test_what_others_point_to_since_is_not_deleted_by_undoing(actor: Any) -> None:
    made = done(actor, make(Organization), make(Organization))
    make(Seat, organization=Organization.objects.get(slug="invented-alpha-2"))
    after = everything()
    with pytest.raises(Overtaken) as stopped:
        undo(made, actor)
    assert [record[:2] for record in stopped.value.records] == [("organization", "invented-alpha-2")]
    assert everything() == after


def test_an_edit_of_what_changed_since_it_was_read_stops_the_operation(actor: Any) -> None:
    there = make(Organization)
    read = state_of(there, links_of([there])[there.pk])
    Organization.objects.filter(pk=there.pk).update(acronym="INV")
    with pytest.raises(Overtaken), operation(OperationKind.IMPORT, "invented.csv", actor) as journal:
        journal.create([new("Invented Beta")])
        journal.change([Edit(there, read, {**read, "name": "Invented Gamma"})])
    assert not Organization.objects.filter(name__in=["Invented Beta", "Invented Gamma"]).exists()
    assert not Operation.objects.exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_a_record_of_any_model_is_changed_and_given_back(model: Any, actor: Any) -> None:
    record = make(model)
    before = states_of([record])[record.pk]
    with operation(OperationKind.BULK, "invented", actor) as journal:
        journal.change([Edit(record, {"published": True}, {"published": False})])
    assert journal.operation and states_of([model.objects.get(pk=record.pk)])[record.pk] == {
        **before,
        "published": False,
    }
    undo(journal.operation, actor)
    assert states_of([model.objects.get(pk=record.pk)])[record.pk] == before


def test_what_undoing_needs_is_forgotten_when_its_time_is_over(actor: Any) -> None:
    made = done(actor, make(Organization), make(Organization))
    assert forget_past()["changes"] == 0
    Operation.objects.filter(pk=made.pk).update(done_at=timezone.now() - timedelta(days=31))
    assert forget_past()["changes"] == RecordChange.objects.count() + 5
    assert Operation.objects.get(pk=made.pk).actor_name == "invented-editor"
    assert not RecordChange.objects.filter(action=Action.CREATED).exists()
