"""What a decision set would change in the register. What it says is in English, as the register's own words are.

A grant is a new status; an end is a date in the status that ends, which keeps the decision that granted it: where the
end stands written is a further source of it. Invitations hang on one decision that the set makes for all of them.
"""

from collections.abc import Iterator

from engagement.desk.decisionchecks import items_of
from engagement.desk.models import DecisionAction, DecisionItem, DecisionSet
from engagement.desk.proposals import Draft, changed, created
from engagement.models import ConsultativeStatus, FurtherSource, Invitation, InvitationDecision


def drafts(decision_set: DecisionSet, items: list[DecisionItem] | None = None) -> list[Draft]:
    """In the order in which they are written, those of one model and kind together."""
    items = items_of(decision_set) if items is None else items
    of = {action: [item for item in items if item.action == action] for action in DecisionAction}
    return [
        *(created(granted(decision_set, item)) for item in of[DecisionAction.GRANT]),
        *(ended(decision_set, item) for item in of[DecisionAction.END]),
        *(created(basis_of_end(decision_set, item)) for item in of[DecisionAction.END]),
        *invited(decision_set, of[DecisionAction.INVITE]),
    ]


def granted(decision_set: DecisionSet, item: DecisionItem) -> ConsultativeStatus:
    day = decision_set.date.isoformat()
    return ConsultativeStatus(
        organization=item.organization,
        category=item.category,
        region=item.region,
        granted=day,
        decided_by=decision_set.decided_by,
        decision_document=decision_set.document,
        decision_paragraph=decision_set.paragraph,
        source=decision_set.source,
        locator=decision_set.paragraph,
        as_of=day,
        note=item.note,
    )


def ended(decision_set: DecisionSet, item: DecisionItem) -> Draft:
    assert item.status and item.organization
    item.status.organization = item.organization  # read with the item; the label names it
    return changed(item.status, {"ended": item.status.ended}, {"ended": decision_set.date.isoformat()})


def basis_of_end(decision_set: DecisionSet, item: DecisionItem) -> FurtherSource:
    """The status itself goes on to name the decision that granted it."""
    assert item.status
    reading = f"ended {decision_set.date.isoformat()} by the {decision_set.decided_by}: {stands_in(decision_set)}"
    return FurtherSource(
        kind="consultativestatus",
        record_key=item.status.key,
        source=decision_set.source,
        locator=decision_set.paragraph,
        reading="; ".join(filter(None, (reading[:500], item.note)))[:500],
    )


def stands_in(decision_set: DecisionSet) -> str:
    paragraph = f"paragraph {decision_set.paragraph}" if decision_set.paragraph else ""
    return ", ".join(filter(None, (decision_set.session, decision_set.document, paragraph)))


def invited(decision_set: DecisionSet, items: list[DecisionItem]) -> Iterator[Draft]:
    """The decision, then the invitations, which name it once it is written (decisions.Joining)."""
    if not items:
        return
    day = decision_set.date.isoformat()
    meetings = list({item.meeting.pk: item.meeting for item in items if item.meeting}.values())
    said = {"source": decision_set.source, "locator": decision_set.paragraph, "as_of": day}
    count = len({item.organization_id for item in items})
    decision = InvitationDecision(
        label="; ".join(meeting.name for meeting in meetings)[:300],
        date=day,
        decided=f"{decision_set.decided_by}: {count} organizations to be invited ({stands_in(decision_set)})",
        **said,
    )
    yield created(decision, {"meetings": [meeting.pk for meeting in meetings]})
    for item in items:
        yield created(Invitation(organization=item.organization, meeting=item.meeting, note=item.note, **said))
