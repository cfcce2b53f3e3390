"""The register's edits: which records are told of, as what, and what they said before."""

import datetime
from typing import Any

import pytest
from django.db.models import Model
from django.http import QueryDict

from engagement.directories import editing
from engagement.directories.editing import Edit, EditsQuestion, Entry, edits, entries, kinds
from engagement.directories.versions import SHORT, Difference, public_fields
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Contact,
    Discrepancy,
    Invitation,
    MeetingKind,
    Membership,
    Organization,
    OrganizationName,
    ParticipationRight,
    Project,
    Region,
    Seat,
    Source,
    Theme,
)
from tests.factories import make_country, make_invitation, make_organization, make_source, make_status
from tests.freshness.toys import number
from tests.noting import age, all_long_ago, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded_long_ago(db: None) -> None:
    all_long_ago()


def age_history(record: Any, hours: int = 2) -> None:
    """The record began to say what it says so long ago."""
    for version in record.history.all():
        moment = version.history_date - datetime.timedelta(hours=hours)
        record.history.filter(history_id=version.history_id).update(history_date=moment)


def entries_now(*models: type[Model]) -> list[Entry]:
    number()
    return entries(models or list(kinds().values()))


def told_of(record: Any, pk: int | None = None) -> list[Edit]:
    """What is told of one record."""
    wanted = (type(record), pk or record.pk)
    return [each for each in edits(entries_now(type(record))) if each.count == 1 and each.newest.key == wanted]


def said(edit: Edit) -> list[tuple[str, str, str]]:
    return [(each.field, each.before, each.after) for each in edit.differences]


# -- What is listed --------------------------------------------------------------------------------------------------


def test_kinds_without_a_place_are_not_listed() -> None:
    assert Theme not in kinds().values() and Region not in kinds().values()
    assert not [name for name in kinds() if name.startswith("historical")]
    assert EditsQuestion(QueryDict("kind=theme")).problems().keys() == {"kind"}
    assert EditsQuestion(QueryDict("kind=organization&kind=seat")).models == [Organization, Seat]
    assert len(EditsQuestion(QueryDict("")).models) == len(kinds())


def test_a_record_stands_once_with_its_newest_change() -> None:
    body = make_organization()
    age()
    for acronym in "ABC":
        Organization.objects.filter(pk=body.pk).update(acronym=acronym)
    assert [each.action for each in told_of(body)] == ["update"]


def test_a_record_that_gets_its_links_when_it_is_added_was_added() -> None:
    body = make_organization()
    body.themes.add(Theme.objects.create(name="Invented theme"))
    assert [each.action for each in told_of(body)] == ["insert"]


def test_a_change_of_what_is_part_of_a_record_is_told_of_the_part_alone() -> None:
    body = make_organization()
    age()
    seat = Seat.objects.create(organization=body, country=make_country("XA"), source=make_source())
    assert [each.action for each in told_of(seat)] == ["insert"]
    [edit] = told_of(body)
    assert (edit.action, edit.newest.at < told_of(seat)[0].newest.at - datetime.timedelta(minutes=30)) == (
        "insert",
        True,
    )


# -- Many at once ----------------------------------------------------------------------------------------------------


def test_many_of_one_kind_to_which_the_same_was_done_at_once_are_one_entry() -> None:
    source = make_source()
    with at_once():
        bodies = [make_organization(source=source) for _each in range(editing.FEW + 1)]
    [first, *_others] = entries_now(Organization)
    assert {each.pk for each in first.records} == {body.pk for body in bodies}
    [edit] = edits([first])
    assert (edit.action, edit.count, edit.is_cut, edit.record) == ("insert", editing.FEW + 1, False, None)


def test_a_few_are_entries_of_their_own_and_so_is_what_was_done_at_another_time() -> None:
    source = make_source()
    for _each in range(editing.FEW):
        make_organization(source=source)
    age()
    late = [make_organization(source=source) for _each in range(editing.FEW)]
    newest = entries_now(Organization)[: 2 * editing.FEW]
    assert [len(each.records) for each in newest] == [1] * 2 * editing.FEW
    assert [each.newest.pk for each in newest[: editing.FEW]] == [body.pk for body in reversed(late)]


def test_records_that_are_not_published_are_not_counted_among_many() -> None:
    source = make_source()
    with at_once():
        for shown in (True,) * 7 + (False,) * 4:
            make_organization(source=source, published=shown)
    assert len(entries_now(Organization)[0].records) == 7


def test_the_log_is_read_so_far_back_for_each_kind_and_says_where_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "EACH", 10)
    body, source = make_organization(), make_source()
    age()
    with at_once():
        for _each in range(20):
            make_source()
    first, *_rest = entries_now(Organization, Source)
    assert (first.newest.model, len(first.records), first.is_cut) == (Source, 10, True)
    assert body.pk in [
        each.newest.pk for each in entries_now(Organization, Source) if each.newest.model is Organization
    ]
    assert source.pk not in [each.pk for each in first.records]


