"""From a cell to a value of the kind that a field wants, or Wrong with a reason. Nothing is guessed silently."""

import datetime
import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator, validate_slug
from django.db.models import TextChoices
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagement.exchange.encodings import SEPARATOR
from engagement.exchange.importing.base import Dated, Options, Parser, Raw, Wrong, held
from engagement.exchange.importing.dates import partial
from engagement.exchange.importing.numbers import decimal, integer
from engagement.search import normalise

__all__ = [
    "boolean", "choice", "day", "decimal", "email", "integer", "listed", "multiline", "phone", "slug", "text", "url",
]  # fmt: skip

_LONGEST_EMAIL = 254
_LINE_END = re.compile(r"\r\n?|\n")
_ELEMENTS = re.compile(rf"{SEPARATOR.strip()}(?:\s+|$)|[\r\n]+")
# A host as one writes it without the scheme: a dot inside, no spaces.
_HOST = re.compile(r"[^\s@:/]+\.[^\s@:/]{2,}(:\d+)?([/?#]\S*)?")
_TRUE = frozenset({"true", "yes", "oui", "si", "vrai", "verdadero", "1"})
_FALSE = frozenset({"false", "no", "non", "faux", "falso", "0"})
_CLOSE = 0.6


# -- Text ----------------------------------------------------------------------------------------------------


def text(max_length: int) -> Parser:
    """One line of text."""

    def parser(raw: Raw, options: Options) -> str:
        held_text = _one_line(_text(raw))
        _refuse_longer(held_text, max_length)
        return held_text

    return parser


def multiline(raw: Raw, options: Options) -> str:
    """Text of any number of lines; they end in "\\n"."""
    return _LINE_END.sub("\n", _text(raw))


def phone(max_length: int) -> Parser:
    """A telephone number as text, also where a spreadsheet made a number of it."""

    def parser(raw: Raw, options: Options) -> str:
        number = _one_line(_text(raw))
        if number and not any(each.isdecimal() for each in number):
            raise Wrong("phone", _("This is no telephone number: it has no digits."))
        _refuse_longer(number, max_length)
        return number

    return parser


def _text(raw: Raw) -> str:
    """A number as people write it; a date or a truth value is what a spreadsheet made of a text, nobody knows which."""
    value = held(raw)
    if isinstance(value, datetime.date | bool) or isinstance(raw, Dated):
        says = _("The spreadsheet program made a date or a truth value of this text. Format the cell as text first.")
        raise Wrong("text-changed", says, str(value))
    return "" if value is None else _plain(value)


def _plain(value: str | int | float | Decimal) -> str:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else Decimal(f"{value:.15g}")
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value:f}"
    return str(value)


def _one_line(held_text: str) -> str:
    if _LINE_END.search(held_text):
        raise Wrong("text-lines", _("The text has several lines; it has to be one."), " ".join(held_text.split()))
    return held_text


def _refuse_longer(held_text: str, most: int) -> None:
    if len(held_text) > most:
        says = _("The text has %(count)d characters; at most %(most)d have room.")
        raise Wrong("text-long", says % {"count": len(held_text), "most": most})


def url(max_length: int) -> Parser:
    """An address with its scheme, as the field of the model wants it."""
    valid = URLValidator()

    def parser(raw: Raw, options: Options) -> str:
        address = _one_line(_text(raw))
        if address and not _holds(valid, address):
            whole = f"https://{address}"
            if _HOST.fullmatch(address) and _holds(valid, whole):
                raise Wrong("url-scheme", _("The address does not say how it is reached (https://…)."), whole)
            raise Wrong("url", _("This is no address of a page (https://example.org/page)."))
        _refuse_longer(address, max_length)
        return address

    return parser


def email(raw: Raw, options: Options) -> str:
    """One address of electronic mail."""
    address = _one_line(_text(raw))
    if address and not _holds(EmailValidator(), address):
        bare = address.removeprefix("mailto:")
        suggestion = bare if bare != address and _holds(EmailValidator(), bare) else ""
        raise Wrong("email", _("This is no e-mail address (name@example.org)."), suggestion)
    _refuse_longer(address, _LONGEST_EMAIL)
    return address


