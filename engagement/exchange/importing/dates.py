"""Partial dates as people write them, in the register's own notation (models.dates), which judges them in the end.

A date is never made finer than it is written. What may be two dates is a problem, as is a year that only seems one.
"""

import datetime
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Options, Raw, Wrong, held
from engagement.exchange.importing.digits import western
from engagement.exchange.importing.months import ABOUT, DECADES, FILLERS, HIJRI, MONTHS, NAME_OF_MONTH
from engagement.exchange.importing.texts import INVISIBLE
from engagement.models.dates import PartialDate
from engagement.search import normalise

# Years of what the register tells; others are of another calendar, or slips.
_FIRST_YEAR, _LAST_YEAR = 1500, 2199
_HIJRI_YEARS = range(1300, 1500)
# The days on which spreadsheets count 1, and the last that they may mean here.
_EPOCH, _LAST_SERIAL = datetime.date(1899, 12, 30), 110_000
# A year in a cell that shows dates looks like one of these days.
_YEARS_AS_DAYS = (datetime.date(1905, 3, 14), datetime.date(1905, 8, 11))

_EDTF = re.compile(r"[\dX~?./-]+")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d.*)")
_MIDNIGHT = re.compile(r"[0:.]+(Z|[+-]00:?00)?")
_YEAR_FIRST = re.compile(r"(\d{4})([./ -])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([./ -])(\d{1,2})\2(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}([./ -])\d{1,2}\1\d{2}")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./ -](\d{4})")
_YEAR_AND_TWO = re.compile(r"(\d{4})[./](\d{1,2})")
_TWO_YEARS = re.compile(r"(\d{4})\s*[-\u2013\u2014]\s*(\d{4})")
_TWO_DATES = re.compile(r"\s+[-/]\s+|\s*[\u2013\u2014]\s*")
# Words and figures; a mark that says "before", "since" or "perhaps" must not be lost.
_WORDS = re.compile(r"\w[\w\s.,/'’\u064b-\u0652-]*[\w.](?P<perhaps>\s?\?)?")
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th|er|re|ro|o|a)?")
_ORDINAL = re.compile(r"(?<=\d)\.?[ºª°]")
_DECADE = re.compile(r"(\d{3})0s")


def partial(raw: Raw, options: Options) -> str:
    """A Parser: the text of a PartialDate, "" for a blank cell."""
    value = held(raw)
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return _of_spreadsheet(value)
    if isinstance(value, bool):
        raise _unread()
    if isinstance(value, int | float | Decimal):
        return _of_number(value)
    return _judged(_written(western(value).strip(INVISIBLE + " \t\r\n"), options))


def _judged(text: str) -> str:
    """As the register has it, and of a year that it may have."""
    try:
        PartialDate.parse(text)
    except ValueError as error:
        raise Wrong("date-impossible", str(error)) from error
    for year in re.findall(r"\d{4}(?=$|[-/~?])", re.sub(r"-\d\d", "", text)):
        _refuse_other_years(int(year))
    return text


def _refuse_other_years(year: int) -> None:
    if year in _HIJRI_YEARS:
        # 33 of its years are about 32 of the others.
        first = int(year * 0.970224 + 621.5774)
        says = _("%(year)d seems to be a year of the Hijri calendar. Write the date in the Gregorian one.")
        raise Wrong("date-hijri", says % {"year": year}, f"{first}/{first + 1}")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        says = _("%(year)d is not a year that the register may mean: it has those from %(first)d to %(last)d.")
        raise Wrong("date-year", says % {"year": year, "first": _FIRST_YEAR, "last": _LAST_YEAR})


def _unread() -> Wrong:
    return Wrong("date-form", _("This is not a date that can be read: write 2006-11-15, 2006-11, 2006, 2006~ or 194X."))


# -- What spreadsheets hold -----------------------------------------------------------------------------------


def _of_spreadsheet(value: datetime.date) -> str:
    day = value
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            raise Wrong("date-time", _("The cell holds a time of day too."), value.date().isoformat())
        day = value.date()
    if _YEARS_AS_DAYS[0] <= day <= _YEARS_AS_DAYS[1]:
        year = (day - _EPOCH).days
        says = _("%(day)s is what a spreadsheet makes of the number %(year)d. If the day is meant, write it as text.")
        raise Wrong("date-serial", says % {"day": day.isoformat(), "year": year}, str(year))
    return _judged(day.isoformat())


def _of_number(value: float | Decimal) -> str:
    if value == int(value) and 1000 <= value <= 9999:
        return _judged(str(int(value)))
    if 1 <= value < _LAST_SERIAL:
        day = _EPOCH + datetime.timedelta(days=int(value))
        says = _("This is a number, perhaps a date as spreadsheets count days: %(day)s.") % {"day": day.isoformat()}
        raise Wrong("date-serial", says, day.isoformat())
    raise _compact(str(int(value)) if value == int(value) else "")


def _compact(digits: str) -> Wrong:
    """Eight or six digits without marks may be a day or a month."""
    for form in (digits[:4], digits[4:6], digits[6:]), (digits[:4], digits[4:]):
        candidate = "-".join(form)
        if len(candidate) in (7, 10) and _possible(candidate):
            return Wrong("date-form", _("Write the date with hyphens."), candidate)
    return _unread()


def _possible(text: str) -> bool:
    try:
        _judged(text)
    except Wrong:
        return False
    return True


