"""Tripartite constituents, their affiliations, national tripartite bodies. The rows for a country's form stand here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, LongRows, RecordAdmin, Rows, by_decade
from engagement.models import Affiliation, Constituent, TripartiteBody


class ConstituentRows(LongRows):
    model = Constituent
    fields = ("group", "name", "acronym", "source", "locator", "as_of", "published")


class TripartiteBodyRows(Rows):
    model = TripartiteBody
    fields = ("name", ("established", "legal_basis"), *EVIDENCE_IN_ROWS)


@admin.register(Constituent)
class ConstituentAdmin(RecordAdmin):
    main = (("country", "group"), ("name", "acronym"), "affiliations", "organization", "website")
    list_display = ("name", "acronym", "group", "country", "as_of", "cited", "published")
    list_filter = ("published", "group", "country__region", "affiliations", "source__kind")
    list_select_related = ("country", "source")
    search_fields = ("name", "acronym", "country__name", "country__iso2", "key")


@admin.register(Affiliation)
class AffiliationAdmin(RecordAdmin):
    main = ("name", "organization")
    list_display = ("name", "organization", "published")
    list_filter = ("published",)
    list_select_related = ("organization",)
    search_fields = ("name", "slug")


@admin.register(TripartiteBody)
class TripartiteBodyAdmin(RecordAdmin):
    main = ("country", "name", ("established", "legal_basis"))
    list_display = ("name", "country", "established", "legal_basis", "cited", "published")
    list_filter = ("published", "country__region", by_decade("established", _("established")))
    list_select_related = ("country", "source")
    search_fields = ("name", "country__name", "country__iso2", "key")
