"""The targets: how they are said, and when they are reached."""

import pytest

from bench.goals import Goal, goals

pytestmark = pytest.mark.once

FIGURES: dict[str, dict[str, float | None]] = {
    "list/portal": {"p50": 2.0, "p95": 4.0, "per_second": 500.0},
    "list/datasette": {"p50": 10.0, "p95": 20.0, "per_second": 80.0},
    "list/portal@10000": {"p50": 1.0, "p95": 2.0, "per_second": 900.0},
    "page-200/portal": {"p50": 2.2, "p95": 4.0, "per_second": 450.0},
    "word/datasette": {"p50": 500.0, "p95": 600.0, "per_second": None},
}


@pytest.mark.parametrize(
    ("goal", "says", "value", "reached"),
    [
        (Goal("p50", most=3), "≤ 3 ms", 2.0, True),
        (Goal("p95", most=3), "p95 ≤ 3 ms", 4.0, False),
        (Goal("p50", least=4, against="/datasette"), "≥ 4 × faster than Datasette", 5.0, True),
        (Goal("p50", most=1, against="/datasette"), "≤ 1 × Datasette", 0.2, True),
        (Goal("per_second", least=8, against="/datasette"), "≥ 8 × the requests/s of Datasette", 6.25, False),
        (Goal("p50", most=1.5, against="/portal@10000"), "≤ 1.5 × its own with 10,000", 2.0, False),
        (Goal("p50", most=1.5, against="/portal@sqlite"), "≤ 1.5 × its own on SQLite", None, None),
        (Goal("p50", most=4, against="/sqlite"), "≤ 4 × bare SQLite", None, None),
    ],
)
def test_a_goal_is_said_and_judged_by_the_figures(
    goal: Goal, says: str, value: float | None, reached: bool | None
) -> None:
    assert (goal.says, goal.value("list", FIGURES), goal.reached("list", FIGURES)) == (says, value, reached)


def test_a_goal_against_another_request_is_judged_by_that_ones_figures() -> None:
    goal = Goal("p50", most=1.2, against="list/portal")
    assert goal.says == "≤ 1.2 × page 1"
    assert goal.value("page-200", FIGURES) == pytest.approx(1.1)
    assert goal.reached("page-200", FIGURES)


def test_what_was_measured_of_nobody_is_neither_reached_nor_missed() -> None:
    assert Goal("p50", most=20).reached("word", FIGURES) is None
    assert Goal("per_second", least=2, against="/datasette").reached("word", FIGURES) is None


def test_a_million_is_judged_by_its_growth_and_postgresql_by_sqlite() -> None:
    assert [goal.says for goal in goals(1_000_000, "sqlite")["list"]] == ["≤ 1.5 × its own with 10,000"]
    of_postgresql = [goal.says for goal in goals(100_000, "postgresql")["list"]]
    assert of_postgresql == ["≤ 3 ms", "≥ 4 × faster than Datasette", "≤ 1.5 × its own on SQLite"]
    every = [goal for size in (100_000, 1_000_000) for of in goals(size, "postgresql").values() for goal in of]
    assert all(goal.says for goal in every)
