"""Sources: where facts stand written, where else they do, and where two sources disagree."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import KEY_LENGTH, Keyed, Place, RecordQuerySet, Slugged, filled
from engagement.models.dates import PartialDateField, earliest_day, latest_day


class SourceKind(models.TextChoices):
    """Who speaks in a source. It follows from the publisher by a committed mapping (fixtures/curation/)."""

    PROFILE = "profile", _("UN-NGLS profile")
    OFFICIAL_DOCUMENT = "official-document", _("Official document")
    OFFICIAL_PAGE = "official-page", _("Official page")
    PRESS = "press", _("Press")
    DATABASE = "database", _("Database")
    OWN_STATEMENT = "own-statement", _("The organization's own statement")
    SECONDARY = "secondary", _("Secondary account")
    UNCLASSIFIED = "unclassified", _("Not classified")


class Source(Slugged):
    """A document, page or data set. Everything in the register points at one."""

    places = (Place("source", "slug"),)
    label_from = ("title",)

    title = models.CharField(_("title"), max_length=500)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind, default=SourceKind.UNCLASSIFIED)
    date = PartialDateField(_("date of the document"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    as_of = PartialDateField(_("as of"), help_text=_("The date for which it speaks, where that is not its own date"))
    as_of_earliest = earliest_day("as_of")
    as_of_latest = latest_day("as_of")
    licence = models.CharField(_("licence or terms"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "slug"]
        constraints = filled("source", "slug", "title")

    def __str__(self) -> str:
        return self.title

    def key_parts(self) -> tuple[str, ...]:
        return (self.title[:60],)


class AboutRecord(models.Model):
    """Speaks of one record, named by its kind (the model's name, as `organization`) and its natural key."""

    kind = models.CharField(_("kind of record"), max_length=40)
    record_key = models.SlugField(_("key of the record"), max_length=KEY_LENGTH)

    class Meta:
        abstract = True


class FurtherSource(Keyed, AboutRecord):
    """Another source for a fact than the one its row names: it agrees, adds a detail, or said it earlier."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="further", verbose_name=_("source"))
    locator = models.CharField(_("locator"), max_length=200, blank=True)
    reading = models.CharField(_("what it says"), max_length=500, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("further source")
        verbose_name_plural = _("further sources")
        ordering = ["kind", "record_key", "key"]
        indexes = [models.Index(fields=["kind", "record_key"], name="engagement_further_about")]
        constraints = filled("furthersource", "key", "kind", "record_key")

    def __str__(self) -> str:
        return f"{self.kind} {self.record_key}: {self.source}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.kind, self.record_key, self.source.slug)


class DiscrepancyQuerySet(RecordQuerySet["Discrepancy"]):
    def for_list(self) -> Self:
        return self.select_related("source_a", "source_b")


class Discrepancy(Keyed, AboutRecord):
    """Two sources, two readings of one field of one record. A side may be without a source."""

    places = (Place("discrepancies", anchor="discrepancies"),)
    label_from = (
        "label",
        "field",
    )

    label = models.CharField(_("record"), max_length=300, help_text=_("How readers know the record"))
    field = models.CharField(_("field"), max_length=100)
    reading_a = models.CharField(_("first reading"), max_length=300, blank=True)
    source_a = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source of the first")
    )
    reading_b = models.CharField(_("second reading"), max_length=300, blank=True)
    source_b = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source of the second")
    )
    note = models.TextField(_("note"), blank=True)

    objects = DiscrepancyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["kind", "label", "field", "key"]
        indexes = [models.Index(fields=["kind", "record_key"], name="engagement_discrepancy_about")]
        constraints = filled("discrepancy", "key", "kind", "record_key", "field")

    def __str__(self) -> str:
        return f"{self.label}: {self.field}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.kind, self.record_key, self.field)
