"""Scales: from partial dates and numbers to places in a picture."""

from collections.abc import Iterable
from dataclasses import dataclass

from engagement.models import PartialDate

DAYS_A_MONTH, MONTHS_A_YEAR = 31, 12
MOST_YEARS_WRITTEN = 6
FIRST_YEAR, LAST_YEAR = 1, 9999
YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000)
# Nearer than this to a side, a year would hang over it; nearer than this to each other, two would touch.
SIDE, ROOM = 0.05, 0.12


def moment(day: str, *, over: bool = False) -> float:
    """The day (as text; a month's end may be written 31) in years: “2006-07-01” is 2006.5. `over` is when it ends.

    All months count as long as each other, as they do where partial dates are ordered.
    """
    year, month, number = (int(part) for part in day.split("-"))
    months = month - 1 + (number - 1 + over) / DAYS_A_MONTH
    return year + months / MONTHS_A_YEAR


@dataclass(frozen=True)
class Known:
    """When something was, as finely as is known: it lies between `first` and `last`, in years.

    An end that is open (“2022 or earlier”) is None.
    """

    first: float | None
    last: float | None
    is_day: bool

    @classmethod
    def of(cls, text: str) -> "Known":
        """Of a partial date that is not ''."""
        date = PartialDate(text)
        first = None if date.earliest.startswith(f"{FIRST_YEAR:04}") else moment(date.earliest)
        last = None if date.latest.startswith(f"{LAST_YEAR:04}") else moment(date.latest, over=True)
        return cls(first, last, date.earliest == date.latest)

    @property
    def ends(self) -> list[float]:
        return [end for end in (self.first, self.last) if end is not None]


def year_of(text: str) -> int | None:
    """The one year in which a partial date lies; None where it may lie in several."""
    date = PartialDate(text)
    first, last = date.earliest[:4], date.latest[:4]
    return int(first) if first == last else None


@dataclass(frozen=True)
class Mark:
    """A text at a place; `anchor` says which of its ends stands there, so that it stays in the picture."""

    at: float
    text: str

    @property
    def anchor(self) -> str:
        return "start" if self.at < SIDE else "end" if self.at > 1 - SIDE else "middle"


@dataclass(frozen=True)
class Part:
    """A part of the width."""

    at: float
    width: float

    @property
    def end(self) -> float:
        return self.at + self.width

    @property
    def middle(self) -> float:
        return self.at + self.width / 2


@dataclass(frozen=True)
class Years:
    """The years from the beginning of `first` to the end of `last`, across the whole width."""

    first: int
    last: int

    @classmethod
    def around(cls, moments: Iterable[float]) -> "Years":
        """Whole years that hold all of `moments`, of which there is at least one."""
        every = list(moments)
        last = max(every)
        return cls(int(min(every)), int(last) - (last == int(last) and last > min(every)))

    def __len__(self) -> int:
        return self.last - self.first + 1

    def widened(self, least: int) -> "Years":
        """At least so many years, as many of the new ones before as after."""
        missing = max(0, least - len(self))
        return Years(self.first - missing // 2, self.last + missing - missing // 2)

    def at(self, moment: float) -> float:
        """Where the moment lies; what lies outside is put on the nearer side."""
        return min(1.0, max(0.0, (moment - self.first) / len(self)))

    def part(self, first: float | None, last: float | None) -> Part:
        """From one moment to the other; None goes on to the side."""
        start = 0.0 if first is None else self.at(first)
        end = 1.0 if last is None else self.at(last)
        return Part(start, max(0.0, end - start))

    @property
    def written(self) -> list[Mark]:
        """Years to write below, each where it begins: round ones, and the first where it has room."""
        return [Mark(self.at(year), str(year)) for year in self._chosen]

    @property
    def named(self) -> list[Mark]:
        """The same below columns that are a year wide, in the middle of each."""
        return [Mark(self.at(year + 0.5), str(year)) for year in self._chosen]

    @property
    def _chosen(self) -> list[int]:
        step = next(step for step in YEAR_STEPS if len(self) / step <= MOST_YEARS_WRITTEN)
        begin = -(-self.first // step) * step
        first = [self.first] if (begin - self.first) / len(self) >= ROOM else []
        return [*first, *range(begin, self.last + 1, step)]


def rungs(most: int) -> list[int]:
    """The numbers to write beside a scale from 0 to `most`: round ones, four at most, without the 0."""
    size = 10 ** max(0, len(str(most)) - 2)
    step = next(size * factor for factor in (1, 2, 5, 10, 20, 50) if most / (size * factor) <= 4)
    return list(range(step, most + 1, step))
