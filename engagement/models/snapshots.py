"""Snapshots: exports that were kept, so that a citation gives the same rows later (docs/adr/0009-snapshots.md)."""

import datetime
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from engagement.models.base import filled

# What stands for the whole register where a collection's name would; no collection is called so.
WHOLE = "register"
# Characters of a question: with the rest of its key it fits into PostgreSQL's index.
LONGEST_QUERY = 2_500


class Keeper(models.TextChoices):
    READER = "reader", _("a reader")
    OPERATOR = "operator", _("the operator")


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Bodies are large: whoever needs no more than what is said of a snapshot asks for `described()`."""

    def described(self) -> Self:
        return self.defer("body")

    def listed(self) -> Self:
        """Those that are named to everyone, newest first.

        What readers searched for in words of their own stands at its own address and in no list: it may be anything.
        """
        of_words = Q(kept_by=Keeper.READER, query__startswith="q=")
        return self.described().exclude(of_words).newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-kept_at", "-revision")

    def as_asked(self, moment: int | datetime.date) -> Self:
        """Those of a revision, or those that were kept on a day (UTC) or before it."""
        if isinstance(moment, int):
            return self.filter(revision=moment)
        return self.filter(kept_at__date__lte=moment)


class Snapshot(models.Model):
    """The answer that one question had at one revision, as bytes that never change.

    collection: a directory's name, or WHOLE. query: the question in canonical order, urlencoded, without the page.
    title, facts, columns: what the rows were when they were kept: what an XLSX file says of itself (name and text), and
    name, kind and meaning of each column. site: where `url` of the rows leads to. sha256, size: of the export.
    body: the JSON export, compressed by gzip; of the whole register the archive as it is; nothing once withdrawn.
    """

    # It is what the register said, not what it says: keeping it is no change of the data (freshness.installing).
    noted: ClassVar[bool] = False

    revision = models.PositiveBigIntegerField(_("revision"))
    collection = models.CharField(_("collection"), max_length=40)
    query = models.CharField(_("question"), max_length=LONGEST_QUERY, blank=True)
    title = models.CharField(_("title"), max_length=200)
    facts = models.JSONField(_("facts"), default=list, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    site = models.CharField(_("site"), max_length=300)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    body = models.BinaryField(_("body"))
    kept_at = models.DateTimeField(_("kept"), default=timezone.now, db_index=True)
    kept_by = models.CharField(_("kept by"), max_length=10, choices=Keeper.choices)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("-kept_at", "-pk")
        # It is kept by readers and by the command, and never edited; `withdraw` is the administrator's alone.
        default_permissions = ("view",)
        permissions = (("withdraw_snapshot", "Can withdraw snapshots"),)
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "collection", "query"), name="engagement_snapshot_once_a_revision"
            ),
            models.CheckConstraint(
                name="engagement_snapshot_kept_by_known", condition=Q(kept_by__in=[each.value for each in Keeper])
            ),
            models.CheckConstraint(
                name="engagement_snapshot_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, body=b"") & ~Q(withdrawn_reason="")),
            ),
            *filled("snapshot", "collection", "title", "site", "sha256"),
        )

    def __str__(self) -> str:
        return f"{self.collection}{self.query and f'?{self.query}'}, revision {self.revision}"

    def get_absolute_url(self) -> str:
        """Its page, in the language of the reader."""
        return with_query(reverse("engagement:snapshot", args=[self.revision, self.collection]), self.query)

    def file_path(self, suffix: str = "") -> str:
        """One of its files; of the whole register there is one alone."""
        if self.is_whole:
            return reverse("files:register-snapshot", args=[self.revision])
        return with_query(reverse("files:snapshot", args=[self.revision, self.collection, suffix]), self.query)

    @property
    def cited_path(self) -> str:
        """The one address by which it is cited, whatever the language of the page on which that is read."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_absolute_url()

    @property
    def is_whole(self) -> bool:
        return self.collection == WHOLE

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def asked(self) -> list[tuple[str, str]]:
        """The question as names and values."""
        return parse_qsl(self.query)

    @property
    def day(self) -> datetime.date:
        """The day on which it was kept."""
        return self.kept_at.astimezone(datetime.UTC).date()

    def withdraw(self, reason: str) -> None:
        """Empty it for good. Its address then says when and why; what it held can still be told by its SHA-256."""
        self.body, self.withdrawn_at, self.withdrawn_reason = b"", timezone.now(), reason
        self.save(update_fields=["body", "withdrawn_at", "withdrawn_reason"])


def with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def same(snapshot: Snapshot) -> Any:
    """What makes a snapshot the one that it is."""
    return {"revision": snapshot.revision, "collection": snapshot.collection, "query": snapshot.query}
