"""Corrections at the desk: received once, decided once, undone with their operation, and the sender forgotten."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from engagement.desk import correcting, corrections, merging, proposals
from engagement.desk.forgetting import forget_past
from engagement.desk.journal import Edit, Overtaken, operation
from engagement.desk.models import Correction, CorrectionState, OperationKind, Proposal
from engagement.desk.states import states_of
from engagement.desk.undoing import undo
from engagement.models import Organization
from tests.factories import make_organization, make_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Any:
    return get_user_model().objects.create_user("editor")


@pytest.fixture
def second() -> Any:
    return get_user_model().objects.create_user("approver")


def sent(record: Any, **fields: str) -> Correction:
    said = {"field": "acronym", "current": "", "proposed": "IB", "evidence": "Its page", "language": "en"}
    about = {"kind": str(record._meta.model_name), "record_key": record.natural_key()[0], "label": str(record)}
    return corrections.receive(**about, **{**said, "email": "sender@invented.example", **fields})[0]


def to_say(record: Any, **values: Any) -> Edit:
    before = states_of([record])[record.pk]
    return Edit(type(record)._base_manager.get(pk=record.pk), before, {**before, **values})


def test_the_same_sent_twice_is_one_while_it_waits(actor: Any) -> None:
    body = make_organization()
    one = sent(body)
    assert one.reference.startswith("C-") and one.state == CorrectionState.WAITING
    assert sent(body) == one and sent(body, proposed="IC") != one
    corrections.decline(one, actor, "No source says so")
    assert sent(body) != one


def test_a_published_correction_is_one_operation_with_the_reader_s_number_and_can_be_undone(actor: Any) -> None:
    body = make_organization()
    correction = sent(body)
    done = correcting.publish(correction, to_say(body, acronym="IB"), actor, "Its page says so")
    body.refresh_from_db()
    correction.refresh_from_db()
    assert body.acronym == "IB" and done.kind == OperationKind.CORRECTION
    assert (correction.state, correction.operation, correction.decided_by) == ("published", done, actor)
    assert correction.reference in done.title and body.name not in done.title
    assert body.history.first().history_change_reason == str(done)
    undo(done, actor)
    body.refresh_from_db()
    correction.refresh_from_db()
    assert body.acronym == "" and correction.state == CorrectionState.WAITING
    assert (correction.reason, correction.decided_at, correction.operation) == ("", None, None)
    assert correction.email  # still to be told of the next decision


def test_what_was_changed_meanwhile_stops_it_whole(actor: Any) -> None:
    body = make_organization()
    correction, edit = sent(body), to_say(body, acronym="IB")
    Organization.objects.filter(pk=body.pk).update(acronym="OTHER")
    with pytest.raises(Overtaken):
        correcting.publish(correction, edit, actor, "Its page says so")
    body.refresh_from_db()
    correction.refresh_from_db()
    assert body.acronym == "OTHER" and correction.state == CorrectionState.WAITING


def test_it_is_decided_once(actor: Any) -> None:
    body = make_organization()
    correction = sent(body)
    edit = to_say(body, acronym="IB")
    corrections.publish_by_hand(correction, actor, "Done by hand")
    decisions: list[Any] = [
        lambda: corrections.decline(correction, actor, "No"),
        lambda: corrections.publish_by_hand(correction, actor, "Yes"),
        lambda: correcting.publish(correction, edit, actor, "Yes"),
        lambda: correcting.propose(correction, proposals.changed(body, edit.before, edit.after), actor, "Yes"),
        lambda: corrections.drop(correction),
    ]
    for decide in decisions:
        with pytest.raises(corrections.Settled):
            decide()
    body.refresh_from_db()
    correction.refresh_from_db()
    assert body.acronym == "" and correction.reason == "Done by hand" and not Proposal.objects.exists()


def test_of_a_status_it_is_a_proposal_that_another_publishes(actor: Any, second: Any) -> None:
    status = make_status(granted="2006")
    correction, edit = sent(status, field="granted", proposed="2007"), to_say(status, granted="2007")
    assert correcting.needs_second_person(correction)
    draft = proposals.changed(edit.record, edit.before, edit.after)
    proposal = correcting.propose(correction, draft, actor, "The minutes say so")
    correction.refresh_from_db()
    status.refresh_from_db()
    assert correction.state == CorrectionState.PROPOSED and correction.decided_at is None and status.granted == "2006"
    with pytest.raises(correcting.Proposed) as refused:
        correcting.propose(sent(status, field="granted", proposed="2008"), draft, actor, "Again")
    assert refused.value.proposal == proposal
    proposals.decline(proposal, second, "Not these minutes")
    correction.refresh_from_db()
    assert correction.state == CorrectionState.WAITING and correction.proposal is None
    proposal = correcting.propose(correction, draft, actor, "The other minutes say so")
    done = proposals.approve(proposal, second)
    correction.refresh_from_db()
    status.refresh_from_db()
    assert status.granted == "2007" and correction.state == CorrectionState.PUBLISHED
    assert correction.operation == done and correction.reason == "The other minutes say so"
    undo(done, second)
    correction.refresh_from_db()
    status.refresh_from_db()
    assert status.granted == "2006" and correction.state == CorrectionState.WAITING and correction.proposal is None


def test_the_sender_s_address_is_emptied_thirty_days_after_the_decision_and_not_before(actor: Any) -> None:
    body = make_organization()
    waiting, fresh, past = (sent(body, proposed=text) for text in ("A", "B", "C"))
    corrections.decline(fresh, actor, "No")
    corrections.decline(past, actor, "No")
    Correction.objects.filter(pk=waiting.pk).update(sent_at=timezone.now() - 20 * corrections.EMAIL_KEPT)
    Correction.objects.filter(pk=past.pk).update(decided_at=timezone.now() - corrections.EMAIL_KEPT)
    assert forget_past()["senders"] == 1
    assert set(Correction.objects.exclude(email="").values_list("pk", flat=True)) == {waiting.pk, fresh.pk}


def test_what_is_said_of_an_organization_goes_along_with_a_merge_and_back(actor: Any) -> None:
    survivor, other = make_organization(name="Invented weavers"), make_organization(name="Invented weaver")
    correction = sent(other)
    planned = merging.Merge(survivor, other)
    done = merging.merge(planned, planned.presets, actor)
    correction.refresh_from_db()
    assert correction.record_key == survivor.slug
    undo(done, actor)
    correction.refresh_from_db()
    assert correction.record_key == other.slug


def test_a_correction_does_not_keep_an_import_from_being_undone(actor: Any) -> None:
    """Else anybody could by sending one."""
    with operation(OperationKind.IMPORT, "Invented", actor) as journal:
        body = Organization(name="Invented import", source=make_organization().source)
        journal.create([body])
    sent(body)
    assert journal.operation is not None
    undo(journal.operation, actor)
    assert not Organization.objects.filter(pk=body.pk).exists()
