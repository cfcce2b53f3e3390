"""Regions of the ILO, countries, and membership of the Organization."""

import datetime
from collections.abc import Callable
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    Fact,
    FactQuerySet,
    Period,
    Place,
    Slugged,
    Sorted,
    Sourced,
    begins_before_it_ends,
    filled,
)
from engagement.models.dates import ByteOrderedCharField, in_force, stated_for
from engagement.models.languages import InLanguage, Named
from engagement.search import normalise


class Region(Slugged, Named):
    """One of the ILO's five regions."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["order", "slug"]
        constraints = filled("region", "slug", "name")

    def __str__(self) -> str:
        return self.local_name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class CountryQuerySet(FactQuerySet["Country"]):
    def for_list(self) -> Self:
        memberships = models.Prefetch(
            "memberships", queryset=Membership.objects.published().select_related("source").order_by("since_earliest")
        )
        return self.select_related("source", "region").prefetch_related(memberships)

    def by_name(self) -> Self:
        """In the order of their names in the language of the page."""
        return self.order_by(InLanguage("sort_name").column, "iso2")

    def members(self) -> Self:
        """Member States of the ILO today."""
        return self.on(datetime.date.today())

    def on(self, day: datetime.date) -> Self:
        """Member States on `day`."""
        membership = Membership.objects.published().on(day).filter(country=OuterRef("pk"))
        return self.filter(Exists(membership))


class Country(Sourced, Named, Sorted):
    """A State or territory of ISO 3166-1, with its ILO region (the source speaks of the region)."""

    places = (Place("country", "iso2"),)
    label_from = ("name",)

    key_field: ClassVar[str] = "iso2"

    sort_name_fr = ByteOrderedCharField(max_length=300, blank=True, editable=False, db_index=True)
    sort_name_es = ByteOrderedCharField(max_length=300, blank=True, editable=False, db_index=True)
    iso2 = models.CharField(_("ISO code, two letters"), max_length=2, unique=True)
    iso3 = models.CharField(_("ISO code, three letters"), max_length=3, unique=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="countries", verbose_name=_("region")
    )
    subregion = models.CharField(_("subregion"), max_length=100, blank=True)
    tile_column = models.PositiveSmallIntegerField(_("column on the tile map"), null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("row on the tile map"), null=True, blank=True)

    objects = CountryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["sort_name", "iso2"]
        constraints = [
            *filled("country", "name", "sort_name"),
            models.CheckConstraint(
                name="engagement_country_iso2_format",
                violation_error_message=_("Two capital letters."),
                condition=Q(iso2__regex=r"^[A-Z]{2}$"),
            ),
            models.CheckConstraint(
                name="engagement_country_iso3_format",
                violation_error_message=_("Three capital letters."),
                condition=Q(iso3__regex=r"^[A-Z]{3}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    def complete(self, free_key: Callable[[str], str] | None = None) -> None:
        """A name that is missing in a language is sorted as the English one, which stands there instead."""
        self.sort_name_fr = normalise(self.name_fr or self.name)
        self.sort_name_es = normalise(self.name_es or self.name)
        super().complete(free_key)


class MembershipQuerySet(FactQuerySet["Membership"]):
    def on(self, day: datetime.date) -> Self:
        """In force on `day`; one whose beginning is unknown counts inside the date its source speaks for."""
        return self.filter(in_force(day) | stated_for(day))


class Membership(Fact, Period):
    """One spell of a State's membership of the ILO. A State that left and came back has two."""

    places = (Place("country", "country__iso2", "memberships"),)
    label_from = (
        "country__name",
        "since",
    )
    part_of = "country"

    country = models.ForeignKey(Country, models.CASCADE, related_name="memberships", verbose_name=_("country"))
    listed_in = models.ForeignKey(
        "engagement.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("listed as a member in"),
        help_text=_("The source that lists the State as a member; the other one dates the membership"),
    )

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["country", "since_earliest"]
        constraints = [*filled("membership", "key"), begins_before_it_ends("engagement_membership_dates_ordered")]

    def __str__(self) -> str:
        return f"{self.country} {self.since or '?'}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.country.iso2, self.since)
