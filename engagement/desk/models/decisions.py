"""Decision sets: what one sitting decided about many organizations, put forward, applied and reversed as one."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import ByStaff
from engagement.desk.models.proposals import Proposal
from engagement.desk.models.requests import Request
from engagement.models import ConsultativeCategory, ConsultativeStatus, Meeting, Organization, Region, Source


class SetState(models.TextChoices):
    """Where a decision set stands."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for approval")
    APPLIED = "applied", _("Applied")
    REVERSED = "reversed", _("Reversed")


class DecisionSet(ByStaff):
    """What a sitting of the Governing Body decided. `actor` is who began it; `proposal` is what waits or was decided.

    `date` is the day of the sitting: from then on statuses count as granted or ended.
    """

    session = models.CharField(_("session"), max_length=100, help_text=_("As “358th Session (November 2026)”"))
    date = models.DateField(_("day of the sitting"))
    decided_by = models.CharField(_("decided by"), max_length=200, default="ILO Governing Body")
    document = models.CharField(_("document"), max_length=200, help_text=_("As “GB.358/INS/17”"))
    paragraph = models.CharField(_("paragraph"), max_length=50, blank=True)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="+",
        verbose_name=_("source"),
        help_text=_("Where the decision stands written: every status of the set cites it"),
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For staff; never shown to the public"))
    state = models.CharField(_("state"), max_length=10, choices=SetState, default=SetState.DRAFT)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, db_index=True)
    proposal = models.OneToOneField(
        Proposal, models.SET_NULL, null=True, blank=True, related_name="decision_set", verbose_name=_("proposal")
    )

    class Meta:
        verbose_name = _("decision set")
        verbose_name_plural = _("decision sets")
        ordering = ("-begun_at", "-pk")
        default_permissions = ("view", "add", "change", "delete")

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.session, self.document)))


class DecisionAction(models.TextChoices):
    """What was decided about one organization."""

    GRANT = "grant", _("Grant a status")
    END = "end", _("End a status")
    INVITE = "invite", _("Invite to a meeting")
    DEFER = "defer", _("Defer a request")
    DECLINE = "decline", _("Decline a request")


class DecisionItem(models.Model):
    """One organization, or one request, of a decision set. Deferring and declining change no record of the register."""

    of = models.ForeignKey(DecisionSet, models.CASCADE, related_name="items", verbose_name=_("decision set"))
    action = models.CharField(_("decision"), max_length=10, choices=DecisionAction)
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    status = models.ForeignKey(
        ConsultativeStatus, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("status that ends")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    request = models.ForeignKey(
        Request, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("request")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Stands with the status; public"))

    class Meta:
        verbose_name = _("decision on an organization")
        verbose_name_plural = _("decisions on organizations")
        ordering = ("of", "organization__sort_name", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="desk_decisionitem_says_what",
                violation_error_message=_(
                    "A grant names organization and category, an end the status, an invitation organization and "
                    "meeting; deferring and declining name the request."
                ),
                condition=Q(action="grant", organization__isnull=False, category__isnull=False)
                | Q(action="end", organization__isnull=False, status__isnull=False)
                | Q(action="invite", organization__isnull=False, meeting__isnull=False)
                | Q(action__in=("defer", "decline"), request__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("of", "request"),
                name="desk_decisionitem_request_once",
                condition=Q(request__isnull=False),
                violation_error_message=_("The request is in this set already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.organization or self.request}"
