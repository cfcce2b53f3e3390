"""Instruments, their amendments and ratifications."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, LongRows, RecordAdmin, Rows, by_decade
from engagement.models import Instrument, InstrumentAmendment, Ratification


class AmendmentRows(Rows):
    model = InstrumentAmendment
    fields = (("date", "adopted_at"), *EVIDENCE_IN_ROWS)


class RatificationRows(LongRows):
    model = Ratification
    fields = ("country", "date", "state", "derived", "source", "locator", "as_of", "published")


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    main = (
        ("code", "kind", "number"),
        "title",
        "subject",
        ("adopted", "adopted_at"),
        ("in_force_from", "status"),
    )
    list_display = ("code", "title", "kind", "number", "adopted", "in_force_from", "cited", "published")
    list_display_links = ("code", "title")
    list_filter = ("published", "kind", by_decade("adopted", _("adopted or signed")))
    list_select_related = ("source",)
    search_fields = ("code", "title", "subject")
    inlines = (AmendmentRows, RatificationRows)


@admin.register(InstrumentAmendment)
class InstrumentAmendmentAdmin(RecordAdmin):
    main = ("instrument", ("date", "adopted_at"))
    list_display = ("instrument", "date", "adopted_at", "cited", "published")
    list_filter = ("published", by_decade("date", _("date")))
    list_select_related = ("instrument", "source")
    search_fields = ("instrument__code", "instrument__title", "key")


@admin.register(Ratification)
class RatificationAdmin(RecordAdmin):
    main = (("instrument", "country"), ("date", "state"), "derived")
    list_display = ("country", "instrument", "date", "state", "derived", "cited", "published")
    list_filter = (
        "published",
        "state",
        "derived",
        "country__region",
        by_decade("date", _("date")),
        ("instrument", admin.RelatedOnlyFieldListFilter),
        "source__kind",
    )
    list_select_related = ("country", "instrument", "source")
    search_fields = ("country__name", "country__iso2", "instrument__code", "instrument__title", "key")
