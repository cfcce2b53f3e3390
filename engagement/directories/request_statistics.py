"""How many requests came and what became of them, told so that no single one can be told from it.

A number under FEWEST is shown as “fewer than 5”. Where it could be computed from the totals, other numbers are kept
back with it, until none of those that are not shown follows from those that are: `settled` tries for each whether
another table would look the same to a reader who knows what is meant by the words in place of numbers.
"""

import heapq
import statistics as mathematics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models import Request, RequestKind, RequestStep, Stage

FEWEST = 5
MOST = 10**9


class State(TextChoices):
    """What became of a request so far; each counts once."""

    CHECKED = "checked", _("Received, not yet complete")
    COMPLETE = "complete", _("Complete, not yet decided")
    GRANTED = "granted", _("Granted")
    DEFERRED = "deferred", _("Deferred")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STATES = {
    Stage.RECEIVED: State.CHECKED,
    Stage.INCOMPLETE: State.CHECKED,
    Stage.COMPLETE: State.COMPLETE,
    Stage.SCHEDULED: State.COMPLETE,
    Stage.GRANTED: State.GRANTED,
    Stage.DEFERRED: State.DEFERRED,
    Stage.DECLINED: State.DECLINED,
    Stage.WITHDRAWN: State.WITHDRAWN,
}
# The stages in which a request waits for somebody.
WAITING = (Stage.RECEIVED, Stage.INCOMPLETE, Stage.COMPLETE, Stage.SCHEDULED, Stage.DEFERRED)

# A table with its totals: a row a year and one of the totals, a column a state and one of the totals, the last of each.
Numbers = Sequence[Sequence[int]]
Place = tuple[int, int]


class Shown(TextChoices):
    """How a number is told."""

    NUMBER = "number", ""
    FEW = "few", _("fewer than 5")
    KEPT_BACK = "kept-back", _("kept back")


Marks = list[list[Shown]]


# -- What is shown ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A number, or why it is not shown."""

    number: int
    shown: Shown

    @property
    def is_number(self) -> bool:
        return self.shown == Shown.NUMBER


@dataclass(frozen=True)
class Table:
    """The requests of one kind: by the year in which they were sent, and for each stage the days it took."""

    kind: RequestKind
    rows: list[tuple[str, list[Cell]]]
    days: list[tuple[Stage, float | None]] = field(default_factory=list)


def statistics() -> list[Table]:
    """A table a kind. Kinds are not added up: what is kept back of one cannot be had from the others."""
    sent = Request.objects.sent().values_list("kind", "stage", "sent_at__year")
    counts: dict[tuple[str, int, State], int] = defaultdict(int)
    for kind, stage, year in sent:
        counts[kind, year, STATES[Stage(stage)]] += 1
    days = days_by_stage()
    return [Table(kind, rows_of(kind, counts), days_of(kind, days)) for kind in RequestKind]


def rows_of(kind: RequestKind, counts: dict[tuple[str, int, State], int]) -> list[tuple[str, list[Cell]]]:
    """The years from the first to this one, and all of them together in the row named ''. None of a kind of which
    fewer than FEWEST came at all."""
    found = [year for of_kind, year, _state in counts if of_kind == kind]
    if sum(number for (of_kind, *_rest), number in counts.items() if of_kind == kind) < FEWEST:
        return []
    years = range(min(found), max(timezone.localdate().year, *found) + 1)
    numbers = with_totals([[counts.get((kind.value, year, state), 0) for state in State] for year in years])
    marks = marked(numbers)
    names = [*(str(year) for year in years), ""]
    return [
        (name, [Cell(number, mark) for number, mark in zip(row, marks_of_row, strict=True)])
        for name, row, marks_of_row in zip(names, numbers, marks, strict=True)
    ]


def with_totals(numbers: Numbers) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in numbers]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


# -- What is not shown -----------------------------------------------------------------------------------------------


def marked(numbers: Numbers) -> Marks:
    """How each number of a table with its totals is told."""
    marks = [[Shown.FEW if number < FEWEST else Shown.NUMBER for number in row] for row in numbers]
    while exposed := next(iter(settled(numbers, marks)), None):
        circle = cheapest_circle(exposed, numbers, marks)
        if circle is None:  # nothing can be kept back that would help: then nothing is told at all
            return [[Shown.KEPT_BACK for _number in row] for row in numbers]
        for row, column in circle:
            if marks[row][column] == Shown.NUMBER:
                marks[row][column] = Shown.KEPT_BACK
    return marks


def settled(numbers: Numbers, marks: Marks) -> Iterable[tuple[int, int]]:
    """The places whose numbers are not shown and can be computed all the same.

    A table with its totals is a flow: from the year to the state, on to the total of the state, to the total of all,
    and back to the year as its total. Another table looks the same exactly if the flow can be turned by one along a
    circle through numbers that are not shown, within what their marks say of them.
    """
    arcs = arcs_of(numbers, marks)
    for place in ends_of(numbers):
        row, column = place
        if marks[row][column] != Shown.NUMBER and not any(circles(place, numbers, marks, arcs)):
            yield place


