"""Consultative relations: categories, statuses and links, rights, criteria, provisions, invitations, attendance."""

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    KEY_LENGTH,
    Fact,
    FactQuerySet,
    Period,
    Record,
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
    spans,
    stated_for,
)
from engagement.models.geography import Region
from engagement.models.meetings import Meeting, MeetingKind
from engagement.models.organizations import OfOrganization, OfOrganizationQuerySet, Organization, Theme


class ConsultativeCategory(Record, Sourced):
    """A kind of standing that the ILO gives to international non-governmental organizations."""

    key_field: ClassVar[str] = "slug"

    slug = models.SlugField(_("slug"), max_length=KEY_LENGTH, unique=True, blank=True)
    name = models.CharField(_("name"), max_length=100)
    group = models.PositiveSmallIntegerField(
        _("group"), help_text=_("The profile counts three: 1 general and regional, 2 Special List, 3 invited")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    summary = models.TextField(_("what it is"), blank=True)
    standing_arrangements = models.CharField(_("standing arrangements"), max_length=300, blank=True)
    basis = models.CharField(_("participation depends on"), max_length=300, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    established = PartialDateField(_("established"))
    established_earliest = earliest_day("established")
    established_latest = latest_day("established")
    stated_number = models.PositiveIntegerField(_("number of organizations stated"), null=True, blank=True)
    stated_number_approximate = models.BooleanField(_("the number is approximate"), default=False)
    fields = models.ManyToManyField(Theme, blank=True, related_name="categories", verbose_name=_("fields named"))

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["order", "slug"]
        verbose_name_plural = "consultative categories"
        constraints = [
            *filled("consultativecategory", "slug", "name"),
            models.CheckConstraint(
                name="engagement_consultativecategory_group_known", condition=Q(group__in=[1, 2, 3])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def key_parts(self) -> tuple[str, ...]:
        return (self.name,)

    def get_absolute_url(self) -> str:
        return reverse("engagement:category", args=[self.slug])


class StatusState(models.TextChoices):
    """How a status stands on a day (docs/data-model.md, "As of a day")."""

    CURRENT = "current", _("Current")
    FORMER = "former", _("Former")
    STATED = "stated", _("Stated by a source for its own date")
    UNDATED = "undated", _("Undated")


class ConsultativeStatusQuerySet(OfOrganizationQuerySet):
    def for_list(self) -> Self:
        return super().for_list().select_related("category", "region")

    def on(self, day: datetime.date) -> Self:
        """Those that count on `day`: granted by then and not ended, or stated by a source for a date that holds it."""
        return self.filter(in_force(day, "granted", "ended") | stated_for(day, "granted"))

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

    collection = "statuses"

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
        ordering = ["organization__sort_name", "category__order", "-granted_earliest", "key"]
        verbose_name_plural = "consultative statuses"
        constraints = [
            *filled("consultativestatus", "key"),
            begins_before_it_ends("engagement_consultativestatus_dates_ordered", "granted", "ended"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.category}"

    def key_parts(self) -> tuple[Any, ...]:
        return (self.organization.slug, self.category.slug, self.granted or self.as_of)

    def state(self, day: datetime.date | None = None) -> StatusState:
        """How it stands on `day` (today, if none is given); a future grant is not yet current, but nothing else either."""
        iso = (day or datetime.date.today()).isoformat()
        if self.ended and PartialDate(self.ended).latest <= iso:
            return StatusState.FORMER
        if self.granted or self.ended:
            return StatusState.CURRENT
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

    collection = "consultative-links"

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="consultative_links", verbose_name=_("organization")
    )
    wording = models.CharField(_("wording"), max_length=20, choices=LinkWording)

    history = HistoricalRecords()

    class Meta:
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

    holder = models.CharField(_("holder"), max_length=20, choices=RightHolder, default=RightHolder.CATEGORY)
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="rights", verbose_name=_("category")
    )
    meeting_kind = models.CharField(_("kind of meeting"), max_length=30, choices=MeetingKind)
    meeting_wording = models.CharField(_("meeting as the source words it"), max_length=200, blank=True)
    right = models.CharField(_("right"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["category__order", "meeting_kind", "key"]
        constraints = [
            *filled("participationright", "key", "right"),
            begins_before_it_ends("engagement_participationright_dates_ordered"),
            models.CheckConstraint(
                name="engagement_participationright_holder_matches_category",
                condition=Q(holder=RightHolder.CATEGORY, category__isnull=False)
                | (~Q(holder=RightHolder.CATEGORY) & Q(category__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or self.get_holder_display()}, {self.get_meeting_kind_display()}: {self.right}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.category.slug if self.category else self.holder, self.meeting_kind, self.right)

    def get_absolute_url(self) -> str:
        return f"{reverse('engagement:participation')}#rights-{self.key}"


class CriterionScope(models.TextChoices):
    CATEGORY = "category", _("One category")
    ALL_CATEGORIES = "all-categories", _("Every category")
    OPERATIONAL = "operational", _("Partnership at the operational level")


class EligibilityCriterion(Fact):
    """What an organization has to meet or bring, and what proves it."""

    scope = models.CharField(_("scope"), max_length=20, choices=CriterionScope, default=CriterionScope.CATEGORY)
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="criteria", verbose_name=_("category")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.TextField(_("criterion"))
    proof = models.CharField(_("what proves it"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["scope", "category__order", "order", "key"]
        verbose_name_plural = "eligibility criteria"
        constraints = [
            *filled("eligibilitycriterion", "key", "text"),
            models.CheckConstraint(
                name="engagement_eligibilitycriterion_scope_matches_category",
                condition=Q(scope=CriterionScope.CATEGORY, category__isnull=False)
                | (~Q(scope=CriterionScope.CATEGORY) & Q(category__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def key_parts(self) -> tuple[str, ...]:
        return (self.category.slug if self.category else self.scope, self.text[:60])


class TextSeen(models.TextChoices):
    FULL = "yes", _("Text read")
    TITLE = "title only", _("Title read, text not")
    NONE = "no", _("Not read")


class Provision(Fact):
    """An article of a rule book that speaks of non-governmental organizations, and whether its text was read."""

    instrument = models.CharField(_("rule book"), max_length=200)
    article = models.CharField(_("article"), max_length=100, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text_seen = models.CharField(_("what was read"), max_length=20, choices=TextSeen)

    class Meta:
        ordering = ["instrument", "article", "key"]
        constraints = filled("provision", "key", "instrument", "subject")

    def __str__(self) -> str:
        return f"{self.instrument}, {self.article}" if self.article else self.instrument

    def key_parts(self) -> tuple[str, ...]:
        return (self.instrument, self.article)

    def get_absolute_url(self) -> str:
        return f"{reverse('engagement:participation')}#provisions-{self.key}"


class InvitationDecision(Fact):
    """A decision on whom to invite, and whether the list of names was readable."""

    label = models.CharField(_("meetings as the source words them"), max_length=300)
    meetings = models.ManyToManyField(
        Meeting, blank=True, related_name="invitation_decisions", verbose_name=_("meetings")
    )
    date = PartialDateField(_("date of the decision"))
    date_earliest = earliest_day("date")
    date_latest = latest_day("date")
    decided = models.TextField(_("what was decided"))
    list_status = models.CharField(_("the list of names"), max_length=200, blank=True)

    class Meta:
        ordering = ["-date_earliest", "key"]
        constraints = filled("invitationdecision", "key", "label", "decided")

    def __str__(self) -> str:
        return f"{self.date}: {self.label}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.date, self.label[:60])

    def get_absolute_url(self) -> str:
        return f"{reverse('engagement:invitations')}#decisions-{self.key}"


class AtMeetingQuerySet(OfOrganizationQuerySet):
    def published(self) -> Self:
        return super().published().filter(meeting__published=True)

    def for_list(self) -> Self:
        return super().for_list().select_related("meeting", "meeting__body", "meeting__country")

    def on(self, day: datetime.date) -> Self:
        """Those for a meeting that spans `day`."""
        return self.filter(spans(day, "meeting__start", "meeting__end"))


class Invitation(OfOrganization):
    """One organization invited to one meeting."""

    collection = "invitations"

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
        ordering = ["-meeting__start_earliest", "organization__sort_name", "key"]
        constraints = [
            *filled("invitation", "key"),
            models.UniqueConstraint(fields=["organization", "meeting"], name="engagement_invitation_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.organization}: {self.meeting}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug, self.meeting.slug)


class AttendanceQuerySet(FactQuerySet):
    """An attendance may name a body that is no organization of the register; then only the meeting must be public."""

    def published(self) -> Self:
        known = Q(organization__isnull=True) | Q(organization__published=True)
        return self.filter(known, published=True, meeting__published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "organization", "meeting", "meeting__body")


class Attendance(Fact):
    """That a body was present or spoke, mostly by its own account. It proves no status."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="attendances", verbose_name=_("organization")
    )
    name_as_printed = models.CharField(_("name as the source prints it"), max_length=300)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", verbose_name=_("meeting"))
    dates_as_printed = models.CharField(_("dates as the source prints them"), max_length=60, blank=True)
    reported = models.TextField(_("what the source reports"))

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__start_earliest", "name_as_printed", "key"]
        constraints = filled("attendance", "key", "name_as_printed", "reported")

    def __str__(self) -> str:
        return f"{self.name_as_printed}: {self.meeting}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.organization.slug if self.organization else self.name_as_printed, self.meeting.slug)

    def get_absolute_url(self) -> str:
        return f"{self.meeting.get_absolute_url()}#attendance-{self.key}"
