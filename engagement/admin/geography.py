"""Regions, countries, membership of the ILO."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, RecordAdmin, Rows, by_decade
from engagement.admin.constituents import ConstituentRows, TripartiteBodyRows
from engagement.models import Country, Membership, Region


class MembershipRows(Rows):
    model = Membership
    fields = (("since", "until"), "listed_in", *EVIDENCE_IN_ROWS)


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    main = ("name", ("name_fr", "name_es"), "order")
    list_display = ("name", "name_fr", "name_es", "order", "published")
    search_fields = ("name", "name_fr", "name_es", "slug")


@admin.register(Country)
class CountryAdmin(RecordAdmin):
    main = (
        "name",
        ("name_fr", "name_es"),
        ("iso2", "iso3"),
        ("region", "subregion"),
        ("tile_column", "tile_row"),
    )
    list_display = ("name", "iso2", "iso3", "region", "subregion", "published")
    list_filter = ("published", "region", "subregion")
    list_select_related = ("region",)
    search_fields = ("name", "name_fr", "name_es", "iso2", "iso3")
    inlines = (MembershipRows, ConstituentRows, TripartiteBodyRows)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    main = ("country", ("since", "until"), "listed_in")
    list_display = ("country", "since", "until", "as_of", "cited", "published")
    list_filter = ("published", "country__region", by_decade("since", _("since")), "source__kind")
    list_select_related = ("country", "source")
    search_fields = ("country__name", "country__iso2", "key")
