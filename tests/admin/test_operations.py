"""What was done in bulk, as staff see it: what it changed, by whom, and the way back."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.desk.forgetting import forget_past
from engagement.desk.journal import Edit, operation
from engagement.desk.models import ImportRun, Operation, OperationKind, RecordChange, RunState
from engagement.desk.states import states_of
from engagement.models import Contact, Country, Organization, Seat, Source, Theme
from engagement.models.base import Record
from tests.admin.rows import address, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]

LIST = reverse("admin:desk_operation_changelist")


def at(made: Operation, page: str = "change") -> str:
    return reverse(f"admin:desk_operation_{page}", args=[made.pk])


def html(client: Client, url: str) -> str:
    return str(client.get(url).content.decode())


def changed(*edits: tuple[Record, dict[str, Any]], title: str = "invented.csv") -> Operation:
    """An operation, by nobody in particular, that gives each record what is said of it."""
    with operation(OperationKind.IMPORT, title) as journal:
        for record, values in edits:
            before = states_of([record])[record.pk]
            journal.change([Edit(record, before, {**before, **values})])
    assert journal.operation
    return journal.operation


def created(records: Sequence[Record]) -> Operation:
    with operation(OperationKind.BULK, "Invented records") as journal:
        journal.create(records)
    assert journal.operation
    return journal.operation


def new(name: str) -> Organization:
    return Organization(name=name, source=Source.objects.all()[0], as_of="2020")


def test_its_page_says_what_was_said_before_and_after_in_words(editor: Client) -> None:
    there, theme = make(Organization, name="Invented Before", kind="ngo"), make(Theme, name="Invented theme")
    other = make(Source, title="Invented other source")
    values = {"name": "Invented <After>", "kind": "workers", "source_id": other.pk, "themes": [theme.pk]}
    page = html(editor, at(changed((there, {**values, "published": False}))))
    assert "<del><bdi>Invented Before</bdi></del>" in page and "<ins><bdi>Invented &lt;After&gt;</bdi></ins>" in page
    kinds = dict(Organization._meta.get_field("kind").flatchoices)
    assert f"<del><bdi>{kinds['ngo']}</bdi></del>" in page
    assert "<ins><bdi>Invented other source</bdi></ins>" in page and "<ins><bdi>Invented theme</bdi></ins>" in page
    assert "<strong>Published: </strong>" in page and "<ins><bdi>No</bdi></ins>" in page
    assert f'href="{address(there)}"' in page and "sort_name" not in page and "Sort name" not in page
    assert "manage.py" in page and "Can be undone until" in page


def test_the_list_says_what_was_done_by_whom_and_until_when_it_can_be_undone(editor: Client) -> None:
    made = changed((make(Organization), {"name": "Invented"}), title="invented list.csv")
    page = html(editor, LIST)
    assert f'href="{at(made)}"' in page and "invented list.csv" in page and "manage.py" in page
    assert "Can be undone until" in page
    assert "invented list.csv" in html(editor, f"{LIST}?kind__exact=import&undoing=can&q=list")
    for other in ("kind__exact=merge", "undoing=undone", "undoing=past"):
        assert "invented list.csv" not in html(editor, f"{LIST}?{other}")
    assert f'href="{LIST}"' in html(editor, reverse("admin:index"))


def test_undoing_says_first_what_it_restores_and_then_does_it(editor: Client) -> None:
    there = make(Organization, name="Invented Before")
    made = changed((there, {"name": "Invented After"}))
    asked = editor.get(at(made, "undo"))
    assert asked.status_code == 200 and asked.context["counts"][0]["changed"] == 1
    there.refresh_from_db()
    assert there.name == "Invented After"
    answer = editor.post(at(made, "undo"), follow=True)
    assert answer.redirect_chain == [(at(made), 302)]
    assert "Undone: “invented.csv”" in answer.content.decode() and "Undone by" in answer.content.decode()
    there.refresh_from_db()
    assert there.name == "Invented Before"
    assert there.history.first().history_user.get_username() == "editor"
    assert LogEntry.objects.get(object_id=str(made.pk)).user.get_username() == "editor"


def test_undone_twice_or_too_late_it_says_so_and_changes_nothing(editor: Client) -> None:
    there = make(Organization, name="Invented Before")
    first, second = changed((there, {"name": "Invented A"})), changed((there, {"name": "Invented B"}))
    for _ in range(2):
        answer = editor.post(at(second, "undo"), follow=True)
    assert "This was undone before, by editor" in answer.content.decode()
    Operation.objects.filter(pk=first.pk).update(done_at=timezone.now() - timedelta(days=31))
    assert "its time is over" in html(editor, at(first))
    assert "The time to undo this is over" in html(editor, at(first, "undo"))
    assert "The time to undo this is over" in editor.post(at(first, "undo"), follow=True).content.decode()
    forget_past()
    assert "no longer kept" in html(editor, at(first))
    there.refresh_from_db()
    assert there.name == "Invented A"


def test_what_was_edited_since_is_named_and_nothing_is_undone(editor: Client) -> None:
    one, two = make(Organization, name="Invented One"), make(Organization, name="Invented Two")
    made = changed((one, {"name": "Invented One B"}), (two, {"name": "Invented Two B"}))
    one.name = "Invented by a colleague"
    one.save()
    answer = editor.post(at(made, "undo"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'<a href="{address(one)}">{one.slug}</a>' in page and "it was edited since" in page
    assert two.slug not in page
    two.refresh_from_db()
    made.refresh_from_db()
    assert two.name == "Invented Two B" and made.undone_at is None


def test_what_others_need_by_now_is_named_with_why(editor: Client) -> None:
    fresh = new("Invented Fresh")
    made = created([fresh])
    make(Seat, organization=fresh)
    page = editor.post(at(made, "undo")).content.decode()
    assert fresh.slug in page and "needed by: seat" in page
    assert Organization.objects.filter(pk=fresh.pk).exists()


def test_records_that_are_gone_again_are_named_by_the_keys_that_they_had(editor: Client) -> None:
    fresh = new("Invented Fresh")
    with operation(OperationKind.IMPORT, "invented.csv") as journal:
        journal.create([fresh])
        journal.create([Seat(organization=fresh, country_id=1, source=fresh.source, as_of="2020")])
    assert journal.operation
    editor.post(at(journal.operation, "undo"))
    page = html(editor, at(journal.operation))
    assert "<strong>Organization: </strong>" in page and page.count("<bdi>invented-fresh</bdi>") >= 2
    assert f"#{fresh.pk}<" not in page


def test_a_name_that_is_taken_by_now_stops_the_undoing_with_a_text(editor: Client) -> None:
    theme = make(Theme, name="Invented theme", slug="invented-theme")
    made = changed((theme, {"slug": "invented-moved"}))
    make(Theme, name="Invented second theme", slug="invented-theme")
    answer = editor.post(at(made, "undo"))
    assert answer.status_code == 409 and "Another record now has" in answer.content.decode()
    theme.refresh_from_db()
    assert theme.slug == "invented-moved"


@pytest.mark.parametrize("page", ["change", "undo"])
def test_a_viewer_reaches_no_operation(staff: Staff, page: str) -> None:
    made = changed((make(Organization), {"name": "Invented"}))
    viewer = staff("viewer")
    assert [viewer.get(url).status_code for url in (LIST, at(made, page))] == [403, 403]
    assert viewer.post(at(made, page)).status_code == 403
    assert LIST not in html(viewer, reverse("admin:index"))


def test_an_operation_on_contacts_is_not_there_for_who_may_not_see_them(staff: Staff) -> None:
    contact = make(Contact, name="Invented Person")
    made = changed((contact, {"title": "Invented Secret"}), title="Invented hidden.csv")
    editor, officer = staff("editor"), staff("contact-officer")
    for url in (at(made), at(made, "undo")):
        assert editor.get(url).status_code == 404
        assert officer.get(url).status_code == 200
    assert editor.post(at(made, "undo")).status_code == 404
    assert "hidden.csv" not in html(editor, LIST) and "hidden.csv" in html(officer, LIST)
    officer.post(at(made, "undo"))
    contact.refresh_from_db()
    assert contact.title != "Invented Secret"


def test_an_import_of_contacts_stays_hidden_when_its_changes_are_forgotten(staff: Staff) -> None:
    made = changed((make(Contact), {"title": "Invented"}), title="Invented hidden.csv")
    ImportRun.objects.create(
        kind="contacts", file_name="Invented hidden.csv", sha256="0" * 64, size=1, body=b"x",
        actor_name="invented", state=RunState.APPLIED, operation=made,
    )  # fmt: skip
    RecordChange.objects.all().delete()
    assert "hidden.csv" not in html(staff("editor"), LIST)
    assert "hidden.csv" in html(staff("contact-officer"), LIST)


def test_of_an_operation_on_several_models_an_editor_sees_all_but_contacts(editor: Client) -> None:
    contact, organization = make(Contact, name="Invented Person"), make(Organization, name="Invented Body")
    made = changed((organization, {"note": "Invented note"}), (contact, {"title": "Invented Secret"}))
    page = html(editor, at(made))
    assert "Invented note" in page and "1 record is not shown" in page
    assert "Invented Person" not in page and "Invented Secret" not in page and contact.key not in page
    assert at(made, "undo") not in page
    assert editor.get(at(made, "undo")).status_code == 403 and editor.post(at(made, "undo")).status_code == 403
    organization.refresh_from_db()
    assert organization.note == "Invented note"


def test_undoing_needs_its_permission_and_the_right_to_change_the_records(staff: Staff) -> None:
    made = changed((make(Organization, name="Invented Before"), {"name": "Invented After"}))
    officer = staff("contact-officer")
    assert "Invented After" in html(officer, at(made)) and at(made, "undo") not in html(officer, at(made))
    assert officer.post(at(made, "undo")).status_code == 403
    editor = staff("editor")
    user = get_user_model().objects.get(username="editor")
    permissions = [each for each in user.groups.get().permissions.all() if each.codename != "undo_operation"]
    user.groups.clear()
    user.user_permissions.set(permissions)
    assert editor.get(at(made)).status_code == 200 and editor.post(at(made, "undo")).status_code == 403
    assert Organization.objects.filter(name="Invented After").exists()


def test_nobody_adds_edits_or_deletes_an_operation_or_its_changes(staff: Staff) -> None:
    made = changed((make(Organization), {"name": "Invented"}))
    administrator = staff("administrator")
    assert administrator.get(reverse("admin:desk_operation_add")).status_code == 403
    assert administrator.post(at(made), {"title": "Forged"}).status_code == 403
    assert administrator.post(at(made, "delete"), {"post": "yes"}).status_code == 403
    administrator.post(LIST, {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"})
    made.refresh_from_db()
    assert made.title == "invented.csv" and made.changes.count() == 1
    assert administrator.get("/admin/desk/recordchange/").status_code == 404


def test_an_operation_that_does_not_exist_is_not_found(editor: Client) -> None:
    for page in ("change", "undo"):
        for number in ("999999", "abc", "99999999999999999999999"):
            assert editor.get(reverse(f"admin:desk_operation_{page}", args=[number])).status_code == 404


def test_its_page_asks_as_many_queries_for_many_changes_as_for_few(editor: Client) -> None:
    organization = make(Organization)
    countries = list(Country.objects.all()[:120])

    def queries(count: int) -> int:
        told = {"organization": organization, "source": organization.source, "as_of": "2020"}
        seats = [
            Seat(country=country, city=f"Invented {number}", **told) for number, country in enumerate(countries[:count])
        ]
        made = created([*seats])
        with CaptureQueriesContext(connection) as asked:
            page = html(editor, at(made))
        assert page.count("<ins><bdi>Invented 0</bdi></ins>") == 1
        return len(asked)

    few = queries(2)
    assert queries(120) == few <= 20


def test_its_changes_stand_on_pages_of_fifty(editor: Client) -> None:
    made = created([new(f"Invented number {number:03}") for number in range(60)])
    first, second = html(editor, at(made)), html(editor, f"{at(made)}?page=2")
    assert "Invented number 049" in first and "Invented number 050" not in first and 'href="?page=2"' in first
    assert "Invented number 059" in second and "Invented number 049" not in second
