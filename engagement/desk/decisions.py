"""Decision sets: what a sitting decided is gathered, put forward by one, applied by another as one operation, reversed.

While a set is a draft its items come and go. Put forward, it is a proposal: what it would change in the register is
kept as it was then, and made out anew when it is approved; where the two differ, or something stands in the way by
then, the set is stopped whole.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from engagement.desk import proposals, requests
from engagement.desk.decisionchecks import NotReady, Problem, grants_of, items_of, problems
from engagement.desk.decisiondrafts import drafts
from engagement.desk.journal import Overtaken
from engagement.desk.models import (
    DecisionAction,
    DecisionItem,
    DecisionSet,
    Operation,
    OperationKind,
    Proposal,
    ProposedChange,
    Request,
    RequestKind,
    SetState,
    Stage,
)
from engagement.models import Invitation, InvitationDecision, Organization
from engagement.models.base import Record
from engagement.models.dates import day_label

__all__ = [
    "NotReady", "Problem", "add", "approve", "change_action", "declined", "drafts", "drop", "items_of", "problems",
    "put_forward", "remove", "reopen", "requests_of", "reverse", "take_in", "waiting_requests", "withdrawn",
]  # fmt: skip

# The stages from which a request is taken into a set.
READY = (Stage.COMPLETE, Stage.DEFERRED)
# What becomes of a request with the decision on it.
BECOMES = {
    DecisionAction.GRANT: Stage.GRANTED,
    DecisionAction.INVITE: Stage.GRANTED,
    DecisionAction.DEFER: Stage.DEFERRED,
    DecisionAction.DECLINE: Stage.DECLINED,
}
AS_ASKED = {RequestKind.STATUS: DecisionAction.GRANT, RequestKind.INVITATION: DecisionAction.INVITE}
OF_REQUESTS = (DecisionAction.DEFER, DecisionAction.DECLINE)


# -- Gathering -------------------------------------------------------------------------------------------------------


def waiting_requests() -> Any:
    """The requests that a set can take in: complete or deferred, of an organization of the register."""
    ready = Request.objects.filter(stage__in=READY, kind__in=AS_ASKED, organization__isnull=False)
    return ready.select_related("organization", "category", "meeting").order_by("sent_at", "pk")


@transaction.atomic
def take_in(
    decision_set: DecisionSet, asked: Iterable[Request], action: str = "", actor: Any = None
) -> list[DecisionItem]:
    """An item for each request: what it asks for or, with `action`, that it is deferred or declined. The requests are
    before the deciding body from then on. Raises NotReady, which names the receipts and why, and takes none."""
    locked = draft(decision_set)
    keys = [request.pk for request in asked]
    found = list(Request.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if wrong := [Problem(why, each.receipt) for each in found if (why := why_not(each))]:
        raise NotReady(wrong)
    items = [item_for(locked, request, action) for request in found]
    for item, request in zip(items, found, strict=True):
        item.save()
        requests.advance(request, Stage.SCHEDULED, actor, in_language(request, lambda: before_the_body(locked)))
    return items


def why_not(request: Request) -> str:
    """Why the request cannot be decided by a sitting now; '' where it can."""
    if request.kind not in AS_ASKED:
        return _("It asks for a change of details: no sitting decides on that.")
    if request.stage == Stage.SCHEDULED:
        return _("It stands in a decision set already.")
    if request.stage not in READY:
        return _("It is not complete: %(stage)s.") % {"stage": request.get_stage_display()}
    if request.organization_id is None:
        return _("It is not linked to an organization of the register.")
    asks = request.category_id if request.kind == RequestKind.STATUS else request.meeting_id
    return "" if asks else _("It does not say for which category or meeting.")


def item_for(decision_set: DecisionSet, request: Request, action: str = "") -> DecisionItem:
    decision = DecisionAction(action) if action in OF_REQUESTS else AS_ASKED[RequestKind(request.kind)]
    said: dict[str, Any] = {"organization_id": request.organization_id, "request": request}
    said |= {"category_id": request.category_id, "meeting_id": request.meeting_id}
    return DecisionItem(of=decision_set, action=decision, **said)


@transaction.atomic
def add(
    decision_set: DecisionSet, organizations: Sequence[Organization], action: str, **said: Any
) -> tuple[list[DecisionItem], list[Problem]]:
    """One decision for many organizations: the items made, and of the others why there is none. `said`: category,
    region, meeting and note; an end finds the one status of the category that each holds."""
    locked = draft(decision_set)
    there = {identity(item) for item in items_of(locked)}
    held = grants_of(locked, organizations) if action == DecisionAction.END else {}
    made, refused = [], []
    for organization in organizations:
        item = DecisionItem(of=locked, action=action, organization=organization, **said)
        if action == DecisionAction.END:
            ends = [each for each in held.get(organization.pk, ()) if each.category_id == item.category_id]
            if len(ends) != 1:
                refused.append(Problem(none_or_several(len(ends)), str(organization)))
                continue
            item.status = ends[0]
        if identity(item) in there:
            refused.append(Problem(_("It stands in this set already."), str(organization)))
            continue
        there.add(identity(item))
        made.append(item)
    return list(DecisionItem.objects.bulk_create(made)), refused


def none_or_several(count: int) -> str:
    if not count:
        return _("It holds no status of this category on the day of the sitting.")
    return _("It holds %(count)s statuses of this category: end them on their own pages.") % {"count": count}


def identity(item: DecisionItem) -> tuple[Any, ...]:
    """What no set decides twice."""
    named = (item.category_id, item.region_id, item.status_id, item.meeting_id)
    return (item.action, item.organization_id, *named, item.request_id)


@transaction.atomic
def remove(decision_set: DecisionSet, items: Iterable[DecisionItem], actor: Any = None) -> int:
    """Take items out of a draft; their requests wait again as they did."""
    locked = draft(decision_set)
    found = list(locked.items.filter(pk__in=[item.pk for item in items]).select_related("request"))
    for item in found:
        release(item, actor)
        item.delete()
    return len(found)


def release(item: DecisionItem, actor: Any) -> None:
    if item.request and item.request.stage == Stage.SCHEDULED:
        came = item.request.steps.filter(stage__in=READY).order_by("-at", "-pk").first()
        note = in_language(item.request, lambda: _("Not before the deciding body for now."))
        requests.advance(item.request, came.stage if came else Stage.COMPLETE, actor, note)


@transaction.atomic
def change_action(decision_set: DecisionSet, items: Iterable[DecisionItem], action: str) -> int:
    """Decide otherwise on requests of a draft: '' grants what was asked for. Items without a request stay."""
    locked = draft(decision_set)
    found = locked.items.filter(pk__in=[item.pk for item in items], request__isnull=False).select_related("request")
    for item in found:
        assert item.request
        item.action = item_for(locked, item.request, action).action
        item.save(update_fields=["action"])
    return len(found)


@transaction.atomic
def drop(decision_set: DecisionSet, actor: Any = None) -> None:
    """Delete a draft; its requests wait again."""
    locked = draft(decision_set)
    remove(locked, locked.items.all(), actor)
    locked.delete()


def draft(decision_set: DecisionSet) -> DecisionSet:
    """The set, locked. Raises NotReady where it is no draft any more."""
    locked = DecisionSet.objects.select_for_update().get(pk=decision_set.pk)
    require_draft(locked)
    return locked


def require_draft(decision_set: DecisionSet) -> None:
    if decision_set.state != SetState.DRAFT:
        state = SetState(decision_set.state).label
        raise NotReady([Problem(_("The set is not a draft any more: %(state)s.") % {"state": state})])


def requests_of(decision_set: DecisionSet, items: Iterable[DecisionItem] | None = None) -> list[Request]:
    """The requests of a set, or of some items of it, as they are now."""
    found = decision_set.items.all() if items is None else decision_set.items.filter(pk__in=[each.pk for each in items])
    return [item.request for item in found.select_related("request") if item.request]


# -- Four eyes -------------------------------------------------------------------------------------------------------


@transaction.atomic
def put_forward(decision_set: DecisionSet, actor: Any) -> Proposal:
    """Let the set wait for another to approve it. Raises NotReady with all that stands in the way."""
    locked = draft(decision_set)
    items = items_of(locked)
    if wrong := problems(locked, items):
        raise NotReady(wrong)
    wanted = drafts(locked, items)
    numbers = {"set": str(locked), "count": len(items)}
    title = ngettext("%(set)s: %(count)s decision", "%(set)s: %(count)s decisions", len(items)) % numbers
    try:
        made = proposals.propose(title, wanted, actor, reason=basis(locked))
    except proposals.AlreadyProposed as other:
        said = _("Another proposal that waits would change the same: “%(title)s”.") % {"title": other.proposal.title}
        raise NotReady([Problem(said)]) from other
    locked.proposal, locked.state = made, SetState.PROPOSED
    locked.save(update_fields=["proposal", "state"])
    decision_set.refresh_from_db()
    return made


def basis(decision_set: DecisionSet) -> str:
    """Who decided it when, and where it stands."""
    said = {
        "body": decision_set.decided_by,
        "session": decision_set.session,
        "date": day_label(decision_set.date),
        "document": decision_set.document,
        "paragraph": decision_set.paragraph,
    }
    if decision_set.paragraph:
        return _("%(body)s, %(session)s, %(date)s: %(document)s, paragraph %(paragraph)s") % said
    return _("%(body)s, %(session)s, %(date)s: %(document)s") % said


@transaction.atomic
def approve(proposal: Proposal, actor: Any, answer: str = "") -> Operation:
    """Apply the set as one operation of `actor`, and tell its requests. Raises what proposals.approve does."""
    proposals.waiting(proposal, actor)
    locked = DecisionSet.objects.select_for_update().get(proposal=proposal)
    items = items_of(locked)
    bodies = [item.organization_id for item in items if item.organization_id]
    list(Organization.objects.select_for_update().filter(pk__in=bodies).order_by("pk").values_list("pk"))
    if others := overtaken(locked, items, proposal):
        raise Overtaken(others)
    operation = proposals.approve(proposal, actor, answer, OperationKind.DECISION, joining=Joining())
    locked.state = SetState.APPLIED
    locked.save(update_fields=["state"])
    for item in items:
        if item.request:
            note = in_language(item.request, lambda: basis(locked))
            requests.advance(item.request, BECOMES[DecisionAction(item.action)], actor, note)
    return operation


class Joining:
    """Invitations name the decision that is made just before them, which has no key until then."""

    def __init__(self) -> None:
        self.made: list[Record] = []

    def __call__(self, records: Sequence[Record]) -> None:
        if isinstance(records[0], InvitationDecision):
            self.made = list(records)
        elif isinstance(records[0], Invitation) and self.made:
            for record in records:
                record.decision = self.made[0]  # type: ignore[attr-defined]  # all are of one model


def overtaken(decision_set: DecisionSet, items: list[DecisionItem], proposal: Proposal) -> list[tuple[str, str, str]]:
    """What is no longer as it was put forward, as Overtaken has it."""
    wrong = [(problem.model, problem.key or problem.about, problem.says) for problem in problems(decision_set, items)]
    if wrong:
        return wrong
    anew = [said_by(draft.record._meta.model_name, draft) for draft in drafts(decision_set, items)]
    kept = list(proposal.changes.all())
    why = _("it is no longer what was put forward")
    gone = [(each.model, each.key or each.label, why) for each in kept if said_by(each.model, each) not in anew]
    if not gone and len(anew) != len(kept):
        return [("organization", str(decision_set), why)]
    return gone


def said_by(model: str | None, change: ProposedChange | proposals.Draft) -> tuple[Any, ...]:
    return (model, change.action, change.before, change.after)


@transaction.atomic
def declined(proposal: Proposal) -> None:
    """The set of a proposal that was declined is a draft again; the proposal says why until it is put forward anew."""
    DecisionSet.objects.filter(proposal=proposal, state=SetState.PROPOSED).update(state=SetState.DRAFT)


withdrawn = declined


@transaction.atomic
def reverse(operation: Operation, actor: Any) -> None:
    """What follows from undoing the operation that applied a set; nothing where it applied none."""
    locked = DecisionSet.objects.select_for_update().filter(proposal__operation=operation).first()
    if locked is None:
        return
    locked.state = SetState.REVERSED
    locked.save(update_fields=["state"])
    for item in items_of(locked):
        request = item.request
        if request and request.stage == BECOMES[DecisionAction(item.action)] and not decided_since(item):
            note = in_language(request, lambda: _("What was recorded of the decision was taken back."))
            requests.advance(request, Stage.SCHEDULED, actor, note)


def decided_since(item: DecisionItem) -> bool:
    """Whether another set took the request in later: what became of it there holds."""
    return DecisionItem.objects.filter(request=item.request_id, pk__gt=item.pk).exclude(of=item.of_id).exists()


@transaction.atomic
def reopen(decision_set: DecisionSet) -> None:
    """Let a set that was reversed be a draft again, to be mended and put forward anew."""
    DecisionSet.objects.filter(pk=decision_set.pk, state=SetState.REVERSED).update(state=SetState.DRAFT)
    decision_set.refresh_from_db()


# -- Told with the receipt -------------------------------------------------------------------------------------------


def before_the_body(decision_set: DecisionSet) -> str:
    said = {"body": decision_set.decided_by, "session": decision_set.session, "date": day_label(decision_set.date)}
    return _("Before the %(body)s, %(session)s, %(date)s") % said


def in_language(request: Request, words: Any) -> str:
    """The words in the language of the request: its holder reads them."""
    with override(request.language):
        return str(words())
