"""Four eyes: in the admin statuses and rights are proposed by one and approved by another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement import freshness
from engagement.desk import proposals
from engagement.desk.models import Operation, Proposal, ProposalState
from engagement.desk.states import states_of
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    Organization,
    ParticipationRight,
    Source,
)
from tests.admin.rows import address, filled, make
from tests.admin.test_imports import at as run_at
from tests.admin.test_imports import bring, confirm

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
LIST = reverse("admin:desk_proposal_changelist")
GUARDED = (ConsultativeStatus, ParticipationRight)


@pytest.fixture
def approver(staff: Staff) -> Client:
    return staff("approver")


def at(proposal: Proposal, page: str = "change") -> str:
    return reverse(f"admin:desk_proposal_{page}", args=[proposal.pk])


def said() -> Any:
    """All that is said of statuses and rights, and of who did what to them."""
    kinds = ContentType.objects.get_for_models(*GUARDED).values()
    return (
        [states_of(list(model._base_manager.all())) for model in GUARDED],
        [model.history.count() for model in GUARDED],
        LogEntry.objects.filter(content_type__in=kinds).count(),
        Operation.objects.count(),
        freshness.revision(),
    )


def send(client: Client, url: str, **changes: Any) -> Any:
    return client.post(url, filled(client.get(url), **changes))


def proposed(answer: Any) -> Proposal:
    """The proposal that a form has led to."""
    made = Proposal.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, at(made))
    return made


def decide(client: Client, proposal: Proposal, how: str = "approve", **changes: Any) -> Any:
    page = client.get(at(proposal))
    form = page.context[f"{'approve' if how == 'approve' else 'decline'}_form"]
    return client.post(at(proposal, how), {"shown": form["shown"].value(), "answer": "", **changes})


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def status(**fields: Any) -> ConsultativeStatus:
    category = ConsultativeCategory.objects.all()[0]
    made: ConsultativeStatus = make(ConsultativeStatus, **{"granted": "2001", "category": category, **fields})
    return made


# -- From the form to the public page ------------------------------------------------------------------------


def test_a_status_is_added_by_one_and_approved_by_another(editor: Client, approver: Client) -> None:
    body, category = make(Organization, name="Invented body 3"), ConsultativeCategory.objects.all()[0]
    page = html(editor, address(body))
    url = f"{address(ConsultativeStatus, 'add')}?organization={body.pk}"
    assert f'href="{url}"' in page and "Propose a status" in page and "statuses-0-category" not in page
    before = said()
    sent = {"category": category.pk, "granted": "2024-05", "source": body.source.pk, "reason": "GB.999/INS/1"}
    made = proposed(send(editor, url, **sent))
    assert said() == before and made.reason == "GB.999/INS/1" and made.actor_name == "editor"

    page = html(editor, at(made))
    sentence = f"The public page of Invented body 3 will say: {category}, from May 2024."
    assert sentence in page and "GB.999/INS/1" in page and "You proposed this." in page and "Approve" not in page
    assert editor.post(at(made, "approve")).status_code == editor.post(at(made, "decline")).status_code == 403
    assert sentence in html(approver, at(made)) and 'value="Approve"' in html(approver, at(made))
    assert approver.get(at(made, "approve")).status_code == 403 and said() == before

    assert decide(approver, made).status_code == 302
    made.refresh_from_db()
    operation = made.operation
    assert made.state == ProposalState.APPROVED and operation is not None
    assert "May 2024" in html(Client(), body.get_absolute_url())
    there = reverse("admin:desk_operation_change", args=[operation.pk])
    assert f'href="{there}"' in html(editor, at(made))
    page = html(approver, there)
    assert f'href="{at(made)}"' in page and "editor" in page and "approver" in page
    # Undoing brings back what was approved before: it takes somebody who may approve.
    undo = reverse("admin:desk_operation_undo", args=[operation.pk])
    assert editor.post(undo).status_code == 403 and approver.post(undo).status_code == 302
    made.refresh_from_db()
    assert made.state == ProposalState.REVERSED and not body.statuses.exists()


def test_a_changed_form_proposes_what_differs_and_nothing_else_waits_beside_it(
    editor: Client, approver: Client
) -> None:
    there = status(note="One line\nand another")
    before, stale = said(), filled(editor.get(address(there)))
    answer = send(editor, address(there), note="One line\r\nand another", reason="Nothing is new")
    assert answer.status_code == 302 and answer["Location"] == address(there) and not Proposal.objects.exists()
    made = proposed(send(editor, address(there), ended="2025-03", note="One line\r\nand another"))
    (change,) = made.changes.all()
    assert {name for name in change.after if change.after[name] != change.before[name]} == {"ended"}
    assert said() == before

    link = f'href="{at(made)}"'
    assert link in html(approver, address(there)) and link in html(approver, address(ConsultativeStatus, "changelist"))
    answer = approver.post(address(there), {**stale, "granted": "1999"})
    assert answer.status_code == 200 and "waits already" in answer.content.decode()
    page = approver.get(address(there, "delete"))
    assert link in page.content.decode()
    sent = {"post": "yes", page.context["version_name"]: page.context["version"]}
    answer = approver.post(address(there, "delete"), sent, follow=True)
    assert "waits already" in answer.content.decode() and answer.redirect_chain[-1][0] == at(made)
    assert Proposal.objects.count() == 1 and said() == before

    decide(approver, made)
    # What was filled in for an earlier version is not proposed over a later one.
    assert approver.post(address(there), {**stale, "ended": "2030"}).status_code == 409
    assert Proposal.objects.count() == 1


def test_deleting_is_proposed_and_so_are_earlier_versions_and_what_was_deleted(editor: Client, staff: Staff) -> None:
    first, second = staff("administrator"), staff("approver")
    there = status()
    page = first.get(address(there, "delete"))
    sent = {"post": "yes", page.context["version_name"]: page.context["version"], "reason": "It never was"}
    before = said()
    made = proposed(first.post(address(there, "delete"), sent))
    assert said() == before and made.reason == "It never was"
    assert first.post(at(made, "approve")).status_code == 403  # the administrator is not exempt
    decide(second, made)
    assert not ConsultativeStatus.objects.filter(pk=there.pk).exists()

    back = reverse("admin:engagement_consultativestatus_return", args=[there.pk])
    made = proposed(editor.post(back, {"seal": editor.get(back).context["plan"].seal, "reason": "It was"}))
    assert not ConsultativeStatus.objects.filter(pk=there.pk).exists() and made.reason == "It was"
    again = editor.post(back, {"seal": editor.get(back).context["plan"].seal})
    assert again.status_code == 409 and "waits already" in again.content.decode()
    decide(second, made)
    there.refresh_from_db()

    there.granted = "2002"
    there.save()
    version = there.history.order_by("history_id").first()
    url = reverse("admin:engagement_consultativestatus_simple_history", args=[there.pk, version.history_id])
    before = said()
    made = proposed(editor.post(url, {"seal": editor.get(url).context["plan"].seal}))
    assert said() == before
    decide(second, made)
    there.refresh_from_db()
    assert there.granted == "2001"


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_what_is_done_to_many_is_one_proposal(model: Any, editor: Client, approver: Client) -> None:
    some = [make(model) for _ in range(3)]
    before = said()

    def ask(client: Client, action: str) -> Any:
        chosen = {"action": action, "_selected_action": [each.pk for each in some]}
        return client.post(address(model, "changelist"), chosen)

    def confirm(client: Client, page: Any) -> Any:
        return client.post(address(model, "bulk"), {"selection": page.context["selection"], "reason": "All"})

    made = proposed(confirm(editor, ask(editor, "withdraw")))
    assert (made.changes.count(), made.reason) == (3, "All") and said() == before
    page = ask(approver, "delete_selected")
    assert "a proposal waits already" in page.content.decode() and not page.context["plan"].can_be_applied
    decide(approver, made)
    assert model.objects.filter(pk__in=[each.pk for each in some], published=False).count() == 3
    made = proposed(confirm(approver, ask(approver, "delete_selected")))
    decide(staff_client("second", "approver"), made)
    assert not model.objects.filter(pk__in=[each.pk for each in some]).exists()


def staff_client(name: str, group: str) -> Client:
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


# -- What stands beside --------------------------------------------------------------------------------------


def test_nothing_is_deleted_with_which_a_status_would_fall(approver: Client) -> None:
    there = status()
    right = make(ParticipationRight, holder="category", category=make(ConsultativeCategory))
    before = said()
    for record, kept in ((there.organization, there), (right.category, right)):
        page = html(approver, address(record, "delete"))
        assert f'href="{address(kept)}"' in page and "propose their deletion" in page
        assert approver.post(address(record, "delete"), {"post": "yes"}).status_code in (200, 400)
        chosen = {"action": "delete_selected", "_selected_action": [record.pk]}
        answer = approver.post(address(type(record), "changelist"), chosen)
        assert "propose their deletion" in answer.content.decode() and str(kept) in answer.content.decode()
        assert not answer.context["plan"].can_be_applied
        sent = {"selection": answer.context["selection"]}
        assert approver.post(address(type(record), "bulk"), sent).status_code == 409
    assert said() == before


def test_an_organization_that_comes_back_with_its_statuses_is_proposed(approver: Client, editor: Client) -> None:
    body = status().organization
    before = states_of([body]), states_of(list(body.statuses.all()))
    pk = body.pk
    body.delete()
    back = reverse("admin:engagement_organization_return", args=[pk])
    made = proposed(editor.post(back, {"seal": editor.get(back).context["plan"].seal}))
    assert made.changes.count() == 2 and not Organization.objects.filter(pk=pk).exists()
    assert decide(approver, made).status_code == 302
    body = Organization.objects.get(pk=pk)
    assert (states_of([body]), states_of(list(body.statuses.all()))) == before


@pytest.mark.parametrize("role", ["viewer", "contact-officer"])
def test_without_the_right_to_propose_the_forms_are_to_read(role: str, staff: Staff) -> None:
    client, there, user = staff(role), status(), User.objects.get(username=role)
    names = [f"{action}_consultativestatus" for action in ("add", "change", "delete")]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    page = html(client, address(there))
    assert 'name="granted"' not in page and 'value="Propose"' not in page and 'name="reason"' not in page
    assert client.post(address(there), {"granted": "1999"}).status_code == 403
    assert (
        client.get(address(there, "delete")).status_code == client.get(address(type(there), "add")).status_code == 403
    )
    assert "Propose a status" not in html(client, address(there.organization))


# -- Deciding ------------------------------------------------------------------------------------------------


def test_declining_says_why_and_withdrawing_is_for_who_proposed(editor: Client, approver: Client) -> None:
    there = status()
    before = said()
    made = proposed(send(editor, address(there), ended="2025"))
    answer = decide(approver, made, "decline")
    assert answer.status_code == 400 and "This field is required" in answer.content.decode()
    assert approver.post(at(made, "withdraw")).status_code == 403
    assert decide(approver, made, "decline", answer="The document says 2026").status_code == 302
    text = html(editor, at(made))
    assert "The document says 2026" in text and "Declined" in text and said() == before

    made = proposed(send(editor, address(there), ended="2026"))
    page = approver.get(at(made))
    assert editor.post(at(made, "withdraw")).status_code == 302
    # Whoever had it open still is told, and nothing is done.
    sent = {"shown": page.context["approve_form"]["shown"].value(), "answer": ""}
    answer = approver.post(at(made, "approve"), sent, follow=True)
    assert "This was decided before: Withdrawn" in answer.content.decode() and said() == before


def test_what_was_shown_is_what_is_applied(editor: Client, approver: Client) -> None:
    there = status()
    made = proposed(send(editor, address(there), ended="2025"))
    page = approver.get(at(made))
    Organization.objects.filter(pk=there.organization_id).update(name="Invented renamed")
    before = said()
    sent = {"shown": page.context["approve_form"]["shown"].value(), "answer": ""}
    answer = approver.post(at(made, "approve"), sent)
    assert answer.status_code == 409 and "has changed since you opened it" in answer.content.decode()
    ConsultativeStatus.objects.filter(pk=there.pk).update(granted="2000")
    before = said()
    answer = decide(approver, made)
    assert answer.status_code == 409 and f'href="{address(there)}"' in answer.content.decode() and said() == before
    text = html(approver, at(made))
    assert "In the way" in text and 'value="Approve"' not in text and 'value="Decline"' in text


def test_who_approves_may_do_it_to_these_records(editor: Client, staff: Staff) -> None:
    """An account that approves and may not delete approves no deletion."""
    there, doomed = status(), status()
    changes = proposed(send(editor, address(there), ended="2025"))
    deletion = proposals.propose("Invented", [proposals.deleted(doomed)], User.objects.get(username="editor"))
    client, user = staff("viewer"), User.objects.get(username="viewer")
    names = ("view_proposal", "approve_proposal", "change_consultativestatus")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    assert client.post(at(deletion, "approve")).status_code == 403
    assert 'value="Approve"' not in html(client, at(deletion))
    assert decide(client, changes).status_code == 302


def test_the_list_shows_what_waits_first_and_hides_what_the_account_may_not_see(editor: Client, staff: Staff) -> None:
    there, other = status(), status()
    waiting = proposed(send(editor, address(there), ended="2025"))
    withdrawn = proposed(send(editor, address(other), ended="2025"))
    editor.post(at(withdrawn, "withdraw"))
    page, whole = html(editor, LIST), html(editor, f"{LIST}?state=all")
    assert waiting.title in page and withdrawn.title not in page and withdrawn.title in whole
    client, user = staff("viewer"), User.objects.get(username="viewer")
    user.groups.clear()
    user.user_permissions.set(Permission.objects.filter(codename="view_proposal"))
    assert waiting.title not in html(client, LIST) and client.get(at(waiting)).status_code == 404


def test_a_page_of_40_changes_asks_no_more_than_one_of_3(editor: Client, approver: Client) -> None:
    user, asked = User.objects.get(username="editor"), []
    for number in (3, 40):
        some = [status() for _ in range(number)]
        drafts = [proposals.changed(each, {"ended": ""}, {"ended": "2025"}) for each in some]
        made = proposals.propose(f"Invented {number}", drafts, user)
        approver.get(at(made))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert html(approver, at(made)).count("Until now:") == number
        asked.append(len(queries))
    assert asked[1] <= asked[0]


# -- Files and operations ------------------------------------------------------------------------------------


def test_a_file_of_statuses_is_confirmed_by_another_than_who_brought_it(approver: Client, editor: Client) -> None:
    body, category = make(Organization), ConsultativeCategory.objects.all()[0]
    file = f"organization,category,granted\n{body.slug},{category.slug},2024-05\n"
    run = bring(approver, file, kind="statuses")
    plan = approver.get(run_at(run)).context["seal"]
    page = html(approver, run_at(run))
    assert "another person who may approve proposals confirms it" in page and "Write to the register" not in page
    second = staff_client("second", "approver")
    for client in (approver, editor):  # the one brought it, the other may not approve
        assert client.post(run_at(run, "confirm"), {"plan": plan}).status_code == 403
    # Who confirms has planned none of it.
    assert second.post(run_at(run, "options"), {}).status_code == 403
    assert second.post(run_at(run, "decide"), {"every_new": "1"}).status_code == 403
    assert not body.statuses.exists()
    confirm(second, run)
    assert body.statuses.get().granted == "2024-05"
    operation = reverse("admin:desk_operation_change", args=[run.operation_id])
    for url in (run_at(run), operation):
        page = html(editor, url)
        assert "approver" in page and "second" in page
    undo = reverse("admin:desk_operation_undo", args=[run.operation_id])
    assert editor.get(undo).status_code == 403 and approver.post(undo).status_code == 302
    assert not body.statuses.exists() and Source.objects.exists()
