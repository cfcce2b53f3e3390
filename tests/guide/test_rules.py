"""How a criterion judges answers."""

import pytest

from engagement.guide.questions import Answers
from engagement.guide.rules import Rule, RuleBook, State
from engagement.models import EligibilityCriterion
from engagement.models.answers import Paper
from tests.guide.rows import book

INTERNATIONAL = "reach:one-region reach:several-regions"


def judged(answers: Answers, *, met_by: str = "", asked_of: str = "") -> tuple[State, tuple[str, ...], tuple[str, ...]]:
    found = Rule(EligibilityCriterion(met_by=met_by, asked_of=asked_of)).judged(answers)
    return found.state, found.open, found.missing


def test_a_rule_is_met_by_any_of_its_answers_to_a_question() -> None:
    for reach in ("one-region", "several-regions"):
        assert judged(Answers(reach=reach), met_by=INTERNATIONAL)[0] == State.MET
    assert judged(Answers(reach="one-country"), met_by=INTERNATIONAL)[0] == State.NOT_MET


def test_a_rule_on_two_questions_asks_for_both() -> None:
    met_by = f"organization:ngo {INTERNATIONAL}"
    assert judged(Answers(organization="ngo", reach="one-region"), met_by=met_by)[0] == State.MET
    assert judged(Answers(organization="company", reach="one-region"), met_by=met_by)[0] == State.NOT_MET
    assert judged(Answers(organization="ngo", reach="one-country"), met_by=met_by)[0] == State.NOT_MET


def test_a_rule_whose_question_is_not_answered_is_open_and_names_it() -> None:
    assert judged(Answers(), met_by=INTERNATIONAL) == (State.OPEN, ("reach",), ())
    met_by = f"organization:ngo {INTERNATIONAL}"
    assert judged(Answers(organization="ngo"), met_by=met_by) == (State.OPEN, ("reach",), ())


def test_one_answer_that_fails_settles_a_rule_whatever_is_open() -> None:
    met_by = f"organization:ngo {INTERNATIONAL}"
    assert judged(Answers(organization="company"), met_by=met_by)[0] == State.NOT_MET


def test_of_papers_all_are_asked_and_those_missing_are_named() -> None:
    met_by = "papers:statutes papers:members"
    assert judged(Answers(), met_by=met_by) == (State.TO_BRING, (), ("statutes", "members"))
    assert judged(Answers(papers=frozenset(["members"])), met_by=met_by) == (State.TO_BRING, (), ("statutes",))
    assert judged(Answers(papers=frozenset(Paper.values)), met_by=met_by) == (State.MET, (), ())


def test_a_rule_asked_of_some_says_nothing_of_others() -> None:
    rule = {"asked_of": "first:yes", "met_by": "papers:statutes"}
    assert judged(Answers(first="no"), **rule)[0] == State.OF_OTHERS
    assert judged(Answers(first="yes"), **rule)[0] == State.TO_BRING
    assert judged(Answers(), **rule) == (State.OPEN, ("first",), ("statutes",))


def test_a_rule_that_may_not_concern_it_is_not_called_unmet() -> None:
    rule = {"asked_of": "reach:one-country", "met_by": "member:yes"}
    assert judged(Answers(member="no"), **rule)[0] == State.OPEN
    assert judged(Answers(member="no", reach="one-region"), **rule)[0] == State.OF_OTHERS
    assert judged(Answers(member="no", reach="one-country"), **rule)[0] == State.NOT_MET


def test_a_criterion_without_answers_is_shown_and_not_judged() -> None:
    assert judged(Answers(organization="ngo")) == (State.NOT_ASKED, (), ())


@pytest.mark.django_db
def test_every_published_criterion_is_in_the_book_once() -> None:
    rules = book()
    in_categories = [rule for found in rules.by_category.values() for rule in found]
    keys = [rule.criterion.key for rule in (*rules.common, *rules.operational, *in_categories)]
    assert sorted(keys) == sorted(EligibilityCriterion.objects.published().values_list("key", flat=True))
    assert set(rules.by_category) == {"general", "regional", "special-list", "invited"}


@pytest.mark.django_db
def test_the_rule_for_national_organizations_is_the_one_that_speaks_of_members() -> None:
    assert [rule.criterion.key for rule in book().of_members] == ["special-list-7"]


def test_the_book_of_no_criteria_has_no_rules() -> None:
    empty = RuleBook.of([])
    assert (empty.common, empty.operational, empty.of_members, empty.by_category) == ([], [], [], {})
