"""Answers and rules for the tests of the guide: the published ones, and criteria that a test makes."""

from itertools import product
from typing import Any

from engagement.guide.questions import Answers
from engagement.guide.rules import RuleBook
from engagement.models import ConsultativeCategory, EligibilityCriterion
from engagement.models.answers import VOCABULARIES
from tests.factories import make_source

SINGLE = ("organization", "reach", "aims", "want", "first", "member")


def book() -> RuleBook:
    """The rules as the page reads them."""
    return RuleBook.of(EligibilityCriterion.objects.published().select_related("category", "source", "meeting"))


def every(*questions: str, or_open: bool = False) -> list[Answers]:
    """Every way of answering the questions; `or_open`: or of leaving any of them open."""
    codes = [[*VOCABULARIES[question].values, *([""] if or_open else [])] for question in questions]
    given: list[dict[str, Any]] = [dict(zip(questions, chosen, strict=True)) for chosen in product(*codes)]
    return [Answers(**each) for each in given]


def make_criterion(category: str = "special-list", **fields: Any) -> EligibilityCriterion:
    defaults = {
        "category": ConsultativeCategory.objects.get(slug=category) if category else None,
        "scope": "category" if category else "all-categories",
        "text": "An invented criterion.",
        "source": make_source(),
    }
    return EligibilityCriterion.objects.create(**{**defaults, **fields})
