"""The filters of the list of contacts: verified how long ago, kept beyond its time, what came of the confirm link."""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk import confirming

STALE = datetime.timedelta(days=365)  # a contact that was not verified for longer


class Narrowing(admin.SimpleListFilter):
    """A filter whose choices are functions of the list. `ways`: by value the label and the function."""

    ways: dict[str, tuple[Any, Any]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(value, label) for value, (label, _narrow) in self.ways.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        way = self.ways.get(self.value() or "")
        return way[1](queryset) if way else queryset


class ByVerification(Narrowing):
    title = _("last verified")
    parameter_name = "verified"
    ways = {
        "stale": (
            _("never, or more than 12 months ago"),
            lambda rows: rows.filter(Q(last_verified=None) | Q(last_verified__lt=timezone.localdate() - STALE)),
        ),
        "never": (_("never"), lambda rows: rows.filter(last_verified=None)),
        "lately": (
            _("within 12 months"),
            lambda rows: rows.filter(last_verified__gte=timezone.localdate() - STALE),
        ),
    }


class ByRetention(Narrowing):
    title = _("retain until")
    parameter_name = "keeping"
    ways = {
        "past": (_("past"), lambda rows: rows.filter(retain_until__lt=timezone.localdate())),
        "open": (_("not said"), lambda rows: rows.filter(retain_until=None)),
    }


class ByConfirmation(Narrowing):
    title = _("confirmation by mail")
    parameter_name = "confirmation"
    ways = {
        "answered": (_("answer to be dealt with"), confirming.with_waiting_answer),
        "unanswered": (_("no answer for 30 days"), confirming.without_answer),
        "open": (_("link still open"), confirming.still_open),
    }


def months_between(first: datetime.date, last: datetime.date) -> int:
    """Whole months from one day to another."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
