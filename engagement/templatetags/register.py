"""Formatting for the register's templates; no queries."""

import datetime
from collections.abc import Hashable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from engagement.directories.correctable import name_of
from engagement.models import PartialDate
from engagement.models.dates import day_label
from engagement.models.languages import ENGLISH, in_language, language_of
from engagement.models.paths import path_of
from engagement.web.frames import frame
from engagement.web.observing import identity

register = template.Library()


@register.filter
def partial_date(text: str) -> str:
    """A partial date for readers: “November 2006”; '' stays ''."""
    return str(PartialDate(text)) if text else ""


@register.filter(expects_localtime=True)
def day(value: datetime.date | None) -> str:
    """A day for readers: “21 November 2026”."""
    return day_label(value) if value else ""


# -- Languages: what a page says in another one than its own is marked with it ---------------------------------------


@register.filter
def lang(text: Any, language: str) -> Any:
    """The text, in an element with its language where that is not the page's; '' for a language that is not known."""
    return format_html('<span lang="{}">{}</span>', language, text) if text and language != get_language() else text


@register.filter
def english(text: Any) -> Any:
    """What the register or a source words in English and in no other language."""
    return lang(text, ENGLISH)


@register.filter
def local(record: Any, field: str) -> Any:
    """What the field of a record says in the language of the page, or else in English."""
    return lang(in_language(record, field), language_of(record, field))


@register.simple_tag
def kept(name: str, **said: Hashable) -> SafeString:
    """A template like `{% include … only %}`, rendered once in each language for what is said to it."""
    return frame(name, **said).filled()


@register.simple_tag
def colon() -> str:
    """What stands between a label and its text: French sets a space before it."""
    return pgettext("between a label and its text", ": ")


@register.simple_tag
def semicolon() -> str:
    """What stands between two statements of equal rank: French sets a space before it."""
    return pgettext("between two statements", "; ")


# -- Numbers, texts, addresses ---------------------------------------------------------------------------------------


@register.filter
def figure(value: Any) -> str:
    """A number grouped and without idle zeros: 10572.0000 -> “10,572”, 2.1000 -> “2.1”."""
    if value is None:
        return ""
    number = Decimal(value)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return formats.number_format(number, places, use_l10n=True, force_grouping=True)


@register.filter
def as_query(pairs: list[tuple[str, str]]) -> str:
    """Names and values as the query of an address."""
    return urlencode(pairs)


@register.filter
def sentence(text: str) -> str:
    """A remark with the full stop that its writer may have left out."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


@register.filter
def further(fact: Any) -> list[Any]:
    """What further sources say of a fact, where the page has asked for it (views.records.with_remarks)."""
    return [remark for remark in getattr(fact, "remarks", []) if not remark.is_discrepancy]


@register.filter
def correction_address(record: Any) -> str:
    """Where a reader says what is wrong in the record."""
    return f"{path_of('engagement:correction-new')}?record={name_of(record)}"


@register.simple_tag(takes_context=True)
def current(context: Any, url: str) -> str:
    """The aria-current attribute of a navigation link: `page` on the page itself, `true` below it.

    Where the reader is, `section` says (engagement.context.section_of).
    """
    if context["section"] == url:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"') if context["section"] == f"{url}…" else ""


@register.simple_tag
def request_id() -> str:
    """By which the log knows the request; '' where none is logged."""
    return identity.request_id()
