"""Eligibility criteria: what an organization has to meet or bring. The guide judges answers by them."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.answers import AnswersField
from engagement.models.base import Fact, FactQuerySet, Period, Place, begins_before_it_ends, filled
from engagement.models.consultation import ConsultativeCategory
from engagement.models.dates import begun_by
from engagement.models.languages import translated
from engagement.models.meetings import Meeting


class CriterionScope(models.TextChoices):
    CATEGORY = "category", _("One category")
    ALL_CATEGORIES = "all-categories", _("Every category")
    OPERATIONAL = "operational", _("Partnership at the operational level")


class EligibilityCriterionQuerySet(FactQuerySet["EligibilityCriterion"]):
    def published(self) -> Self:
        """A criterion of a category is public only where the category is."""
        return super().published().filter(Q(category__isnull=True) | Q(category__published=True))

    def for_list(self) -> Self:
        return super().for_list().select_related("meeting")

    def applying(self, day: datetime.date) -> Self:
        """Those that are not known to begin after `day` or to have ended by then. Most sources say neither."""
        return self.filter(begun_by(day), Q(until="") | Q(until_latest__gt=day.isoformat()))


class EligibilityCriterion(Fact, Period):
    """What an organization has to meet or bring, and what proves it.

    With answers to the guide's questions it is a rule that the guide judges; without them it is only shown. It is met
    where one of its answers is given to each question that it names, and all of the papers are there.
    """

    places = (
        Place("category", "category__slug", "criteria"),
        Place("participation", anchor="criteria"),
    )
    label_from = ("text",)

    scope = models.CharField(_("scope"), max_length=20, choices=CriterionScope, default=CriterionScope.CATEGORY)
    category = models.ForeignKey(
        ConsultativeCategory, models.PROTECT, null=True, blank=True, related_name="criteria", verbose_name=_("category")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.TextField(_("criterion"))
    text_fr = translated(text, _("criterion, in French"))
    text_es = translated(text, _("criterion, in Spanish"))
    proof = models.CharField(_("what proves it"), max_length=300, blank=True)
    proof_fr = translated(proof, _("what proves it, in French"))
    proof_es = translated(proof, _("what proves it, in Spanish"))
    asked_of = AnswersField(
        _("asked only of"), help_text=_("The answers to which the criterion is confined; none: it is asked of everyone")
    )
    met_by = AnswersField(
        _("met by"),
        help_text=_(
            "The answers that meet it: one of those ticked under each question, and all of the papers ticked. "
            "None: the guide shows the criterion and cannot judge it"
        ),
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="criteria",
        verbose_name=_("published for the meeting"),
        help_text=_("Where the source speaks of one meeting alone; the guide says so beside the criterion"),
    )

    objects = EligibilityCriterionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("eligibility criterion")
        verbose_name_plural = _("eligibility criteria")
        ordering = ["scope", "category__order", "order", "key"]
        constraints = [
            *filled("eligibilitycriterion", "key", "text"),
            begins_before_it_ends("engagement_eligibilitycriterion_dates_ordered"),
            models.CheckConstraint(
                name="engagement_eligibilitycriterion_scope_matches_category",
                violation_error_message=_("A criterion of one category names it; any other criterion names none."),
                condition=Q(scope=CriterionScope.CATEGORY, category__isnull=False)
                | (~Q(scope=CriterionScope.CATEGORY) & Q(category__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def key_parts(self) -> tuple[str, ...]:
        return (self.category.slug if self.category else self.scope, self.text[:60])
