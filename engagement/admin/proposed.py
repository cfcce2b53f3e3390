"""What a proposal would change, in words: record by record before and after, and what the public would see of it."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from engagement.admin.reverting import seal
from engagement.admin.wording import Names, Worded, names_of, records_of, word
from engagement.desk.models import Action, Proposal, ProposedChange
from engagement.desk.proposals import FOUR_EYES
from engagement.desk.states import State, different, state_of
from engagement.models import ConsultativeCategory, ConsultativeStatus, Organization, PartialDate, Region

STATUS = str(ConsultativeStatus._meta.model_name)


@dataclass(frozen=True)
class Shown:
    """A proposed change: `said` field by field, `effect` in a sentence, where it is known."""

    said: Worded
    effect: str


def shown(changes: Sequence[ProposedChange]) -> list[Shown]:
    """In their order. The queries follow the number of models, not of changes."""
    present = records_of(changes)
    wholes = [whole(change, present.get((change.model, change.record_pk))) for change in changes]
    names = names_of(wholes)
    told = Public(names, wholes)
    pairs = zip(changes, wholes, strict=True)
    return [Shown(said(change, present, names), told.effect(full)) for change, full in pairs]


def said(change: ProposedChange, present: Any, names: Names) -> Worded:
    record = present.get((change.model, change.record_pk))
    worded = word(only_what_differs(change), record, names)
    return worded if record else replace(worded, name=change.label or change.key)


def whole(change: ProposedChange, record: Any) -> ProposedChange:
    """Of a changed record a proposal may hold only what differs: the rest is as it stands."""
    if change.action != Action.CHANGED or record is None:
        return change
    full = copy(change)
    full.before = {**state_of(record, {}), **change.before}
    full.after = {**full.before, **change.after}
    return full


def only_what_differs(change: ProposedChange) -> ProposedChange:
    """Or it may hold the whole."""
    if change.action != Action.CHANGED:
        return change
    names = different(change.before, change.after)
    trimmed = copy(change)
    trimmed.before = {name: change.before.get(name) for name in names}
    trimmed.after = {name: change.after[name] for name in names}
    return trimmed


def seal_of(proposal: Proposal, told: Sequence[Shown]) -> str:
    """Of all that a page says of it. `told`: its changes, in the words in which they were shown."""
    return seal(proposal.pk, proposal.title, proposal.reason, [(str(each.said), each.effect) for each in told])


class Public:
    """What the public would see of changes, if they were approved now."""

    def __init__(self, names: Names, changes: Sequence[ProposedChange]) -> None:
        self.names = names
        states = [state for change in changes if change.model == STATUS for state in (change.before, change.after)]
        wanted = {state.get("organization_id") for state in states} - {None}
        in_sight = Organization.objects.published().filter(pk__in=wanted)
        self.in_sight = set(in_sight.values_list("pk", flat=True)) if wanted else set()

    def effect(self, change: ProposedChange) -> str:
        if change.model == STATUS:
            return " ".join(self.of_status(change))
        return of_other(change) if change.model in FOUR_EYES else ""

    def of_status(self, change: ProposedChange) -> Iterator[str]:
        before, after = (state if self.is_shown(state) else {} for state in (change.before, change.after))
        words = {"organization": self.named(Organization, (after or before).get("organization_id"))}
        if not before and not after:
            yield _("The public sees nothing of it: the status or its organization is not published.")
        elif not before:
            said = _("The public page of %(organization)s will say: %(status)s.")
            yield said % {**words, "status": self.phrase(after)}
        elif not after:
            said = _("The public page of %(organization)s will no longer say: %(status)s.")
            yield said % {**words, "status": self.phrase(before)}
        elif self.phrase(before) == self.phrase(after):
            said = _("The public page of %(organization)s goes on saying: %(status)s.")
            yield said % {**words, "status": self.phrase(after)}
        else:
            said = _("The public page of %(organization)s will say: %(status)s. Until now: %(before)s.")
            yield said % {**words, "status": self.phrase(after), "before": self.phrase(before)}

    def is_shown(self, state: State) -> bool:
        return bool(state.get("published")) and state.get("organization_id") in self.in_sight

    def phrase(self, state: State) -> str:
        """As “General consultative status, from May 2024, until 2026”."""
        parts = [
            self.named(ConsultativeCategory, state.get("category_id")),
            self.named(Region, state.get("region_id")) if state.get("region_id") else "",
            _("from %(date)s") % {"date": PartialDate(state["granted"])} if state.get("granted") else "",
            _("until %(date)s") % {"date": PartialDate(state["ended"])} if state.get("ended") else "",
        ]
        if not state.get("granted") and not state.get("ended") and state.get("as_of"):
            parts.append(_("as of %(date)s") % {"date": PartialDate(state["as_of"])})
        return ", ".join(part for part in parts if part)

    def named(self, model: Any, pk: Any) -> str:
        return self.names.get(model, {}).get(pk) or f"#{pk}"


def of_other(change: ProposedChange) -> str:
    """Of a right."""
    before, after = change.before.get("published"), change.after.get("published")
    if before and after:
        return _("The public goes on seeing it, changed as proposed.")
    if after:
        return _("The public will see it.")
    return _("The public will no longer see it.") if before else _("The public sees nothing of it.")
