"""What organizations ask the publisher of the site for: requests, their papers and the steps that each has taken."""

import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import ByStaff, Operation
from engagement.models import ConsultativeCategory, Country, Meeting, Organization
from engagement.models.answers import Paper

# How long a draft is kept that nobody continues, and what a person gave us after its request was closed.
DRAFT_KEPT = datetime.timedelta(days=30)
UNTOLD_KEPT = datetime.timedelta(days=1)  # a draft without an e-mail: nobody was sent the link to it
CLOSED_KEPT = datetime.timedelta(days=365)


class RequestKind(models.TextChoices):
    STATUS = "status", _("Consultative status")
    INVITATION = "invitation", _("Invitation to a meeting")
    DETAILS = "details", _("Change of details")


class Stage(models.TextChoices):
    """Where a request stands."""

    DRAFT = "draft", _("Draft")
    RECEIVED = "received", _("Received")
    INCOMPLETE = "incomplete", _("Papers are missing")
    COMPLETE = "complete", _("Complete")
    SCHEDULED = "scheduled", _("Before the deciding body")
    GRANTED = "granted", _("Granted")
    DEFERRED = "deferred", _("Deferred")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (Stage.RECEIVED, Stage.INCOMPLETE, Stage.COMPLETE, Stage.SCHEDULED, Stage.DEFERRED)
CLOSED = (Stage.GRANTED, Stage.DECLINED, Stage.WITHDRAWN)

# What a paper is that none of the rules asks for.
OTHER_PAPER = "other"


class RequestQuerySet(models.QuerySet["Request"]):
    def sent(self) -> Self:
        """Without the drafts: nobody but who writes one sees it."""
        return self.exclude(stage=Stage.DRAFT)

    def open(self) -> Self:
        return self.filter(stage__in=OPEN)


class Request(models.Model):
    """One request. Until it is sent it is a draft, which whoever holds its link continues.

    receipt: its number, from the beginning, told when it is sent. digest: of the secret in the link (SHA-256, hex).
    details: for a change of details, the name of the field -> what it should say (desk.requests.DETAILS). claimed: the
    organization of the register that it says it is, which staff have yet to believe; `organization` is theirs. missing:
    the papers (answers.Paper) that staff last asked for and that have not come since. What is personal is emptied
    CLOSED_KEPT after the end (desk.requests.forget).
    """

    receipt = models.CharField(_("receipt"), max_length=20, unique=True)
    digest = models.CharField(_("digest of the link"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=RequestKind)
    language = models.CharField(_("language"), max_length=5, default="en")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.DRAFT, db_index=True)
    stage_since = models.DateTimeField(_("at this stage since"), default=timezone.now)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, db_index=True)

    name = models.CharField(_("name of the organization"), max_length=300, blank=True)
    acronym = models.CharField(_("acronym"), max_length=50, blank=True)
    country = models.ForeignKey(
        Country, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("country of its seat")
    )
    website = models.URLField(_("website"), blank=True)
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("meeting")
    )
    first_time = models.BooleanField(_("it is the first request"), null=True, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    contact_name = models.CharField(_("name of the person"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    claimed = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization that it says it is"),
    )
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("organization")
    )
    missing = models.JSONField(_("papers asked for"), default=list, blank=True)
    operation = models.ForeignKey(
        Operation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("operation")
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ("-sent_at", "-pk")
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.receipt}: {self.name}" if self.name else self.receipt

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN


class RequestPaper(models.Model):
    """A paper that was sent along. `body` is emptied with the personal data of its request."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="papers", verbose_name=_("request"))
    kind = models.CharField(_("paper"), max_length=20, choices=[*Paper.choices, (OTHER_PAPER, _("Another paper"))])
    file_name = models.CharField(_("file"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    body = models.BinaryField(_("file as it was sent"))
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ("request", "kind", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"


class RequestStep(ByStaff):
    """A stage that a request has come to. `actor_name` is '' where the organization itself, or the site, took the step.

    note: what the holder of the receipt is told with it.
    """

    request = models.ForeignKey(Request, models.CASCADE, related_name="steps", verbose_name=_("request"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    at = models.DateTimeField(_("reached"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a request")
        verbose_name_plural = _("steps of requests")
        ordering = ("request", "at", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request}: {self.get_stage_display()}"
