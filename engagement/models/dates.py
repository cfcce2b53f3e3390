"""Partial dates: a day, a month, a year, a decade or a span, stored as written and never made finer.

The text is a subset of the Extended Date/Time Format (EDTF, ISO 8601-2): `2006-11-15`, `1997-10`, `2006`,
`2014~` (about), `194X` (the 1940s), `2011/2013`, `../2022` (2022 or earlier), `2022/..` (2022 or later).
Beside each such column stand two generated ones, the earliest and the latest day it can mean, as text of
ten characters, so that the database compares and sorts partial dates without knowing the format.
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Concat, Length, Replace, StrIndex, Substr
from django.db.models.lookups import Exact
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

_POINT = re.compile(r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?|\d{3}X)[~?]?", re.ASCII)
_OPEN = ".."
# Dates whose words are kept.
MOST_LABELS = 10_000
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass(frozen=True)
class PartialDate:
    """A parsed partial date. `earliest` and `latest` are days as text (`2006-02-31` may stand for a month's end)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Raise ValueError, naming what is wrong, unless `text` is one of the forms above."""
        points = text.split("/")
        if len(points) > 2 or (len(points) == 1 and text == _OPEN) or points == [_OPEN, _OPEN]:
            raise ValueError(_("“%(text)s” is not a date") % {"text": text})
        for point in points:
            if not (_POINT.fullmatch(point) or (point == _OPEN and len(points) == 2)):
                wrong = _("“%(text)s” is not a day, month or year (as 2006-11-15, 2006-11, 2006, 2006~, 194X)")
                raise ValueError(wrong % {"text": point})
            # No calendar here has a year 0: nobody could read it aloud, or draw it.
            if point.startswith(("0000", "000X")) or (len(_bare(point)) == 10 and not _is_day(_bare(point))):
                raise ValueError(_("“%(text)s” is not a day of the calendar") % {"text": point})
        parsed = cls(text)
        if parsed.earliest > parsed.latest:
            raise ValueError(_("“%(text)s” ends before it begins") % {"text": text})
        return parsed

    @property
    def earliest(self) -> str:
        first = _bare(self.text.split("/")[0]).replace(_OPEN, _FIRST_DAY).replace("X", "0")
        return first + _FIRST_DAY[len(first) :]

    @property
    def latest(self) -> str:
        last = _bare(self.text.split("/")[-1]).replace(_OPEN, _LAST_DAY).replace("X", "9")
        return last + _LAST_DAY[len(last) :]

    def __str__(self) -> str:
        """For readers: “15 November 2006”, “October 1997”, “c. 2014”, “the 1940s”, “2022 or earlier”."""
        return _label(self.text, get_language())


def day_label(day: datetime.date) -> str:
    """A day for readers in the language of the page: “21 November 2026”, “1er novembre 2026”."""
    first = formats.get_format("FIRST_OF_MONTH_FORMAT") if day.day == 1 else ""
    # A format that a language does not have is its own name.
    return formats.date_format(day, "DATE_FORMAT" if first in ("", "FIRST_OF_MONTH_FORMAT") else first)


@lru_cache(maxsize=MOST_LABELS)
def _label(text: str, language: str | None) -> str:
    """How a page in the language says it."""
    first, _slash, last = text.partition("/")
    if not last:
        return _point_label(first)
    if first == _OPEN:
        return _("%(date)s or earlier") % {"date": _point_label(last)}
    if last == _OPEN:
        return _("%(date)s or later") % {"date": _point_label(first)}
    return _("%(first)s to %(last)s") % {"first": _point_label(first), "last": _point_label(last)}


def _bare(point: str) -> str:
    return point.rstrip("~?")


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _point_label(point: str) -> str:
    bare = _bare(point)
    if bare.endswith("X"):
        label = _("the %(decade)ss") % {"decade": bare.replace("X", "0")}
    elif len(bare) == 4:
        label = bare
    elif len(bare) == 7:
        label = formats.date_format(datetime.date.fromisoformat(f"{bare}-01"), "YEAR_MONTH_FORMAT")
    else:
        label = day_label(datetime.date.fromisoformat(bare))
    if point.endswith("~"):
        return _("c. %(date)s") % {"date": label}
    if point.endswith("?"):
        return _("%(date)s (uncertain)") % {"date": label}
    return label


class ByteOrderedCharField(models.CharField):
    """A CharField that both engines compare and sort byte by byte; PostgreSQL's own collations differ by machine."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        return {**parameters, "collation": "C" if connection.vendor == "postgresql" else None}


class PartialDateField(models.CharField):
    """Text of a PartialDate, '' where no date is known. Malformed text fails on input, `loaddata` included."""

    description = gettext_lazy("Partial date (a day, month, year, decade or span)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"max_length": 23, "blank": True, "default": "", **kwargs}
        kwargs.setdefault("help_text", gettext_lazy("2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013"))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        if text:
            try:
                PartialDate.parse(text)
            except ValueError as error:
                raise ValidationError(str(error), code="invalid") from error
        return text


class _BoundaryDay(Func):
    """The earliest or latest day that a partial date column can mean, '' for ''. The arithmetic of PartialDate in SQL.

    It is stored in generated columns: whoever changes it must rebuild them in a migration.
    """

    unknown_digit: str
    open_day: str

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        (text,) = self.get_source_expressions()
        bare = self.point(text)
        for written, meant in (("~", ""), ("?", ""), (_OPEN, self.open_day), ("X", self.unknown_digit)):
            bare = Replace(bare, Value(written), Value(meant))
        padding = Substr(Value(self.open_day), Length(bare) + Value(1))
        day = Case(
            When(Exact(text, Value("")), then=Value("")),
            default=Concat(bare, padding),
            output_field=models.CharField(max_length=10),
        )
        return day.resolve_expression(*args, **kwargs)

    @staticmethod
    def point(text: Any) -> Any:
        raise NotImplementedError


class EarliestDay(_BoundaryDay):
    """First day of the first point of the partial date column named."""

    unknown_digit, open_day = "0", _FIRST_DAY

    @staticmethod
    def point(text: Any) -> Any:
        return Substr(text, 1, StrIndex(Concat(text, Value("/")), Value("/")) - Value(1))


class LatestDay(_BoundaryDay):
    """Last day of the last point of the partial date column named."""

    unknown_digit, open_day = "9", _LAST_DAY

    @staticmethod
    def point(text: Any) -> Any:
        return Substr(text, StrIndex(text, Value("/")) + Value(1))


def earliest_day(name: str) -> models.GeneratedField:
    """The generated column to put beside the PartialDateField called `name`, as `<name>_earliest`."""
    return models.GeneratedField(
        expression=EarliestDay(F(name)), output_field=ByteOrderedCharField(max_length=10), db_persist=True
    )


def latest_day(name: str) -> models.GeneratedField:
    """The generated column to put beside the PartialDateField called `name`, as `<name>_latest`."""
    return models.GeneratedField(
        expression=LatestDay(F(name)), output_field=ByteOrderedCharField(max_length=10), db_persist=True
    )


# -- The rule of "as of a day" (docs/data-model.md) ------------------------------------------------------------


def in_force(day: datetime.date, start: str = "since", end: str = "until") -> Q:
    """It began by `day` (taken at its earliest) and had not ended (taken at its latest; the day of the end is out)."""
    iso = day.isoformat()
    began = ~Q(**{start: ""}) & Q(**{f"{start}_earliest__lte": iso})
    return began & (Q(**{end: ""}) | Q(**{f"{end}_latest__gt": iso}))


def begun_by(day: datetime.date, start: str = "since") -> Q:
    """It is not known to have begun after `day`: what has no beginning may always have been."""
    return Q(**{start: ""}) | Q(**{f"{start}_earliest__lte": day.isoformat()})


def spoken_for(day: datetime.date) -> Q:
    """`day` lies inside the date for which the fact's source speaks."""
    iso = day.isoformat()
    return ~Q(as_of="") & Q(as_of_earliest__lte=iso, as_of_latest__gte=iso)


def stated_for(day: datetime.date, start: str = "since") -> Q:
    """No beginning is known, a source merely states it for its own date, and `day` lies inside that date."""
    return Q(**{start: ""}) & spoken_for(day)


def spans(day: datetime.date, start: str = "start", end: str = "end") -> Q:
    """`day` lies between the first and the last day, both in; without a last day, inside the first date as written."""
    iso = day.isoformat()
    began = ~Q(**{start: ""}) & Q(**{f"{start}_earliest__lte": iso})
    return began & (Q(**{f"{end}_latest__gte": iso}) | Q(**{end: "", f"{start}_latest__gte": iso}))
