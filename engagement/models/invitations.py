"""Invitations to meetings, the decisions behind them, and who attended."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import Fact, FactQuerySet, Place, filled
from engagement.models.dates import PartialDateField, earliest_day, latest_day, spans
from engagement.models.meetings import Meeting
from engagement.models.organizations import OfOrganization, OfOrganizationQuerySet, Organization


class InvitationDecision(Fact):
    """A decision on whom to invite, and whether the list of names was readable."""

    places = (Place("invitations", anchor="decisions"),)
    label_from = ("label",)

    label = models.CharField(_("meetings as the source words them"), max_length=300)
    meetings = models.ManyToManyField(
        Meeting, blank=True, related_name="invitation_decisions", verbose_name=_("meetings")
    )
    date = PartialDateField(_("date of the decision"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    decided = models.TextField(_("what was decided"))
    list_status = models.CharField(_("the list of names"), max_length=200, blank=True)

    history = HistoricalRecords(m2m_fields=[meetings])

    class Meta:
        verbose_name = _("invitation decision")
        verbose_name_plural = _("invitation decisions")
        ordering = ["-date_earliest", "key"]
        constraints = filled("invitationdecision", "key", "label", "decided")

    def __str__(self) -> str:
        return f"{self.date}: {self.label}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.date, self.label[:60])


class AtMeetingQuerySet(OfOrganizationQuerySet["Invitation"]):
    def published(self) -> Self:
        return super().published().filter(meeting__published=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("meeting", "meeting__body", "meeting__country")

    def on(self, day: datetime.date) -> Self:
        """Those for a meeting that spans `day`."""
        return self.filter(spans(day, "meeting__start", "meeting__end"))


class Invitation(OfOrganization):
    """One organization invited to one meeting."""

    places = (Place("organization", "organization__slug", "invitations"),)
    label_from = (
        "organization__name",
        "meeting__name",
    )

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations", verbose_name=_("meeting"))
    decision = models.ForeignKey(
        InvitationDecision,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("decision"),
    )
    dates_as_printed = models.CharField(_("dates as the source prints them"), max_length=60, blank=True)
    agenda_items = models.TextField(_("agenda items"), blank=True)
    name_as_printed = models.CharField(_("name as the source prints it"), max_length=300, blank=True)

    objects = AtMeetingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-meeting__start_earliest", "organization__sort_name", "key"]
        constraints = [
            *filled("invitation", "key"),
            models.UniqueConstraint(fields=["organization", "meeting"], name="engagement_invitation_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.meeting}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.meeting.slug)


class AttendanceQuerySet(FactQuerySet["Attendance"]):
    """An attendance may name a body that is no organization of the register; then only the meeting must be public."""

    def published(self) -> Self:
        known = Q(organization__isnull=True) | Q(organization__published=True)
        return self.filter(known, published=True, meeting__published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "organization", "meeting", "meeting__body")


class Attendance(Fact):
    """That a body was present or spoke, mostly by its own account. It proves no status."""

    places = (Place("meeting", "meeting__slug", "attendance"),)
    label_from = (
        "name_as_printed",
        "meeting__name",
    )

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="attendances", verbose_name=_("organization")
    )
    name_as_printed = models.CharField(_("name as the source prints it"), max_length=300)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", verbose_name=_("meeting"))
    dates_as_printed = models.CharField(_("dates as the source prints them"), max_length=60, blank=True)
    reported = models.TextField(_("what the source reports"))

    objects = AttendanceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["-meeting__start_earliest", "name_as_printed", "key"]
        constraints = filled("attendance", "key", "name_as_printed", "reported")

    def __str__(self) -> str:
        return f"{self.name_as_printed}: {self.meeting}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug if self.organization else self.name_as_printed, self.meeting.slug)
