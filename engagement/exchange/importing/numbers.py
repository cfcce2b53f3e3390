"""Numbers as people write them: 1 234,50 and 1,234.50 are read, 1,234 alone may be either and is a problem."""

import datetime
import re
from decimal import Decimal

from django.utils.translation import gettext as _

from engagement.exchange.importing.base import Options, Parser, Raw, Wrong, held
from engagement.exchange.importing.digits import western

# Minus signs as typographers have them; the Arabic separators.
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u066b": ".", "\u066c": "'", "\u2019": "'"})
_SPACED = re.compile(r"[+-]?\s*\d{1,3}(?P<by>[\s'])\d{3}(?:(?P=by)\d{3})*(?:[.,]\d*)?")
_PLAIN = re.compile(r"([+-]?)\s*([\d.,]*\d[\d.,]*)")
_GROUPS = {".": re.compile(r"\d{1,3}(\.\d{3})+"), ",": re.compile(r"\d{1,3}(,\d{3})+")}


def integer(raw: Raw, options: Options) -> int | None:
    """A whole number."""
    number = _number(raw)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise Wrong("integer", _("This is no whole number."))
    return int(number)


def decimal(max_digits: int, places: int) -> Parser:
    """Decimal | None, with as many digits as the field of the model has room for."""

    def parser(raw: Raw, options: Options) -> Decimal | None:
        number = _number(raw)
        if number is None:
            return None
        rounded = round(number, places)
        if rounded != number:
            says = _("The number has more than %(places)d decimal places.")
            raise Wrong("decimal-places", says % {"places": places}, f"{rounded:f}")
        if abs(number) >= Decimal(10) ** (max_digits - places):
            says = _("The number has more than %(most)d digits before the decimal point.")
            raise Wrong("decimal-long", says % {"most": max_digits - places})
        return number

    return parser


def _number(raw: Raw) -> Decimal | None:
    value = held(raw)
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool | datetime.date):
        raise Wrong("number-changed", _("The spreadsheet program shows a date or a truth value here, not a number."))
    if isinstance(value, str):
        return _read(western(value).translate(_SIGNS))
    # A spreadsheet shows fifteen digits; what comes after them is made by calculating.
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _read(text: str) -> Decimal:
    spaced = _SPACED.fullmatch(text)
    found = _PLAIN.fullmatch(re.sub(r"[\s']", "", text) if spaced else text)
    if not found:
        raise Wrong("number", _("This is no number: write digits alone, as 1234.50."))
    sign, digits = found.groups()
    if spaced:
        return Decimal(sign + digits.replace(",", "."))
    return Decimal(sign + _with_point(digits))


def _with_point(digits: str) -> str:
    """The digits with a point before their decimals and no other marks."""
    last = max(digits, key=lambda mark: digits.rfind(mark) if mark in ".," else -1)
    if last not in ".,":
        return digits
    whole, _mark, decimals = digits.rpartition(last)
    other = "," if last == "." else "."
    if other in digits:
        if not _GROUPS[other].fullmatch(whole):
            raise Wrong("number", _("The marks in this number are not where they can be understood: write 1234.50."))
        return f"{whole.replace(other, '')}.{decimals}"
    if digits.count(last) > 1:
        if not _GROUPS[last].fullmatch(digits):
            raise Wrong("number", _("The marks in this number are not where they can be understood: write 1234.50."))
        return digits.replace(last, "")
    if _GROUPS[last].fullmatch(digits) and whole != "0":
        says = _("This may be thousands or decimals: write it without a mark, or with two decimals.")
        raise Wrong("number-ambiguous", says, f"{whole + decimals} {_('or')} {whole}.{decimals}")
    return f"{whole or '0'}.{decimals or '0'}"
