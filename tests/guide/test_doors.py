"""Which door: every combination of answers has exactly one, and never one that a rule closes."""

from dataclasses import replace

import pytest

from engagement.guide.doors import DECIDING, Door, Outcome, Verdict, completions, judged, outcome, recommended, verdict
from engagement.guide.questions import Answers
from engagement.guide.rules import RuleBook, State
from engagement.models import EligibilityCriterion
from tests.guide.rows import book, every, make_criterion

pytestmark = pytest.mark.django_db

NGO = Answers(organization="ngo", reach="several-regions", aims="fields", want="standing", member="no")


def test_every_combination_of_answers_has_exactly_one_door_that_no_rule_closes() -> None:
    rules, found = book(), set()
    for answers in every(*DECIDING):
        door = recommended(answers, rules)
        assert outcome(answers, rules) == Outcome((door,), ())
        assert verdict(door, answers, rules) == Verdict.OPEN
        if door.is_category:
            own, common = judged(door, answers, rules)
            assert State.NOT_MET not in {each.state for each in (*own, *common)}, answers
            assert State.MET in {each.state for each in own}, answers
        found.add(door)
    assert found == set(Door)


def test_without_any_rule_every_combination_still_has_a_door_and_never_a_category() -> None:
    doors = {recommended(answers, RuleBook.of([])) for answers in every(*DECIDING)}
    assert doors == {Door.THROUGH, Door.COUNTRY, Door.OFFICE}


def test_an_outcome_of_part_of_the_answers_holds_whatever_the_rest_will_be() -> None:
    rules = book()
    doors = {answers: recommended(answers, rules) for answers in every(*DECIDING)}
    for answers in every(*DECIDING, or_open=True):
        missing = [question for question in DECIDING if not answers.to(question)]
        possible = {doors[each] for each in completions(answers, missing)}
        found = outcome(answers, rules)
        assert set(found.doors) == possible
        assert (found.door is None) == bool(found.open) == (len(possible) > 1)
        assert set(found.open) <= set(missing)


def test_a_question_that_changes_nothing_is_not_called_open() -> None:
    rules = book()
    found = outcome(Answers(organization="company", want="standing"), rules)
    assert (found.door, found.open) == (Door.COUNTRY, ())
    found = outcome(Answers(organization="ngo", reach="several-regions", want="standing"), rules)
    assert (found.doors, found.open) == (
        (Door.GENERAL, Door.SPECIAL_LIST, Door.INVITATION, Door.THROUGH),
        ("aims", "member"),
    )


@pytest.mark.parametrize(
    ("answers", "door"),
    [
        (NGO, Door.SPECIAL_LIST),
        (replace(NGO, aims="wide"), Door.GENERAL),
        (replace(NGO, aims="wide", reach="one-region"), Door.REGIONAL),
        (replace(NGO, want="one-meeting"), Door.INVITATION),
        (replace(NGO, aims="apart"), Door.INVITATION),
        (replace(NGO, aims="apart", member="yes"), Door.THROUGH),
        (replace(NGO, reach="one-country"), Door.THROUGH),
        (replace(NGO, reach="one-country", want="one-meeting", member="yes"), Door.THROUGH),
        (replace(NGO, want="project"), Door.OFFICE),
        (replace(NGO, want="home"), Door.COUNTRY),
        (replace(NGO, organization="workers", reach="one-country"), Door.COUNTRY),
        (replace(NGO, organization="employers", reach="one-country", want="one-meeting"), Door.COUNTRY),
        (replace(NGO, organization="workers"), Door.INVITATION),
        (replace(NGO, organization="employers", aims="wide"), Door.GENERAL),
        (replace(NGO, organization="workers", member="yes"), Door.THROUGH),
        (replace(NGO, organization="company", aims="wide"), Door.COUNTRY),
        (replace(NGO, organization="person", want="one-meeting"), Door.COUNTRY),
        (replace(NGO, organization="government", want="project"), Door.OFFICE),
    ],
)
def test_the_door_of_the_fixtures_rules_for_a_case(answers: Answers, door: Door) -> None:
    assert recommended(answers, book()) == door


def test_a_rule_that_is_edited_changes_the_answer() -> None:
    national = replace(NGO, reach="one-country", member="yes")
    assert recommended(national, book()) == Door.THROUGH
    for criterion in EligibilityCriterion.objects.filter(met_by__contains="reach:one-region"):
        criterion.met_by = criterion.met_by.replace("reach:one-region", "reach:one-country reach:one-region")
        criterion.save()
    assert recommended(national, book()) == Door.SPECIAL_LIST


def test_a_new_rule_that_the_answers_fail_closes_the_door() -> None:
    make_criterion("special-list", met_by="member:yes")
    assert recommended(NGO, book()) == Door.INVITATION
    assert recommended(replace(NGO, member="yes"), book()) == Door.SPECIAL_LIST


def test_a_rule_that_is_withdrawn_is_not_used() -> None:
    answers = replace(NGO, aims="wide")
    EligibilityCriterion.objects.filter(key="profile-general-stake").update(published=False)
    assert verdict(Door.GENERAL, answers, book()) == Verdict.UNRULED
    assert recommended(answers, book()) == Door.SPECIAL_LIST


def test_a_door_stands_otherwise_as_the_answers_come_in() -> None:
    rules = book()
    assert verdict(Door.SPECIAL_LIST, Answers(), rules) == Verdict.DEPENDS
    assert verdict(Door.SPECIAL_LIST, Answers(organization="workers"), rules) == Verdict.CLOSED
    assert verdict(Door.SPECIAL_LIST, Answers(organization="company"), rules) == Verdict.CLOSED
    assert verdict(Door.SPECIAL_LIST, replace(NGO, aims=""), rules) == Verdict.DEPENDS
    assert verdict(Door.SPECIAL_LIST, NGO, rules) == Verdict.OPEN
    assert verdict(Door.INVITATION, replace(NGO, first=""), rules) == Verdict.OPEN


def test_the_way_through_others_is_open_to_members_and_to_national_organizations() -> None:
    rules = book()

    def stands(**answers: str) -> Verdict:
        return verdict(Door.THROUGH, Answers(**answers), rules)  # type: ignore[arg-type]

    assert stands(member="yes") == Verdict.DEPENDS
    assert stands(organization="workers", member="yes") == Verdict.OPEN
    assert stands(organization="workers", member="no") == Verdict.CLOSED
    assert stands(organization="workers") == Verdict.DEPENDS
    assert stands(organization="ngo", reach="one-country") == Verdict.OPEN
    assert stands(organization="ngo", member="no") == Verdict.DEPENDS
    assert stands(organization="ngo", reach="one-region", member="no") == Verdict.CLOSED
    assert stands(organization="company", member="yes") == Verdict.CLOSED
