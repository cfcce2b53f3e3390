"""What stands in the way of a decision set: item by item, in words, in a fixed number of queries for however many."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk.models import DecisionAction, DecisionItem, DecisionSet, Stage
from engagement.models import ConsultativeStatus, Invitation, Organization, PartialDate

# How far ahead a sitting may lie.
AHEAD = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Problem:
    """Something that stands in the way. about: the organization or the receipt it is about, '' for the whole set."""

    says: str
    about: str = ""
    item: DecisionItem | None = None
    model: str = "organization"
    key: str = ""

    def __str__(self) -> str:
        return _("%(about)s: %(says)s") % {"about": self.about, "says": self.says} if self.about else self.says


class NotReady(Exception):
    """It cannot be done now: `problems` say of what, and why. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)

    @property
    def says(self) -> str:
        return " ".join(map(str, self.problems))


def items_of(decision_set: DecisionSet) -> list[DecisionItem]:
    """The items in their order, with all that they name."""
    named = ("organization", "category", "region", "status", "status__category", "status__region", "meeting", "request")
    return list(decision_set.items.select_related(*named))


def grants_of(
    decision_set: DecisionSet, organizations: Collection[Organization]
) -> dict[int, list[ConsultativeStatus]]:
    """By organization the statuses that the set could end: begun by its day and without an end."""
    statuses = ConsultativeStatus.objects.filter(organization__in=[each.pk for each in organizations], ended="")
    found = defaultdict(list)
    for status in statuses.select_related("category", "organization"):
        if not is_later(status.granted, decision_set.date):
            found[status.organization_id].append(status)
    return found


def is_later(date: str, day: datetime.date) -> bool:
    return bool(date) and PartialDate(date).earliest > day.isoformat()


def is_over(date: str, day: datetime.date) -> bool:
    return bool(date) and PartialDate(date).latest <= day.isoformat()


def problems(decision_set: DecisionSet, items: list[DecisionItem] | None = None) -> list[Problem]:
    """All that stands in the way of the set, that of the whole first."""
    items = items_of(decision_set) if items is None else items
    found = []
    if not items:
        found.append(Problem(_("There is no decision in it yet.")))
    if decision_set.date > datetime.date.today() + AHEAD:
        found.append(Problem(_("The day of the sitting lies more than a year ahead.")))
    return [*found, *Checks(decision_set, items).problems()]


class Checks:
    """Reads at once what the items are held against."""

    def __init__(self, decision_set: DecisionSet, items: list[DecisionItem]) -> None:
        self.day, self.items = decision_set.date, items
        bodies = {item.organization_id for item in items}
        self.held: dict[int, list[ConsultativeStatus]] = defaultdict(list)
        for status in ConsultativeStatus.objects.filter(organization__in=bodies):
            self.held[status.organization_id].append(status)
        meetings = {item.meeting_id for item in items if item.action == DecisionAction.INVITE}
        invited = Invitation.objects.filter(organization__in=bodies, meeting__in=meetings)
        self.invited = set(invited.values_list("organization_id", "meeting_id"))
        self.ends = {item.status_id for item in items if item.action == DecisionAction.END}
        self.twice = Counter(decided(item) for item in items)

    def problems(self) -> Iterator[Problem]:
        for item in self.items:
            for says in self.of(item):
                body = item.organization
                about = str(body or (item.request and item.request.receipt) or "")
                yield Problem(says, about, item, key=body.slug if body else "")

    def of(self, item: DecisionItem) -> Iterator[str]:
        checks = {
            DecisionAction.GRANT: self.of_grant,
            DecisionAction.END: self.of_end,
            DecisionAction.INVITE: self.of_invitation,
        }
        if item.request:
            yield from of_request(item)
        if check := checks.get(DecisionAction(item.action)):
            yield from check(item)
            if self.twice[decided(item)] > 1:
                yield _("The set decides this twice.")

    def of_grant(self, item: DecisionItem) -> Iterator[str]:
        assert item.category
        yield from self.of_body(item)
        if not item.category.published:
            yield _("The category is not published.")
        for status in self.held[item.organization_id or 0]:
            if status.category_id != item.category_id or apart(status.region_id, item.region_id):
                continue
            if is_over(status.ended, self.day) or status.pk in self.ends:
                continue
            date = str(PartialDate(status.granted)) if status.granted else ""
            if is_later(status.granted, self.day):
                yield _("This category is recorded for it from a later day on: %(date)s.") % {"date": date}
            elif status.granted:
                yield _("It holds this category already: granted %(date)s.") % {"date": date}

    def of_end(self, item: DecisionItem) -> Iterator[str]:
        status = item.status
        assert status
        if status.ended:
            yield _("The status has ended: %(date)s.") % {"date": PartialDate(status.ended)}
        if is_later(status.granted, self.day):
            date = PartialDate(status.granted)
            yield _("The status was granted after the day of the sitting: %(date)s.") % {"date": date}
        if status.organization_id != item.organization_id or apart(status.category_id, item.category_id):
            yield _("The status is of another organization or category by now.")

    def of_invitation(self, item: DecisionItem) -> Iterator[str]:
        assert item.meeting
        yield from self.of_body(item)
        if not item.meeting.published:
            yield _("The meeting is not published.")
        if (item.organization_id, item.meeting_id) in self.invited:
            yield _("It is invited to this meeting already.")

    def of_body(self, item: DecisionItem) -> Iterator[str]:
        assert item.organization
        if not item.organization.published:
            yield _("The organization is not published.")
        if is_over(item.organization.dissolved, self.day):
            yield _("The organization is recorded as dissolved.")


def decided(item: DecisionItem) -> tuple[Any, ...]:
    """What may stand in a set only once."""
    named = (item.organization_id, item.status_id, item.meeting_id)
    return (item.action, *named, *((item.category_id, item.region_id) if item.action == DecisionAction.GRANT else ()))


def apart(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


def of_request(item: DecisionItem) -> Iterable[str]:
    assert item.request
    if item.request.stage != Stage.SCHEDULED:
        stage = item.request.get_stage_display()
        yield _("Its request is not before the deciding body any more: %(stage)s.") % {"stage": stage}
    if item.request.organization_id != item.organization_id:
        yield _("Its request is linked to another organization by now.")
