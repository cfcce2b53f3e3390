"""The figures of a project as bars, where they can be compared: of one unit, and none of them a context or baseline."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engagement.models import ProjectResult, ResultNature

MOST_BARS = 12
PERCENT = "percent"
# A year is no length, and what has no unit can be compared with nothing.
NO_LENGTHS = ("", "year")
# What may stand side by side: results with their targets, sums of money with each other.
KINDS = ((ResultNature.RESULT, ResultNature.TARGET), (ResultNature.FUNDING,))


@dataclass(frozen=True)
class Bar:
    result: ProjectResult
    width: float

    @property
    def is_target(self) -> bool:
        return self.result.nature == ResultNature.TARGET


@dataclass(frozen=True)
class Comparison:
    """Figures of one unit, in the order of the record, each as long as its share of the greatest."""

    unit: str
    bars: list[Bar]
    more: int


@dataclass(frozen=True)
class Results:
    """`rows` is what the table shows: every figure, drawn or not."""

    comparisons: list[Comparison]
    rows: list[ProjectResult]

    @property
    def drawn(self) -> int:
        return sum(len(each.bars) for each in self.comparisons)

    @property
    def undrawn(self) -> int:
        return len(self.rows) - self.drawn


def results_of(results: Iterable[ProjectResult]) -> Results:
    """The figures among the results of a project; nothing is drawn where no two can be compared."""
    figures = [result for result in results if result.value is not None]
    comparable: dict[tuple[int, str], list[ProjectResult]] = {}
    for result in figures:
        kind = next((index for index, natures in enumerate(KINDS) if result.nature in natures), None)
        if kind is not None and result.unit not in NO_LENGTHS and number_of(result) >= 0:
            comparable.setdefault((kind, result.unit), []).append(result)
    groups = [group for group in comparable.values() if len(group) > 1]
    return Results([comparison for group in groups if (comparison := compared(group))], figures)


def compared(group: list[ProjectResult]) -> Comparison | None:
    """Bars of figures of one unit; shares of a hundred are measured on a hundred. None where all are nought."""
    values = [number_of(result) for result in group]
    unit = group[0].unit
    greatest = max(*values, Decimal(100)) if unit == PERCENT else max(values)
    if not greatest:
        return None
    bars = [Bar(result, float(value / greatest)) for result, value in zip(group, values, strict=True)]
    return Comparison(unit, bars[:MOST_BARS], max(0, len(bars) - MOST_BARS))


def number_of(result: ProjectResult) -> Decimal:
    return Decimal(result.value or 0)
