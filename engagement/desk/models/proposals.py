"""Four eyes: what one member of staff proposes to change in the register, and what another made of it."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import Action, ByStaff, Decided, Operation


class ProposalState(models.TextChoices):
    """Where a proposal stands."""

    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved and applied")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVERSED = "reversed", _("Applied, then undone")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> "ProposalQuerySet":
        return self.filter(state=ProposalState.WAITING)


class Proposal(ByStaff, Decided):
    """Changes that wait for a second person, or what became of them. `actor` is who proposed them.

    What it would change stands in `changes`; once approved, `operation` is what was done, and can be undone as one.
    """

    title = models.CharField(_("what is proposed"), max_length=500)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why, and what proves it"))
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now, db_index=True)
    answer = models.TextField(_("answer"), blank=True, help_text=_("Why it was declined, or a word with the approval"))
    operation = models.OneToOneField(
        Operation, models.SET_NULL, null=True, blank=True, related_name="proposal", verbose_name=_("operation")
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("-proposed_at", "-pk")
        default_permissions = ("view",)
        permissions = (
            ("propose_change", "Can propose changes of statuses and rights"),
            ("approve_proposal", "Can approve what another proposed"),
        )
        constraints = (
            models.CheckConstraint(
                name="desk_proposal_four_eyes",
                violation_error_message=_("Who proposed it cannot decide it."),
                condition=Q(actor__isnull=True) | Q(decided_by__isnull=True) | ~Q(decided_by=F("actor")),
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProposedChange(models.Model):
    """One record that a proposal would create, change or delete, as `RecordChange` has it: `before` is what it said.

    record_pk and key are empty for a record that is to be created; `label` is how staff know it.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="changes", verbose_name=_("proposal"))
    order = models.PositiveIntegerField(_("order"))
    model = models.CharField(_("model"), max_length=100)
    record_pk = models.BigIntegerField(_("primary key"), null=True, blank=True)
    key = models.CharField(_("key"), max_length=200, blank=True)
    label = models.CharField(_("label"), max_length=300, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    before = models.JSONField(_("before"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ("proposal", "order")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("proposal", "order"), name="desk_proposedchange_once_in_order"),)
        indexes = (models.Index(fields=("model", "record_pk"), name="desk_proposedchange_record"),)

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.label or self.key}"
