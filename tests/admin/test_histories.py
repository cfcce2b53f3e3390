"""Histories: what each version changed, the way back to one, and what was deleted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.admin.differing import marked
from engagement.desk import histories
from engagement.desk.states import state_of
from engagement.models import (
    Constituent,
    Contact,
    Initiative,
    Office,
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    Seat,
    Source,
    Theme,
)
from tests.admin.rows import MODELS, address, filled, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
OF_EDITORS = [model for model in MODELS if model is not Contact]


@pytest.fixture
def approver(staff: Staff) -> Client:
    return staff("approver")


def history(client: Client, record: Any, **query: str) -> Any:
    return client.get(address(record, "history"), query)


def entries(client: Client, record: Any, **query: str) -> list[Any]:
    return list(history(client, record, **query).context["entries"])


def told(entry: Any) -> dict[str, Any]:
    return {each.label: (each.before, each.after) for each in entry.differences}


def version_url(record: Any, version: Any) -> str:
    return reverse(f"admin:engagement_{record._meta.model_name}_simple_history", args=[record.pk, version.history_id])


def deleted_url(model: Any, pk: int | None = None) -> str:
    name = model._meta.model_name
    return reverse(f"admin:engagement_{name}_return", args=[pk]) if pk else reverse(f"admin:engagement_{name}_deleted")


def seal_of(answer: Any) -> dict[str, str]:
    return {"seal": answer.context["plan"].seal}


def go_back(client: Client, record: Any, version: Any) -> Any:
    url = version_url(record, version)
    return client.post(url, seal_of(client.get(url)))


def bring_back(client: Client, model: Any, pk: int) -> Any:
    url = deleted_url(model, pk)
    return client.post(url, seal_of(client.get(url)))


def delete(client: Client, record: Any) -> None:
    asked = client.get(address(record, "delete")).context
    sent = {"post": "yes", asked["version_name"]: asked["version"]}
    assert client.post(address(record, "delete"), sent).status_code == 302


def edit(client: Client, record: Any, **changes: Any) -> None:
    answer = client.post(address(record), filled(client.get(address(record)), **changes))
    assert answer.status_code == 302, answer.context["errors"]


# -- The versions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", OF_EDITORS, ids=lambda model: model._meta.model_name)
def test_every_record_has_a_history_that_tells_of_a_change(model: Any, editor: Client) -> None:
    record = make(model)
    record.published = False
    record.save()
    newest, first = entries(editor, record)
    assert told(newest) == {"Published": ("yes", "no")}
    assert first.is_first and "Published" in told(first)


def test_a_version_tells_field_by_field_what_it_said_before_and_after(editor: Client) -> None:
    record, other = make(Organization, name="Invented Body", founded="1950~"), make(Source, title="Invented Paper")
    before = str(record.source)
    edit(editor, record, kind="workers", founded="1951", source=other.pk)
    newest, first = entries(editor, record)
    assert told(newest) == {
        "Kind": ("Non-governmental organization", "Workers’ organization"),
        "Founded": ("1950~", "1951"),
        "Source": (before, "Invented Paper"),
    }
    assert (newest.by, first.by, first.is_first) == ("editor", "command", True)


def test_keys_that_follow_from_others_are_not_told(editor: Client) -> None:
    record = make(Organization, name="Invented Body", founded="1950")
    edit(editor, record, name="Invented Union", founded="1951")
    assert set(told(entries(editor, record)[0])) == {"Name", "Founded"}


def test_links_are_told_as_added_and_removed_and_a_save_is_one_version(editor: Client) -> None:
    first, second = make(Theme, name="Invented pay"), make(Theme, name="Invented rest")
    record = make(Organization)
    edit(editor, record, themes=[first.pk])
    edit(editor, record, themes=[second.pk], acronym="IB")
    found = entries(editor, record)
    assert len(found) == 3
    links = next(each for each in found[0].differences if each.label == "Fields of work")
    assert (links.removed, links.added) == (("Invented pay",), ("Invented rest",))
    assert told(found[0])["Acronym"] == ("", "IB")


def test_a_new_record_with_links_has_one_version_that_holds_them(editor: Client) -> None:
    theme, source = make(Theme, name="Invented pay"), make(Source)
    form = editor.get(address(Organization, "add"))
    values = filled(form, name="Invented Body", source=source.pk, themes=[theme.pk])
    assert editor.post(address(Organization, "add"), values).status_code == 302
    (only,) = entries(editor, Organization.objects.get(name="Invented Body"))
    assert only.by == "editor" and ("Invented pay",) in [each.added for each in only.differences]


def test_a_save_that_changes_nothing_is_no_version(editor: Client) -> None:
    record = make(Organization)
    edit(editor, record)
    assert len(entries(editor, record)) == 1


def test_a_long_text_is_shown_once_with_the_words_marked_that_differ() -> None:
    before = "An invented text that goes on for long enough, so that nobody would compare two of them by eye, says old."
    parts = list(marked(before, before.replace("old", "new").replace("long", "very long")))
    assert [part.text for part in parts if part.how == "new"] == [" very", " new."]
    assert [part.text for part in parts if part.how == "gone"] == [" old."]
    assert "".join(part.text for part in parts if part.how != "new") == before
    assert list(marked("short", "other")) == list(marked(before, "")) == []


def test_a_related_record_that_is_gone_is_told_by_the_name_it_had(editor: Client) -> None:
    theme, record = make(Theme, name="Invented pay"), make(Organization)
    record.themes.add(theme)
    theme.delete()
    (links,) = entries(editor, record)[0].differences
    assert links.added == ("Invented pay (deleted)",)


def test_the_reason_tells_what_wrote_a_version_without_an_account(editor: Client) -> None:
    record = make(Organization)
    histories.note([record], "~", user=None, reason="Import: invented.csv")
    newest = entries(editor, record)[0]
    assert newest.by == "import" and "Import: invented.csv" in history(editor, record).content.decode()


def test_25_versions_stand_on_a_page_and_the_rest_on_the_next(editor: Client) -> None:
    record = make(Organization)
    for number in range(30):
        histories.note(
            [Organization(pk=record.pk, name=f"Name {number}", source=record.source)], "~", user=None, reason=""
        )
    first, second = entries(editor, record), entries(editor, record, page="2")
    assert (len(first), len(second)) == (25, 6)
    assert told(first[-1])["Name"] == ("Name 4", "Name 5")


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("query", ["", "?rows=1"])
def test_a_page_of_25_versions_asks_no_more_than_one_of_3(query: str, editor: Client) -> None:
    theme, counts = make(Theme), []
    record = make(Organization)
    record.themes.add(theme)
    name, seat = make(OrganizationName, organization=record), make(Seat, organization=record)
    for number in range(30):
        if number in (2, 29):
            counts.append(queries(editor, address(record, "history") + query))
        for each in (record, name, seat):
            each.source = make(Source)
            each.save()
    assert counts[0] == counts[1] <= 35


def test_the_versions_of_its_rows_stand_beside_those_of_the_record(editor: Client) -> None:
    name = make(OrganizationName, name="Invented Old Name")
    name.name = "Invented Older Name"
    name.save()
    newest, first = entries(editor, name.organization, rows="1")
    assert told(newest) == {"Name": ("Invented Old Name", "Invented Older Name")}
    assert (newest.kind, newest.label) == ("Organization name", "Invented Older Name")
    assert newest.history_url == address(name, "history") and first.label == "Invented Old Name"


def test_rows_that_the_account_may_not_see_are_in_no_history_of_others(editor: Client, admin_client: Client) -> None:
    contact = make(Contact, name="Invented Jane", office=make(Office))
    url = address(contact.office, "history") + "?rows=1"
    assert "Invented Jane" in admin_client.get(url).content.decode()
    page = editor.get(url).content.decode()
    assert "Invented Jane" not in page and "contacts" not in page.lower().split("</nav>")[-1]


def test_the_history_of_a_contact_is_for_those_who_see_contacts(staff: Staff) -> None:
    contact = make(Contact)
    pages = [address(contact, "history"), version_url(contact, contact.history.first()), deleted_url(Contact)]
    contact_pk = contact.pk
    contact.delete()
    pages.append(deleted_url(Contact, contact_pk))
    editor, officer = staff("editor"), staff("contact-officer")
    assert [editor.get(url).status_code for url in pages] == [403] * 4
    assert [editor.post(url).status_code for url in pages[1:]] == [403] * 3
    assert officer.get(pages[0]).status_code == officer.get(pages[3]).status_code == 200


def test_what_never_was_has_no_history(editor: Client) -> None:
    record, other = make(Organization), make(Organization)
    name = reverse("admin:engagement_organization_history", args=[987654321])
    numbers = ("x", "9" * 30)
    wrong = [name, *(name.replace("987654321", each) for each in numbers)]
    wrong += [version_url(record, other.history.first()), *(f"{address(record, 'history')}{each}/" for each in numbers)]
    assert [editor.get(url).status_code for url in wrong] == [404] * 6
    beyond = deleted_url(Organization, int(numbers[1]))
    assert editor.get(beyond, follow=True).status_code == 404


# -- Back to a version ---------------------------------------------------------------------------------------


def test_going_back_shows_what_would_change_and_does_exactly_that(editor: Client) -> None:
    theme = make(Theme, name="Invented pay")
    record = make(Organization, name="The first name", acronym="FN")
    record.themes.add(theme)
    then = record.history.first()
    edit(editor, record, name="The second name", themes=[])
    shown = editor.get(version_url(record, then)).context["plan"].differences
    assert [(each.label, each.before, each.after, each.added) for each in shown] == [
        ("Name", "The second name", "The first name", ()),
        ("Fields of work", "", "", ("Invented pay",)),
    ]
    versions = record.history.count()
    assert go_back(editor, record, then).status_code == 302
    record.refresh_from_db()
    assert (record.name, record.sort_name, list(record.themes.all())) == ("The first name", "the first name", [theme])
    newest = record.history.first()
    assert record.history.count() == versions + 1
    assert (newest.history_user.username, newest.history_change_reason) == (
        "editor",
        f"Reverted to the version of {then.history_date:%Y-%m-%d %H:%M:%S} UTC",
    )
    assert [link.theme for link in newest.themes.all()] == [theme]
    assert LogEntry.objects.filter(object_id=str(record.pk)).count() == 2


def test_an_edit_in_between_is_not_overwritten(editor: Client) -> None:
    record = make(Organization, name="The first name")
    edit(editor, record, name="The second name")
    url = version_url(record, record.history.last())
    sealed = seal_of(editor.get(url))
    Organization.objects.filter(pk=record.pk).update(acronym="NEW")
    answer = editor.post(url, sealed)
    assert answer.status_code == 409 and "Nothing was written" in answer.content.decode()
    record.refresh_from_db()
    assert (record.name, record.acronym) == ("The second name", "NEW")
    assert ("Acronym", "NEW") in [(each.label, each.before) for each in answer.context["plan"].differences]
    assert editor.post(url).status_code == 409


def test_going_back_is_refused_where_a_value_was_given_away(editor: Client) -> None:
    record = make(OrganizationIdentifier, scheme="ROR", value="invented-1")
    then = record.history.first()
    edit(editor, record, value="invented-2")
    make(OrganizationIdentifier, scheme="ROR", value="invented-1")
    answer = go_back(editor, record, then)
    assert answer.status_code == 409 and "already exists" in " ".join(answer.context["obstacles"])
    record.refresh_from_db()
    assert record.value == "invented-2"


def test_going_back_is_refused_where_a_related_record_is_gone_and_names_it(editor: Client) -> None:
    paper, other = make(Source, title="Invented Paper"), make(Source)
    record = make(Organization, source=paper)
    edit(editor, record, source=other.pk)
    paper.delete()
    page = editor.get(version_url(record, record.history.last()))
    assert page.context["obstacles"] == ["Source: Invented Paper (deleted) is no longer in the register."]
    assert 'name="seal"' not in page.content.decode()
    assert go_back(editor, record, record.history.last()).status_code == 409


def test_going_back_is_refused_where_a_rule_of_the_register_stands_against_it(editor: Client) -> None:
    record = make(Organization, name="Invented Body", founded="1950", dissolved="")
    then = record.history.first()
    edit(editor, record, founded="")
    histories.note([Organization(pk=record.pk, name="X", source=record.source, founded="1960", dissolved="1950")], "~",
                   user=None, reason="")  # fmt: skip
    answer = editor.get(version_url(record, record.history.first()))
    assert answer.context["obstacles"] == ["The end lies before the beginning."]
    assert go_back(editor, record, then).status_code == 302


def test_a_viewer_reads_versions_and_goes_back_to_none(staff: Staff) -> None:
    viewer, record = staff("viewer"), make(Organization, name="The first name")
    record.name = "The second name"
    record.save()
    url = version_url(record, record.history.last())
    page = viewer.get(url)
    assert page.status_code == 200 and 'name="seal"' not in page.content.decode()
    assert "The first name" in page.content.decode()
    assert viewer.post(url, seal_of(page)).status_code == 403
    assert viewer.get(deleted_url(Organization)).status_code == 403


# -- What was deleted ----------------------------------------------------------------------------------------


def rich(**fields: Any) -> Organization:
    record = make(Organization, name="Invented Body", **fields)
    record.themes.add(make(Theme, name="Invented pay"))
    make(OrganizationName, organization=record, name="Invented Old Name")
    make(Seat, organization=record)
    return record


def test_a_deleted_record_comes_back_as_it_was_with_its_rows_and_links(approver: Client) -> None:
    record = rich()
    rows = {(type(row), row.pk): state_of(row) for row in (*record.names.all(), *record.seats.all())}
    said = state_of(record)
    delete(approver, record)
    listed = approver.get(deleted_url(Organization))
    assert [(name, by) for _version, name, by in listed.context["found"]] == [("Invented Body", "approver")]
    assert "Invented Body" in approver.get(address(record, "history")).content.decode()
    fallen = approver.get(deleted_url(Organization, record.pk)).context["fallen"]
    assert sorted(fallen) == ["1 organization name", "1 seat"]
    assert bring_back(approver, Organization, record.pk).status_code == 302
    back = Organization.objects.get(pk=record.pk)
    assert state_of(back) == said
    assert {key: state_of(key[0].objects.get(pk=key[1])) for key in rows} == rows
    newest = back.history.first()
    assert (newest.history_type, newest.history_user.username) == ("+", "approver")
    assert "Brought back" in newest.history_change_reason
    assert not approver.get(deleted_url(Organization)).context["found"]
    assert approver.get(deleted_url(Organization, record.pk)).status_code == 302


def test_what_a_program_deletes_comes_back_with_its_rows_and_links_too(approver: Client) -> None:
    record = rich()
    pk, themes = record.pk, list(record.themes.all())
    record.delete()
    bring_back(approver, Organization, pk)
    back = Organization.objects.get(pk=pk)
    assert list(back.themes.all()) == themes and back.names.count() == back.seats.count() == 1


def test_a_row_that_was_deleted_by_itself_stays_deleted(approver: Client) -> None:
    record = rich()
    delete(approver, record.seats.get())
    delete(approver, record)
    bring_back(approver, Organization, record.pk)
    back = Organization.objects.get(pk=record.pk)
    assert (back.names.count(), back.seats.count()) == (1, 0)


def test_a_record_whose_key_or_source_is_gone_is_not_brought_back_and_says_why(approver: Client) -> None:
    paper = make(Source, title="Invented Paper")
    record = make(Organization, source=paper, slug="invented-body")
    delete(approver, record)
    delete(approver, paper)
    make(Organization, slug="invented-body")
    answer = bring_back(approver, Organization, record.pk)
    assert answer.status_code == 409 and not Organization.objects.filter(pk=record.pk).exists()
    why = " ".join(answer.context["plan"].obstacles)
    assert "Source: Invented Paper (deleted) is no longer in the register." in why and "already exists" in why


def test_a_return_that_another_page_overtook_is_shown_again(approver: Client) -> None:
    record = rich()
    delete(approver, record)
    url = deleted_url(Organization, record.pk)
    sealed = seal_of(approver.get(url))
    make(Organization, slug=record.slug)
    answer = approver.post(url, sealed)
    assert answer.status_code == 409 and "Nothing was written" in answer.content.decode()
    assert approver.post(deleted_url(Organization, record.pk)).status_code == 409


def test_deleting_notes_the_references_that_it_empties(approver: Client) -> None:
    initiative, constituent = make(Initiative), make(Constituent, organization=make(Organization))
    body = constituent.organization
    delete(approver, body)
    constituent.refresh_from_db()
    newest = constituent.history.first()
    assert constituent.organization is None and newest.organization_id is None
    assert (newest.history_user.username, newest.history_change_reason) == (
        "approver",
        f"Deleted: organization {body.slug}",
    )
    assert initiative.history.count() == 1


def test_the_list_leads_to_what_was_deleted_of_it(staff: Staff) -> None:
    link = f'href="{deleted_url(Organization)}"'
    assert link in staff("approver").get(address(Organization, "changelist")).content.decode()
    assert link not in staff("viewer").get(address(Organization, "changelist")).content.decode()


def test_the_list_of_deleted_records_asks_no_more_for_20_than_for_2(approver: Client) -> None:
    counts = []
    for number in range(20):
        make(OrganizationName).delete()
        if number in (1, 19):
            counts.append(queries(approver, deleted_url(OrganizationName)))
    assert counts[0] == counts[1]
