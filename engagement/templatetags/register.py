"""Formatting for the register's templates; no queries."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import formats
from django.utils.safestring import mark_safe

from engagement.models import PartialDate

register = template.Library()


@register.filter
def partial_date(text: str) -> str:
    """A partial date for readers: “November 2006”; '' stays ''."""
    return str(PartialDate(text)) if text else ""


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


@register.simple_tag(takes_context=True)
def current(context: Any, url: str) -> str:
    """The aria-current attribute of a navigation link: `page` on the page itself, `true` below it."""
    path = context["request"].path
    if path == url:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"') if path.startswith(url) else ""
