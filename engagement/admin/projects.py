"""Programmes, projects, their partners and results."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from engagement.admin.base import EVIDENCE_IN_ROWS, Layout, RecordAdmin, RowForm, Rows, by_decade
from engagement.models import Programme, Project, ProjectPartner, ProjectResult
from engagement.models.base import KEY_LENGTH


class PartnerForm(forms.ModelForm):
    """Fills the partner's code as saving does, before the constraint that a partner has a role once is checked."""

    def clean(self) -> dict[str, Any]:
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        organization = filled.get("organization")
        code = organization.slug if organization else slugify(filled.get("name", ""))[:KEY_LENGTH]
        return {**filled, "slug": filled.get("slug") or code}


class PartnerRowForm(PartnerForm, RowForm):
    """The same inside a project's form."""


class PartnerRows(Rows):
    model = ProjectPartner
    form = PartnerRowForm
    fields = (("name", "role"), ("organization", "slug"), *EVIDENCE_IN_ROWS)


class ResultRows(Rows):
    model = ProjectResult
    fields = (("indicator", "nature"), ("value", "unit"), "finding", "order", *EVIDENCE_IN_ROWS)


class UndertakingAdmin(RecordAdmin):
    """What the forms of programmes and projects share."""

    main: ClassVar[Layout] = (
        ("title", "acronym"),
        ("start", "end"),
        ("budget", "currency"),
        "themes",
        "url",
    )
    search_fields = ("title", "acronym", "slug")


@admin.register(Programme)
class ProgrammeAdmin(UndertakingAdmin):
    list_display = ("title", "acronym", "start", "end", "budget", "currency", "cited", "published")
    list_filter = ("published", by_decade("start", _("start")), "themes", "source__kind")
    list_select_related = ("source",)
    inlines = (ResultRows,)


@admin.register(Project)
class ProjectAdmin(UndertakingAdmin):
    main = (*UndertakingAdmin.main, "programme", "countries")
    list_display = ("title", "acronym", "programme", "start", "end", "budget", "currency", "cited", "published")
    list_filter = ("published", "programme", by_decade("start", _("start")), "themes", "source__kind")
    list_select_related = ("programme", "source")
    inlines = (PartnerRows, ResultRows)


@admin.register(ProjectPartner)
class ProjectPartnerAdmin(RecordAdmin):
    form = PartnerForm
    main = ("project", ("name", "role"), ("organization", "slug"))
    list_display = ("name", "role", "project", "organization", "cited", "published")
    list_filter = ("published", "role", "source__kind")
    list_select_related = ("project", "organization", "source")
    search_fields = ("name", "slug", "project__title", "organization__name", "key")


@admin.register(ProjectResult)
class ProjectResultAdmin(RecordAdmin):
    main = ("project", "programme", ("indicator", "nature"), ("value", "unit"), "finding", "order")
    list_display = ("indicator", "nature", "value", "unit", "project", "programme", "as_of", "cited", "published")
    list_filter = ("published", "nature", "source__kind")
    list_select_related = ("project", "programme", "source")
    search_fields = ("indicator", "finding", "project__title", "programme__title", "key")