# -- What people write ----------------------------------------------------------------------------------------


def _written(text: str, options: Options) -> str:
    if text.isdecimal():
        return _of_number(int(text[:12]))
    if moment := _MOMENT.fullmatch(text):
        if not _MIDNIGHT.fullmatch(moment[2]):
            raise Wrong("date-time", _("The cell holds a time of day too."), moment[1])
        return moment[1]
    return _in_figures(text, options) or _span(text, options) or _in_words(text)


def _in_figures(text: str, options: Options) -> str:
    """The date if it is written without words; "" if it is not."""
    tight = re.sub(r"\s*([./-])\s*", r"\1", text)
    own = tight.replace("x", "X")
    if _EDTF.fullmatch(own) and _is_own(own):
        return own
    if found := _YEAR_FIRST.fullmatch(tight):
        return _joined(found[1], found[3], found[4])
    if found := _YEAR_LAST.fullmatch(tight):
        return _either_order(int(found[1]), int(found[3]), found[4], options)
    if _SHORT_YEAR.fullmatch(tight):
        raise Wrong("date-short-year", _("The year has two digits: write all four."))
    if found := _MONTH_AND_YEAR.fullmatch(tight):
        return _joined(found[2], found[1])
    if found := _YEAR_AND_TWO.fullmatch(tight):
        raise _month_or_year(found[1], found[2])
    if found := _TWO_YEARS.fullmatch(text):
        return f"{found[1]}/{found[2]}"
    return own if _EDTF.fullmatch(own) and re.match(r"\d{4}[-/]\d\d", own) else ""


def _is_own(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True


def _joined(year: str, month: int | str, day: int | str = "") -> str:
    return f"{year}-{int(month):02d}" + ("" if day == "" else f"-{int(day):02d}")


def _either_order(first: int, second: int, year: str, options: Options) -> str:
    """Day and month in the order that is possible; where both are, as the options say."""
    day_first, month_first = _joined(year, second, first), _joined(year, first, second)
    if min(first, second) > 12 or min(first, second) < 1:
        says = _("%(first)d and %(second)d are not a day and a month.")
        raise Wrong("date-impossible", says % {"first": first, "second": second})
    if first > 12 or first == second:
        return day_first
    if second > 12:
        return month_first
    if options.day_first is None:
        says = _("This may be two dates: say whether the day or the month comes first.")
        raise Wrong("date-ambiguous", says, f"{day_first} {_('or')} {month_first}")
    return day_first if options.day_first else month_first


def _month_or_year(year: str, two: str) -> Wrong:
    readings = [_joined(year, two)] if 1 <= int(two) <= 12 else []
    if len(two) == 2 and int(two) > int(year[2:]):
        readings.append(f"{year}/{year[:2]}{two}")
    says = _("This may be a month or two years: write 2006-11 or 2006/2011.")
    return Wrong("date-ambiguous", says, f" {_('or')} ".join(readings))


def _span(text: str, options: Options) -> str:
    """Two dates with a dash between them, each written in its own way; "" if it is not."""
    parts = _TWO_DATES.split(text)
    if len(parts) != 2 or not all(re.search(r"\d{4}", part) for part in parts):
        return ""
    return "/".join(_in_figures(part, options) or _in_words(part) for part in parts)


def _in_words(text: str) -> str:
    text = _ORDINAL.sub("", text)
    written = _WORDS.fullmatch(unicodedata.normalize("NFC", text))
    if not written:
        raise _unread()
    folded = " ".join(word for word in normalise(text).split() if word not in FILLERS)
    # Two names may be of one month, as the United Nations write in Arabic.
    months = {MONTHS[name] for name in NAME_OF_MONTH.findall(folded)}
    rest = NAME_OF_MONTH.sub(" ", folded).split()
    about = any(word in ABOUT for word in rest)
    rest = [word for word in rest if word not in ABOUT]
    _refuse_hijri(rest)
    date = _month_in_words(months, rest) if months else _year_in_words(rest)
    return date + ("?" if written["perhaps"] else "~" if about else "")


def _refuse_hijri(words: list[str]) -> None:
    if HIJRI.isdisjoint(words):
        return
    for word in words:
        if re.fullmatch(r"\d{4}", word):
            _refuse_other_years(int(word))
    raise Wrong("date-hijri", _("This is a date of the Hijri calendar. Write it in the Gregorian one."))


def _year_in_words(words: list[str]) -> str:
    """A year, of which "about" was said, or a decade."""
    if len(words) == 1 and (decade := _DECADE.fullmatch(words[0])):
        return f"{decade[1]}X"
    if len(words) == 2 and words[0] in DECADES and re.fullmatch(r"\d{3}0s?", words[1]):
        return f"{words[1][:3]}X"
    if len(words) == 1 and re.fullmatch(r"\d{4}", words[0]):
        return words[0]
    raise _unread()


def _month_in_words(months: set[int], words: list[str]) -> str:
    years = [word for word in words if re.fullmatch(r"\d{4}", word)]
    days = [found[1] for word in words if (found := _DAY.fullmatch(word))]
    if len(months) != 1 or len(years) + len(days) != len(words) or len(years) > 1 or len(days) > 1 + (not years):
        raise _unread()
    if not years:
        raise Wrong("date-short-year", _("The year is missing or has two digits: write all four."))
    return _joined(years[0], months.pop(), *days)
