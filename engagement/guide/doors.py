"""The doors, how each stands to the answers, and which one is the organization's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import product
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from engagement.guide.questions import Answers
from engagement.guide.rules import Judgement, Rule, RuleBook, State
from engagement.models.answers import VOCABULARIES, Applicant, Member, Reach, Want


class Door(models.TextChoices):
    """The first four are the categories, by their slugs."""

    GENERAL = "general", gettext_lazy("General consultative status")
    REGIONAL = "regional", gettext_lazy("Regional consultative status")
    SPECIAL_LIST = "special-list", gettext_lazy("The Special List")
    INVITATION = "invited", gettext_lazy("An invitation to one meeting")
    THROUGH = "through", gettext_lazy("Through an international organization to which it belongs")
    COUNTRY = "country", gettext_lazy("Through the ILO’s constituents in the country")
    OFFICE = "office", gettext_lazy("The ILO’s office for the country")

    @property
    def is_category(self) -> bool:
        return self in (Door.GENERAL, Door.REGIONAL, Door.SPECIAL_LIST, Door.INVITATION)


class Verdict(Enum):
    """How a door stands to the answers. UNRULED: nothing that the guide could judge by is published for it."""

    OPEN = auto()
    CLOSED = auto()
    DEPENDS = auto()
    UNRULED = auto()


PARTNERS = (Applicant.WORKERS, Applicant.EMPLOYERS)
# The categories are kinds of standing of non-governmental organizations; others come through those.
NON_GOVERNMENTAL = (*PARTNERS, Applicant.NGO)
# The questions on which the door depends; the others tell what to bring and by when.
DECIDING = ("organization", "reach", "aims", "want", "member")


def rules_of(door: Door, book: RuleBook) -> list[Rule]:
    """The rules that speak of this door alone."""
    if door.is_category:
        return book.by_category.get(door.value, [])
    return {Door.THROUGH: book.of_members, Door.OFFICE: book.operational}.get(door, [])


def judged(door: Door, answers: Answers, book: RuleBook) -> tuple[list[Judgement], list[Judgement]]:
    """Its own rules, and for a category those of every category."""
    common = book.common if door.is_category else []
    return [rule.judged(answers) for rule in rules_of(door, book)], [rule.judged(answers) for rule in common]


def verdict(door: Door, answers: Answers, book: RuleBook) -> Verdict:
    if door in (Door.COUNTRY, Door.OFFICE):
        return Verdict.OPEN
    if answers.organization and answers.organization not in NON_GOVERNMENTAL:
        return Verdict.CLOSED
    return through(answers) if door == Door.THROUGH else by_rules(door, answers, book)


def by_rules(door: Door, answers: Answers, book: RuleBook) -> Verdict:
    """A category: closed by any rule that is not met, open where at least one of its own is judged and none is open."""
    own, common = judged(door, answers, book)
    judgements = [*own, *common]
    if any(each.state == State.NOT_MET for each in judgements):
        return Verdict.CLOSED
    if not answers.organization or any(set(each.open) & set(DECIDING) for each in judgements):
        return Verdict.DEPENDS
    return Verdict.OPEN if any(each.state in (State.MET, State.TO_BRING) for each in own) else Verdict.UNRULED


def through(answers: Answers) -> Verdict:
    """Open to whoever belongs to an international organization, and to a national one that has yet to join one."""
    if not answers.organization:
        return Verdict.DEPENDS
    if answers.member == Member.YES:
        return Verdict.OPEN
    if answers.organization == Applicant.NGO and answers.reach in ("", Reach.ONE_COUNTRY):
        return Verdict.OPEN if answers.reach else Verdict.DEPENDS
    return Verdict.CLOSED if answers.member == Member.NO else Verdict.DEPENDS


# -- Which one -----------------------------------------------------------------------------------------------------


def candidates(answers: Answers) -> tuple[Door, ...]:
    """The doors to try, in this order; the last is open to everyone."""
    if answers.want == Want.PROJECT:
        return (Door.OFFICE,)
    if answers.want == Want.HOME or answers.organization not in NON_GOVERNMENTAL:
        return (Door.COUNTRY,)
    national_partner = answers.organization in PARTNERS and answers.reach == Reach.ONE_COUNTRY
    through_others = () if national_partner else (Door.THROUGH,)
    if answers.want == Want.ONE_MEETING:
        return (Door.INVITATION, *through_others, Door.COUNTRY)
    first = Door.REGIONAL if answers.reach == Reach.ONE_REGION else Door.GENERAL
    return (first, Door.SPECIAL_LIST, *through_others, Door.INVITATION, Door.COUNTRY)


def recommended(answers: Answers, book: RuleBook) -> Door:
    """The one door of whoever answered all that decides."""
    return next(door for door in candidates(answers) if verdict(door, answers, book) == Verdict.OPEN)


@dataclass(frozen=True)
class Outcome:
    """The doors that the answers leave, in the order of Door, and the open questions on which it depends."""

    doors: tuple[Door, ...]
    open: tuple[str, ...]

    @property
    def door(self) -> Door | None:
        """The one, whatever the rest of the answers would be."""
        return self.doors[0] if len(self.doors) == 1 else None


def outcome(answers: Answers, book: RuleBook) -> Outcome:
    """What may still come of the answers: every way of giving those that are missing is tried."""
    missing = [question for question in DECIDING if not answers.to(question)]
    found = {each: recommended(each, book) for each in completions(answers, missing)}
    doors = set(found.values())
    matters = [question for question in missing if turns_on(question, found)]
    return Outcome(tuple(door for door in Door if door in doors), tuple(matters))


def completions(answers: Answers, missing: list[str]) -> Iterator[Answers]:
    for codes in product(*(VOCABULARIES[question].values for question in missing)):
        given: dict[str, Any] = dict(zip(missing, codes, strict=True))
        yield replace(answers, **given)


def turns_on(question: str, found: dict[Answers, Door]) -> bool:
    """Whether two sets of answers that differ in this one lead to different doors."""
    left_open: dict[str, Any] = {question: ""}
    doors: dict[Answers, set[Door]] = {}
    for answers, door in found.items():
        doors.setdefault(replace(answers, **left_open), set()).add(door)
    return any(len(each) > 1 for each in doors.values())
