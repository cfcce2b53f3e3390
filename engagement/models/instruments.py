"""Instruments: Conventions, Declarations, agreements, initiatives; their amendments and ratifications."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import Fact, FactQuerySet, M, Place, Record, Sourced, filled
from engagement.models.dates import PartialDateField, earliest_day, latest_day
from engagement.models.geography import Country


class InstrumentKind(models.TextChoices):
    CONVENTION = "convention", _("Convention")
    DECLARATION = "declaration", _("Declaration")
    AGREEMENT = "agreement", _("Agreement")
    INITIATIVE = "initiative", _("Initiative")


class Instrument(Record, Sourced):
    """A text or agreement, known by its code (`C144`, `MNE`)."""

    places = (Place("instrument", "code"),)
    label_from = ("title",)

    key_field: ClassVar[str] = "code"

    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("Upper case, as C144 or MNE"))
    kind = models.CharField(_("kind"), max_length=20, choices=InstrumentKind)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    adopted = PartialDateField(_("adopted or signed"))
    adopted_earliest = earliest_day("adopted")
    adopted_latest = latest_day("adopted")
    adopted_at = models.CharField(_("adopted or signed at"), max_length=200, blank=True)
    in_force_from = PartialDateField(_("in force from"))
    in_force_from_earliest = earliest_day("in_force_from")
    in_force_from_latest = latest_day("in_force_from")
    status = models.CharField(_("status"), max_length=300, blank=True)

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        ordering = ["kind", "number", "code"]
        constraints = [
            *filled("instrument", "title"),
            models.CheckConstraint(
                name="engagement_instrument_code_format",
                violation_error_message=_("Capital letters and digits only."),
                condition=models.Q(code__regex=r"^[A-Z0-9]+$"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfInstrumentQuerySet(FactQuerySet[M]):
    def published(self) -> Self:
        return self.filter(published=True, instrument__published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "instrument")


class InstrumentAmendment(Fact):
    """One amendment of an instrument."""

    places = (Place("instrument", "instrument__code", "amendments"),)
    label_from = (
        "instrument__title",
        "date",
    )

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="amendments", verbose_name=_("instrument"))
    date = PartialDateField(_("date"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    adopted_at = models.CharField(_("adopted at"), max_length=200, blank=True)

    objects = OfInstrumentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("instrument amendment")
        verbose_name_plural = _("instrument amendments")
        ordering = ["instrument", "date_earliest", "key"]
        constraints = [
            *filled("instrumentamendment", "key", "date"),
            models.UniqueConstraint(fields=["instrument", "date"], name="engagement_instrumentamendment_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.code}, {self.date}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.instrument.code, "amended", self.date)


class RatificationState(models.TextChoices):
    RATIFIED = "ratified", _("Ratified")
    IN_FORCE = "in-force", _("In force")
    DENOUNCED = "denounced", _("Denounced")


class RatificationQuerySet(OfInstrumentQuerySet["Ratification"]):
    def published(self) -> Self:
        return super().published().filter(country__published=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("country")


class Ratification(Fact):
    """One country and one Convention. A denunciation that only follows from another ratification is marked derived."""

    places = (Place("instrument", "instrument__code", "ratifications"),)
    label_from = (
        "instrument__code",
        "country__name",
    )

    instrument = models.ForeignKey(
        Instrument, models.CASCADE, related_name="ratifications", verbose_name=_("instrument")
    )
    country = models.ForeignKey(Country, models.CASCADE, related_name="ratifications", verbose_name=_("country"))
    date = PartialDateField(_("date"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    state = models.CharField(_("state"), max_length=12, choices=RatificationState)
    derived = models.BooleanField(
        _("derived"), default=False, help_text=_("Follows from another fact; no source states it by itself")
    )

    objects = RatificationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ratification")
        verbose_name_plural = _("ratifications")
        ordering = ["instrument__code", "country__sort_name", "key"]
        constraints = [
            *filled("ratification", "key"),
            models.UniqueConstraint(fields=["instrument", "country"], name="engagement_ratification_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.instrument.code}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.instrument.code, self.country.iso2)
