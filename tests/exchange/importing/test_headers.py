"""Which column is which: by its exact name, or because staff say so; what is merely alike is asked."""

from dataclasses import dataclass

from engagement.exchange.importing.base import Problem
from engagement.exchange.importing.headers import Headers, known


@dataclass(frozen=True)
class Column:
    name: str
    also: tuple[str, ...] = ()


COLUMNS = (Column("name", ("Nom", "Nombre")), Column("source_key"), Column("founded", ("Year of foundation",)))


def said(headers: Headers) -> list[tuple[str, str, str]]:
    return [(problem.column, problem.rule, problem.suggestion) for problem in headers.problems]


def test_columns_are_known_by_their_exact_names_wherever_they_stand() -> None:
    assert known(("founded", "", "name"), COLUMNS) == Headers({"founded": 0, "name": 2})


def test_a_header_that_is_merely_alike_is_suggested_and_not_taken() -> None:
    headers = known(("Name", "Source key", "nom", "YEAR of foundation"), COLUMNS)
    assert headers.positions == {}
    assert said(headers) == [
        ("Name", "header-alike", "name"),
        ("Source key", "header-alike", "source_key"),
        ("nom", "header-alike", "name"),
        ("YEAR of foundation", "header-alike", "founded"),
    ]


def test_an_unknown_header_is_a_problem_with_the_closest_column() -> None:
    headers = known(("fonded", "budget"), COLUMNS)
    assert said(headers) == [("fonded", "header-unknown", "founded"), ("budget", "header-unknown", "")]
    assert headers.problems[0] == Problem(
        1, "fonded", "header-unknown", "No column has this name. Name the column that is meant, or leave it out.",
        "fonded", "founded",
    )  # fmt: skip


def test_a_column_that_is_there_already_is_not_suggested() -> None:
    assert said(known(("name", "Name"), COLUMNS)) == [("Name", "header-unknown", "")]


def test_staff_may_say_what_a_header_means_or_leave_it_out() -> None:
    headers = known(("Nom", "Remarques", "founded"), COLUMNS, {"Nom": "name", "Remarques": "", "absent": "x"})
    assert headers == Headers({"name": 0, "founded": 2}, left_out=("Remarques",))


def test_staff_cannot_name_a_column_that_is_not_there() -> None:
    assert said(known(("Nom",), COLUMNS, {"Nom": "nam"})) == [("Nom", "mapping-unknown", "name")]


def test_a_header_that_stands_twice_is_a_problem() -> None:
    assert said(known(("name", "name", "", ""), COLUMNS)) == [("name", "header-twice", "")]


def test_two_headers_cannot_be_one_column() -> None:
    headers = known(("name", "Nom"), COLUMNS, {"Nom": "name"})
    assert said(headers) == [("Nom", "column-twice", "")]
    assert headers.positions == {"name": 0}
