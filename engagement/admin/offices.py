"""Offices, their figures, office holders, contacts. Contacts are for those with permissions on them alone."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, HistoryAdmin, RecordAdmin, Rows, by_decade
from engagement.models import Contact, Office, OfficeFigure, Official


class FigureRows(Rows):
    model = OfficeFigure
    fields = (("indicator", "value", "approximate"), *EVIDENCE_IN_ROWS)


class ContactRows(Rows):
    model = Contact
    fields = (
        ("name", "title"),
        "address",
        ("phone", "email"),
        "public",
        ("purpose", "lawful_basis"),
        ("last_verified", "retain_until"),
        *EVIDENCE_IN_ROWS,
    )


@admin.register(Office)
class OfficeAdmin(RecordAdmin):
    main = (
        ("name", "acronym"),
        ("kind", "order"),
        "address",
        ("city", "country"),
        "covers",
        "covered_countries",
        "mandate",
        ("since", "until"),
        "predecessor",
    )
    list_display = ("name", "acronym", "kind", "city", "country", "since", "until", "cited", "published")
    list_filter = ("published", "kind", "country__region")
    list_select_related = ("country", "source")
    search_fields = ("name", "acronym", "city", "slug", "country__name")
    inlines = (FigureRows, ContactRows)


@admin.register(OfficeFigure)
class OfficeFigureAdmin(RecordAdmin):
    main = ("office", ("indicator", "value", "approximate"))
    list_display = ("indicator", "value", "approximate", "office", "as_of", "cited", "published")
    list_filter = ("published", "approximate")
    list_select_related = ("office", "source")
    search_fields = ("indicator", "office__name", "key")


@admin.register(Official)
class OfficialAdmin(RecordAdmin):
    main = (("name", "position"), "nationality", ("since", "until"))
    list_display = ("name", "position", "nationality", "since", "until", "cited", "published")
    list_filter = ("published", "position", by_decade("since", _("since")))
    list_select_related = ("nationality", "source")
    search_fields = ("name", "position", "key")


@admin.register(Contact)
class ContactAdmin(HistoryAdmin):
    main = (
        ("name", "title"),
        "office",
        "organization",
        "address",
        ("phone", "email"),
        "public",
        ("purpose", "lawful_basis"),
        ("last_verified", "retain_until"),
    )
    list_display = ("name", "title", "office", "organization", "public", "last_verified", "retain_until", "published")
    list_filter = ("public", "published", "lawful_basis")
    list_select_related = ("office", "organization")
    search_fields = ("name", "title", "office__name", "organization__name", "key")
    date_hierarchy = "retain_until"
