"""Dates as people write them: read as far as they are written, and no further."""

import datetime
import random
from decimal import Decimal

import pytest

from engagement.exchange.importing.base import Broken, Formula, Options, Raw, Wrong
from engagement.exchange.importing.dates import partial
from engagement.models.dates import PartialDate

DAY_FIRST, MONTH_FIRST, UNKNOWN = Options(day_first=True), Options(day_first=False), Options()
MOMENT = datetime.datetime(2006, 11, 15, 9, 30)
LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
    "كانون الأول",
)  # fmt: skip
EGYPT = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
ALGERIA = ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
MOROCCO = ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"]
ENGLISH = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
FRENCH = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
]  # fmt: skip
SPANISH = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
]  # fmt: skip


def wrong(raw: Raw, options: Options = UNKNOWN) -> Wrong:
    with pytest.raises(Wrong) as caught:
        partial(raw, options)
    return caught.value


@pytest.mark.parametrize(
    "written",
    ["2006-11-15", "2006-11", "2006", "2006~", "2006-11?", "194X", "2011/2013", "../2022", "2022/..", "194X/1952"],
)
def test_the_notation_of_the_register_stays_as_it_is(written: str) -> None:
    assert partial(written, UNKNOWN) == written


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (datetime.date(2006, 11, 15), "2006-11-15"), (datetime.datetime(2006, 11, 15), "2006-11-15"),
        (2006, "2006"), (2006.0, "2006"), (Decimal(2006), "2006"), ("٢٠٠٦", "2006"), ("۲۰۰۶-۱۱", "2006-11"),
        ("15/11/2006", "2006-11-15"), ("11/15/2006", "2006-11-15"), ("15.11.2006", "2006-11-15"),
        ("15-11-2006", "2006-11-15"), ("15 / 11 / 2006", "2006-11-15"), ("١٥/١١/٢٠٠٦", "2006-11-15"),
        ("2006/11/15", "2006-11-15"), ("2006.11.15", "2006-11-15"), ("2006-1-5", "2006-01-05"),
        ("04/04/2006", "2006-04-04"), ("11/2006", "2006-11"), ("11.2006", "2006-11"), ("1-2006", "2006-01"),
        ("2006-11-15 00:00:00", "2006-11-15"), ("2006-11-15T00:00:00Z", "2006-11-15"),
        ("15 novembre 2006", "2006-11-15"), ("1er mars 2004", "2004-03-01"), ("le 1er août 2010", "2010-08-01"),
        ("Nov 15, 2006", "2006-11-15"), ("November 15th, 2006", "2006-11-15"), ("15-Nov-2006", "2006-11-15"),
        ("Wednesday, 15 November 2006", "2006-11-15"), ("2006 Nov 15", "2006-11-15"), ("15. Nov. 2006", "2006-11-15"),
        ("15 de noviembre de 2006", "2006-11-15"), ("1.º de mayo de 2010", "2010-05-01"), ("mars 2004", "2004-03"),
        ("DÉCEMBRE 2004", "2004-12"), ("decembre 2004", "2004-12"), ("déc. 2004", "2004-12"), ("Sept. 2004", "2004-09"),
        ("De\u0301cembre 2004", "2004-12"), ("15 تشرين الثاني/نوفمبر 2006", "2006-11-15"),
        ("١٥ نوفمبر ٢٠٠٦", "2006-11-15"), ("السبت ١ كانون الأول ٢٠١٢", "2012-12-01"), ("عام ٢٠٠٦", "2006"),
        ("c. 2006", "2006~"), ("vers mars 2004", "2004-03~"), ("hacia 1950", "1950~"), ("Nov 2006?", "2006-11?"),
        ("194x", "194X"), ("1940s", "194X"), ("the 1940s", "194X"), ("années 1940", "194X"), ("los años 1940", "194X"),
        ("2011–2013", "2011/2013"), ("2011-2013", "2011/2013"), ("2011 - 2013", "2011/2013"),
        ("Nov 2006 – Jan 2007", "2006-11/2007-01"), ("1 mars 2004 - 3 avril 2005", "2004-03-01/2005-04-03"),
        ("\u200e15/11/2006\u200f", "2006-11-15"), ("  2006\u00a0", "2006"), (None, ""), ("  ", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_written(written: Raw, expected: str) -> None:
    assert partial(written, UNKNOWN) == expected


@pytest.mark.parametrize("names", [ENGLISH, FRENCH, SPANISH, LEVANT, EGYPT, ALGERIA, MOROCCO])
def test_the_months_of_every_language_are_known(names: list[str]) -> None:
    assert [partial(f"{name} 2004", UNKNOWN) for name in names] == [f"2004-{month:02d}" for month in range(1, 13)]
    assert [partial(f"3 {name} 2004", UNKNOWN)[-2:] for name in names] == ["03"] * 12


def test_what_may_be_two_days_is_a_problem_with_both_as_suggestion() -> None:
    problem = wrong("03/04/2006")
    assert (problem.rule, problem.suggestion) == ("date-ambiguous", "2006-04-03 or 2006-03-04")


def test_staff_may_say_whether_the_day_or_the_month_comes_first() -> None:
    assert partial("03/04/2006", DAY_FIRST) == "2006-04-03"
    assert partial("03/04/2006", MONTH_FIRST) == "2006-03-04"


def test_the_only_reading_that_is_possible_is_taken_whatever_staff_said() -> None:
    assert partial("12/25/2006", DAY_FIRST) == partial("25/12/2006", MONTH_FIRST) == "2006-12-25"


@pytest.mark.parametrize(
    "written",
    [
        "31/02/2006", "02/30/2006", "2006-02-31", "2006-13", "13/2006", "00/2006", "0/11/2006", "13/13/2006",
        "31 avril 2006", "29/02/2005", "2013/2011", "2006-11-00", "0 mars 2004", "32 mars 2004", "2006/2007/2008",
    ],
)  # fmt: skip
def test_a_day_that_is_not_in_the_calendar_is_wrong(written: str) -> None:
    assert wrong(written, DAY_FIRST).rule == "date-impossible"


@pytest.mark.parametrize("written", ["15-11-06", "15/11/06", "Nov 06", "15-Nov-06", "15 mars", "1.2.06"])
def test_a_year_of_two_digits_or_none_is_wrong(written: str) -> None:
    assert wrong(written).rule == "date-short-year"


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [
        (38000, "2004-01-14"), ("38000", "2004-01-14"), (38000.5, "2004-01-14"), (Decimal("38000"), "2004-01-14"),
        (datetime.date(1905, 6, 28), "2006"),
    ],
)  # fmt: skip
def test_the_counted_days_of_spreadsheets_are_wrong_with_the_date_that_may_be_meant(
    written: Raw, suggestion: str
) -> None:
    problem = wrong(written)
    assert (problem.rule, problem.suggestion) == ("date-serial", suggestion)