# -- What may be told ------------------------------------------------------------------------------------------------


def test_of_a_record_that_was_never_published_nothing_is_told() -> None:
    draft = make_organization(published=False)
    of_draft = make_status(organization=draft, granted="2005")
    source = make_source(published=False)
    assert told_of(draft) == told_of(of_draft) == told_of(source) == []
    key = draft.pk
    draft.delete()
    assert told_of(Organization(), key) == []


def test_of_what_belongs_to_a_record_that_is_not_public_nothing_is_told() -> None:
    hidden, source = make_organization(published=False), make_source()
    land = make_country("XA", published=False)
    spell = Membership.objects.create(country=land, since="2005", source=source)
    seat = Seat.objects.create(organization=hidden, country=make_country("XB"), source=source)
    category = ConsultativeCategory.objects.create(name="Hidden", group=1, source=source, published=False)
    right = ParticipationRight.objects.create(
        category=category, meeting_kind=MeetingKind.values[0], right="x", source=source
    )
    remark = Discrepancy.objects.create(
        kind="organization", record_key=hidden.slug, label="A secret draft", field="name", reading_a="x", reading_b="y"
    )
    for record in (spell, seat, right, remark):
        assert told_of(record) == [], record
    Organization.objects.filter(pk=hidden.pk).update(published=True)
    assert len(told_of(seat)) == len(told_of(remark)) == 1


def test_a_discrepancy_that_is_gone_is_told_of_only_where_its_record_is_public() -> None:
    body = make_organization()
    told = {"kind": "organization", "record_key": body.slug, "label": "A draft", "field": "name"}
    key = (remark := Discrepancy.objects.create(**told, reading_a="x", reading_b="y")).pk
    remark.delete()
    assert [each.label for each in told_of(Discrepancy(), key)] == ["A draft · name"]
    Organization.objects.filter(pk=body.pk).update(published=False)
    assert told_of(Discrepancy(), key) == []


def test_a_record_that_is_published_at_last_was_added_and_its_draft_is_not_shown() -> None:
    draft = make_organization(published=False, name="A secret draft")
    age()
    Organization.objects.filter(pk=draft.pk).update(published=True, name="In public")
    [edit] = told_of(draft)
    assert (edit.action, edit.differences, edit.record.label) == ("insert", (), "In public")


def test_a_record_that_is_withdrawn_reads_like_one_that_was_removed() -> None:
    body = make_organization(name="Once shown")
    age()
    Organization.objects.filter(pk=body.pk).update(published=False)
    [edit] = told_of(body)
    assert (edit.action, edit.record, edit.label, edit.differences) == ("delete", None, "", ())


def test_a_record_that_was_removed_is_named_only_if_its_last_version_was_published() -> None:
    shown, hidden = make_invitation(), make_invitation()
    hidden.published = False
    hidden.save()
    keys = shown.pk, hidden.pk
    label = f"{shown.organization.name} · {shown.meeting.name}"
    shown.delete()
    hidden.delete()
    assert [told_of(Invitation(), key)[0].label for key in keys] == [label, ""]


def test_a_removed_record_of_a_body_that_is_withdrawn_since_is_not_told_of() -> None:
    status = make_status(granted="2005")
    key = status.pk
    status.delete()
    assert len(told_of(ConsultativeStatus(), key)) == 1
    Organization.objects.filter(pk=status.organization_id).update(published=False)
    assert told_of(ConsultativeStatus(), key) == []


def test_a_removed_record_is_told_by_its_history_and_without_one_not_at_all() -> None:
    body, land = make_organization(name="Invented body"), make_country("XA", name="Invented land")
    seat = Seat.objects.create(organization=body, country=land, source=make_source())
    key = seat.pk
    seat.delete()
    [edit] = told_of(Seat(), key)
    assert (edit.action, edit.label, edit.record) == ("delete", "Invented body · Invented land", None)
    Seat.history.filter(id=key).delete()
    assert told_of(Seat(), key) == []


def test_of_a_contact_neither_what_changed_nor_the_former_name_is_told() -> None:
    given = {"name": "A Person", "purpose": "x", "lawful_basis": "public-role", "source": make_source(), "public": True}
    contact = Contact.objects.create(**given)
    age()
    Contact.objects.filter(pk=contact.pk).update(phone="+1 555", name="Another")
    [edit] = told_of(contact)
    assert (edit.action, edit.differences, edit.is_silent) == ("update", (), False)
    Contact.objects.filter(pk=contact.pk).update(public=False)
    assert [(each.action, each.record, each.label) for each in told_of(contact)] == [("delete", None, "")]
    Contact.objects.filter(pk=contact.pk).update(public=True)
    key = contact.pk
    contact.delete()
    assert [(each.action, each.label) for each in told_of(Contact(), key)] == [("delete", "")]
    private = Contact.objects.create(**{**given, "public": False})
    assert told_of(private) == []


