"""Organizations that have, had or seek a relation with the ILO: names, seats, identifiers, links, themes."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    Fact,
    FactQuerySet,
    M,
    Period,
    Place,
    Slugged,
    Sorted,
    Sourced,
    begins_before_it_ends,
    filled,
)
from engagement.models.dates import PartialDateField, earliest_day, latest_day
from engagement.models.geography import Country, Region
from engagement.models.languages import Named


class Theme(Slugged, Named):
    """A field of work."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]
        constraints = filled("theme", "slug", "name")

    def __str__(self) -> str:
        return self.local_name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class OrganizationKind(models.TextChoices):
    NGO = "ngo", _("Non-governmental organization")
    EMPLOYERS = "employers", _("Employers’ organization")
    WORKERS = "workers", _("Workers’ organization")
    COOPERATIVE = "cooperative", _("Co-operative organization")
    GOVERNMENT = "government", _("Government body")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organization")
    OTHER = "other", _("Other")


class OrganizationQuerySet(FactQuerySet["Organization"]):
    def for_list(self) -> Self:
        """With acronym, seats, standing, themes and former names, as a list row shows them."""
        return self._with(apps_model("ConsultativeStatus").objects.published(), Seat.objects.published())

    def for_list_on(self, day: datetime.date) -> Self:
        """With the standing and the seats of that day."""
        standing = apps_model("ConsultativeStatus").objects.published().on(day).read_on(day)
        return self._with(standing, Seat.objects.published().on(day))

    def _with(self, statuses: Any, seats: Any) -> Self:
        return self.select_related("source", "region").prefetch_related(
            Prefetch("statuses", queryset=statuses.select_related("category", "region")),
            Prefetch("seats", queryset=seats.select_related("country")),
            Prefetch("names", queryset=OrganizationName.objects.published()),
            "themes",
        )

    def on(self, day: datetime.date) -> Self:
        """With a standing on `day`: a status that counts that day, or an invitation to a meeting that spans it."""
        return self.filter(Q(self._held("ConsultativeStatus", day)) | Q(self._held("Invitation", day)))

    def current(self) -> Self:
        """With a standing today."""
        return self.on(datetime.date.today())

    @staticmethod
    def _held(model: str, day: datetime.date) -> Exists:
        rows = apps_model(model).objects.published().on(day)
        return Exists(rows.filter(organization=OuterRef("pk")))


def apps_model(name: str) -> Any:
    """A model of this app by name, for the questions that cross modules which import this one."""
    return Organization._meta.apps.get_model("engagement", name)


class Organization(Slugged, Sourced, Sorted):
    """A body. Its standing, names, seats and the rest are dated facts of their own; the source here names the body."""

    places = (Place("organization", "slug"),)
    label_from = ("name",)

    name = models.CharField(_("name"), max_length=300)
    name_lang = models.CharField(
        _("language of the name"), max_length=10, default="en", help_text=_("BCP 47, as en, fr, es, ar")
    )
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind, default=OrganizationKind.NGO)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region of activity"),
        help_text=_("Only where a source says that it works in one region"),
    )
    website = models.URLField(_("website"), max_length=300, blank=True)
    official_url = models.URLField(_("page on the ILO’s site"), max_length=500, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="organizations", verbose_name=_("fields of work"))
    founded = PartialDateField(_("founded"))
    founded_earliest = earliest_day("founded")
    founded_latest = latest_day("founded")
    dissolved = PartialDateField(_("dissolved"))
    dissolved_earliest = earliest_day("dissolved")
    dissolved_latest = latest_day("dissolved")
    last_verified = models.DateField(_("last verified"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[themes])

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["sort_name", "slug"]
        constraints = [
            *filled("organization", "slug", "name", "sort_name"),
            begins_before_it_ends("engagement_organization_life_ordered", "founded", "dissolved"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class OfOrganizationQuerySet(FactQuerySet[M]):
    """Facts of an organization are public only where the organization is."""

    def published(self) -> Self:
        return self.filter(published=True, organization__published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "organization")


class OfOrganization(Fact):
    """A fact of one organization; it stands on the organization's page."""

    objects = OfOrganizationQuerySet.as_manager()

    class Meta:
        abstract = True


class SeatQuerySet(OfOrganizationQuerySet["Seat"]):
    def on(self, day: datetime.date) -> Self:
        """Not known to begin after `day` nor to have ended by it: a seat whose dates no source gives counts."""
        iso = day.isoformat()
        return self.filter(Q(since="") | Q(since_earliest__lte=iso), Q(until="") | Q(until_latest__gt=iso))

    def for_list(self) -> Self:
        return super().for_list().select_related("country")


class Seat(OfOrganization, Period):
    """Where an organization has its seat, from when until when."""

    places = (Place("organization", "organization__slug", "seats"),)
    label_from = (
        "organization__name",
        "country__name",
    )
    part_of = "organization"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="seats", verbose_name=_("organization"))
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="seats", verbose_name=_("country"))

    objects = SeatQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["-since_earliest", "key"]
        constraints = [*filled("seat", "key"), begins_before_it_ends("engagement_seat_dates_ordered")]

    def __str__(self) -> str:
        return f"{self.city}, {self.country}" if self.city else str(self.country)

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.city, self.country.iso2)


