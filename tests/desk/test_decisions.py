"""A decision set from its draft to the register and back: whole or not at all, by two, in words to everybody."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from engagement.desk import decisions, proposals
from engagement.desk.decisions import NotReady
from engagement.desk.journal import Overtaken
from engagement.desk.models import DecisionSet, Operation, Proposal, SetState, Stage
from engagement.desk.states import states_of
from engagement.desk.undoing import undo
from engagement.models import (
    ConsultativeCategory,
    ConsultativeStatus,
    FurtherSource,
    Invitation,
    InvitationDecision,
    Meeting,
    Organization,
    Source,
)
from tests.admin.rows import make
from tests.desk.deciding import DAY, account, asked, begun, bodies

pytestmark = pytest.mark.django_db

BEFORE = DAY - datetime.timedelta(days=1)
WRITTEN = (ConsultativeStatus, FurtherSource, InvitationDecision, Invitation, Organization, Source)


@pytest.fixture
def category() -> Any:
    return make(ConsultativeCategory, name="Invented category")


def forward(decision_set: DecisionSet) -> Proposal:
    return decisions.put_forward(decision_set, account("invented-one"))


def approved(decision_set: DecisionSet) -> Operation:
    return decisions.approve(forward(decision_set), account("invented-two"))


def said(refused: Any) -> str:
    return refused.value.says if isinstance(refused.value, NotReady) else str(refused.value.records)


def register() -> dict[str, Any]:
    return {model.__name__: states_of(list(model._base_manager.all())) for model in WRITTEN}


def files() -> list[bytes]:
    """The public files of what a set changes."""
    paths = ("organizations.csv", "statuses.csv", "invitations.csv", "sources.csv")
    answers = [Client().get(f"/{path}") for path in paths]
    assert all(answer.status_code == 200 for answer in answers)
    return [answer.getvalue() for answer in answers]


def count(category: Any, day: datetime.date) -> int:
    return ConsultativeStatus.objects.published().on(day).filter(category=category).count()


def test_forty_organizations_are_decided_once_by_two_and_taken_back_as_one(category: Any) -> None:
    decision_set, meetings = begun(), [make(Meeting, name=f"Invented meeting {n}") for n in (1, 2)]
    granted, ending, invited = bodies(15), bodies(10), bodies(15)
    held = [make(ConsultativeStatus, organization=body, category=category, granted="2001") for body in ending]
    before, exported = register(), files()
    for action, which, more in (
        ("grant", granted, {"category": category, "note": "Invented note"}),
        ("end", ending, {"category": category}),
        ("invite", invited[:8], {"meeting": meetings[0]}),
        ("invite", invited[8:], {"meeting": meetings[1]}),
    ):
        assert decisions.add(decision_set, which, action, **more)[1] == []
    proposal = forward(decision_set)
    assert register() == before and proposal.title.endswith("40 decisions")
    with pytest.raises(PermissionDenied):
        decisions.approve(proposal, account("invented-one"))
    operation = decisions.approve(proposal, account("invented-two"))
    assert (count(category, BEFORE), count(category, DAY)) == (10, 15)
    status = ConsultativeStatus.objects.get(organization=granted[0])
    assert (status.granted, status.as_of, status.decision_document) == ("2026-03-12", "2026-03-12", "INVENTED/17")
    assert (status.decision_paragraph, status.locator, status.note) == ("4(b)", "4(b)", "Invented note")
    assert (status.decided_by, status.source) == ("ILO Governing Body", decision_set.source)
    held[0].refresh_from_db()
    basis = FurtherSource.objects.get(kind="consultativestatus", record_key=held[0].key)
    assert held[0].ended == "2026-03-12" and basis.source == decision_set.source
    assert (
        "ended 2026-03-12 by the ILO Governing Body" in basis.reading and "INVENTED/17, paragraph 4(b)" in basis.reading
    )
    decided = InvitationDecision.objects.get(source=decision_set.source)
    assert set(decided.meetings.all()) == set(meetings) and decided.invitations.count() == 15
    with pytest.raises(proposals.Decided):
        decisions.approve(proposal, account("invented-two"))
    page = Client().get(f"/organizations/{granted[0].slug}/?on={DAY}", follow=True).content.decode()
    assert "Invented category" in page and "INVENTED/17" in page
    earlier = Client().get(f"/organizations/{granted[0].slug}/?on={BEFORE}", follow=True).content.decode()
    assert "INVENTED/17" not in earlier
    assert (
        "INVENTED/17, paragraph 4(b)" in Client().get(f"/organizations/{ending[0].slug}/", follow=True).content.decode()
    )
    undo(operation, account("invented-two"))
    decision_set.refresh_from_db()
    assert decision_set.state == SetState.REVERSED and register() == before and files() == exported
    decisions.reopen(decision_set)
    assert approved(decision_set) != operation and count(category, DAY) == 15


def test_requests_go_with_their_set_and_are_told_where_it_stands_written(category: Any) -> None:
    meeting, (one, two, three, four) = make(Meeting), bodies(4)
    wanted = [
        asked(one, category=category),
        asked(two, meeting=meeting, language="fr"),
        asked(three, category=category),
        asked(four, Stage.DEFERRED, category=category),
    ]
    incomplete, unlinked = asked(one, Stage.INCOMPLETE, category=category), asked(None, category=category)
    decision_set = begun()
    with pytest.raises(NotReady) as refused:
        decisions.take_in(decision_set, [*wanted, incomplete, unlinked])
    assert incomplete.receipt in said(refused) and unlinked.receipt in said(refused)
    assert wanted[0].receipt not in said(refused) and not decision_set.items.exists()
    items = decisions.take_in(decision_set, wanted)
    assert [item.action for item in items] == ["grant", "invite", "grant", "grant"]
    assert {each.stage for each in decisions.requests_of(decision_set)} == {Stage.SCHEDULED}
    with pytest.raises(NotReady, match="1 problems"):
        decisions.take_in(begun(), wanted[:1])
    assert decisions.change_action(decision_set, items[2:3], "defer") == 1
    assert decisions.remove(decision_set, items[3:]) == 1
    wanted[3].refresh_from_db()
    assert wanted[3].stage == Stage.DEFERRED
    operation = approved(decision_set)
    stages = [each.stage for each in decisions.requests_of(decision_set)]
    assert sorted(stages) == ["deferred", "granted", "granted"]
    note = wanted[0].steps.last().note
    assert "Invented session (March 2026)" in note and "INVENTED/17, paragraph 4(b)" in note
    assert "12 mars 2026" in wanted[1].steps.last().note
    assert ConsultativeStatus.objects.filter(organization__in=[one, three]).count() == 1
    later = begun(document="INVENTED/18")
    wanted[2].refresh_from_db()
    decisions.take_in(later, [wanted[2]], "decline")
    approved(later)
    undo(operation, account("invented-two"))
    for each in wanted[:3]:
        each.refresh_from_db()
    assert [each.stage for each in wanted[:3]] == [Stage.SCHEDULED, Stage.SCHEDULED, Stage.DECLINED]
    assert "taken back" in wanted[0].steps.last().note
    dropped = begun()
    decisions.take_in(dropped, [wanted[3]])
    decisions.drop(dropped)
    wanted[3].refresh_from_db()
    assert wanted[3].stage == Stage.DEFERRED and not DecisionSet.objects.filter(pk=dropped.pk).exists()


def test_what_cannot_be_decided_is_refused_in_words(category: Any) -> None:
    (holds, held, later, ended, hidden, invited), meeting = bodies(6), make(Meeting)
    Organization.objects.filter(pk=hidden.pk).update(published=False)
    hidden.refresh_from_db()
    make(ConsultativeStatus, organization=holds, category=category, granted="2001")
    make(ConsultativeStatus, organization=later, category=category, granted="2026-04")
    over = make(ConsultativeStatus, organization=held, category=category, granted="2001", ended="2020")
    secret, gone = (
        make(ConsultativeCategory, published=False),
        make(ConsultativeStatus, organization=ended, granted="2001"),
    )
    make(Invitation, organization=invited, meeting=meeting)
    decision_set = begun()
    decisions.add(decision_set, [holds, held, later, hidden], "grant", category=category)
    decisions.add(decision_set, [ended], "grant", category=secret)
    decisions.add(decision_set, [ended], "end", category=gone.category)
    decisions.add(decision_set, [invited, held], "invite", meeting=meeting)
    ConsultativeStatus.objects.filter(pk=gone.pk).update(ended="2025")
    with pytest.raises(NotReady) as refused:
        forward(decision_set)
    told = {str(problem) for problem in refused.value.problems}
    for body, why in (
        (holds, "It holds this category already: granted 2001."),
        (later, "This category is recorded for it from a later day on: April 2026."),
        (hidden, "The organization is not published."),
        (ended, "The category is not published."),
        (ended, "The status has ended: 2025."),
        (invited, "It is invited to this meeting already."),
    ):
        assert f"{body}: {why}" in told
    assert len(told) == 6 and over.ended and decision_set.state == SetState.DRAFT
    nothing, refusals = decisions.add(decision_set, [held, holds], "end", category=secret)
    assert nothing == [] and [str(each) for each in refusals] == [
        f"{body}: It holds no status of this category on the day of the sitting." for body in (held, holds)
    ]
    assert "in this set already" in str(decisions.add(decision_set, [holds], "grant", category=category)[1][0])
    for wrong, why in (
        (begun(date=DAY.replace(year=DAY.year + 9)), "more than a year ahead"),
        (begun(), "no decision"),
    ):
        with pytest.raises(NotReady) as refused:
            forward(wrong)
        assert why in said(refused)


def test_a_grant_that_replaces_another_category_is_two_items(category: Any) -> None:
    body, other = bodies(1)[0], make(ConsultativeCategory, name="Invented other category")
    make(ConsultativeStatus, organization=body, category=other, granted="2001")
    decision_set = begun()
    decisions.add(decision_set, [body], "end", category=other)
    decisions.add(decision_set, [body], "grant", category=category)
    approved(decision_set)
    on = [{each.category for each in body.statuses.on(day)} for day in (BEFORE, DAY)]
    assert on == [{other}, {category}]


def overtaking(change: str, body: Organization, status: ConsultativeStatus, category: Any) -> None:
    """What a colleague does to one of the organizations while the set waits."""
    if change == "holds it":
        make(ConsultativeStatus, organization=body, category=category, granted="2025")
    elif change == "withdrawn":
        Organization.objects.filter(pk=body.pk).update(published=False)
    elif change == "deleted":
        body.delete()
    elif change == "ended":
        ConsultativeStatus.objects.filter(pk=status.pk).update(ended="2024")
    else:
        ConsultativeStatus.objects.filter(pk=status.pk).update(category=make(ConsultativeCategory))


@pytest.mark.parametrize("change", ["holds it", "withdrawn", "deleted", "ended", "of another category"])
def test_a_set_whose_organizations_changed_meanwhile_is_stopped_whole_and_named(category: Any, change: str) -> None:
    body, ending, other = bodies(3)
    named, other_category = str(body), make(ConsultativeCategory)
    status = make(ConsultativeStatus, organization=ending, category=other_category, granted="2001")
    decision_set = begun()
    decisions.add(decision_set, [body, other], "grant", category=category)
    decisions.add(decision_set, [ending], "end", category=other_category)
    proposal = forward(decision_set)
    overtaking(change, body, status, category)
    before = register()
    with pytest.raises(Overtaken) as stopped:
        decisions.approve(proposal, account("invented-two"))
    told = said(stopped)
    assert (
        (named in told or body.slug in told) if change in ("holds it", "withdrawn", "deleted") else ending.slug in told
    )
    assert other.slug not in told and register() == before and not Operation.objects.filter(kind="decision").exists()
    decision_set.refresh_from_db()
    assert decision_set.state == SetState.PROPOSED
    proposals.withdraw(proposal, account("invented-one"))
    decisions.withdrawn(proposal)
    decision_set.refresh_from_db()
    assert decision_set.state == SetState.DRAFT


def test_of_two_sets_that_grant_the_same_the_second_is_stopped(category: Any) -> None:
    body, alone = bodies(2)
    first, second, same = begun(), begun(document="INVENTED/18"), begun(source=Source.objects.latest("pk"))
    decisions.add(first, [body], "grant", category=category)
    decisions.add(second, [body, alone], "grant", category=category)
    waiting = forward(second)
    operation = approved(first)
    with pytest.raises(Overtaken) as stopped:
        decisions.approve(waiting, account("invented-two"))
    assert body.slug in said(stopped) and "It holds this category already" in said(stopped)
    assert not alone.statuses.exists()
    undo(operation, account("invented-two"))
    decisions.approve(waiting, account("invented-two"))
    assert body.statuses.get().decision_document == "INVENTED/18"
    assert not same.items.exists()


def test_what_is_put_forward_is_not_gathered_any_more(category: Any) -> None:
    decision_set, (body, other) = begun(), bodies(2)
    decisions.add(decision_set, [body], "grant", category=category)
    proposal = forward(decision_set)
    request = asked(other, category=category)
    item = decision_set.items.get()
    for step in (
        lambda: decisions.add(decision_set, [other], "grant", category=category),
        lambda: decisions.take_in(decision_set, [request]),
        lambda: decisions.remove(decision_set, [item]),
        lambda: decisions.change_action(decision_set, [item], "defer"),
        lambda: decisions.drop(decision_set),
        lambda: forward(decision_set),
    ):
        with pytest.raises(NotReady, match="1 problems") as refused:
            step()
        assert "not a draft any more" in said(refused)
    request.refresh_from_db()
    assert request.stage == Stage.COMPLETE and decision_set.items.count() == 1
    proposals.decline(proposal, account("invented-two"), "Invented reason")
    decisions.declined(proposal)
    decisions.add(decision_set, [other], "grant", category=category)
    assert approved(decision_set) and other.statuses.exists()


def test_undoing_is_stopped_whole_where_a_later_set_ends_what_was_granted(category: Any) -> None:
    first, second, body = begun(), begun(date=DAY + datetime.timedelta(days=90)), bodies(1)[0]
    decisions.add(first, [body], "grant", category=category)
    operation = approved(first)
    decisions.add(second, [body], "end", category=category)
    ending = approved(second)
    with pytest.raises(Overtaken):
        undo(operation, account("invented-two"))
    first.refresh_from_db()
    assert first.state == SetState.APPLIED
    undo(ending, account("invented-two"))
    assert body.statuses.get().ended == ""
