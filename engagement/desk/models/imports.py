"""The files that staff brought, how each is to be read, and what a plan makes of its rows."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import ByStaff, Operation


class RunState(models.TextChoices):
    """Where an import stands."""

    STOPPED = "stopped", _("Stopped")  # the file or its header cannot be read as it is
    PLANNED = "planned", _("To be confirmed")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")
    DROPPED = "dropped", _("Dropped")


class ImportRun(ByStaff):
    """A file that was brought, how it is to be read, and what came of it.

    body: the file, emptied once the time to undo is over; its name, SHA-256 and size stay. options: how it is read
    (exchange.importing.base.Options). mapping: a header of the file -> the column that staff say it is, '' for none.
    decisions: the number of a row -> "new", or the key of the record that it is. stopped_by: why nothing was planned,
    as problems (exchange.importing.base.Problem). counts: rows by outcome. revision: of the data that the plan was
    made for.
    """

    kind = models.CharField(_("kind"), max_length=40)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    body = models.BinaryField(_("file as it was brought"))
    options = models.JSONField(_("options"), default=dict, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    decisions = models.JSONField(_("decisions"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.PLANNED)
    stopped_by = models.JSONField(_("why it stopped"), default=list, blank=True)
    counts = models.JSONField(_("rows by outcome"), default=dict, blank=True)
    revision = models.PositiveBigIntegerField(_("revision"), default=0)
    brought_at = models.DateTimeField(_("brought"), default=timezone.now, db_index=True)
    operation = models.OneToOneField(
        Operation, models.SET_NULL, null=True, blank=True, related_name="run", verbose_name=_("operation")
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-brought_at", "-pk")
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"


class Outcome(models.TextChoices):
    """What becomes of a row of a file."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ALIKE = "alike", _("Like one that is there")
    REJECTED = "rejected", _("Rejected")


class ImportRow(models.Model):
    """What a plan makes of one row of its file.

    number: as a spreadsheet counts, the header being 1. differences: [[column, before, after], …], as text.
    problems: exchange.importing.base.Problem, each as an object. candidates: records that it may be, the best first:
    [{"key", "label", "why", "score"}, …].
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    key = models.CharField(_("key"), max_length=200, blank=True)
    label = models.CharField(_("label"), max_length=300, blank=True)
    differences = models.JSONField(_("differences"), default=list, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    candidates = models.JSONField(_("records that it may be"), default=list, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("run", "number")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="desk_importrow_once"),)
        indexes = (models.Index(fields=("run", "outcome", "number"), name="desk_importrow_outcome"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.label}"
