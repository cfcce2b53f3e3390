"""Consultative relations. The rows for organizations' and categories' forms stand here too."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, RecordAdmin, Rows, RowsToRead, by_decade
from engagement.admin.foureyes import FourEyesAdmin
from engagement.models import (
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    EligibilityCriterion,
    ParticipationRight,
    Provision,
    RightHolder,
    StatusState,
)
from engagement.models.answers import in_words


class CriterionRows(Rows):
    model = EligibilityCriterion
    # In a category's form they are that category's; the scope is then the model's default.
    fields = (("order", "proof"), "text", *EVIDENCE_IN_ROWS)


class RightRows(RowsToRead):
    model = ParticipationRight
    proposing = _("Propose a right")
    fields = (("meeting_kind", "meeting_wording"), "right", ("since", "until"), *EVIDENCE_IN_ROWS)

    def filled_with(self, record: Any) -> dict[str, Any]:
        return {"holder": RightHolder.CATEGORY.value, "category": record.pk}


class StatusRows(RowsToRead):
    model = ConsultativeStatus
    proposing = _("Propose a status")
    fields = (
        ("category", "region"),
        ("granted", "ended"),
        ("decided_by", "decision_document", "decision_paragraph"),
        *EVIDENCE_IN_ROWS,
    )

    def filled_with(self, record: Any) -> dict[str, Any]:
        return {"organization": record.pk}


class LinkRows(Rows):
    model = ConsultativeLink
    fields = ("wording", ("since", "until"), *EVIDENCE_IN_ROWS)


class StateFilter(admin.SimpleListFilter):
    """How a status stands today."""

    title = _("standing today")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return StatusState.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_state(self.value()) if self.value() in StatusState.values else queryset


@admin.register(ConsultativeCategory)
class ConsultativeCategoryAdmin(RecordAdmin):
    main = (
        "name",
        ("name_fr", "name_es"),
        ("group", "order"),
        "summary",
        ("summary_fr", "summary_es"),
        "standing_arrangements",
        ("standing_arrangements_fr", "standing_arrangements_es"),
        "basis",
        ("basis_fr", "basis_es"),
        ("decided_by", "established"),
        ("stated_number", "stated_number_approximate"),
        "fields",
        "known_gaps",
        ("known_gaps_fr", "known_gaps_es"),
    )
    list_display = ("name", "group", "decided_by", "established", "stated_number", "cited", "published")
    list_filter = ("published", "group")
    list_select_related = ("source",)
    search_fields = ("name", "slug")
    inlines = (CriterionRows, RightRows)


@admin.register(ConsultativeStatus)
class ConsultativeStatusAdmin(FourEyesAdmin, RecordAdmin):
    main = (
        "organization",
        ("category", "region"),
        ("granted", "ended"),
        "decided_by",
        ("decision_document", "decision_paragraph"),
    )
    list_display = ("organization", "category", "region", "granted", "ended", "as_of", "cited", "published")
    list_filter = (
        "published",
        "category",
        StateFilter,
        "region",
        by_decade("granted", _("granted")),
        ("decision_document", admin.EmptyFieldListFilter),
        "source__kind",
    )
    list_select_related = ("organization", "category", "region", "source")
    search_fields = ("organization__name", "organization__acronym", "decision_document", "source__title", "key")


@admin.register(ConsultativeLink)
class ConsultativeLinkAdmin(RecordAdmin):
    main = ("organization", "wording", ("since", "until"))
    list_display = ("organization", "wording", "since", "until", "as_of", "cited", "published")
    list_filter = ("published", "wording", "source__kind")
    list_select_related = ("organization", "source")
    search_fields = ("organization__name", "organization__acronym", "source__title", "key")


@admin.register(ParticipationRight)
class ParticipationRightAdmin(FourEyesAdmin, RecordAdmin):
    main = (
        ("holder", "category"),
        ("meeting_kind", "meeting_wording"),
        "right",
        ("right_fr", "right_es"),
        "detail",
        ("detail_fr", "detail_es"),
        ("since", "until"),
    )
    list_display = ("right", "holder", "category", "meeting_kind", "since", "until", "cited", "published")
    list_filter = ("published", "holder", "category", "meeting_kind", "source__kind")
    list_select_related = ("category", "source")
    search_fields = ("right", "detail", "meeting_wording", "key")


@admin.register(EligibilityCriterion)
class EligibilityCriterionAdmin(RecordAdmin):
    main = (
        ("scope", "category"),
        "order",
        "text",
        ("text_fr", "text_es"),
        "proof",
        ("proof_fr", "proof_es"),
        "meeting",
        ("since", "until"),
        "asked_of",
        "met_by",
    )
    list_display = ("__str__", "scope", "category", "order", "proof", "judged_by", "cited", "published")
    list_filter = ("published", "scope", "category")
    list_select_related = ("category", "source")
    search_fields = ("text", "proof", "key")

    @admin.display(description=_("met by"), ordering="met_by")
    def judged_by(self, criterion: EligibilityCriterion) -> str:
        return Truncator(in_words(criterion.met_by)).chars(60)


@admin.register(Provision)
class ProvisionAdmin(RecordAdmin):
    main = (("instrument", "article"), "subject", "text_seen")
    list_display = ("instrument", "article", "subject", "text_seen", "cited", "published")
    list_filter = ("published", "text_seen", "instrument")
    list_select_related = ("source",)
    search_fields = ("instrument", "article", "subject", "key")
