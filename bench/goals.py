"""What is to be reached, and whether it is: the targets that docs/performance.md sets for each request."""

from collections.abc import Mapping
from dataclasses import dataclass

# By request and who answered it ("list/portal", "list/datasette"): what was measured, by the name of the measure.
Figures = Mapping[str, Mapping[str, float | None]]

UNITS = {
    "p50": "ms",
    "p95": "ms",
    "mb_s": "MB/s",
    "first": "ms",
    "grown": "MB",
    "seconds": "s",
    "pss": "MB",
    "kb": "KB",
}
CALLED = {"p95": "p95 ", "first": "first byte ", "grown": "memory +", "pss": "a worker "}
WHO = {
    "datasette": "Datasette",
    "constant": "the constant view",
    "sqlite": "bare SQLite",
    "postgresql": "bare PostgreSQL",
}
# From this size on, the targets are those of a million.
LARGE = 300_000


@dataclass(frozen=True)
class Goal:
    """`measure` at most or at least so much; with `against`, times what was measured there ("list/datasette", or
    "/datasette" for the same request). A time with `least` is to be so many times shorter."""

    measure: str
    most: float | None = None
    least: float | None = None
    against: str = ""

    @property
    def says(self) -> str:
        bound = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        called = CALLED.get(self.measure, "")
        if not self.against:
            return f"{called}{bound} {UNITS.get(self.measure, '')}".strip()
        return f"{called}{bound} × {self._relation}{self._other}"

    @property
    def _is_speed(self) -> bool:
        return self.least is not None and UNITS.get(self.measure) in ("ms", "s")

    @property
    def _relation(self) -> str:
        if self.measure == "per_second":
            return "the requests/s of "
        return "faster than " if self._is_speed else ""

    @property
    def _other(self) -> str:
        request, _, who = self.against.partition("/")
        name, _, elsewhere = who.partition("@")
        if elsewhere:
            return f"its own with {int(elsewhere):,}" if elsewhere.isdecimal() else "its own on SQLite"
        if name == "portal":
            return {"list": "page 1", "idle": "when idle"}[request]
        return WHO[name] + ("’s list" if request == "list" else "")

    def value(self, request: str, figures: Figures) -> float | None:
        """What was reached, in the unit of the goal; None where a part of it was not measured."""
        own = figures.get(f"{request}/portal", {}).get(self.measure)
        if not self.against or own is None:
            return own
        where = request + self.against if self.against.startswith("/") else self.against
        other = figures.get(where, {}).get(self.measure)
        if not other or not own:
            return None
        return other / own if self._is_speed else own / other

    def reached(self, request: str, figures: Figures) -> bool | None:
        value = self.value(request, figures)
        if value is None:
            return None
        return value <= self.most if self.most is not None else value >= (self.least or 0)


def goals(size: int, database: str) -> dict[str, list[Goal]]:
    """By request, for a register of that size on "sqlite" or "postgresql"."""
    found = {**every_size(), **(of_a_million() if size >= LARGE else of_hundred_thousand())}
    for request in ("page-200", "page-2000"):
        found[request] = [Goal("p50", most=1.2, against="list/portal")]
    if database == "postgresql":
        for request in ("list", "filters", "facets", "word", "typo", "page-200", "page-2000", "one", "json"):
            found[request] = [*found.get(request, []), Goal("p50", most=1.5, against="/portal@sqlite")]
    return found


def every_size() -> dict[str, list[Goal]]:
    again = [Goal("per_second", least=0.8, against="again/constant"), Goal("p50", most=1.3, against="again/constant")]
    return {
        "again": [*again, Goal("per_second", least=100, against="list/datasette")],
        "again-filters": again,
        "not-modified": [Goal("per_second", least=0.9, against="again/constant")],
        "during": [Goal("p95", most=2, against="idle/portal")],
        "csv-again": [Goal("mb_s", least=45), Goal("mb_s", least=2, against="csv/datasette"), Goal("first", most=30)],
        "weight": [Goal("kb", most=12)],
    }


def of_hundred_thousand() -> dict[str, list[Goal]]:
    return {
        "list": [Goal("p50", most=3), Goal("p50", least=4, against="/datasette")],
        "filters": [Goal("p50", most=4), Goal("p50", least=8, against="/datasette")],
        "facets": [
            Goal("p50", most=5),
            Goal("p95", most=10),
            Goal("p50", least=40, against="/datasette"),
            Goal("per_second", least=40, against="/datasette"),
            Goal("p50", most=1.2, against="/postgresql"),
            Goal("p50", most=4, against="/sqlite"),
        ],
        "word": [Goal("p50", most=20), Goal("p50", least=28, against="/datasette")],
        "typo": [Goal("p50", most=12)],
        "one": [Goal("p50", most=3), Goal("p50", most=1, against="/datasette")],
        "json": [Goal("p50", most=4), Goal("p50", least=4, against="/datasette")],
        "csv": [Goal("mb_s", least=45), Goal("mb_s", least=2, against="/datasette"), Goal("first", most=30)],
        "start": [Goal("seconds", most=2), Goal("pss", most=160)],
    }


def of_a_million() -> dict[str, list[Goal]]:
    def grown(times: float) -> Goal:
        return Goal("p50", most=times, against="/portal@10000")

    return {
        "list": [grown(1.5)],
        "filters": [grown(4)],
        "facets": [
            Goal("p50", most=12),
            Goal("p50", least=150, against="/datasette"),
            Goal("p50", most=1, against="/sqlite"),
            Goal("p50", most=1, against="/postgresql"),
        ],
        "word": [Goal("p50", most=180)],
        "typo": [Goal("p50", most=30)],
        "one": [grown(1.5)],
        "json": [grown(3)],
        "csv": [Goal("grown", most=10), Goal("mb_s", least=45)],
        "start": [Goal("seconds", most=6), Goal("pss", most=420)],
    }
