"""Organizations and what is known of them; fields of work."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, RecordAdmin, Rows, by_decade
from engagement.admin.consultation import LinkRows, StatusRows
from engagement.admin.merging import MergingAdmin
from engagement.models import (
    Organization,
    OrganizationIdentifier,
    OrganizationLink,
    OrganizationName,
    Seat,
    Theme,
)


class NameRows(Rows):
    model = OrganizationName
    fields = ("name", ("kind", "lang"), ("since", "until"), *EVIDENCE_IN_ROWS)


class SeatRows(Rows):
    model = Seat
    fields = (("city", "country"), ("since", "until"), *EVIDENCE_IN_ROWS)


class IdentifierRows(Rows):
    model = OrganizationIdentifier
    fields = (("scheme", "value"), "url", *EVIDENCE_IN_ROWS)


class OrganizationLinkRows(Rows):
    model = OrganizationLink
    fk_name = "organization"
    fields = (("kind", "other"), "date", *EVIDENCE_IN_ROWS)


@admin.register(Organization)
class OrganizationAdmin(MergingAdmin, RecordAdmin):
    main = (
        ("name", "name_lang"),
        ("acronym", "kind"),
        ("founded", "dissolved"),
        "region",
        "themes",
        "website",
        "official_url",
        "last_verified",
    )
    list_display = ("name", "acronym", "kind", "region", "founded", "dissolved", "last_verified", "published")
    list_filter = ("published", "kind", "region", "themes", by_decade("founded", _("founded")), "source__kind")
    list_select_related = ("region",)
    search_fields = ("name", "acronym", "slug", "names__name")
    date_hierarchy = "last_verified"
    inlines = (StatusRows, LinkRows, NameRows, SeatRows, IdentifierRows, OrganizationLinkRows)
    actions = (*RecordAdmin.actions, "merge_selected")


@admin.register(OrganizationName)
class OrganizationNameAdmin(RecordAdmin):
    main = ("organization", "name", ("kind", "lang"), ("since", "until"))
    list_display = ("name", "kind", "lang", "organization", "since", "until", "cited", "published")
    list_filter = ("published", "kind", "lang", "source__kind")
    list_select_related = ("organization", "source")
    search_fields = ("name", "organization__name", "organization__acronym", "key")


@admin.register(Seat)
class SeatAdmin(RecordAdmin):
    main = ("organization", ("city", "country"), ("since", "until"))
    list_display = ("organization", "city", "country", "since", "until", "as_of", "cited", "published")
    list_filter = ("published", "country__region", "source__kind")
    list_select_related = ("organization", "country", "source")
    search_fields = ("organization__name", "organization__acronym", "city", "country__name", "key")


@admin.register(OrganizationIdentifier)
class OrganizationIdentifierAdmin(RecordAdmin):
    main = ("organization", ("scheme", "value"), "url")
    list_display = ("value", "scheme", "organization", "cited", "published")
    list_filter = ("published", "scheme")
    list_select_related = ("organization", "source")
    search_fields = ("value", "organization__name", "organization__acronym", "key")


@admin.register(OrganizationLink)
class OrganizationLinkAdmin(RecordAdmin):
    main = ("organization", ("kind", "other"), "date")
    list_display = ("organization", "kind", "other", "date", "cited", "published")
    list_filter = ("published", "kind", by_decade("date", _("date")))
    list_select_related = ("organization", "other", "source")
    search_fields = ("organization__name", "organization__acronym", "other__name", "other__acronym", "key")


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    main = ("name", ("name_fr", "name_es"))
    list_display = ("name", "name_fr", "name_es", "slug", "published")
    list_filter = ("published",)
    search_fields = ("name", "name_fr", "name_es", "slug")
