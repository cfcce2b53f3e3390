"""What is written of a run."""

import pytest

from bench.goals import Goal
from bench.report import Run, cell, judged, number, ratios, report, table, times
from bench.requests import Question
from bench.running import Measured

pytestmark = pytest.mark.once

QUESTION = Question("list", "the list", "/organizations/", "/register/organizations")
MEASURED = Measured(
    {
        "list/portal": {"p50": 2.0, "p95": 4.25, "per_second": 512.3},
        "list/datasette": {"p50": 10.0, "p95": 20.0, "per_second": 80.0},
        "list/sqlite": {"p50": 0.05, "p95": 0.06, "per_second": None},
        "again/portal": {"p50": 0.2, "p95": 0.3, "per_second": 12000.0},
        "again/constant": {"p50": 0.16, "p95": 0.2, "per_second": 13000.0},
        "csv/portal": {"mb_s": 48.1, "first": 12.0, "seconds": 1.5, "grown": None},
    },
    ["the list: portal answers 500"],
    ["Datasette: left out"],
)


def test_numbers_have_the_figures_that_say_something() -> None:
    assert [number(value) for value in (12004.3, 174.2, 42.19, 4.2, 0.031)] == [
        "12,004",
        "174",
        "42.2",
        "4.20",
        "0.031",
    ]
    assert (times(5.0), times(0.02)) == ("5.00", "1/50.0")


def test_a_cell_holds_what_was_measured_with_its_units_and_is_empty_where_nothing_was() -> None:
    assert cell(MEASURED.figures, "list", "portal") == "2.00 / 4.25 ms; 512/s"
    assert cell(MEASURED.figures, "csv", "portal") == "48.1 MB/s; first byte 12.0 ms; 1.50 s"
    assert cell(MEASURED.figures, "word", "portal") == ""


def test_ratios_say_how_many_times_the_portals_time_the_others_take() -> None:
    assert ratios(MEASURED.figures, "list") == "Datasette 5.00, SQLite 1/40.0"
    assert ratios(MEASURED.figures, "again") == "constant 1/1.25"


def test_a_goal_that_is_missed_is_told_with_what_was_reached() -> None:
    reached, missed, unknown = Goal("p50", most=3), Goal("p95", most=4), Goal("p50", most=1, against="/postgresql")
    assert judged([reached], "list", MEASURED.figures) == "yes"
    assert judged([reached, missed], "list", MEASURED.figures) == "**no** (p95 ≤ 4 ms: 4.25)"
    assert judged([reached, unknown], "list", MEASURED.figures) == "yes; not measured: ≤ 1 × bare PostgreSQL"
    assert judged([unknown], "list", MEASURED.figures) == "not measured: ≤ 1 × bare PostgreSQL"
    assert judged([], "list", MEASURED.figures) == ""


def test_every_line_of_the_table_has_the_columns_of_its_head() -> None:
    lines = table(MEASURED, [QUESTION], {"list": [Goal("p50", most=3)]})
    assert {line.count("|") for line in lines} == {9}
    assert lines[2].startswith("| the list | 2.00 / 4.25 ms; 512/s | 10.0 / 20.0 ms; 80.0/s |")
    assert lines[2].endswith("| ≤ 3 ms | yes |")


def test_the_page_says_what_was_wrong_and_what_was_not_measured() -> None:
    page = report(Run(200, "sqlite", 1, 1, "SQLite 3.53.0"), MEASURED, [QUESTION], {}, "")
    assert "- the list: portal answers 500" in page
    assert "- Datasette: left out" in page
    assert "make bench N=200 DATABASE=sqlite" in page
    assert max(map(len, page.splitlines())) < 800