@pytest.mark.parametrize("written", ["1427", 1427, "1427 هـ", "15/03/1427", "مارس ١٤٢٧", "1427-03-15", "1427/1428"])
def test_a_year_of_the_hijri_calendar_is_wrong_with_a_hint(written: Raw) -> None:
    problem = wrong(written, DAY_FIRST)
    assert (problem.rule, problem.suggestion) == ("date-hijri", "2006/2007")


@pytest.mark.parametrize("written", ["2549", 1066, "15/11/9999", "0999"])
def test_a_year_that_the_register_cannot_mean_is_wrong(written: Raw) -> None:
    assert wrong(written).rule in ("date-year", "date-serial")


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [
        ("2006/11", "2006-11 or 2006/2011"),
        ("2006/07", "2006-07 or 2006/2007"),
        ("2006/13", "2006/2013"),
        ("2006/2", "2006-02"),
    ],
)
def test_a_year_with_two_digits_after_a_slash_may_be_a_month_or_a_span(written: str, suggestion: str) -> None:
    problem = wrong(written)
    assert (problem.rule, problem.suggestion) == ("date-ambiguous", suggestion)


@pytest.mark.parametrize("written", ["2006-11-15 09:30:00", "2006-11-15T09:30", MOMENT])
def test_a_time_of_day_is_no_part_of_a_date(written: Raw) -> None:
    problem = wrong(written)
    assert (problem.rule, problem.suggestion) == ("date-time", "2006-11-15")


@pytest.mark.parametrize(
    ("written", "suggestion"), [("20061115", "2006-11-15"), (20061115, "2006-11-15"), ("200611", "2006-11")]
)
def test_digits_without_marks_are_wrong_with_the_date_that_may_be_meant(written: Raw, suggestion: str) -> None:
    problem = wrong(written)
    assert (problem.rule, problem.suggestion) == ("date-form", suggestion)


@pytest.mark.parametrize(
    "written",
    [
        "hello", "<2006", ">2006", "2006-", "-2006", "–2006", "2006+", "(2006)", "[2006]", "Nov 2006 -", "avant 2006",
        "depuis 2006", "early 2006", "2006 or 2007", "15–17 November 2006", "Nov/Dec 2006", "15 Nov 16 2006", "..", "/",
        "1st", "Nov", "99999999999999", 1e300, 0, -1, True, "=", "2006 BC", "Q1 2006",
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_is_not_taken_in_part(written: Raw) -> None:
    assert wrong(written).rule in ("date-form", "date-short-year")


def test_calculated_and_broken_cells_are_never_dates() -> None:
    assert wrong(Formula("=TODAY()")).rule == "cell-formula"
    assert wrong(Broken("cell-error", "The cell shows an error.")).rule == "cell-error"


@pytest.mark.parametrize("seed", range(3))
def test_every_day_comes_back_in_whatever_way_it_is_written(seed: int) -> None:
    chance = random.Random(seed)
    for _time in range(300):
        day = datetime.date(1919, 1, 1) + datetime.timedelta(days=chance.randrange(45_000))
        names = chance.choice((ENGLISH, FRENCH, SPANISH, LEVANT, EGYPT, ALGERIA, MOROCCO))
        for written in (
            day, day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}",
            f"{day.day} {names[day.month - 1]} {day.year}", f"{names[day.month - 1]} {day.day}, {day.year}",
        ):  # fmt: skip
            if not isinstance(written, str) or day.year > 1905:
                assert partial(written, DAY_FIRST) == day.isoformat()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_written_gives_a_date_of_the_register_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)
    pieces = (
        "15",
        "11",
        "2006",
        "06",
        "/",
        "-",
        ".",
        " ",
        "~",
        "?",
        "X",
        "mars",
        "Nov",
        "نوفمبر",
        "١٥",
        "c.",
        "..",
        "s",
        "é",
    )
    for _time in range(3_000):
        written = "".join(chance.choices(pieces, k=chance.randint(1, 7)))
        try:
            date = partial(written, chance.choice((DAY_FIRST, MONTH_FIRST, UNKNOWN)))
        except Wrong as problem:
            assert problem.rule.startswith("date-") and problem.says
        else:
            assert not date or PartialDate.parse(date)
