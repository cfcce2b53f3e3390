"""How many organizations are recorded in each category on the last day of each year, by the rule of "as of a day".

The rule stands in models.dates as a condition of the database, for one day. Here it is asked of many days at once, of
statuses that the database has grouped by the years of their dates; tests hold the two to the same answers.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, CharField, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Substr

from engagement.directories.following import remembered
from engagement.models import ConsultativeStatus
from engagement.pictures.scales import FIRST_YEAR, LAST_YEAR, Mark, Years

# The room of a category with its name above it, in pixels.
STRIP = 104
GRANTED, STATED = ~Q(granted=""), ~Q(as_of="")


def first_four(name: str) -> Substr:
    """The year of a day."""
    return Substr(name, 1, 4)


# The year in which a status begins to count and the one in which it no longer does; '' where it has none.
FROM = Case(
    When(GRANTED, then=first_four("granted_earliest")),
    When(STATED, then=first_four("as_of_earliest")),
    default=Value(""),
    output_field=CharField(),
)
UNTIL = Case(
    When(GRANTED, then=first_four("ended_latest")),
    When(STATED, then=first_four("as_of_latest")),
    default=Value(""),
    output_field=CharField(),
)
# Whether it counts on the last day of that year as well.
WHOLE = Case(
    When(STATED & ~GRANTED & Q(as_of_latest__endswith="-12-31"), then=Value(True)),
    default=Value(False),
    output_field=BooleanField(),
)


class Spell(NamedTuple):
    """The years on whose last day statuses of a category count, and how many do; one where it is of an organization."""

    category: int
    organization: int | None
    years: range
    number: int


@dataclass(frozen=True)
class Numbers:
    """By category, by its primary key, how many organizations there are each year."""

    years: Years | None
    by_category: dict[int, list[int]]
    outside: int


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


def holders_of_all(categories: Iterable[Any], today: datetime.date) -> Holders:
    """Of all statuses that the public may see, counted once for each revision and day."""
    numbers = remembered("holders by year", lambda: numbers_of(ConsultativeStatus.objects.published(), today), today)
    return drawn(numbers, categories)


def holders_by_year(statuses: Any, categories: Iterable[Any], today: datetime.date) -> Holders:
    """From the first recorded beginning to the last full year; `statuses` are asked for in two queries."""
    return drawn(numbers_of(statuses, today), categories)


def drawn(numbers: Numbers, categories: Iterable[Any]) -> Holders:
    held = [
        (category, numbers.by_category[category.pk]) for category in categories if category.pk in numbers.by_category
    ]
    most = max((max(each) for _category, each in held), default=0)
    return Holders(
        years=numbers.years,
        strips=[
            Strip(category, index * STRIP, each, outline_of(each, most)) for index, (category, each) in enumerate(held)
        ],
        most=most,
        outside=numbers.outside,
        height=STRIP * len(held),
    )


def numbers_of(statuses: Any, today: datetime.date) -> Numbers:
    """By category, how many organizations there are each year; one that has several statuses counts once."""
    last = today.year - ((today.month, today.day) < (12, 31))
    every = spells_of(statuses)
    counting = [spell for spell in every if spell.years and spell.years[0] <= last]
    total = sum(spell.number for spell in every)
    known = [spell.years[0] for spell in counting if spell.years[0] > FIRST_YEAR]
    if not known:
        return Numbers(None, {}, total)
    years = Years(min(known), last)
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    of_one: dict[tuple[int, int], list[range]] = defaultdict(list)
    inside = 0
    for spell in counting:
        if span := range(max(spell.years[0], years.first), min(spell.years[-1], last) + 1):
            inside += spell.number
            if spell.organization is None:
                changes[spell.category][span[0]] += spell.number
                changes[spell.category][span[-1] + 1] -= spell.number
            else:
                of_one[spell.category, spell.organization].append(span)
    for (category, _organization), spans in of_one.items():
        for year, change in turns(spans):
            changes[category][year] += change
    each_year = range(years.first, years.last + 1)
    by_category = {
        category: list(accumulate(change[year] for year in each_year)) for category, change in changes.items()
    }
    return Numbers(years, by_category, total - inside)


def turns(spans: list[range]) -> Iterator[tuple[int, int]]:
    """Where one more is to be counted and where one less, for spans that may overlap."""
    reached = FIRST_YEAR - 1
    for span in sorted(spans, key=lambda span: span[0]):
        if span[-1] > reached:
            yield max(span[0], reached + 1), 1
            yield span[-1] + 1, -1
            reached = span[-1]


def spells_of(statuses: Any) -> list[Spell]:
    """Grouped by their years, but one by one those of organizations that have several of a category."""
    rows = statuses.order_by().annotate(begun=FROM, over=UNTIL, whole=WHOLE)
    alike = statuses.order_by().filter(organization=OuterRef("organization"), category=OuterRef("category"))
    dates, several = ("begun", "over", "whole"), Exists(alike.exclude(pk=OuterRef("pk")))
    grouped = rows.filter(~several).values("category", *dates).annotate(n=Count("pk"))
    apart = rows.filter(several).values_list("category", "organization", *dates)
    return [
        *(Spell(row["category"], None, years_of(*map(row.get, dates)), row["n"]) for row in grouped),
        *(Spell(category, organization, years_of(*dated), 1) for category, organization, *dated in apart),
    ]


def years_of(begun: str, over: str, whole: bool) -> range:
    """The years on whose last day a status counts.

    A beginning counts from its earliest day on, and an end from its latest: the last day of that year is out.
    What is only stated counts on the days inside the date for which its source speaks.
    """
    if not begun:
        return range(0)
    return range(int(begun), int(over) + whole if over else LAST_YEAR + 1)


def outline_of(numbers: list[int], most: int) -> str:
    """The area below the numbers as the path of an SVG: across in years, down in organizations."""
    corners = "".join(f"V{most - number}h{len(list(years))}" for number, years in groupby(numbers))
    return f"M0 {most}{corners}V{most}Z"