def cheapest_circle(exposed: Place, numbers: Numbers, marks: Marks) -> list[Place] | None:
    """The circle through a place that has the least to be kept back: small numbers before large ones and before totals.
    All that are kept back for it lie on it, so that none of them can be computed either."""
    found = [*circles(exposed, numbers, marks, arcs_of(numbers, marks, with_shown=True))]
    return min(found)[1] if found else None


def circles(place: Place, numbers: Numbers, marks: Marks, arcs: "Arcs") -> Iterator[tuple[int, list[Place]]]:
    """The cheapest along which the number at a place can be one more, and one less, with what they cost."""
    source, target = ends_of(numbers)[place]
    low, high = bounds(marks, place)
    value = numbers[place[0]][place[1]]
    if value < high and (more := cheapest_way(arcs, target, source, without=place)):
        yield more
    if value > low and (less := cheapest_way(arcs, source, target, without=place)):
        yield less


def ends_of(numbers: Numbers) -> dict[Place, tuple[str, str]]:
    """By place in the table, where the flow that is its number comes from and where it goes."""
    last_row, last_column = len(numbers) - 1, len(numbers[0]) - 1
    ends = {}
    for row in range(len(numbers)):
        for column in range(len(numbers[0])):
            source = f"state {column}" if row == last_row else f"year {row}"
            target = "totals of states" if row == last_row else f"state {column}"
            if column == last_column:
                source = "totals of states" if row == last_row else "totals of years"
                target = "totals of years" if row == last_row else f"year {row}"
            ends[row, column] = (source, target)
    return ends


# By point, to where the flow may be turned by one more, by which place, and what keeping that back costs.
Arcs = dict[str, list[tuple[str, Place, int]]]


def arcs_of(numbers: Numbers, marks: Marks, with_shown: bool = False) -> Arcs:
    """Along numbers that are not shown; `with_shown`: along the others too, as if they were kept back."""
    arcs: Arcs = defaultdict(list)
    for place, (source, target) in ends_of(numbers).items():
        row, column = place
        value, is_shown = numbers[row][column], marks[row][column] == Shown.NUMBER
        if is_shown and not with_shown:
            continue
        is_total = row == len(numbers) - 1 or column == len(numbers[0]) - 1
        cost = (value + (MOST if is_total else 0)) if is_shown else 0
        low, high = bounds(marks, place)
        if value < high:
            arcs[source].append((target, place, cost))
        if value > low:
            arcs[target].append((source, place, cost))
    return arcs


def bounds(marks: Marks, place: Place) -> tuple[int, int]:
    """What a reader knows of a number that is not shown. Where all are kept back, that it is none that is negative."""
    if marks[place[0]][place[1]] == Shown.FEW:
        return 0, FEWEST - 1
    is_all = all(mark == Shown.KEPT_BACK for row in marks for mark in row)
    return (0 if is_all else FEWEST), MOST


def cheapest_way(arcs: Arcs, source: str, target: str, without: Place) -> tuple[int, list[Place]] | None:
    """The places along which the flow can be turned from one point to another, past one; None where there are none."""
    ahead: list[tuple[int, str, list[Place]]] = [(0, source, [])]
    seen = set()
    while ahead:
        cost, point, way = heapq.heappop(ahead)
        if point == target:
            return cost, way
        if point not in seen:
            seen.add(point)
            for other, place, more in arcs.get(point, ()):
                if place != without and other not in seen:
                    heapq.heappush(ahead, (cost + more, other, [*way, place]))
    return None


# -- Days ------------------------------------------------------------------------------------------------------------


def days_by_stage() -> dict[tuple[str, str], list[int]]:
    """By kind and stage the days that requests stood at it, each time that they came to it and left it."""
    in_order = RequestStep.objects.order_by("request_id", "at", "pk")
    steps = in_order.values_list("request_id", "request__kind", "stage", "at")
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    request, stage, since = 0, "", None
    for key, kind, reached, at in steps:
        if key != request:
            request, stage, since = key, reached, at
        elif reached != stage:
            if since is not None:
                found[kind, stage].append((at - since).days)
            stage, since = reached, at
    return found


def days_of(kind: RequestKind, days: dict[tuple[str, str], list[int]]) -> list[tuple[Stage, float | None]]:
    """The median of each stage at which requests wait; None where fewer than FEWEST have left it."""
    every = [(stage, days.get((kind.value, stage.value), [])) for stage in WAITING]
    return [(stage, mathematics.median(some) if len(some) >= FEWEST else None) for stage, some in every]
