"""Values of cells: what is clear is taken, what is not is wrong, with a reason and often a way out."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.utils.translation import gettext_lazy, override

from engagement.exchange.importing import cells
from engagement.exchange.importing.base import Broken, Dated, Formula, Options, Parser, Problem, Raw, Wrong
from engagement.exchange.importing.dates import partial
from engagement.models.offices import OfficeKind

OPTIONS = Options()
DAY = datetime.date(2006, 11, 15)
PARSERS: dict[str, tuple[Parser, Any]] = {
    "text": (cells.text(20), ""),
    "multiline": (cells.multiline, ""),
    "phone": (cells.phone(20), ""),
    "integer": (cells.integer, None),
    "decimal": (cells.decimal(10, 2), None),
    "boolean": (cells.boolean, None),
    "url": (cells.url(50), ""),
    "email": (cells.email, ""),
    "slug": (cells.slug(20), ""),
    "day": (cells.day, None),
    "choice": (cells.choice(OfficeKind), ""),
    "listed": (cells.listed(cells.text(20)), []),
}


class Twins(models.TextChoices):
    FIRST = "first", gettext_lazy("Same label")
    SECOND = "second", gettext_lazy("Same label")
    LABELLED = "labelled", "first"


def wrong(parser: Parser, raw: Raw, options: Options = OPTIONS) -> tuple[str, str]:
    with pytest.raises(Wrong) as caught:
        parser(raw, options)
    assert caught.value.says
    return caught.value.rule, caught.value.suggestion


@pytest.mark.parametrize("kind", PARSERS)
def test_formulas_and_broken_cells_are_never_taken(kind: str) -> None:
    parser, _blank = PARSERS[kind]
    assert wrong(parser, Formula("=1+1")) == ("cell-formula", "")
    assert wrong(parser, Broken("cell-error", "The cell shows the error #REF!.")) == ("cell-error", "")


@pytest.mark.parametrize("kind", PARSERS)
def test_a_blank_cell_is_the_nothing_of_its_field(kind: str) -> None:
    parser, blank = PARSERS[kind]
    assert parser(None, OPTIONS) == parser("  \n", OPTIONS) == blank


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" Invented  Union ", "Invented  Union"), (12, "12"), (12.0, "12"), (0.1, "0.1"), (1e-7, "0.0000001"),
        (1e15, "1000000000000000"), (Decimal("2.50"), "2.50"), (Decimal("1E+3"), "1000"), ("=1+1", "=1+1"),
    ],
)  # fmt: skip
def test_text_is_as_it_is_written_and_numbers_as_people_write_them(raw: Raw, expected: str) -> None:
    assert cells.text(20)(raw, OPTIONS) == expected


def test_text_is_one_line_and_not_longer_than_its_field() -> None:
    assert wrong(cells.text(20), "two\r\n lines") == ("text-lines", "two lines")
    assert wrong(cells.text(3), "four") == ("text-long", "")


def test_what_a_spreadsheet_may_have_made_of_a_text_is_not_taken_for_it() -> None:
    assert wrong(cells.text(20), DAY) == ("text-changed", "2006-11-15")
    assert wrong(cells.text(20), True) == ("text-changed", "True")
    assert wrong(cells.text(20), Dated("2006-11")) == ("text-changed", "2006-11")
    assert partial(Dated("2006-11"), OPTIONS) == "2006-11"


def test_lines_of_a_longer_text_end_alike() -> None:
    assert cells.multiline("\n a\r\nb\rc\n\nd \n", OPTIONS) == "a\nb\nc\n\nd"


def test_a_telephone_number_is_text_even_where_it_is_a_number() -> None:
    assert cells.phone(20)(41227996196, OPTIONS) == cells.phone(20)(41227996196.0, OPTIONS) == "41227996196"
    assert cells.phone(20)("+41 22 799 61 96", OPTIONS) == "+41 22 799 61 96"
    assert wrong(cells.phone(20), "none") == ("phone", "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (12, 12), (12.0, 12), ("12", 12), ("-12", -12), ("−12", -12), ("1 234", 1234), ("1\u202f234\u202f567", 1234567),
        ("1’234", 1234), ("١٢٣", 123), ("١٬٢٣٤", 1234), ("12.0", 12), ("12,00", 12), ("1,234,567", 1234567),
        (Decimal("3.0"), 3),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_as_people_write_them(raw: Raw, expected: int) -> None:
    found = cells.integer(raw, OPTIONS)
    assert found == expected and isinstance(found, int)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (12.5, "integer"), ("12,5", "integer"), ("1,234", "number-ambiguous"), ("1.234", "number-ambiguous"),
        ("twelve", "number"), ("12 34", "number"), ("1 2", "number"), ("1,23,456", "number"), ("12%", "number"),
        ("CHF 12", "number"), ("1e5", "number"), (".", "number"), (True, "number-changed"), (DAY, "number-changed"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_wrong(raw: Raw, rule: str) -> None:
    assert wrong(cells.integer, raw)[0] == rule


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1 234,50", "1234.50"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1234.5", "1234.5"),
        ("1234,5", "1234.5"), ("1\u00a0234\u00a0567,1", "1234567.1"), ("0,125", "0.125"), ("1234.567", "1234.567"),
        ("1.234.567", "1234567"), ("1,234,567.8", "1234567.8"), ("١٢٣٤٫٥", "1234.5"), ("-0,5", "-0.5"), (",5", "0.5"),
        ("1 234,567", "1234.567"), ("+3", "3"), (0.1 + 0.2, "0.3"), (7, "7"), (Decimal("7.10"), "7.10"),
    ],
)  # fmt: skip
def test_decimals_are_read_when_their_marks_can_mean_one_thing_only(raw: Raw, expected: str) -> None:
    assert cells.decimal(16, 4)(raw, OPTIONS) == Decimal(expected)


def test_a_mark_that_may_part_thousands_or_decimals_is_wrong_with_both_readings() -> None:
    assert wrong(cells.decimal(16, 4), "1,234") == ("number-ambiguous", "1234 or 1.234")
    assert wrong(cells.decimal(16, 4), "1.234") == ("number-ambiguous", "1234 or 1.234")


def test_decimals_have_the_digits_that_their_field_has_room_for() -> None:
    assert wrong(cells.decimal(16, 2), "1.2345") == ("decimal-places", "1.23")
    assert wrong(cells.decimal(5, 2), "1234") == ("decimal-long", "")
    assert cells.decimal(5, 2)("999.99", OPTIONS) == Decimal("999.99")


@pytest.mark.parametrize("raw", [True, 1, 1.0, "1", "true", "TRUE", "Yes", "oui", "sí", "Sí ", "si", "vrai"])
def test_yes_is_read_in_every_language(raw: Raw) -> None:
    assert cells.boolean(raw, OPTIONS) is True


@pytest.mark.parametrize("raw", [False, 0, "0", "false", "No", "non", "NON", "falso"])
def test_no_is_read_in_every_language(raw: Raw) -> None:
    assert cells.boolean(raw, OPTIONS) is False


@pytest.mark.parametrize("raw", ["x", "perhaps", 2, -1, 0.5, DAY, "10"])
def test_what_is_neither_yes_nor_no_is_wrong(raw: Raw) -> None:
    assert wrong(cells.boolean, raw)[0] == "boolean"


def test_an_address_without_its_scheme_is_suggested_with_it() -> None:
    parser = cells.url(50)
    assert parser("https://invented.example/a?b=c", OPTIONS) == "https://invented.example/a?b=c"
    assert wrong(parser, "www.invented.example/a") == ("url-scheme", "https://www.invented.example/a")
    assert wrong(parser, "name@invented.example") == ("url", "")
    assert wrong(parser, "no address") == ("url", "")
    assert wrong(parser, "javascript:alert(1)") == ("url", "")
    assert wrong(parser, "https://invented.example/" + "x" * 50) == ("text-long", "")


def test_addresses_of_electronic_mail_are_checked() -> None:
    assert cells.email("name@invented.example", OPTIONS) == "name@invented.example"
    assert wrong(cells.email, "mailto:name@invented.example") == ("email", "name@invented.example")
    assert wrong(cells.email, "name@") == ("email", "")
    assert wrong(cells.email, "a@invented.example; b@invented.example") == ("email", "")


def test_a_key_is_taken_as_it_is_or_suggested_as_it_may_be() -> None:
    assert cells.slug(20)("invented-union_2", OPTIONS) == "invented-union_2"
    assert cells.slug(20)(2006, OPTIONS) == "2006"
    assert wrong(cells.slug(20), "Fédération inventée") == ("slug", "federation-inventee")


def test_a_day_is_a_full_date() -> None:
    assert cells.day(DAY, OPTIONS) == cells.day("15/11/2006", OPTIONS) == cells.day("15 nov. 2006", OPTIONS) == DAY
    for written in ("2006-11", "2006", "2006-11-15~", "2006-11-15/2006-11-16", "194X"):
        assert wrong(cells.day, written) == ("day-partial", "")
    assert wrong(cells.day, "03/04/2006")[0] == "date-ambiguous"
    assert cells.day("03/04/2006", Options(day_first=True)) == datetime.date(2006, 4, 3)


@pytest.mark.parametrize(
    "raw", ["unit", "Unit", " UNIT ", "Headquarters unit", "headquarters_unit", "HEADQUARTERS UNIT"]
)
def test_a_choice_is_known_by_its_code_or_its_label(raw: str) -> None:
    assert cells.choice(OfficeKind)(raw, OPTIONS) == "unit"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_choice_is_known_by_its_labels_in_other_languages(language: str) -> None:
    with override(language):
        labels = {code: str(label) for code, label in OfficeKind.choices}
    assert labels["country"] != "Country or subregional office"
    assert {code: cells.choice(OfficeKind)(label.upper(), OPTIONS) for code, label in labels.items()} == {
        code: code for code in labels
    }


def test_what_is_no_choice_is_wrong_with_the_closest_code_and_all_of_them() -> None:
    with pytest.raises(Wrong, match="headquarters, unit, regional, country") as caught:
        cells.choice(OfficeKind)("regionnal", OPTIONS)
    assert (caught.value.rule, caught.value.suggestion) == ("choice", "regional")
    assert wrong(cells.choice(OfficeKind), "zzz") == ("choice", "")


def test_a_label_of_several_codes_is_wrong_and_a_code_is_itself() -> None:
    assert wrong(cells.choice(Twins), "same label") == ("choice-ambiguous", "first or second")
    assert cells.choice(Twins)("First", OPTIONS) == "first"


def test_a_cell_may_hold_several_values() -> None:
    parser = cells.listed(cells.choice(OfficeKind))
    assert parser("unit; Regional office\ncountry;\n", OPTIONS) == ["unit", "regional", "country"]
    assert cells.listed(cells.text(20))("a;b; c", OPTIONS) == ["a;b", "c"]
    assert cells.listed(cells.integer)(7, OPTIONS) == [7]


def test_blank_elements_stay_where_lists_go_beside_one_another() -> None:
    assert cells.listed(cells.text(20))("a; ; b; ", OPTIONS) == ["a", "b"]
    assert cells.listed(cells.text(20), blanks=True)("a; ; b; ", OPTIONS) == ["a", "", "b", ""]


def test_a_wrong_element_is_named_and_a_missing_space_suggested() -> None:
    parser = cells.listed(cells.choice(OfficeKind))
    with pytest.raises(Wrong, match="“regionnal”") as caught:
        parser("unit; regionnal", OPTIONS)
    assert caught.value.suggestion == "regional"
    assert wrong(parser, "unit;regional") == ("list", "unit; regional")


def test_a_wrong_cell_is_a_problem_where_it_stands_and_shown_in_short() -> None:
    problem = Wrong("text-long", "Too long.", "shorter").at(7, "name", "x" * 1_000)
    assert problem == Problem(7, "name", "text-long", "Too long.", "x" * 199 + "…", "shorter")
    assert Wrong("integer", "No number.").at(7, "n", None).value == ""