class NameKind(models.TextChoices):
    ACRONYM = "acronym", _("Acronym")
    FORMER = "former", _("Former name")
    LANGUAGE = "language", _("Name in another language")
    TRANSLITERATION = "transliteration", _("Transliteration")
    VARIANT = "variant", _("Spelling in a source")


class OrganizationName(OfOrganization, Period):
    """Another name by which an organization is or was known."""

    places = (Place("organization", "organization__slug", "names"),)
    label_from = (
        "organization__name",
        "name",
    )
    part_of = "organization"

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names", verbose_name=_("organization"))
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=NameKind)
    lang = models.CharField(_("language"), max_length=10, blank=True, help_text=_("BCP 47, as en, fr, es, ar"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organization name")
        verbose_name_plural = _("organization names")
        ordering = ["kind", "name", "key"]
        indexes = [
            models.Index(fields=["since_earliest"], name="engagement_name_begun"),
            models.Index(fields=["until_latest"], name="engagement_name_ended"),
        ]
        constraints = [
            *filled("organizationname", "key", "name"),
            begins_before_it_ends("engagement_organizationname_dates_ordered"),
            models.UniqueConstraint(
                fields=["organization", "name", "kind", "lang"], name="engagement_organizationname_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.kind, self.name)


class OrganizationIdentifier(OfOrganization):
    """What another register calls the organization (ROR, Wikidata, UIA …)."""

    places = (Place("organization", "organization__slug", "identifiers"),)
    label_from = (
        "organization__name",
        "scheme",
        "value",
    )
    part_of = "organization"

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="identifiers", verbose_name=_("organization")
    )
    scheme = models.CharField(_("scheme"), max_length=40)
    value = models.CharField(_("value"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organization identifier")
        verbose_name_plural = _("organization identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            *filled("organizationidentifier", "key", "scheme", "value"),
            models.UniqueConstraint(fields=["scheme", "value"], name="engagement_organizationidentifier_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.scheme, self.value)


class LinkKind(models.TextChoices):
    SUCCESSOR = "successor-of", _("successor of")
    AFFILIATE = "affiliate-of", _("affiliate of")
    MERGED = "merged-into", _("merged into")


class OrganizationLinkQuerySet(OfOrganizationQuerySet["OrganizationLink"]):
    def published(self) -> Self:
        return super().published().filter(other__published=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("other")


class OrganizationLink(OfOrganization):
    """How one organization stands to another, read from the first to the second."""

    places = (Place("organization", "organization__slug", "links"),)
    label_from = (
        "organization__name",
        "other__name",
    )

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="links", verbose_name=_("organization"))
    kind = models.CharField(_("kind"), max_length=20, choices=LinkKind)
    other = models.ForeignKey(
        Organization, models.CASCADE, related_name="links_here", verbose_name=_("other organization")
    )
    date = PartialDateField(_("date"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")

    objects = OrganizationLinkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organization link")
        verbose_name_plural = _("organization links")
        ordering = ["kind", "date_earliest", "key"]
        constraints = [
            *filled("organizationlink", "key"),
            models.UniqueConstraint(
                fields=["organization", "kind", "other"], name="engagement_organizationlink_unique"
            ),
            models.CheckConstraint(
                name="engagement_organizationlink_not_to_itself",
                violation_error_message=_("An organization is not linked to itself."),
                condition=~Q(organization=models.F("other")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_kind_display()} {self.other}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.kind, self.other.slug)
