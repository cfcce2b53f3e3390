"""Bodies that meet, and their meetings."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    FactQuerySet,
    Place,
    Slugged,
    Sourced,
    begins_before_it_ends,
    filled,
)
from engagement.models.dates import PartialDateField, earliest_day, latest_day, spans
from engagement.models.geography import Country, Region


class MeetingKind(models.TextChoices):
    """Kinds of meeting, as the participation matrix has them for columns."""

    CONFERENCE = "conference", _("International Labour Conference")
    PLENARY = "conference-plenary", _("Conference, plenary")
    COMMITTEES = "conference-committees", _("Conference committees")
    GOVERNING_BODY = "governing-body", _("Governing Body")
    REGIONAL = "regional-meeting", _("Regional meetings")
    SECTORAL = "sectoral-meeting", _("Sectoral meetings")
    EXPERTS = "experts-meeting", _("Meetings of experts")
    SEMINAR = "seminar", _("Symposia and seminars")
    OTHER = "other-meeting", _("Other meetings")
    ANY = "any-meeting", _("All meetings")


class MeetingBody(Slugged, Sourced):
    """A body or series whose meetings the register knows: the Conference, the Governing Body, a regional meeting."""

    places = (Place("meetings", anchor="bodies"),)
    label_from = ("name",)

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=MeetingKind)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    composition = models.CharField(_("who takes part"), max_length=300, blank=True)

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meeting body")
        verbose_name_plural = _("meeting bodies")
        ordering = ["order", "slug"]
        constraints = filled("meetingbody", "slug", "name")

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class MeetingQuerySet(FactQuerySet["Meeting"]):
    def for_list(self) -> Self:
        return self.select_related("source", "body", "country")

    def on(self, day: datetime.date) -> Self:
        """Those that span `day`."""
        return self.filter(spans(day))


class Meeting(Slugged, Sourced):
    """One meeting. Its dates are the source's; a missing end is unknown, not the same day."""

    places = (Place("meeting", "slug"),)
    label_from = ("name",)

    body = models.ForeignKey(MeetingBody, models.PROTECT, related_name="meetings", verbose_name=_("body"))
    number = models.CharField(_("number"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=300)
    place = models.CharField(_("place"), max_length=100, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("country")
    )
    start = PartialDateField(_("start"))
    start_earliest = earliest_day("start")
    start_latest = latest_day("start")
    end = PartialDateField(_("end"))
    end_earliest = earliest_day("end")
    end_latest = latest_day("end")
    agenda = models.TextField(_("agenda"), blank=True, help_text=_("One item a line"))
    requests_from = PartialDateField(
        _("requests for an invitation from"), help_text=_("Only where a source publishes it")
    )
    requests_until = PartialDateField(_("requests for an invitation until"))

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-start_earliest", "slug"]
        constraints = [
            *filled("meeting", "slug", "name"),
            begins_before_it_ends("engagement_meeting_dates_ordered", "start", "end"),
            models.UniqueConstraint(
                fields=["body", "number"], name="engagement_meeting_number_unique", condition=~models.Q(number="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.body.acronym or self.body.name, self.number) if self.number else (self.name,)

    @property
    def agenda_items(self) -> list[str]:
        return self.agenda.splitlines()
