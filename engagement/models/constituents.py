"""The ILO's tripartite constituents, country by country, and national tripartite bodies."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    Fact,
    FactQuerySet,
    M,
    Place,
    Slugged,
    Sorted,
    filled,
)
from engagement.models.dates import PartialDateField, earliest_day, latest_day, spoken_for
from engagement.models.geography import Country
from engagement.models.organizations import Organization


class ConstituentGroup(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    EMPLOYERS = "employers", _("Employers")
    WORKERS = "workers", _("Workers")


class Affiliation(Slugged):
    """An international body that constituents belong to; `organization` where the register knows it as one."""

    name = models.CharField(_("name as the sources print it"), max_length=200, unique=True)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["slug"]
        constraints = filled("affiliation", "slug", "name")

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class OfCountryQuerySet(FactQuerySet[M]):
    """Facts of a country are public only where the country is."""

    def published(self) -> Self:
        return self.filter(published=True, country__published=True)


class ConstituentQuerySet(OfCountryQuerySet["Constituent"]):
    def for_list(self) -> Self:
        return self.select_related("source", "country", "organization").prefetch_related("affiliations")

    def on(self, day: datetime.date) -> Self:
        """Those that a source names for a date which holds `day`; a constituent has no beginning of its own."""
        return self.filter(spoken_for(day))


class Constituent(Fact, Sorted):
    """A body that a source names as a side of a country; that it is "most representative" is not claimed."""

    places = (Place("country", "country__iso2", "constituents"),)
    label_from = (
        "country__name",
        "name",
    )

    country = models.ForeignKey(Country, models.CASCADE, related_name="constituents", verbose_name=_("country"))
    group = models.CharField(_("group"), max_length=12, choices=ConstituentGroup)
    name = models.CharField(_("name"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    affiliations = models.ManyToManyField(
        Affiliation, blank=True, related_name="constituents", verbose_name=_("affiliations")
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="constituents",
        verbose_name=_("organization"),
        help_text=_("Only where the body holds a standing with the ILO of its own"),
    )

    objects = ConstituentQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[affiliations])

    class Meta:
        verbose_name = _("constituent")
        verbose_name_plural = _("constituents")
        ordering = ["sort_name", "key"]
        constraints = [
            *filled("constituent", "key", "name", "sort_name"),
            models.UniqueConstraint(fields=["country", "group", "name"], name="engagement_constituent_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.country.iso2, self.group, self.name)


class TripartiteBody(Fact):
    """A national body of government, employers and workers, as Convention No. 144 foresees."""

    places = (Place("country", "country__iso2", "tripartite-bodies"),)
    label_from = (
        "country__name",
        "name",
    )

    country = models.ForeignKey(Country, models.CASCADE, related_name="tripartite_bodies", verbose_name=_("country"))
    name = models.CharField(_("name"), max_length=300)
    established = PartialDateField(_("established"))
    established_earliest = earliest_day("established")
    established_latest = latest_day("established")
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)

    objects = OfCountryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("tripartite body")
        verbose_name_plural = _("tripartite bodies")
        ordering = ["country", "name", "key"]
        constraints = [
            *filled("tripartitebody", "key", "name"),
            models.UniqueConstraint(fields=["country", "name"], name="engagement_tripartitebody_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.country.iso2, self.name)
