"""The answer of the guide: the door with its reason, the others with theirs, every rule, the papers, the dates."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from engagement.guide.dates import Standing, Window, is_over, window_of, windows
from engagement.guide.doors import NON_GOVERNMENTAL, Door, Verdict, judged, outcome, verdict
from engagement.guide.questions import Answers
from engagement.guide.rules import Judgement, RuleBook, State
from engagement.guide.wording import PAPERS, condition_of, reason
from engagement.models import EligibilityCriterion, Meeting
from engagement.models.answers import Paper, Want

# What stands in the way first, then what is to be done, then what is settled.
ORDER = list(State)
UNASKED = (State.NOT_ASKED, State.OF_OTHERS)


@dataclass(frozen=True)
class Cited:
    """Rules that stand at one place of one source, which `criterion` names."""

    criterion: EligibilityCriterion
    rules: list[Judgement]


@dataclass(frozen=True)
class Way:
    """A door, how it stands, a sentence on it, and its rules."""

    door: Door
    verdict: Verdict
    sentence: str
    own: list[Judgement]
    common: list[Judgement]

    @property
    def rules(self) -> list[Judgement]:
        """All of them, in the order in which they matter."""
        return sorted([*self.own, *self.common], key=lambda each: ORDER.index(each.state))

    @property
    def asked(self) -> list[Cited]:
        """The rules that the guide judges, by where they stand."""
        return cited(each for each in self.rules if each.state not in UNASKED)

    @property
    def told(self) -> list[Cited]:
        """Those that it can only show."""
        return cited(each for each in self.rules if each.state in UNASKED)

    @property
    def against(self) -> list[Cited]:
        """The rules of its own that close it."""
        return cited(each for each in self.own if each.state == State.NOT_MET)


def cited(rules: Iterable[Judgement]) -> list[Cited]:
    """The rules by the place where they stand, in the order of the first of each."""
    found: dict[tuple[object, ...], Cited] = {}
    for each in rules:
        criterion = each.criterion
        place = (criterion.source_id, criterion.locator, criterion.as_of, criterion.meeting_id)
        found.setdefault(place, Cited(criterion, [])).rules.append(each)
    return list(found.values())


@dataclass(frozen=True)
class PaperAsked:
    """A paper that the rules of the door ask for. `only_if_open`: asked under a condition that is not answered."""

    paper: Paper
    is_there: bool
    only_if_open: bool
    rules: list[Judgement]

    @property
    def what_it_is(self) -> str:
        return str(PAPERS[self.paper])


@dataclass(frozen=True)
class Result:
    """`way` is None while more than one door is possible; `possible` are then those, and `open` what decides."""

    way: Way | None
    possible: list[Door]
    others: list[Way]
    open: list[str]
    papers: list[PaperAsked]

    @property
    def against_every_category(self) -> list[Cited]:
        """The rules that close all categories at once."""
        common = next((way.common for way in self.others if way.door.is_category), [])
        return cited(each for each in common if each.state == State.NOT_MET)

    @property
    def missing(self) -> list[PaperAsked]:
        return [each for each in self.papers if not each.is_there]


def result_of(answers: Answers, book: RuleBook) -> Result:
    found = outcome(answers, book)
    ways = {door: way(door, answers, book, found.door) for door in Door}
    chosen = ways[found.door] if found.door else None
    papers = papers_of(chosen, answers) if chosen else []
    open_questions = [*found.open]
    if any(each.only_if_open for each in papers):
        open_questions.append("first")
    others = [each for door, each in ways.items() if door != found.door]
    return Result(chosen, list(found.doors), others, open_questions, papers)


def way(door: Door, answers: Answers, book: RuleBook, chosen: Door | None) -> Way:
    own, common = judged(door, answers, book)
    stands = verdict(door, answers, book)
    if door == chosen:
        return Way(door, stands, reason(door, answers), own, common)
    not_met = any(each.state == State.NOT_MET for each in (*own, *common))
    by_kind = bool(answers.organization) and answers.organization not in NON_GOVERNMENTAL and not not_met
    return Way(door, stands, condition_of(door, stands, by_kind=by_kind), own, common)


def papers_of(chosen: Way, answers: Answers) -> list[PaperAsked]:
    """Every paper that the rules of the door ask of it, with the rules that do."""
    asking = [each for each in chosen.own if each.state not in UNASKED]
    papers = []
    for paper in Paper:
        rules = [each for each in asking if paper in each.rule.papers]
        if rules:
            is_there = paper in answers.papers
            papers.append(PaperAsked(paper, is_there, all(each.open for each in rules), rules))
    return papers


# -- Dates ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dates:
    """What sources publish of windows.

    of_meeting: that of the meeting asked for, if it has one, and whether that one is over. ahead: without a meeting,
    the windows that are not closed, the next first; last: the latest that is closed.
    """

    meeting: Meeting | None
    of_meeting: Window | None = None
    is_over: bool = False
    ahead: list[Window] = field(default_factory=list)
    last: Window | None = None

    @property
    def shown(self) -> list[Window]:
        return [self.of_meeting] if self.of_meeting else self.ahead

    @property
    def all(self) -> list[Window]:
        return [window for window in (*self.shown, self.last) if window]


def dates_of(meeting: Meeting | None, meetings: Iterable[Meeting], day: datetime.date) -> Dates:
    """For the meeting asked for, or, where none is, for all."""
    if meeting:
        return Dates(meeting, window_of(meeting, day), is_over(meeting, day))
    found = windows(meetings, day)
    ahead = [window for window in found if window.standing != Standing.CLOSED]
    closed = [window for window in found if window.standing == Standing.CLOSED]
    return Dates(None, ahead=ahead[::-1], last=closed[0] if closed else None)


def asks_for_dates(answers: Answers, result: Result) -> bool:
    """Whether windows concern it: who wants to attend a meeting, or is to be invited to one."""
    return answers.want == Want.ONE_MEETING or bool(result.way and result.way.door == Door.INVITATION)
