"""The published criteria as rules, and how they judge answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy

from engagement.guide.questions import Answers
from engagement.models import CriterionScope, EligibilityCriterion
from engagement.models.answers import PAPERS, Condition, Paper, condition


class State(models.TextChoices):
    """How a rule stands to the answers."""

    NOT_MET = "not-met", gettext_lazy("Not met")
    TO_BRING = "to-bring", gettext_lazy("To bring")
    OPEN = "open", gettext_lazy("Still open")
    MET = "met", gettext_lazy("Met")
    NOT_ASKED = "not-asked", gettext_lazy("Not asked here")
    OF_OTHERS = "of-others", gettext_lazy("Not asked of it")


@dataclass(frozen=True)
class Judgement:
    """A rule with its state; the questions that it leaves open, the papers that are missing."""

    rule: "Rule"
    state: State
    open: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def criterion(self) -> EligibilityCriterion:
        return self.rule.criterion


@dataclass(frozen=True)
class Rule:
    """One criterion. It says something of whoever meets `asked_of`, and is met where all of `met_by` is given."""

    criterion: EligibilityCriterion

    @cached_property
    def asked_of(self) -> Condition:
        return condition(self.criterion.asked_of)

    @cached_property
    def met_by(self) -> Condition:
        return condition(self.criterion.met_by)

    @property
    def papers(self) -> frozenset[str]:
        return self.met_by.get(PAPERS, frozenset())

    def judged(self, answers: Answers) -> Judgement:
        asked, of_others = compared(self.asked_of, answers)
        left, missed = compared({name: codes for name, codes in self.met_by.items() if name != PAPERS}, answers)
        missing = tuple(paper for paper in Paper.values if paper in self.papers - answers.papers)
        if of_others:
            return Judgement(self, State.OF_OTHERS)
        if not self.met_by:
            return Judgement(self, State.NOT_ASKED)
        if missed and not asked:
            return Judgement(self, State.NOT_MET)
        if asked or left:
            return Judgement(self, State.OPEN, open=(*asked, *left), missing=missing)
        return Judgement(self, State.TO_BRING if missing else State.MET, missing=missing)


def compared(wanted: Condition, answers: Answers) -> tuple[list[str], bool]:
    """The questions of a condition that are open, and whether an answer that is given lies outside it."""
    given = {question: answers.to(question) for question in wanted}
    outside = any(codes and not codes & wanted[question] for question, codes in given.items())
    return [question for question, codes in given.items() if not codes], outside


@dataclass(frozen=True)
class RuleBook:
    """All rules that apply, as the doors ask for them."""

    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, criteria: Iterable[EligibilityCriterion]) -> "RuleBook":
        return cls(tuple(Rule(criterion) for criterion in criteria))

    @cached_property
    def common(self) -> list[Rule]:
        """Those of every category."""
        return [rule for rule in self.rules if rule.criterion.scope == CriterionScope.ALL_CATEGORIES]

    @cached_property
    def operational(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.criterion.scope == CriterionScope.OPERATIONAL]

    @cached_property
    def of_members(self) -> list[Rule]:
        """Those that ask whether it belongs to an international organization."""
        return [rule for rule in self.rules if "member" in rule.met_by]

    @cached_property
    def by_category(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.criterion.category:
                found.setdefault(rule.criterion.category.slug, []).append(rule)
        return found