def test_fields_that_no_public_page_shows_are_not_compared() -> None:
    internal = {"id", "published", "public", "key", "slug", "sort_name", "order"}
    for model in kinds().values():
        assert internal.isdisjoint(field.name for field in public_fields(model)), model
    assert public_fields(Contact) == []
    body = make_organization()
    age()
    Organization.objects.filter(pk=body.pk).update(sort_name="zz", slug="another-slug")
    [edit] = told_of(body)
    assert (edit.differences, edit.is_silent) == ((), True)


# -- What was said before --------------------------------------------------------------------------------------------


def test_values_are_told_as_readers_know_them() -> None:
    region, source = Region.objects.get(slug="africa"), make_source(title="A new source")
    body = make_organization(founded="194X", kind="ngo", acronym="", last_verified=datetime.date(2026, 1, 2))
    old_source = body.source.title
    age()
    Organization.objects.filter(pk=body.pk).update(
        founded="2006-11", kind="workers", acronym="AB", region=region, source=source, last_verified=None
    )
    [edit] = told_of(body)
    assert sorted(said(edit)) == sorted(
        [
            ("founded", "the 1940s", "November 2006"),
            ("kind", "Non-governmental organization", "Workers’ organization"),
            ("acronym", "", "AB"),
            ("region of activity", "", "africa"),
            ("source", old_source, "A new source"),
            ("last verified", "2 January 2026", ""),
        ]
    )


def test_a_record_that_is_not_public_is_not_named_in_what_another_said() -> None:
    secret = make_source(title="A secret source", published=False)
    body = make_organization(source=secret)
    age()
    Organization.objects.filter(pk=body.pk).update(source=make_source(title="An open source"))
    assert said(told_of(body)[0]) == [("source", "a record that is not public", "An open source")]


def test_numbers_are_told_as_numbers_on_both_engines() -> None:
    project = Project.objects.create(title="P", source=make_source(), budget="1000.50", currency="USD")
    age()
    Project.objects.filter(pk=project.pk).update(budget="2000000")
    (budget,) = said(told_of(project)[0])
    assert [float(value) for value in budget[1:]] == [1000.5, 2_000_000]


def test_a_long_text_is_shortened_to_where_it_differs() -> None:
    body = make_organization(note="The beginning. " * 40 + "The old end.")
    age()
    Organization.objects.filter(pk=body.pk).update(note="The beginning. " * 40 + "The new end.")
    [(_field, before, after)] = said(told_of(body)[0])
    assert before.startswith("…") and before.endswith("The old end.") and after.endswith("The new end.")
    assert max(len(before), len(after)) <= SHORT + 1


def test_the_version_before_the_newest_different_one_is_not_mixed_in() -> None:
    body = make_organization(acronym="A")
    body.acronym = "B"
    body.save()
    age()
    Organization.objects.filter(pk=body.pk).update(acronym="C")
    assert said(told_of(body)[0]) == [("acronym", "B", "C")]
    body.acronym = "D"
    body.save()
    assert said(told_of(body)[0]) == [("acronym", "B", "D")]


def test_a_change_of_links_alone_is_not_given_out_for_an_earlier_change_of_a_field() -> None:
    body = make_organization(acronym="A")
    body.acronym = "B"
    body.save()
    age_history(body)
    age()
    body.themes.add(Theme.objects.create(name="Invented theme"))
    [edit] = told_of(body)
    assert (edit.action, edit.differences, edit.is_silent) == ("update", (), True)


def test_of_a_record_without_history_it_is_told_only_that_it_changed() -> None:
    source = make_source()
    source.history.all().delete()
    age()
    Source.objects.filter(pk=source.pk).update(title="Another title")
    [edit] = told_of(source)
    assert (edit.action, edit.differences, edit.is_silent) == ("update", (), True)
    assert edit.record.label == "Another title"


def test_the_history_of_one_model_is_not_taken_for_that_of_another() -> None:
    body = make_organization()
    name = OrganizationName.objects.create(organization=body, name="Old", kind="former", source=make_source())
    status = make_status(organization=body)
    age()
    OrganizationName.objects.filter(pk=name.pk).update(name="New")
    ConsultativeStatus.objects.filter(pk=status.pk).update(granted="2005")
    assert [said(told_of(each)[0]) for each in (name, status)] == [[("name", "Old", "New")], [("granted", "", "2005")]]
    assert Difference("name", "Old", "New") in told_of(name)[0].differences
