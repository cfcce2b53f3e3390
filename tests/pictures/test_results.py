"""The figures of a project side by side."""

from decimal import Decimal

import pytest

from engagement.models import Project, ProjectResult
from engagement.pictures.results import MOST_BARS, Results, results_of

SIALKOT = "elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot"


def figure(value: float | None, unit: str = "children", nature: str = "result") -> ProjectResult:
    return ProjectResult(
        indicator=f"{value} {unit}", value=None if value is None else Decimal(str(value)), unit=unit, nature=nature
    )


def widths(picture: Results) -> list[list[float]]:
    return [[round(bar.width, 4) for bar in each.bars] for each in picture.comparisons]


def test_figures_of_one_unit_are_as_long_as_their_shares_of_the_greatest() -> None:
    assert widths(results_of([figure(200), figure(50), figure(100)])) == [[1, 0.25, 0.5]]


def test_figures_of_different_units_are_never_on_one_scale() -> None:
    picture = results_of([figure(10), figure(5, "families"), figure(20), figure(50, "families")])
    assert [comparison.unit for comparison in picture.comparisons] == ["children", "families"]
    assert widths(picture) == [[0.5, 1], [0.1, 1]]


def test_a_figure_that_has_no_other_to_compare_with_is_in_the_table_alone() -> None:
    picture = results_of([figure(10), figure(20), figure(7, "families"), figure(3, "")])
    assert picture.drawn == 2 and picture.undrawn == 2 and len(picture.rows) == 4


def test_a_target_is_marked_and_stands_with_the_results() -> None:
    [comparison] = results_of([figure(10), figure(20, nature="target")]).comparisons
    assert [bar.is_target for bar in comparison.bars] == [False, True]


@pytest.mark.parametrize("nature", ["baseline", "funding"])
def test_baselines_and_money_are_not_compared_with_results(nature: str) -> None:
    assert results_of([figure(10), figure(20, nature=nature)]).comparisons == []


def test_sums_of_money_stand_beside_each_other_and_contexts_beside_nothing() -> None:
    assert widths(results_of([figure(75, "USD", "funding"), figure(25, "USD", "funding")])) == [[1, 0.3333]]
    assert results_of([figure(75, "percent", "baseline"), figure(20, "percent", "baseline")]).comparisons == []


@pytest.mark.parametrize("unit", ["", "year"])
def test_years_and_bare_numbers_are_no_lengths(unit: str) -> None:
    assert results_of([figure(1997, unit), figure(2001, unit)]).comparisons == []


def test_shares_of_a_hundred_are_measured_on_a_hundred() -> None:
    assert widths(results_of([figure(65, "percent"), figure(60, "percent")])) == [[0.65, 0.6]]
    assert widths(results_of([figure(200, "percent"), figure(50, "percent")])) == [[1, 0.25]]


def test_findings_in_words_and_noughts_alone_are_no_bars() -> None:
    assert results_of([figure(None), figure(None)]).rows == []
    assert results_of([figure(0), figure(0)]).comparisons == []
    assert widths(results_of([figure(0), figure(8)])) == [[0, 1]]


def test_a_negative_figure_is_in_the_table_and_not_drawn() -> None:
    picture = results_of([figure(10), figure(-5), figure(20)])
    assert widths(picture) == [[0.5, 1]] and picture.undrawn == 1


def test_500_figures_are_a_bounded_number_of_bars_and_all_in_the_table() -> None:
    picture = results_of([figure(number) for number in range(500)])
    [comparison] = picture.comparisons
    assert len(comparison.bars) == MOST_BARS and comparison.more == 500 - MOST_BARS
    assert len(picture.rows) == 500


@pytest.mark.django_db
def test_the_students_of_sialkot_stand_side_by_side() -> None:
    project = Project.objects.get(slug=SIALKOT)
    picture = results_of(ProjectResult.objects.published().filter(project=project))
    students = next(each for each in picture.comparisons if each.unit == "students")
    assert [int(bar.result.value or 0) for bar in students.bars] == [10572, 5838, 5408]
    assert [round(bar.width, 3) for bar in students.bars] == [1, 0.552, 0.512]
