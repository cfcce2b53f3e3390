"""What the answer shows: reasons, rules, papers, dates, for whatever is answered."""

import datetime
from dataclasses import replace
from itertools import combinations

import pytest

from engagement.guide.doors import DECIDING, Door, Verdict
from engagement.guide.questions import Answers
from engagement.guide.result import asks_for_dates, dates_of, result_of
from engagement.guide.rules import State
from engagement.models import EligibilityCriterion, Meeting
from engagement.models.answers import Paper
from tests.factories import make_meeting
from tests.guide.rows import book, every, make_criterion

pytestmark = pytest.mark.django_db

ALL = frozenset(Paper.values)
TODAY = datetime.date(2026, 11, 24)
INVITED = Answers(organization="ngo", reach="several-regions", aims="fields", want="one-meeting", member="no")


def test_every_combination_of_answers_has_a_result_without_contradiction() -> None:
    rules, published = book(), set(EligibilityCriterion.objects.published().values_list("pk", flat=True))
    for answers in every(*DECIDING, "first"):
        for papers in (frozenset[str](), ALL):
            result = result_of(replace(answers, papers=papers), rules)
            assert result.way is not None and result.possible == [result.way.door] and not result.open
            assert [result.way.door, *(way.door for way in result.others)] != list(
                Door
            ) or result.way.door == Door.GENERAL
            assert {way.door for way in result.others} == set(Door) - {result.way.door}
            assert result.way.sentence and all(way.sentence for way in result.others)
            for way in (result.way, *result.others):
                assert {each.criterion.pk for each in way.rules} <= published
                if way.door.is_category and way.verdict == Verdict.OPEN:
                    assert State.NOT_MET not in {each.state for each in way.rules}
                if way.against:
                    assert way.verdict == Verdict.CLOSED or not way.door.is_category
            assert not (papers and result.missing)


def test_every_set_of_papers_leaves_the_door_and_names_what_is_missing() -> None:
    rules = book()
    for first in ("yes", "no", ""):
        needed = {each.paper for each in result_of(replace(INVITED, first=first), rules).papers}
        for number in range(len(Paper) + 1):
            for papers in combinations(Paper.values, number):
                result = result_of(replace(INVITED, first=first, papers=frozenset(papers)), rules)
                assert result.way and result.way.door == Door.INVITATION
                assert {each.paper for each in result.missing} == needed - set(papers)


def test_a_first_request_needs_four_papers_more() -> None:
    def papers(first: str) -> list[str]:
        return [each.paper.value for each in result_of(replace(INVITED, first=first), book()).papers]

    assert papers("no") == ["letterhead", "agenda-items"]
    assert papers("yes") == [
        "statutes", "members", "activity-report", "financial-report", "letterhead", "agenda-items",
    ]  # fmt: skip


def test_while_it_is_open_whether_it_is_the_first_request_that_is_asked() -> None:
    result = result_of(INVITED, book())
    assert result.open == ["first"] and result.way and result.way.door == Door.INVITATION
    assert {each.paper.value for each in result.papers if each.only_if_open} == {
        "statutes", "members", "activity-report", "financial-report",
    }  # fmt: skip


def test_the_special_list_asks_for_the_four_papers_of_its_file() -> None:
    result = result_of(replace(INVITED, want="standing"), book())
    assert [each.paper.value for each in result.papers] == ["statutes", "members", "officers", "activity-report"]
    assert all(each.what_it_is for each in result.papers)


def test_a_paper_of_a_rule_that_is_added_is_asked_for() -> None:
    make_criterion("special-list", met_by="papers:letterhead")
    result = result_of(replace(INVITED, want="standing"), book())
    assert "letterhead" in [each.paper.value for each in result.missing]


