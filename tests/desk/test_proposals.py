"""Proposals: what one puts forward is applied when another approves it, once, whole, and as it was seen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from engagement.desk import deleting, proposals
from engagement.desk.journal import Overtaken, operation
from engagement.desk.models import Operation, OperationKind, Proposal, ProposalState
from engagement.desk.proposals import AlreadyProposed, Decided, changed, created, deleted
from engagement.desk.states import links_of, states_of
from engagement.desk.undoing import undo
from engagement.models import ConsultativeCategory, ConsultativeStatus, Organization, ParticipationRight, Theme
from tests.admin.rows import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return get_user_model().objects.create_user("invented-editor", password="x")


@pytest.fixture
def approver() -> Any:
    return get_user_model().objects.create_superuser("invented-approver", password="x")


def everything() -> dict[str, Any]:
    return {
        model.__name__: states_of(list(model._base_manager.all()))
        for model in (Organization, ConsultativeStatus, ParticipationRight)
    }


def new(**fields: Any) -> ConsultativeStatus:
    organization = fields.pop("organization", None) or make(Organization)
    category = ConsultativeCategory.objects.all()[0]
    said = {"granted": "2024-05", "source": organization.source, "as_of": "2024"}
    return ConsultativeStatus(organization=organization, category=category, **{**said, **fields})


def ending(status: ConsultativeStatus, ended: str = "2025") -> proposals.Draft:
    before = states_of([status])[status.pk]
    return changed(status, before, {**before, "ended": ended})


def test_what_is_proposed_changes_nothing_until_another_approves_it(editor: Any, approver: Any) -> None:
    there, doomed = make(ConsultativeStatus, granted="2001"), make(ParticipationRight)
    versions = ConsultativeStatus.history.count()
    drafts = [created(new()), ending(there), deleted(doomed)]
    before = everything()
    made = proposals.propose("Three at once", drafts, editor, "Because of an invented document")
    assert everything() == before and Operation.objects.count() == 0 and ConsultativeStatus.history.count() == versions

    done = proposals.approve(made, approver, "Seen")
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.answer, made.operation) == ("approved", approver, "Seen", done)
    assert (done.kind, done.actor, done.title) == (OperationKind.PROPOSAL, approver, "Three at once")
    fresh = ConsultativeStatus.objects.latest("pk")
    assert fresh.key and fresh.granted == "2024-05" and fresh.history.first().history_user == approver
    there.refresh_from_db()
    assert there.ended == "2025" and not ParticipationRight.objects.filter(pk=doomed.pk).exists()

    undo(done, editor)
    made.refresh_from_db()
    assert everything() == before and made.state == ProposalState.REVERSED


def test_nobody_decides_what_they_proposed_whatever_their_rights(approver: Any, editor: Any) -> None:
    made = proposals.propose("Invented", [created(new())], approver)
    before = everything()
    for decide in (proposals.approve, proposals.decline):
        with pytest.raises(PermissionDenied):
            decide(made, approver, "")
    with pytest.raises(PermissionDenied):
        proposals.withdraw(made, editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(decided_by=approver)
    # Nor does an account that was made anew under the name of one that is gone.
    Proposal.objects.filter(pk=made.pk).update(actor=None, actor_name="invented-editor")
    with pytest.raises(PermissionDenied):
        proposals.approve(made, editor)
    made.refresh_from_db()
    assert made.state == ProposalState.WAITING and everything() == before


def test_each_record_has_one_proposal_that_waits(editor: Any, approver: Any) -> None:
    status, other = make(ConsultativeStatus, granted="2001"), make(ConsultativeStatus)
    fresh = new()
    first = proposals.propose("First", [ending(status), created(fresh)], editor)
    for drafts in ([deleted(other), deleted(status)], [created(fresh)]):
        with pytest.raises(AlreadyProposed) as found:
            proposals.propose("Second", drafts, approver)
        assert found.value.proposal == first
    assert Proposal.objects.count() == 1
    proposals.withdraw(first, editor)
    assert proposals.propose("Second", [deleted(status), created(fresh)], approver).state == ProposalState.WAITING


def test_a_record_that_was_edited_since_stops_all_of_it_and_is_named(editor: Any, approver: Any) -> None:
    edited, gone = make(ConsultativeStatus, granted="2001"), make(ConsultativeStatus, granted="2002")
    drafts = [created(new()), ending(edited), ending(gone)]
    made = proposals.propose("Invented", drafts, editor)
    assert proposals.in_the_way(made) == []
    ConsultativeStatus.objects.filter(pk=edited.pk).update(note="Edited by another")
    gone.delete()
    before = everything()
    with pytest.raises(Overtaken) as overtaken:
        proposals.approve(made, approver)
    assert {key for _model, key, _why in overtaken.value.records} == {edited.key, gone.key}
    assert proposals.in_the_way(made) == overtaken.value.records
    made.refresh_from_db()
    assert everything() == before and made.state == ProposalState.WAITING and Operation.objects.count() == 0


def test_what_its_form_would_not_take_today_is_not_applied(editor: Any, approver: Any) -> None:
    taken, body = make(ConsultativeStatus), make(Organization)
    wrong = [
        created(new(key=taken.key)),
        created(new(organization=body)),
        ending(make(ConsultativeStatus, granted="2010"), ended="2009"),
    ]
    before_by_draft = [proposals.propose(f"Invented {n}", [draft], editor) for n, draft in enumerate(wrong)]
    body.delete()
    before = everything()
    for made in before_by_draft:
        with pytest.raises(Overtaken) as overtaken:
            proposals.approve(made, approver)
        assert all(why for _model, _key, why in overtaken.value.records)
    assert everything() == before and Operation.objects.count() == 0


DECISIONS: dict[str, Callable[[Proposal, Any, Any], Any]] = {
    "approve": lambda made, editor, approver: proposals.approve(made, approver),
    "decline": lambda made, editor, approver: proposals.decline(made, approver, "No"),
    "withdraw": lambda made, editor, approver: proposals.withdraw(made, editor),
}


def test_a_proposal_is_decided_once(editor: Any, approver: Any) -> None:
    """Two hold it as it waited: the second decides nothing."""
    for first in DECISIONS.values():
        for second in DECISIONS.values():
            held = proposals.propose("Invented", [created(new())], editor)
            stale = Proposal.objects.get(pk=held.pk)
            first(held, editor, approver)
            before, said = everything(), Proposal.objects.values().get(pk=held.pk)
            with pytest.raises(Decided):
                second(stale, editor, approver)
            assert everything() == before and Proposal.objects.values().get(pk=held.pk) == said
    assert Operation.objects.count() == 3


def test_what_was_deleted_comes_back_under_its_key_with_its_links(editor: Any, approver: Any) -> None:
    body = make(Organization)
    body.themes.set(Theme.objects.all()[:2])
    status = make(ConsultativeStatus, organization=body)
    before, links = everything(), links_of([body])[body.pk]
    with operation(OperationKind.BULK, "Delete", editor) as journal:
        deleting.carry_out(deleting.plan([body]), journal)
    assert not ConsultativeStatus.objects.filter(pk=status.pk).exists()
    body._state.adding = status._state.adding = True
    made = proposals.propose("Bring back", [created(body, links), created(status)], editor)
    proposals.approve(made, approver)
    assert everything() == before and body.themes.count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, threads that write refuse each other")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed_register")
def test_of_two_at_one_moment_one_decides_and_one_proposes() -> None:
    people = [get_user_model().objects.create_superuser(f"invented-{n}", password="x") for n in range(3)]
    one, *others = people
    for second in (*DECISIONS.values(), lambda made, editor, approver: proposals.approve(made, others[1])):
        status = make(ConsultativeStatus, granted="2001")
        made = proposals.propose("Invented", [ending(status)], one)
        operations = Operation.objects.count()
        won = together(lambda: proposals.approve(made, others[0]), lambda: second(made, one, others[0]))  # noqa: B023
        made.refresh_from_db()
        status.refresh_from_db()
        assert sorted(won) == [False, True]
        assert (made.state == "approved") == (status.ended == "2025") == (Operation.objects.count() == operations + 1)
        assert status.history.count() == 1 + (status.ended == "2025")
    status = make(ConsultativeStatus, granted="2001")
    proposing = [lambda who=who: proposals.propose("Invented", [ending(status)], who) for who in people]
    assert sorted(together(*proposing)) == [False, False, True]


def together(*calls: Callable[[], Any]) -> list[bool]:
    """Which of the calls, each in a thread of its own, did what it was to do."""
    start = threading.Barrier(len(calls))

    def attempt(call: Callable[[], Any]) -> bool:
        start.wait(30)
        try:
            call()
        except (Decided, AlreadyProposed):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(attempt, calls))
