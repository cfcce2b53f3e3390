"""Which organizations are the same: where those went that were merged, and which pairs only look alike."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import ByStaff, Operation
from engagement.models import Organization


class SignpostQuerySet(models.QuerySet["Signpost"]):
    def target_of(self, slug: str) -> str:
        """The slug of the public organization that the one called `slug` was merged into; '' where there is none."""
        led = self.filter(slug=slug, organization__published=True)
        return led.values_list("organization__slug", flat=True).first() or ""


class Signpost(models.Model):
    """Where the organization went that had this slug before it was merged into another."""

    slug = models.SlugField(_("former slug"), max_length=200, unique=True)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="signposts", verbose_name=_("organization")
    )
    operation = models.ForeignKey(
        Operation, models.SET_NULL, null=True, related_name="signposts", verbose_name=_("operation")
    )

    objects = SignpostQuerySet.as_manager()

    class Meta:
        verbose_name = _("signpost")
        verbose_name_plural = _("signposts")
        ordering = ("slug",)
        default_permissions = ()
        constraints = (models.CheckConstraint(name="desk_signpost_slug_filled", condition=~Q(slug="")),)

    def __str__(self) -> str:
        return f"{self.slug} → {self.organization.slug}"


class Distinct(ByStaff):
    """Two organizations that look alike and are not the same, as staff have found. The first has the smaller key."""

    first = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("one organization"))
    second = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("the other"))
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("pair that is not the same")
        verbose_name_plural = _("pairs that are not the same")
        ordering = ("-found_at", "-pk")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="desk_distinct_once"),
            models.CheckConstraint(name="desk_distinct_in_order", condition=Q(first__lt=models.F("second"))),
        )

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
