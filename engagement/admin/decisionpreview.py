"""What the public will see of a decision set: how organizations stand the day before the sitting and on the day."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from engagement.desk.decisiondrafts import granted
from engagement.desk.decisions import drafts, items_of, problems
from engagement.desk.models import DecisionAction, DecisionItem, DecisionSet
from engagement.directories.standing_at import COUNTING, OPEN, Holding, held_on
from engagement.models import ConsultativeCategory, ConsultativeStatus, Organization
from engagement.search import normalise

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Effect:
    """One organization: what it holds the day before and on the day, and to which meetings it is invited."""

    organization: Organization
    before: list[Holding]
    after: list[Holding]
    meetings: list[Any]
    requests: list[DecisionItem]  # that are deferred or declined


@dataclass(frozen=True)
class Number:
    """How many organizations a category has."""

    category: ConsultativeCategory
    before: int
    after: int


@dataclass(frozen=True)
class Preview:
    effects: list[Effect]
    numbers: list[Number]
    problems: list[Any]
    seal: str

    @property
    def changes(self) -> bool:
        return any(number.before != number.after for number in self.numbers)


def preview(decision_set: DecisionSet) -> Preview:
    """In a fixed number of queries for however many items."""
    items = items_of(decision_set)
    new = [granted(decision_set, item) for item in items if item.action == DecisionAction.GRANT]
    ended = {item.status_id for item in items if item.action == DecisionAction.END}
    return Preview(
        list(effects(decision_set, items, new, ended)),
        numbers(decision_set.date, new, ended),
        problems(decision_set, items),
        seal(decision_set, items),
    )


def effects(
    decision_set: DecisionSet, items: list[DecisionItem], new: list[ConsultativeStatus], ended: set[Any]
) -> Iterator[Effect]:
    of_body: dict[Organization, list[DecisionItem]] = defaultdict(list)
    for item in items:
        if item.organization:
            of_body[item.organization].append(item)
    statuses = ConsultativeStatus.objects.published().filter(organization__in=of_body).for_list()
    held: dict[int, list[ConsultativeStatus]] = defaultdict(list)
    for status in statuses.order_by("category__order", "-granted_earliest", "key"):
        held[status.organization_id].append(status)
    day = decision_set.date
    for body in sorted(of_body, key=lambda each: (normalise(str(each)), each.slug)):
        stay = [status for status in held[body.pk] if status.pk not in ended]
        yield Effect(
            body,
            standing(held[body.pk], day - ONE_DAY),
            standing([*(each for each in new if each.organization_id == body.pk), *stay], day),
            [item.meeting for item in of_body[body] if item.action == DecisionAction.INVITE],
            [item for item in of_body[body] if item.action in (DecisionAction.DEFER, DecisionAction.DECLINE)],
        )


def standing(statuses: Iterable[ConsultativeStatus], day: datetime.date) -> list[Holding]:
    """Those that count on the day, and those of which that cannot be told."""
    holdings = (Holding(status, held_on(status, day)) for status in statuses)
    return [each for each in holdings if each.held in COUNTING | OPEN]


def numbers(day: datetime.date, new: list[ConsultativeStatus], ended: set[Any]) -> list[Number]:
    """The organizations that count in each category, as the register as of the two days has them."""
    before, after = (holders(on) for on in (day - ONE_DAY, day))
    then: dict[int, set[int]] = defaultdict(set)
    for pk, category, body in after:
        if pk not in ended:
            then[category].add(body)
    for status in new:
        if status.organization.published:
            then[status.category_id].add(status.organization_id)
    was: dict[int, set[int]] = defaultdict(set)
    for _pk, category, body in before:
        was[category].add(body)
    return [
        Number(category, len(was[category.pk]), len(then[category.pk]))
        for category in ConsultativeCategory.objects.published()
    ]


def holders(day: datetime.date) -> list[tuple[int, int, int]]:
    rows = ConsultativeStatus.objects.published().on(day)
    return list(rows.order_by().values_list("pk", "category_id", "organization_id"))


def seal(decision_set: DecisionSet, items: list[DecisionItem]) -> str:
    """Stands for what a page shows: whoever puts the set forward puts forward that and nothing else."""
    changes = [
        (each.record._meta.model_name, each.record.pk, each.before, each.after) for each in drafts(decision_set, items)
    ]
    plan = [decision_set.pk, changes, [(item.pk, item.action) for item in items]]
    return salted_hmac("engagement.admin.decisionsets", json.dumps(plan, sort_keys=True)).hexdigest()
