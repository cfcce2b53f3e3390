"""What began and what ended, year by year: columns that rise from a line and columns that hang from it."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Value

from engagement.directories.following import remembered
from engagement.models import ConsultativeCategory, ConsultativeStatus, Invitation, PartialDate
from engagement.pictures.scales import Mark, Part, Years, rungs, year_of

# One more or less is at most this high, and all of it together; pixels.
HIGHEST_ONE, HIGHEST = 24, 160
# Of the width that a year has, and the least distance between two numbers written.
FILLED, APART = 0.8, 0.045
# Above the columns for their numbers, and from the columns down to the years.
HEAD, FOOT = 18, 20
# From a column to the line on which its number is written, in pixels.
LABEL_ABOVE, LABEL_BELOW = 4, 14
# A single year would fill the width: there are at least so many.
FEWEST_YEARS = 10
# A date that leaves more years open than this is told in the table and not drawn.
WIDEST = 10


@dataclass(frozen=True)
class Row:
    """A row of the table: a year, or a date that leaves the year open, and how many began and ended then."""

    date: str
    begun: int
    ended: int

    @property
    def year(self) -> int | None:
        return year_of(self.date)

    @property
    def earliest(self) -> str:
        return PartialDate(self.date).earliest


@dataclass(frozen=True)
class Column:
    """A column: `part` of the width, from `y` down over `height`. It is pale where the year is not known."""

    part: Part
    y: float
    height: float
    number: int
    rises: bool
    known: bool

    @property
    def label(self) -> float:
        """Where its number stands: above it, or below it where it hangs."""
        return self.y - LABEL_ABOVE if self.rises else self.y + self.height + LABEL_BELOW


@dataclass(frozen=True)
class Rung:
    """A number written beside the scale, at its height."""

    y: float
    number: int

    @property
    def label(self) -> float:
        return self.y - LABEL_ABOVE


@dataclass(frozen=True)
class Changes:
    """`rows` is what the table shows: all that has a date. `line` is where the columns stand.

    numbers: the columns that have room for their number; a scale of `rungs` is there if others have none.
    """

    rows: list[Row]
    years: Years | None
    columns: list[Column]
    numbers: list[Column]
    rungs: list[Rung]
    line: float
    height: float
    undrawn: int

    @property
    def begun(self) -> int:
        return sum(row.begun for row in self.rows)

    @property
    def ended(self) -> int:
        return sum(row.ended for row in self.rows)

    @property
    def most(self) -> Row | None:
        """The year in which most began; None where no year has more than the others."""
        ordered = sorted((row for row in self.rows if row.year), key=lambda row: row.begun)
        return ordered[-1] if len(ordered) > 1 and ordered[-1].begun > ordered[-2].begun else None

    @property
    def has_open_years(self) -> bool:
        return any(not column.known for column in self.columns)

    @property
    def marks(self) -> list[Mark]:
        return self.years.named if self.years else []

    @property
    def foot(self) -> float:
        """Where the years are written, below the numbers of what ended."""
        return HEAD + self.height + (FOOT + LABEL_BELOW if self.ended else FOOT)

    @property
    def room(self) -> float:
        """The height of it all."""
        return self.foot + LABEL_ABOVE


class Dated(NamedTuple):
    """How many facts have a date in a year: the day from which on they are seen, the year or what leaves it open."""

    day: str
    year: str
    number: int


# What began and what ended.
Sides = tuple[list[Dated], list[Dated]]


def changes_of_all() -> Changes:
    """Of all statuses that the public may see, counted once for each revision."""
    return seen(remembered("changes by year", lambda: sides_of(ConsultativeStatus.objects.published())))


def changes_of_category(category: ConsultativeCategory, on: datetime.date | None = None) -> Changes:
    """Its statuses granted and ended; where standing is by invitation, the invitations."""
    return seen(remembered("changes by year", lambda: sides_of_category(category), category.pk), on)


def changes_of_statuses(statuses: Any, on: datetime.date | None = None) -> Changes:
    """Statuses granted and ended, in one query; as of a day those granted by then and ended by then."""
    return seen(sides_of(statuses), on)


def seen(sides: Sides, on: datetime.date | None = None) -> Changes:
    begun, ended = (counted(side, on) for side in sides)
    return changes(begun, ended)


def counted(dated: list[Dated], on: datetime.date | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in dated:
        if on is None or each.day <= on.isoformat():
            found[each.year] += each.number
    return found


def sides_of_category(category: ConsultativeCategory) -> Sides:
    if category.slug != "invited":
        return sides_of(category.statuses.published())
    starts = Invitation.objects.published().order_by().values_list("meeting__start").annotate(n=Count("pk"))
    return by_day(((start, n) for start, n in starts), "earliest"), []


def sides_of(statuses: Any) -> Sides:
    """When they were granted and when they ended; one query."""
    granted, ended = (
        statuses.order_by()
        .exclude(**{name: ""})
        .annotate(side=Value(name, CharField()), dated=F(name))
        .values("side", "dated")
        .annotate(n=Count("pk"))
        .values_list("side", "dated", "n")
        for name in ("granted", "ended")
    )
    rows = list(granted.union(ended, all=True))
    begun, over = ([(date, n) for side, date, n in rows if side == name] for name in ("granted", "ended"))
    return by_day(begun, "earliest"), by_day(over, "latest")


def by_day(counted: Iterable[tuple[str, int]], end: str) -> list[Dated]:
    """Partial dates with their numbers, each from the one or the other end on."""
    return [Dated(getattr(PartialDate(date), end), by_year(date), n) for date, n in counted if date]


def by_year(date: str) -> str:
    """The year of a date, or the date itself where it leaves the year open."""
    year = year_of(date)
    return f"{year:04}" if year else date


def changes(begun: Counter[str], ended: Counter[str]) -> Changes:
    dates = sorted({*begun, *ended}, key=lambda date: (PartialDate(date).earliest, date))
    rows = [Row(date, begun[date], ended[date]) for date in dates]
    drawn = [row for row in rows if span_of(row)]
    years = years_of(drawn) if drawn else None
    up, down = (max((getattr(row, side) for row in drawn), default=0) for side in ("begun", "ended"))
    one = min(HIGHEST_ONE, HIGHEST / max(1, up + down))
    columns = [column for row in drawn if years for column in columns_of(row, years, up * one, one)]
    numbers = apart(columns)
    return Changes(
        rows=rows,
        years=years,
        columns=columns,
        numbers=numbers,
        rungs=[Rung((up - number) * one, number) for number in rungs(up)] if len(numbers) < len(columns) and up else [],
        line=up * one,
        height=(up + down) * one,
        undrawn=sum(row.begun + row.ended for row in rows if not span_of(row)),
    )


def years_of(drawn: list[Row]) -> Years:
    """From the first to the last of them, so many at least that a column is no block."""
    spans = [span_of(row) for row in drawn]
    return Years(min(span[0] for span in spans), max(span[-1] for span in spans)).widened(FEWEST_YEARS)


def span_of(row: Row) -> range:
    """The years in which it may have been; empty where they are too many to be drawn."""
    date = PartialDate(row.date)
    years = range(int(date.earliest[:4]), int(date.latest[:4]) + 1)
    return years if len(years) <= WIDEST else range(0)


def columns_of(row: Row, years: Years, line: float, one: float) -> list[Column]:
    """Its columns, a little narrower than the years in which it may have been."""
    span = span_of(row)
    gap = (1 - FILLED) / 2
    part = years.part(span[0] + gap, span[-1] + 1 - gap)
    known = len(span) == 1
    return [
        Column(part, line - number * one if rises else line, number * one, number, rises, known)
        for number, rises in ((row.begun, True), (row.ended, False))
        if number
    ]


def apart(columns: Iterable[Column]) -> list[Column]:
    """Those whose numbers can be written without touching each other, the higher ones first."""
    chosen: list[Column] = []
    for column in sorted(columns, key=lambda column: -column.number):
        others = [each for each in chosen if each.rises is column.rises]
        if all(abs(each.part.middle - column.part.middle) >= APART for each in others):
            chosen.append(column)
    return sorted(chosen, key=lambda column: column.part.at)