def test_the_rules_of_one_place_in_a_source_are_cited_once() -> None:
    result = result_of(replace(INVITED, first="yes"), book())
    assert result.way is not None
    guidance = [place for place in result.way.asked if place.criterion.source.slug == "ilo-ilc111-guidance"]
    assert [len(place.rules) for place in guidance] == [5]
    shown = [each for place in (*result.way.asked, *result.way.told) for each in place.rules]
    assert sorted(each.criterion.pk for each in shown) == sorted(each.criterion.pk for each in result.way.rules)


def test_what_closes_every_category_is_told_once_and_what_closes_one_beside_it() -> None:
    result = result_of(replace(INVITED, reach="one-country", want="standing"), book())
    common = [each.criterion.key for place in result.against_every_category for each in place.rules]
    assert common == ["all-categories-1", "all-categories-2"]
    special = next(way for way in result.others if way.door == Door.SPECIAL_LIST)
    own = {each.criterion.key for place in special.against for each in place.rules}
    assert own == {"profile-special-list-kind", "special-list-3", "special-list-7"}


def test_part_of_the_answers_names_the_doors_that_are_left_and_what_decides() -> None:
    result = result_of(Answers(want="one-meeting"), book())
    assert result.way is None and not result.papers
    assert result.possible == [Door.INVITATION, Door.THROUGH, Door.COUNTRY]
    assert result.open == ["organization", "reach"]
    assert [way.door for way in result.others] == list(Door)


def test_a_door_for_which_nothing_is_published_says_so() -> None:
    EligibilityCriterion.objects.filter(category__slug="general").update(published=False)
    result = result_of(replace(INVITED, aims="wide"), book())
    general = next(way for way in result.others if way.door == Door.GENERAL)
    assert general.verdict == Verdict.UNRULED and "No criteria" in general.sentence


def test_who_is_no_organization_of_the_kind_is_told_so_even_without_a_rule() -> None:
    EligibilityCriterion.objects.update(published=False)
    result = result_of(replace(INVITED, organization="company", want="standing"), book())
    closed = [way.sentence for way in result.others if way.door.is_category]
    assert set(closed) == {"Not open: it is for non-governmental organizations."}


# -- Dates -----------------------------------------------------------------------------------------------------------


def test_the_window_of_the_fixtures_is_past_and_none_is_to_come() -> None:
    dates = dates_of(None, Meeting.objects.published(), TODAY)
    assert dates.shown == []
    assert dates.last and dates.last.meeting.slug == "ilc-111"
    assert [window.meeting.slug for window in dates.all] == ["ilc-111"]


def test_windows_to_come_are_shown_the_next_first_and_the_last_past_one_after_them() -> None:
    later = make_meeting(name="Later", requests_from="2027-03-01", requests_until="2027-04-01")
    sooner = make_meeting(name="Sooner", requests_from="2026-11-01", requests_until="2026-12-01")
    dates = dates_of(None, Meeting.objects.published(), TODAY)
    assert [window.meeting for window in dates.shown] == [sooner, later]
    assert dates.all[-1].meeting.slug == "ilc-111"


def test_of_the_meeting_asked_for_only_its_own_window_is_shown() -> None:
    make_meeting(requests_from="2027-03-01", requests_until="2027-04-01")
    with_one, without = Meeting.objects.get(slug="ilc-111"), Meeting.objects.get(slug="ilc-112")
    dates = dates_of(with_one, Meeting.objects.published(), TODAY)
    assert [window.meeting for window in dates.all] == [with_one] and dates.is_over
    assert dates_of(without, Meeting.objects.published(), TODAY).all == []


def test_dates_concern_whoever_wants_a_meeting_or_is_to_be_invited_to_one() -> None:
    for answers, concerned in (
        (INVITED, True),
        (Answers(want="one-meeting"), True),
        (replace(INVITED, want="standing", aims="apart"), True),
        (replace(INVITED, want="standing"), False),
        (replace(INVITED, want="home"), False),
    ):
        assert asks_for_dates(answers, result_of(answers, book())) is concerned
