"""What readers say is wrong in the register, and what came of it."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import Decided, Operation
from engagement.desk.models.proposals import Proposal
from engagement.models.base import KEY_LENGTH


class CorrectionState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    PROPOSED = "proposed", _("Waiting for a second person")
    PUBLISHED = "published", _("Published")
    DECLINED = "declined", _("Declined")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def waiting(self) -> Self:
        return self.filter(state=CorrectionState.WAITING)

    def decided(self) -> Self:
        """Those whose outcome the public sees."""
        return self.filter(state__in=(CorrectionState.PUBLISHED, CorrectionState.DECLINED))


class Correction(Decided):
    """One field of one record that a reader says is wrong. Only the outcome and its reason are public.

    kind, record_key: the record, as `AboutRecord` has them; but what a reader says of it is no record itself, and keeps
    nothing from being undone. field: the name of the model's field, '' for the record as a whole. current: what it
    said then, as the page words it. email: emptied some time after the decision (desk.corrections.forget).
    """

    kind = models.CharField(_("kind of record"), max_length=40)
    record_key = models.SlugField(_("key of the record"), max_length=KEY_LENGTH)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    field = models.CharField(_("field"), max_length=60, blank=True)
    label = models.CharField(_("record"), max_length=300)
    current = models.TextField(_("what it said"), blank=True)
    proposed = models.TextField(_("what it should say"))
    evidence = models.TextField(_("how the sender knows"))
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.WAITING)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, db_index=True)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Public: why it was published or declined"))
    operation = models.ForeignKey(
        Operation, models.SET_NULL, null=True, blank=True, related_name="corrections", verbose_name=_("operation")
    )
    proposal = models.ForeignKey(
        Proposal, models.SET_NULL, null=True, blank=True, related_name="corrections", verbose_name=_("proposal")
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-sent_at", "-pk")
        default_permissions = ("view", "change")
        indexes = (models.Index(fields=("kind", "record_key"), name="desk_correction_about"),)

    def __str__(self) -> str:
        return f"{self.reference}: {self.label}"
