"""The inbox of corrections: what staff see of one, what they decide, and who may."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from engagement.desk import corrections
from engagement.desk.models import Correction, CorrectionState, Operation, Proposal
from engagement.models import Contact, Organization
from tests.admin.rows import make
from tests.factories import make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

Staff = Callable[[str], Client]
SENDER = "sender@invented.example"
LIST = reverse("admin:desk_correction_changelist")


def sent(record: Any, field: str = "acronym", proposed: str = "IB", **said: str) -> Correction:
    about = {"kind": str(record._meta.model_name), "record_key": record.natural_key()[0]}
    defaults = {"label": str(record), "current": "", "evidence": "Its own page", "email": SENDER, "language": "en"}
    return corrections.receive(**about, **{**defaults, "field": field, "proposed": proposed, **said})[0]


def at(correction: Correction, page: str = "change") -> str:
    return reverse(f"admin:desk_correction_{page}", args=[correction.pk])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def filled(client: Client, correction: Correction, reason: str = "Its page says so", **fields: Any) -> dict[str, Any]:
    """What the form of the field sends back, with `fields` of the record filled in."""
    page = client.get(at(correction))
    form = page.context["form"]
    values = {each.html_name: each.value() for each in form if each.value() is not None}
    given = {f"proposed-{name}": value for name, value in fields.items()}
    return {**values, "_version": page.context["version"], "publish-reason": reason, **given}


def state(correction: Correction) -> str:
    correction.refresh_from_db()
    return correction.state


def test_the_list_has_those_that_wait_first_with_how_long(editor: Client) -> None:
    body = make_organization()
    done, waiting = sent(body, proposed="A"), sent(body, proposed="B")
    corrections.decline(done, get_user_model().objects.get(), "No")
    page = words(editor.get(LIST))
    assert page.index(waiting.reference) < page.index(done.reference) and "0 days" in page and "Acronym" in page
    assert waiting.reference in words(editor.get(LIST, {"kind": "organization", "state": "waiting"}))
    assert "sender@" not in page and "sender@" in words(editor.get(at(waiting)))


def test_its_page_sets_then_now_and_proposed_beside_each_other_and_names_its_fellows(editor: Client) -> None:
    body = make_organization(acronym="NEW")
    correction, other = sent(body, current="OLD"), sent(body, "website", "https://invented.example")
    page = editor.get(at(correction))
    said = words(page)
    for each in ("OLD", "NEW", "changed meanwhile", "IB", "Its own page", other.reference, str(body)):
        assert each in said
    assert "changed meanwhile" not in words(editor.get(at(sent(body, current="NEW", proposed="X"))))
    assert 'name="proposed-acronym" value="IB"' in page.content.decode()


@pytest.mark.parametrize(
    ("field", "proposed", "value"),
    [
        ("founded", "1950-05", "1950-05"),
        ("founded", "in May of 1950", ""),
        ("kind", "workers’ organization", "workers"),
        ("region", "Africa", "africa"),
        ("region", "Atlantis", None),
        ("website", "no address", ""),
    ],
)
def test_the_form_holds_what_was_proposed_where_that_fits(
    editor: Client, field: str, proposed: str, value: str | None
) -> None:
    bound = editor.get(at(sent(make_organization(), field, proposed))).context["form"][field]
    chosen = bound.value()
    if field == "region" and chosen:
        chosen = bound.field.queryset.get(pk=chosen).slug
    assert (chosen or value) == value


def test_publishing_writes_the_field_with_its_source_and_tells_the_sender(
    editor: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    body, source = make_organization(), make_source()
    correction = sent(body)
    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(at(correction, "publish"), filled(editor, correction, source=source.pk, locator="page 3"))
    assert answer.status_code == 302 and state(correction) == CorrectionState.PUBLISHED
    body.refresh_from_db()
    assert (body.acronym, body.source, body.locator) == ("IB", source, "page 3")
    assert correction.operation is not None and correction.decided_by_name == "editor"
    (told,) = mail.outbox
    assert told.to == ["sender@invented.example"] and "Its page says so" in told.body
    assert "IB" in words(client.get(body.get_absolute_url()))
    assert "Its page says so" in words(client.get("/corrections/"))
    page = editor.get(at(correction))
    assert reverse("admin:desk_operation_change", args=[correction.operation_id]) in page.content.decode()
    assert page.context["decides"] is False and editor.post(at(correction, "decline"), {}).status_code == 400
    entries = " ".join(f"{each.object_repr} {each.change_message}" for each in LogEntry.objects.all())
    assert "sender@" not in entries


@pytest.mark.parametrize(
    ("fields", "reason", "status", "says"),
    [
        ({"acronym": "x" * 31}, "Right", 400, "at most 30 characters"),
        ({"acronym": ""}, "Right", 400, "says that already"),
        ({}, " ", 400, "This field is required."),
        ({"as_of": "yesterday"}, "Right", 400, "is not a day, month or year"),
        ({"_version": "forged"}, "Right", 400, "does not say which version"),
    ],
)
def test_what_cannot_be_published_is_said_and_nothing_is_written(
    editor: Client, fields: dict[str, str], reason: str, status: int, says: str
) -> None:
    correction = sent(make_organization())
    version = {"_version": fields["_version"]} if "_version" in fields else {}
    given = {**filled(editor, correction, reason, **fields), **version}
    answer = editor.post(at(correction, "publish"), given)
    assert answer.status_code == status and says in words(answer)
    assert state(correction) == CorrectionState.WAITING and not Operation.objects.exists()


def test_constraints_over_other_fields_than_the_corrected_one_hold(editor: Client) -> None:
    body = make_organization(founded="1950")
    correction = sent(body, "dissolved", "1940")
    answer = editor.post(at(correction, "publish"), filled(editor, correction))
    assert answer.status_code == 400 and "The end lies before the beginning." in words(answer)
    assert state(correction) == CorrectionState.WAITING


def test_a_record_that_was_changed_meanwhile_is_shown_anew_and_may_then_be_published(editor: Client) -> None:
    body = make_organization()
    correction = sent(body)
    given = filled(editor, correction, acronym="MINE")
    Organization.objects.filter(pk=body.pk).update(website="https://other.invented.example")
    answer = editor.post(at(correction, "publish"), given)
    assert answer.status_code == 409 and "was changed meanwhile" in words(answer) and "MINE" in answer.content.decode()
    again = editor.post(at(correction, "publish"), {**given, "_version": answer.context["version"]})
    body.refresh_from_db()
    assert again.status_code == 302 and (body.acronym, body.website) == ("MINE", "https://other.invented.example")


def test_of_two_who_decide_one_is_told_that_it_is_too_late(staff: Staff) -> None:
    one, other = staff("editor"), staff("approver")
    correction = sent(make_organization())
    given = filled(one, correction)
    assert other.post(at(correction, "decline"), {"decline-reason": "No source"}).status_code == 302
    answer = one.post(at(correction, "publish"), given, follow=True)
    assert "decided on meanwhile" in words(answer) and not Operation.objects.exists()
    assert state(correction) == CorrectionState.DECLINED and correction.reason == "No source"


def test_a_status_is_proposed_and_published_when_another_approves_it_and_the_sender_is_told(
    staff: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    editor, status = staff("editor"), make_status(granted="2006")
    correction = sent(status, "granted", "2007")
    page = editor.get(at(correction))
    assert "Propose it to a second person" in words(page)
    assert editor.post(at(correction, "publish"), filled(editor, correction)).status_code == 302
    status.refresh_from_db()
    assert status.granted == "2006" and state(correction) == CorrectionState.PROPOSED
    proposal = Proposal.objects.get()
    assert "2007" not in proposal.title and f"proposal/{proposal.pk}/" in editor.get(at(correction)).content.decode()
    second = sent(status, "granted", "2008")
    answer = editor.post(at(second, "publish"), filled(editor, second))
    assert answer.status_code == 409 and "waits for a second person already" in words(answer)
    approver, before = staff("approver"), len(mail.outbox)
    shown = approver.get(reverse("admin:desk_proposal_change", args=[proposal.pk])).context["approve_form"]
    approval = {"shown": shown.initial["shown"], "answer": ""}
    with django_capture_on_commit_callbacks(execute=True):
        assert approver.post(reverse("admin:desk_proposal_approve", args=[proposal.pk]), approval).status_code == 302
    status.refresh_from_db()
    assert status.granted == "2007" and state(correction) == CorrectionState.PUBLISHED
    (told,) = mail.outbox[before:]
    assert told.to == [correction.email] and "published" in told.subject


def test_by_hand_and_declined_take_a_public_reason_and_tell_the_sender(
    editor: Client, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for page, outcome in (("by-hand", CorrectionState.PUBLISHED), ("decline", CorrectionState.DECLINED)):
        correction = sent(make_organization(), "", f"Another thing, {page}")
        assert editor.get(at(correction)).context["form"] is None
        assert editor.post(at(correction, page), {f"{page}-reason": ""}).status_code == 400
        assert state(correction) == CorrectionState.WAITING
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(at(correction, page), {f"{page}-reason": f"Reason of {page}"})
        assert state(correction) == outcome and f"Reason of {page}" in mail.outbox[-1].body
        assert f"Reason of {page}" in words(client.get("/corrections/"))
    assert not Operation.objects.exists()


def test_spam_is_deleted_without_outcome_and_nobody_is_told(editor: Client, client: Client) -> None:
    correction = sent(make_organization())
    assert "Nobody is told" in words(editor.post(at(correction, "drop"), follow=True))
    assert not Correction.objects.exists() and not mail.outbox
    assert client.get(f"/corrections/{correction.reference}/").status_code == 404


def test_a_record_that_is_gone_can_only_be_decided_by_a_word(editor: Client) -> None:
    body = make_organization()
    correction = sent(body)
    given = filled(editor, correction)
    Organization.objects.filter(pk=body.pk).delete()
    page = editor.get(at(correction))
    assert page.context["form"] is None and "no longer there" in words(page)
    assert editor.post(at(correction, "publish"), given).status_code == 409
    assert editor.post(at(correction, "decline"), {"decline-reason": "It is gone"}).status_code == 302


def test_who_may_not_see_or_change_a_record_does_not_see_or_decide_what_is_said_of_it(staff: Staff) -> None:
    contact = make(Contact, name="Invented Nobody", public=True, lawful_basis="public-role")
    of_contact, of_body = sent(contact, "phone", "555 0100", label="A published contact"), sent(make_organization())
    steps = [("publish", {}), ("by-hand", {"by-hand-reason": "x"}), ("decline", {"decline-reason": "x"}), ("drop", {})]
    seen = {"viewer": (403, 403), "editor": (302, 200), "contact-officer": (200, 200), "administrator": (200, 200)}
    decides = {("editor", of_body), ("contact-officer", of_contact)}
    for role, statuses in seen.items():
        account = staff(role)
        found = tuple(account.get(at(each)).status_code for each in (of_contact, of_body))
        assert found[1] == statuses[1] and (found[0] == 200) == (statuses[0] == 200), role
        if role == "administrator":
            continue
        assert account.get(at(of_body, "decline")).status_code == 403
        for correction in (of_contact, of_body):
            if (role, correction) not in decides:
                for step, given in steps:
                    assert account.post(at(correction, step), given).status_code in (403, 404), (role, step)
    listed = words(staff_client("editor").get(LIST))
    assert of_body.reference in listed and of_contact.reference not in listed
    assert {state(each) for each in (of_contact, of_body)} == {CorrectionState.WAITING}


def staff_client(name: str) -> Client:
    account = Client()
    account.force_login(get_user_model().objects.get(username=name))
    return account


def test_the_page_and_the_list_cost_as_many_queries_for_many_as_for_few(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    body = make_organization()
    for number in range(20):
        correction = sent(body, proposed=f"X{number}")
    with django_assert_max_num_queries(20):
        editor.get(LIST)
    with django_assert_max_num_queries(25):
        editor.get(at(correction))
