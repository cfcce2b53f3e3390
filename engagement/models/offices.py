"""The International Labour Office: its units and offices, their figures, office holders, contacts."""

import calendar
import datetime
import secrets
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    Fact,
    FactQuerySet,
    Period,
    Place,
    Slugged,
    Sourced,
    begins_before_it_ends,
    filled,
)
from engagement.models.geography import Country
from engagement.models.organizations import Organization


class OfficeKind(models.TextChoices):
    HEADQUARTERS = "headquarters", _("Headquarters")
    UNIT = "unit", _("Headquarters unit")
    REGIONAL = "regional", _("Regional office")
    COUNTRY = "country", _("Country or subregional office")


class OfficeQuerySet(FactQuerySet["Office"]):
    def for_list(self) -> Self:
        return self.select_related("source", "country", "predecessor").prefetch_related(
            models.Prefetch("figures", queryset=OfficeFigure.objects.published().select_related("source"))
        )


class Office(Slugged, Sourced, Period):
    """A unit at headquarters or an office in the field."""

    places = (Place("offices", anchor="offices", search="name"),)
    label_from = ("name",)

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OfficeKind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("country")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    covers = models.CharField(_("covers"), max_length=300, blank=True, help_text=_("As the source words it"))
    covered_countries = models.ManyToManyField(
        Country, blank=True, related_name="covering_offices", verbose_name=_("countries covered")
    )
    mandate = models.TextField(_("mandate"), blank=True)
    predecessor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="successors", verbose_name=_("predecessor")
    )

    objects = OfficeQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[covered_countries])

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["order", "name", "slug"]
        constraints = [*filled("office", "slug", "name"), begins_before_it_ends("engagement_office_dates_ordered")]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class OfficeFigure(Fact):
    """A figure that a source states of an office, as its staff."""

    places = (Place("offices", anchor="figures", search="office__name"),)
    label_from = (
        "office__name",
        "indicator",
    )

    office = models.ForeignKey(Office, models.CASCADE, related_name="figures", verbose_name=_("office"))
    indicator = models.CharField(_("indicator"), max_length=200)
    value = models.PositiveIntegerField(_("value"))
    approximate = models.BooleanField(_("approximate"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("office figure")
        verbose_name_plural = _("office figures")
        ordering = ["office", "-value", "key"]
        constraints = filled("officefigure", "key", "indicator")

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.office.slug, self.indicator)


class OfficialQuerySet(FactQuerySet["Official"]):
    def for_list(self) -> Self:
        return self.select_related("source", "nationality")


class Official(Fact, Period):
    """A public office holder and the term: the Directors-General."""

    places = (Place("offices", anchor="officials"),)
    label_from = (
        "name",
        "position",
    )

    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200)
    nationality = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nationality")
    )

    objects = OfficialQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["-since_earliest", "key"]
        constraints = [
            *filled("official", "key", "name", "position"),
            begins_before_it_ends("engagement_official_dates_ordered"),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class LawfulBasis(models.TextChoices):
    CONSENT = "consent", _("Consent of the person")
    PUBLIC_ROLE = "public-role", _("Public role")
    PUBLISHED_SOURCE = "published-source", _("Reproduced from a published source")
    LEGITIMATE_INTEREST = "legitimate-interest", _("Legitimate interest")


# How long a new contact is kept where nobody says until when.
KEPT_MONTHS = 24


def kept_until(day: datetime.date) -> datetime.date:
    """Until when a contact made on this day is kept where nobody says: the same day of the month, or its last."""
    months = day.month - 1 + KEPT_MONTHS
    year, month = day.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class ContactQuerySet(FactQuerySet["Contact"]):
    """Nobody sees a contact unless it is marked public; what is shown of it is an allow-list (PUBLIC_FIELDS)."""

    def published(self) -> Self:
        return self.filter(published=True, public=True)

    def for_list(self) -> Self:
        return self.select_related("source", "office", "organization")


class Contact(Fact):
    """A person or desk to write to. Private unless `public`; the e-mail address is never shown or exported."""

    places = (Place("contacts", anchor="contacts", search="name"),)
    label_from = ("name",)

    key_may_outlive = False

    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ("name", "title", "office", "organization", "address", "phone")

    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    office = models.ForeignKey(
        Office, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("office")
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="contacts", verbose_name=_("organization")
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    public = models.BooleanField(_("public"), default=False)
    purpose = models.CharField(_("purpose"), max_length=200, help_text=_("What it is kept for"))
    lawful_basis = models.CharField(_("lawful basis"), max_length=30, choices=LawfulBasis)
    consented_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_source = models.CharField(
        _("how consent was given"), max_length=200, blank=True, help_text=_("As “by mail”, or where it is filed")
    )
    last_verified = models.DateField(_("last verified"), null=True, blank=True)
    retain_until = models.DateField(_("retain until"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "key"]
        constraints = [
            *filled("contact", "key", "name", "purpose"),
            models.CheckConstraint(
                name="engagement_contact_consent_dated",
                violation_error_message=_("A public contact kept by consent says when consent was given."),
                condition=models.Q(public=False)
                | ~models.Q(lawful_basis=LawfulBasis.CONSENT)
                | models.Q(consented_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        """Not the name: a key may stand in an address, and must not come back for another person of that name."""
        return ("contact", secrets.token_hex(5))
