"""Consultative relations: categories, statuses and links, rights of participation, provisions."""

import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
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
from engagement.models.dates import (
    PartialDate,
    PartialDateField,
    earliest_day,
    in_force,
    latest_day,
    stated_for,
)
from engagement.models.geography import Region
from engagement.models.languages import Named, translated
from engagement.models.meetings import MeetingKind
from engagement.models.organizations import OfOrganization, OfOrganizationQuerySet, Organization, Theme


class ConsultativeCategory(Slugged, Sourced, Named):
    """A kind of standing that the ILO gives to international non-governmental organizations."""

    places = (Place("category", "slug"),)
    label_from = ("name",)

    name = models.CharField(_("name"), max_length=100, help_text=_("Short, as on labels"))
    formal_name = models.CharField(_("formal name"), max_length=200, blank=True)
    group = models.PositiveSmallIntegerField(
        _("group"), help_text=_("The profile counts three: 1 general and regional, 2 Special List, 3 invited")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    summary = models.TextField(_("what it is"), blank=True)
    summary_fr = translated(summary, _("what it is, in French"))
    summary_es = translated(summary, _("what it is, in Spanish"))
    standing_arrangements = models.CharField(_("standing arrangements"), max_length=300, blank=True)
    standing_arrangements_fr = translated(standing_arrangements, _("standing arrangements, in French"))
    standing_arrangements_es = translated(standing_arrangements, _("standing arrangements, in Spanish"))
    basis = models.CharField(_("participation depends on"), max_length=300, blank=True)
    basis_fr = translated(basis, _("participation depends on, in French"))
    basis_es = translated(basis, _("participation depends on, in Spanish"))
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    established = PartialDateField(_("established"))
    established_earliest = earliest_day("established")
    established_latest = latest_day("established")
    known_gaps = models.TextField(
        _("known gaps"), blank=True, help_text=_("Who is known to be missing from the record")
    )
    known_gaps_fr = translated(known_gaps, _("known gaps, in French"))
    known_gaps_es = translated(known_gaps, _("known gaps, in Spanish"))
    stated_number = models.PositiveIntegerField(_("number of organizations stated"), null=True, blank=True)
    stated_number_approximate = models.BooleanField(_("the number is approximate"), default=False)
    fields = models.ManyToManyField(Theme, blank=True, related_name="categories", verbose_name=_("fields named"))

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("consultative category")
        verbose_name_plural = _("consultative categories")
        ordering = ["order", "slug"]
        constraints = [
            *filled("consultativecategory", "slug", "name"),
            models.CheckConstraint(
                name="engagement_consultativecategory_group_known",
                violation_error_message=_("The group is 1, 2 or 3."),
                condition=Q(group__in=[1, 2, 3]),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)


class StatusState(models.TextChoices):
    """How a status stands on a day (docs/data-model.md, "As of a day")."""

    CURRENT = "current", _("Current")
    FORMER = "former", _("Former")
    STATED = "stated", _("Stated by a source for its own date")
    UNDATED = "undated", _("Undated")


class ConsultativeStatusQuerySet(OfOrganizationQuerySet["ConsultativeStatus"]):
    def published(self) -> Self:
        return super().published().filter(category__published=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("category", "region")

    def for_list_on(self, day: datetime.date) -> Self:
        return self.for_list().read_on(day)

    def read_on(self, day: datetime.date) -> Self:
        """The same, each saying of itself how it stood on `day` instead of today."""
        return self.annotate(read_as_of=models.Value(day, output_field=models.DateField()))

    def on(self, day: datetime.date) -> Self:
        """Those that count on `day`: granted by then and not ended, or stated by a source for a date that holds it."""
        return self.filter(in_force(day, "granted", "ended") | stated_for(day, "granted"))

    def seen_on(self, day: datetime.date) -> Self:
        """What a page as of `day` shows: those that count then or had ended, and, apart, those without a date."""
        counting = in_force(day, "granted", "ended") | stated_for(day, "granted")
        besides = status_state(StatusState.FORMER, day) | status_state(StatusState.UNDATED, day)
        return self.filter(counting | besides).read_on(day)

    def in_state(self, state: str, day: datetime.date | None = None) -> Self:
        """Those that stand so on `day` (today, if none is given)."""
        return self.filter(status_state(state, day or datetime.date.today()))

    def current(self) -> Self:
        return self.in_state(StatusState.CURRENT)


def status_state(state: str, day: datetime.date) -> Q:
    """The condition for a StatusState on `day`. A status granted later than `day` is in none."""
    ended = ~Q(ended="") & Q(ended_latest__lte=day.isoformat())
    without_beginning = Q(granted="", ended="")
    conditions = {
        StatusState.CURRENT: in_force(day, "granted", "ended"),
        StatusState.FORMER: ended,
        StatusState.STATED: without_beginning & ~Q(as_of=""),
        StatusState.UNDATED: without_beginning & Q(as_of=""),
    }
    return conditions[StatusState(state)]


class ConsultativeStatus(OfOrganization):
    """One standing of one organization: a dated decision, or what a source states for its own date."""

    places = (Place("organization", "organization__slug", "statuses"),)
    label_from = (
        "organization__name",
        "category__name",
    )
    part_of = "organization"

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="statuses", verbose_name=_("organization")
    )
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, related_name="statuses", verbose_name=_("category")
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("For regional status"),
    )
    granted = PartialDateField(_("granted"))
    granted_earliest = earliest_day("granted")
    granted_latest = latest_day("granted")
    ended = PartialDateField(_("ended"))
    ended_earliest = earliest_day("ended")
    ended_latest = latest_day("ended")
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decision_document = models.CharField(_("decision document"), max_length=200, blank=True)
    decision_paragraph = models.CharField(_("paragraph of the decision"), max_length=50, blank=True)

    objects = ConsultativeStatusQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("consultative status")
        verbose_name_plural = _("consultative statuses")
        ordering = ["organization__sort_name", "category__order", "-granted_earliest", "key"]
        indexes = [
            # What two days differ by: whether the body held the category before, what began and what ended in between.
            models.Index(fields=["organization", "category"], name="engagement_status_held"),
            models.Index(fields=["granted_earliest", "as_of_earliest"], name="engagement_status_begun"),
            models.Index(fields=["ended_latest"], name="engagement_status_ended"),
        ]
        constraints = [
            *filled("consultativestatus", "key"),
            begins_before_it_ends("engagement_consultativestatus_dates_ordered", "granted", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.category}"

    def key_parts(self) -> tuple[Any, ...]:
        return (self.organization.slug, self.category.slug, self.granted or self.as_of)

    def state(self, day: datetime.date | None = None) -> StatusState | None:
        """How it stands on `day`, or on the day it is read for, or today; None before it was granted."""
        iso = (day or getattr(self, "read_as_of", None) or datetime.date.today()).isoformat()
        if self.ended and PartialDate(self.ended).latest <= iso:
            return StatusState.FORMER
        if self.granted:
            return StatusState.CURRENT if PartialDate(self.granted).earliest <= iso else None
        if self.ended:
            return None
        return StatusState.STATED if self.as_of else StatusState.UNDATED


class LinkWording(models.TextChoices):
    """How the source words the link with the ILO."""

    CONSULTATIVE = "consultative", _("consultative status or relation")
    OBSERVER = "observer", _("observer status")
    ACCREDITED = "accredited", _("accredited")
    RECOGNIZED = "recognized", _("recognized")
    OTHER = "other", _("another relation")
    NONE_STATED = "none", _("no status stated")


class ConsultativeLink(OfOrganization, Period):
    """A link with the ILO that a source states without naming the category. It counts for no category and no day."""

    places = (Place("organization", "organization__slug", "consultative-links"),)
    label_from = ("organization__name",)

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="consultative_links", verbose_name=_("organization")
    )
    wording = models.CharField(_("wording"), max_length=20, choices=LinkWording)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("consultative link")
        verbose_name_plural = _("consultative links")
        ordering = ["organization__sort_name", "key"]
        constraints = [
            *filled("consultativelink", "key"),
            begins_before_it_ends("engagement_consultativelink_dates_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_wording_display()}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.wording)


class RightHolder(models.TextChoices):
    """Whose right it is."""

    CATEGORY = "category", _("Organizations of a category")
    SOCIAL_PARTNERS = "social-partners", _("National workers’ and employers’ organizations")
    UNSPECIFIED = "unspecified", _("Category not stated")


class ParticipationRight(Fact, Period):
    """What a holder of a category may do in a kind of meeting, in force from when until when."""

    places = (Place("participation", anchor="rights"),)
    label_from = ("right",)

    holder = models.CharField(_("holder"), max_length=20, choices=RightHolder, default=RightHolder.CATEGORY)
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="rights", verbose_name=_("category")
    )
    meeting_kind = models.CharField(_("kind of meeting"), max_length=30, choices=MeetingKind)
    meeting_wording = models.CharField(_("meeting as the source words it"), max_length=200, blank=True)
    right = models.CharField(_("right"), max_length=200)
    right_fr = translated(right, _("right, in French"))
    right_es = translated(right, _("right, in Spanish"))
    detail = models.TextField(_("detail"), blank=True)
    detail_fr = translated(detail, _("detail, in French"))
    detail_es = translated(detail, _("detail, in Spanish"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("participation right")
        verbose_name_plural = _("participation rights")
        ordering = ["category__order", "meeting_kind", "key"]
        constraints = [
            *filled("participationright", "key", "right"),
            begins_before_it_ends("engagement_participationright_dates_ordered"),
            models.CheckConstraint(
                name="engagement_participationright_holder_matches_category",
                violation_error_message=_("A right of a category names the category; any other right names none."),
                condition=Q(holder=RightHolder.CATEGORY, category__isnull=False)
                | (~Q(holder=RightHolder.CATEGORY) & Q(category__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or self.get_holder_display()}, {self.get_meeting_kind_display()}: {self.right}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.category.slug if self.category else self.holder, self.meeting_kind, self.right)


class TextSeen(models.TextChoices):
    FULL = "yes", _("Text read")
    TITLE = "title only", _("Title read, text not")
    NONE = "no", _("Not read")


class Provision(Fact):
    """An article of a rule book that speaks of non-governmental organizations, and whether its text was read."""

    places = (Place("participation", anchor="provisions"),)
    label_from = (
        "instrument",
        "subject",
    )

    instrument = models.CharField(_("rule book"), max_length=200)
    article = models.CharField(_("article"), max_length=100, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text_seen = models.CharField(_("what was read"), max_length=20, choices=TextSeen)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["instrument", "article", "key"]
        constraints = filled("provision", "key", "instrument", "subject")

    def __str__(self) -> str:
        return f"{self.instrument}, {self.article}" if self.article else self.instrument

    def key_parts(self) -> tuple[str, ...]:
        return (self.instrument, self.article)
