"""How many organizations are recorded in each category on the last day of each year, by the rule of "as of a day".

The rule stands in models.dates as a condition of the database, for one day. Here it is asked of many days at once, of
rows that are read once; tests hold the two to the same answers.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

from engagement.pictures.scales import FIRST_YEAR, LAST_YEAR, Mark, Years

# The room of a category with its name above it, in pixels.
STRIP = 104
COLUMNS = (
    "organization", "category", "granted", "granted_earliest", "ended", "ended_latest",
    "as_of", "as_of_earliest", "as_of_latest",
)  # fmt: skip


@dataclass(frozen=True)
class Strip:
    """A category: its numbers by year, and the outline of the area below them, in years and organizations."""

    category: Any
    y: int
    numbers: list[int]
    outline: str

    @property
    def newest(self) -> int:
        return self.numbers[-1]


@dataclass(frozen=True)
class Holders:
    """`rows` is what the table shows: each year with the numbers in the order of `strips`.

    `outside`: how many statuses count on none of the days, because they have no date or none that holds such a day.
    """

    years: Years | None
    strips: list[Strip]
    most: int
    outside: int
    height: int

    @property
    def rows(self) -> list[tuple[int, list[int]]]:
        if self.years is None:
            return []
        return [
            (year, [strip.numbers[index] for strip in self.strips])
            for index, year in enumerate(range(self.years.first, self.years.last + 1))
        ]

    @property
    def marks(self) -> list[Mark]:
        return self.years.written if self.years else []

    @property
    def width(self) -> int:
        return len(self.years) if self.years else 0


def holders_by_year(statuses: Any, categories: Iterable[Any], today: datetime.date) -> Holders:
    """From the first recorded beginning to the last full year; `statuses` is asked for in one query."""
    last = today.year - ((today.month, today.day) < (12, 31))
    spells = [spell_of(row) for row in statuses.order_by().values(*COLUMNS)]
    counted = [(row, years) for row, years in spells if years and years[0] <= last]
    known = [years[0] for _row, years in counted if years[0] > FIRST_YEAR]
    if not known:
        return Holders(None, [], 0, len(spells), 0)
    years = Years(min(known), last)
    spans: dict[tuple[int, int], list[range]] = defaultdict(list)
    for row, span in counted:
        if inside := range(max(span[0], years.first), min(span[-1], last) + 1):
            spans[row["category"], row["organization"]].append(inside)
    numbers = numbers_of(spans, years)
    held = [(category, numbers[category.pk]) for category in categories if category.pk in numbers]
    most = max((max(each) for _category, each in held), default=0)
    return Holders(
        years=years,
        strips=[
            Strip(category, index * STRIP, each, outline_of(each, most)) for index, (category, each) in enumerate(held)
        ],
        most=most,
        outside=len(spells) - sum(len(of_one) for of_one in spans.values()),
        height=STRIP * len(held),
    )


def numbers_of(spans: dict[tuple[int, int], list[range]], years: Years) -> dict[int, list[int]]:
    """By category, how many organizations there are each year; one that has two statuses counts once."""
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    for (category, _organization), of_one in spans.items():
        for year, change in turns(of_one):
            changes[category][year] += change
    every = range(years.first, years.last + 1)
    return {category: list(accumulate(change[year] for year in every)) for category, change in changes.items()}


def turns(spans: list[range]) -> Iterator[tuple[int, int]]:
    """Where one more is to be counted and where one less, for spans that may overlap."""
    reached = FIRST_YEAR - 1
    for span in sorted(spans, key=lambda span: span[0]):
        if span[-1] > reached:
            yield max(span[0], reached + 1), 1
            yield span[-1] + 1, -1
            reached = span[-1]


def spell_of(row: dict[str, Any]) -> tuple[dict[str, Any], range]:
    """The years on whose last day the status counts.

    A beginning counts from its earliest day on, and an end from its latest: the last day of that year is out.
    What is only stated counts on the days inside the date for which its source speaks.
    """
    if row["granted"]:
        first = int(row["granted_earliest"][:4])
        last = int(row["ended_latest"][:4]) - 1 if row["ended"] else LAST_YEAR
    elif row["as_of"]:
        first, last = int(row["as_of_earliest"][:4]), int(row["as_of_latest"][:4])
        last -= row["as_of_latest"] < f"{last:04}-12-31"
    else:
        return row, range(0)
    return row, range(first, last + 1)


def outline_of(numbers: list[int], most: int) -> str:
    """The area below the numbers as the path of an SVG: across in years, down in organizations."""
    corners = "".join(f"V{most - number}h{len(list(years))}" for number, years in groupby(numbers))
    return f"M0 {most}{corners}V{most}Z"