def slug(max_length: int) -> Parser:
    """A key: letters without marks, digits, hyphens, underscores."""

    def parser(raw: Raw, options: Options) -> str:
        key = _one_line(_text(raw))
        if key and not _holds(validate_slug, key):
            says = _("A key has only letters without accents, digits, hyphens and underscores.")
            raise Wrong("slug", says, slugify(key)[:max_length])
        _refuse_longer(key, max_length)
        return key

    return parser


def _holds(validate: Any, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


# -- Days, truth, vocabularies, lists ------------------------------------------------------------------------


def day(raw: Raw, options: Options) -> datetime.date | None:
    """A full date."""
    written = partial(raw, options)
    if not written:
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError as error:
        says = _("“%(date)s” is not one day; a day is needed here (2006-11-15).")
        raise Wrong("day-partial", says % {"date": written}) from error


def boolean(raw: Raw, options: Options) -> bool | None:
    """Yes or no, in any language of the site."""
    value = held(raw)
    if value is None or isinstance(value, bool):
        return value
    word = "" if isinstance(value, datetime.date) else _plain(value)
    # Only what is a word is folded: folding takes the sign of -1 away.
    word = normalise(word) if word.isalnum() else word
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise Wrong("boolean", _("This is neither yes nor no (true, false, yes, no, 1, 0)."))


def choice(choices: type[TextChoices]) -> Parser:
    """A code of the vocabulary, by itself or by its label in any language of the site."""

    def parser(raw: Raw, options: Options) -> str:
        written = _one_line(_text(raw))
        if not written or written in choices.values:
            return written
        codes = _words(choices).get(normalise(written), ())
        if len(codes) == 1:
            return codes[0]
        raise _no_choice(choices, normalise(written), codes)

    return parser


@cache
def _words(choices: type[TextChoices]) -> Mapping[str, tuple[str, ...]]:
    """The codes that each code and label means, folded."""
    words: dict[str, tuple[str, ...]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in choices.choices:
                for word in (normalise(code), normalise(str(label))):
                    words[word] = tuple(dict.fromkeys((*words.get(word, ()), code)))
    # What is a code is that code, whatever else bears its name.
    return {**words, **{normalise(code): (code,) for code in choices.values}}


def _no_choice(choices: type[TextChoices], word: str, codes: tuple[str, ...]) -> Wrong:
    allowed = ", ".join(choices.values)
    if codes:
        says = _("This may mean several of the codes: %(codes)s. Write one of them.")
        return Wrong("choice-ambiguous", says % {"codes": ", ".join(codes)}, _either(*codes))
    words = _words(choices)
    close = difflib.get_close_matches(word, words, n=1, cutoff=_CLOSE)
    says = _("This is none of the codes: %(codes)s.") % {"codes": allowed}
    return Wrong("choice", says, words[close[0]][0] if close else "")


def _either(*readings: str) -> str:
    return f" {_('or')} ".join(readings)


def listed(parser: Parser, blanks: bool = False) -> Parser:
    """list: the elements of a cell that holds several, joined as the register's own files join them or by lines.

    blanks: elements that are blank stay, as the parser's own nothing, for lists that go beside one another.
    """

    def several(raw: Raw, options: Options) -> list[Any]:
        value = held(raw)
        if value is None:
            return []
        elements = _ELEMENTS.split(raw) if isinstance(raw, str) else [value]
        return [_element(parser, each, options) for each in elements if blanks or held(each) is not None]

    return several


def _element(parser: Parser, element: Raw, options: Options) -> Any:
    try:
        return parser(element, options)
    except Wrong as wrong:
        mark = SEPARATOR.strip()
        if isinstance(element, str) and mark in element:
            says = _("Elements of a list stand apart by “; ” or by lines. %(says)s") % {"says": wrong.says}
            raise Wrong("list", says, re.sub(rf"{mark}\s*", SEPARATOR, element)) from wrong
        says = _("In the list, “%(element)s”: %(says)s") % {"element": element, "says": wrong.says}
        raise Wrong(wrong.rule, says, wrong.suggestion) from wrong
