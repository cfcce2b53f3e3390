"""Actions on many records: what the page says, that just this is done, and that it can be undone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.desk.models import Action, Operation, OperationKind
from engagement.desk.states import states_of
from engagement.desk.undoing import undo
from engagement.models import (
    Constituent,
    Contact,
    Discrepancy,
    Invitation,
    Organization,
    OrganizationLink,
    OrganizationName,
    Seat,
    Source,
    Theme,
)
from tests.admin.rows import address, make

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]


@pytest.fixture
def approver(staff: Staff) -> Client:
    return staff("approver")


def ask(client: Client, action: str, *records: Any, **more: Any) -> Any:
    """The page that an action on these records leads to."""
    chosen = {"action": action, "_selected_action": [each.pk for each in records], **more}
    return client.post(address(type(records[0]), "changelist"), chosen)


def confirm(client: Client, page: Any, model: Any = Organization, **more: Any) -> Any:
    return client.post(bulk(model), {"selection": page.context["selection"], **more}, follow=True)


def bulk(model: Any) -> str:
    return reverse(f"admin:engagement_{model._meta.model_name}_bulk")


def names(page: Any, part: str = "changes") -> list[str]:
    return [each["name"] for each in getattr(page.context["plan"], part)]


def effects(page: Any) -> str:
    return " ".join(page.context["plan"].effects)


def states(*models: Any) -> dict[str, Any]:
    return {model.__name__: states_of(list(model._base_manager.all())) for model in models}


def last() -> Operation:
    return Operation.objects.latest("pk")


# -- Publishing and withdrawing ------------------------------------------------------------------------------


def test_withdrawing_says_what_changes_and_what_stays_and_writes_nothing_yet(editor: Client) -> None:
    shown, hidden = make(Organization, name="Invented A"), make(Organization, name="Invented B", published=False)
    page = ask(editor, "withdraw", shown, hidden)
    assert page.status_code == 200
    assert (names(page), names(page, "staying")) == (["Invented A"], ["Invented B"])
    line = page.context["plan"].changes[0]
    assert (line["before"], line["after"]) == ("yes", "no")
    shown.refresh_from_db()
    assert shown.published and not Operation.objects.exists()


def test_confirming_does_it_as_one_operation_in_history_and_log_and_undoing_takes_it_back(editor: Client) -> None:
    shown, hidden = make(Organization), make(Organization, published=False)
    answer = confirm(editor, ask(editor, "withdraw", shown, hidden))
    assert "Done: Withdraw from the public: 1 organization." in answer.content.decode()
    assert reverse("admin:desk_operation_change", args=[last().pk]) in answer.content.decode()
    for record, versions in ((shown, 2), (hidden, 1)):
        record.refresh_from_db()
        assert (record.published, record.history.count()) == (False, versions)
    newest = shown.history.first()
    assert (newest.history_user.username, newest.history_change_reason) == ("editor", str(last()))
    assert (last().kind, last().actor_name, last().changes.count()) == (OperationKind.BULK, "editor", 1)
    assert LogEntry.objects.filter(object_id=str(shown.pk), user__username="editor").count() == 1
    undo(last(), get_user_model().objects.get(username="editor"))
    shown.refresh_from_db()
    assert shown.published


def test_publishing_goes_the_same_way(editor: Client) -> None:
    hidden = make(Organization, published=False)
    confirm(editor, ask(editor, "publish", hidden))
    hidden.refresh_from_db()
    assert hidden.published and last().title == "Publish: 1 organization"


def test_the_public_effect_is_said_in_numbers(editor: Client) -> None:
    body, other, withdrawn = make(Organization), make(Organization), make(Organization, published=False)
    make(Seat, organization=body)
    make(Seat, organization=body, published=False)
    make(Invitation, organization=body)
    make(Invitation, organization=body)
    make(OrganizationLink, organization=body, other=other)
    make(OrganizationLink, organization=body, other=withdrawn)
    page = ask(editor, "withdraw", body, other)
    assert page.context["plan"].effects == [
        "The public will no longer see 2 organizations that it sees now.",
        "With them disappear: 2 invitations, 1 organization link, 1 seat.",
    ]
    confirm(editor, page)
    page = ask(editor, "publish", body, other)
    assert page.context["plan"].effects == [
        "The public will see 2 organizations of these.",
        "With them appear: 2 invitations, 1 organization link, 1 seat.",
    ]


def test_what_stays_out_of_sight_although_it_is_published_is_said(editor: Client) -> None:
    seat = make(Seat, published=False, organization=make(Organization, published=False))
    assert "1 stays out of sight" in effects(ask(editor, "publish", seat))


def test_nothing_to_change_is_said_and_cannot_be_confirmed(editor: Client) -> None:
    page = ask(editor, "publish", make(Organization))
    assert "Nothing would change." in page.content.decode() and 'name="selection"' not in page.content.decode()
    assert confirm(editor, page).status_code == 409 and not Operation.objects.exists()


# -- Only what was shown -------------------------------------------------------------------------------------


def test_a_record_that_changed_since_stops_it_all_and_the_page_is_shown_again(editor: Client) -> None:
    one, two = make(Organization), make(Organization)
    page = ask(editor, "withdraw", one, two)
    Organization.objects.filter(pk=two.pk).update(acronym="NEW")
    again = confirm(editor, page)
    assert again.status_code == 409 and "Nothing was written" in again.content.decode()
    assert Organization.objects.filter(pk__in=[one.pk, two.pk], published=True).count() == 2
    assert confirm(editor, again).status_code == 200
    assert Organization.objects.filter(pk__in=[one.pk, two.pk], published=False).count() == 2


def test_a_record_that_is_gone_or_rows_that_came_since_stop_it_too(approver: Client) -> None:
    one, two = make(Organization), make(Organization)
    page = ask(approver, "delete_selected", one)
    make(Seat, organization=one)
    again = confirm(approver, page)
    assert again.status_code == 409 and "1 seat" in effects(again)
    page = ask(approver, "withdraw", one, two)
    two.delete()
    again = confirm(approver, page)
    assert again.status_code == 409 and len(names(again)) == 1


def test_a_selection_is_good_for_its_account_and_its_kind_of_record_alone(editor: Client, approver: Client) -> None:
    page = ask(editor, "withdraw", make(Organization))
    selection = page.context["selection"]
    for client, model, sent in (
        (approver, Organization, selection),
        (editor, Seat, selection),
        (editor, Organization, f"{selection}x"),
        (editor, Organization, ""),
    ):
        assert client.post(bulk(model), {"selection": sent}).status_code == 400
    assert Organization.objects.filter(published=False, name__startswith="Invented name").count() == 0
    assert editor.get(bulk(Organization)).status_code == 302


def test_each_action_needs_its_permission_by_a_direct_post_too(staff: Staff) -> None:
    viewer, editor, body = staff("viewer"), staff("editor"), make(Organization)
    for action in ("publish", "withdraw", "delete_selected"):
        assert "plan" not in ask(viewer, action, body).context
    assert "delete_selected" not in dict(
        editor.get(address(Organization, "changelist")).context["action_form"].fields["action"].choices
    )
    assert ask(editor, "delete_selected", body).status_code == 302
    page = ask(editor, "withdraw", body)
    get_user_model().objects.get(username="editor").groups.clear()
    assert editor.post(bulk(Organization), {"selection": page.context["selection"]}).status_code in (302, 403)
    body.refresh_from_db()
    assert body.published and Organization.objects.filter(pk=body.pk).exists()


# -- Deleting ------------------------------------------------------------------------------------------------


def with_rows(name: str) -> Organization:
    body = make(Organization, name=name)
    body.themes.add(make(Theme))
    make(OrganizationName, organization=body)
    make(Seat, organization=body)
    make(Seat, organization=body)
    return body


def test_deleting_lists_what_goes_with_each_and_undoing_brings_all_of_it_back(approver: Client) -> None:
    one, two = with_rows("Invented A"), make(Organization, name="Invented B")
    constituent = make(Constituent, organization=two)
    before = states(Organization, Seat, OrganizationName, Constituent)
    page = ask(approver, "delete_selected", one, two)
    assert [(each["name"], each["with_it"]) for each in page.context["plan"].changes] == [
        ("Invented A", "1 organization name, 2 seats"),
        ("Invented B", ""),
    ]
    assert "With them go: 1 organization name, 2 seats." in effects(page)
    assert "These lose a link to them, and stay: 1 constituent." in effects(page)
    assert confirm(approver, page).status_code == 200
    assert not Organization.objects.filter(pk__in=[one.pk, two.pk]).exists()
    assert not Seat.objects.filter(organization_id=one.pk).exists()
    constituent.refresh_from_db()
    assert constituent.organization is None
    changes = list(last().changes.order_by("order").values_list("model", "action"))
    assert changes[0] == ("constituent", Action.CHANGED) and changes[-1] == ("organization", Action.DELETED)
    assert LogEntry.objects.filter(object_id=str(one.pk), action_flag=3).count() == 1
    undo(last())
    assert states(Organization, Seat, OrganizationName, Constituent) == before


def test_deleting_a_theme_takes_the_link_of_organizations_and_undoing_restores_it(approver: Client) -> None:
    theme, other, body = make(Theme), make(Theme), make(Organization)
    body.themes.set([theme, other])
    confirm(approver, ask(approver, "delete_selected", theme), Theme)
    assert list(body.themes.all()) == [other]
    assert [link.theme for link in body.history.first().themes.all()] == [other]
    undo(last())
    assert set(body.themes.all()) == {theme, other}


def test_what_others_need_is_named_and_nothing_is_deleted(approver: Client) -> None:
    paper, free = make(Source, title="Invented Paper"), make(Source)
    body = make(Organization, name="Invented Body", source=paper)
    page = ask(approver, "delete_selected", paper, free)
    assert page.context["plan"].in_the_way == ["Organization: Invented Body"]
    assert 'name="selection"' not in page.content.decode()
    assert confirm(approver, page, Source).status_code == 409
    assert Source.objects.filter(pk__in=[paper.pk, free.pk]).count() == 2 and body.source == paper


def test_a_contact_is_not_named_to_those_who_do_not_see_contacts(approver: Client) -> None:
    contact = make(Contact, name="Invented Jane", organization=make(Organization))
    page = ask(approver, "delete_selected", contact.source).content.decode()
    assert "Records that your account may not see: 1" in page and "Invented Jane" not in page
    assert "contact" not in effects(ask(approver, "delete_selected", contact.organization))


def test_remarks_that_would_speak_of_nothing_are_counted(approver: Client) -> None:
    body = make(Organization)
    make(Discrepancy, kind="organization", record_key=body.slug)
    assert "will speak of nothing: 1 discrepancy" in effects(ask(approver, "delete_selected", body))


# -- Many ----------------------------------------------------------------------------------------------------


def many(number: int) -> None:
    source = make(Source)
    Organization.objects.all().update(published=False)
    Organization.objects.bulk_create(
        Organization(name=f"Invented {n:05}", sort_name=f"invented {n:05}", slug=f"invented-{n:05}", source=source)
        for n in range(number)
    )


def everything(client: Client, action: str) -> Any:
    chosen = {"action": action, "_selected_action": [Organization.objects.all()[0].pk], "select_across": "1"}
    return client.post(f"{address(Organization, 'changelist')}?published__exact=1", chosen)


def test_5000_records_are_done_at_once_and_the_page_lists_the_first_200(editor: Client) -> None:
    many(5000)
    page = everything(editor, "withdraw")
    html = page.content.decode()
    assert len(page.context["plan"].changes) == 5000 and "and 4800 more" in html
    assert len(re.findall(r'<th scope="row" dir="auto"', html)) == 200
    assert len(page.context["selection"]) < 60_000
    answer = confirm(editor, page)
    assert answer.status_code == 200 and "published__exact=1" in answer.redirect_chain[0][0]
    assert not Organization.objects.filter(published=True).exists()
    assert last().changes.count() == LogEntry.objects.count() == 5000


def test_5000_records_are_deleted_at_once(approver: Client) -> None:
    many(5000)
    confirm(approver, everything(approver, "delete_selected"))
    assert not Organization.objects.filter(slug__startswith="invented-0").exists()
    assert last().changes.count() == 5000


def test_a_page_of_300_asks_hardly_more_of_the_database_than_one_of_3(editor: Client) -> None:
    counts = []
    for number in (3, 300):
        bodies = [make(Organization) for _each in range(number)]
        ask(editor, "withdraw", *bodies[:3])
        with CaptureQueriesContext(connection) as captured:
            assert ask(editor, "withdraw", *bodies).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
