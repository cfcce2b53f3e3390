"""What staff did in bulk, with what it takes to undo it."""

import datetime
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long an operation can be undone, and what was brought for it is kept.
KEPT = datetime.timedelta(days=30)


class ByStaff(models.Model):
    """Who did it; the name stays when the account goes."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("done by")
    )
    actor_name = models.CharField(_("name of the account"), max_length=150)

    class Meta:
        abstract = True


class Decided(models.Model):
    """Who decided it when; the name stays when the account goes."""

    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_by_name = models.CharField(_("name of the account that decided"), max_length=150, blank=True)

    class Meta:
        abstract = True


class OperationKind(models.TextChoices):
    IMPORT = "import", _("Import")
    MERGE = "merge", _("Merge")
    BULK = "bulk", _("Bulk action")
    PROPOSAL = "proposal", _("Approved proposal")
    DECISION = "decision", _("Decision set")
    REQUEST = "request", _("Request of an organization")
    CORRECTION = "correction", _("Correction")


class OperationQuerySet(models.QuerySet["Operation"]):
    def past(self) -> Self:
        """Those whose time to be undone is over."""
        return self.filter(done_at__lt=timezone.now() - KEPT)


class Operation(ByStaff):
    """Many changes made as one, which can be undone as one."""

    kind = models.CharField(_("kind"), max_length=10, choices=OperationKind)
    title = models.CharField(_("what was done"), max_length=500)
    done_at = models.DateTimeField(_("done"), default=timezone.now, db_index=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_by_name = models.CharField(_("name of the account that undid it"), max_length=150, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ("-done_at", "-pk")
        default_permissions = ("view",)
        permissions = (
            ("undo_operation", "Can undo operations"),
            ("merge_organizations", "Can merge organizations"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def until(self) -> datetime.datetime:
        """Until when it can be undone."""
        return self.done_at + KEPT

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.until


class Action(models.TextChoices):
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")


class RecordChange(models.Model):
    """One record that an operation created, changed or deleted: what it said before and after (desk.states.State).

    Of a changed record both hold the fields that differ; of a created or deleted one, the whole of it.
    """

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="changes", verbose_name=_("operation"))
    order = models.PositiveIntegerField(_("order"))
    model = models.CharField(_("model"), max_length=100)
    record_pk = models.BigIntegerField(_("primary key"))
    key = models.CharField(_("key"), max_length=200)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        ordering = ("operation", "order")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("operation", "order"), name="desk_recordchange_once_in_order"),)

    def __str__(self) -> str:
        return f"{self.model} {self.key}: {self.get_action_display()}"
