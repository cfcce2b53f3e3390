"""From when until when, in the words of the page; the words of each period are made once. No queries."""

from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagement.models import PartialDate

register = template.Library()

# Periods whose words are kept, of each kind.
MOST_PERIODS = 10_000


@register.filter
def period(thing: Any, brief: bool = False) -> SafeString:
    """Of what has a start and an end. A meeting (`brief`) without an end is not said to go on."""
    return _period(thing.start, thing.end, brief, get_language())


@register.filter
def status_period(status: Any) -> SafeString:
    """When a status held."""
    return _status_period(status.granted, status.ended, status.as_of, get_language())


@register.filter
def as_of(fact: Any) -> SafeString:
    """The date for which the source of a fact speaks."""
    return _as_of(fact.as_of, get_language())


@lru_cache(maxsize=MOST_PERIODS)
def _period(start: str, end: str, brief: bool, language: str | None) -> SafeString:
    if not start and not end:
        return mark_safe(_("date not published") if brief else _("dates not recorded"))
    return date_of(start) if start == end or (brief and not end) else between(start, end)


@lru_cache(maxsize=MOST_PERIODS)
def _status_period(granted: str, ended: str, stated: str, language: str | None) -> SafeString:
    if granted or ended:
        return between(granted, ended)
    return mark_safe(_("as stated, %(date)s") % {"date": date_of(stated)} if stated else _("undated"))


@lru_cache(maxsize=MOST_PERIODS)
def _as_of(text: str, language: str | None) -> SafeString:
    return mark_safe(_("as of %(date)s") % {"date": date_of(text)} if text else _("date not stated"))


def between(start: str, end: str) -> SafeString:
    if start and end:
        return mark_safe(f"{date_of(start)} – {date_of(end)}")
    if start:
        return mark_safe(_("from %(date)s, end not recorded") % {"date": date_of(start)})
    return mark_safe(_("until %(date)s, start not recorded") % {"date": date_of(end)})


def date_of(text: str) -> SafeString:
    return escape(PartialDate(text))
