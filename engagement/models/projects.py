"""Programmes, projects, their partners and results."""

from collections.abc import Callable
from typing import Self

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from engagement.models.base import (
    KEY_LENGTH,
    Fact,
    FactQuerySet,
    Place,
    Slugged,
    Sorted,
    Sourced,
    begins_before_it_ends,
    filled,
)
from engagement.models.dates import PartialDateField, earliest_day, latest_day
from engagement.models.geography import Country
from engagement.models.organizations import Organization, Theme


class Undertaking(Slugged, Sourced, Sorted):
    """What a programme and a project have in common: a title, dates and money."""

    sort_from = "title"

    title = models.CharField(_("title"), max_length=300)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    start = PartialDateField(_("start"))
    start_earliest = earliest_day("start")
    start_latest = latest_day("start")
    end = PartialDateField(_("end"))
    end_earliest = earliest_day("end")
    end_latest = latest_day("end")
    budget = models.DecimalField(_("budget"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO 4217"))
    url = models.URLField(_("address"), max_length=1000, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="%(class)ss", verbose_name=_("themes"))

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["sort_name", "slug"]

    def __str__(self) -> str:
        return self.title

    def key_parts(self) -> tuple[str, ...]:
        return (self.title,)


class Programme(Undertaking):
    """A programme, or a portfolio whose total a source states. Not a project: it is counted apart."""

    places = (Place("programme", "slug"),)
    label_from = ("title",)

    donors = models.CharField(_("donors as the source words them"), max_length=300, blank=True)
    partners = models.CharField(_("partners as the source words them"), max_length=300, blank=True)
    launched_within = models.CharField(_("scope"), max_length=200, blank=True)

    history = HistoricalRecords(m2m_fields=["themes"])

    class Meta(Undertaking.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            *filled("programme", "slug", "title", "sort_name"),
            begins_before_it_ends("engagement_programme_dates_ordered", "start", "end"),
        ]


class ProjectQuerySet(FactQuerySet["Project"]):
    def for_list(self) -> Self:
        countries = Prefetch("countries", queryset=Country.objects.by_name())
        partners = Prefetch("partners", queryset=ProjectPartner.objects.published())
        return self.select_related("source", "programme").prefetch_related(countries, partners)


class Project(Undertaking):
    """One project."""

    places = (Place("project", "slug"),)
    label_from = ("title",)

    programme = models.ForeignKey(
        Programme, models.SET_NULL, null=True, blank=True, related_name="projects", verbose_name=_("programme")
    )
    countries = models.ManyToManyField(Country, blank=True, related_name="projects", verbose_name=_("countries"))

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[countries, "themes"])

    class Meta(Undertaking.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            *filled("project", "slug", "title", "sort_name"),
            begins_before_it_ends("engagement_project_dates_ordered", "start", "end"),
            models.CheckConstraint(
                name="engagement_project_budget_has_currency",
                violation_error_message=_("A budget needs its currency."),
                condition=Q(budget__isnull=True) | ~Q(currency=""),
            ),
        ]


class PartnerRole(models.TextChoices):
    DONOR = "donor", _("Donor")
    IMPLEMENTING = "implementing", _("Implementing partner")
    SOCIAL_PARTNER = "social-partner", _("Social partner")
    GOVERNMENT = "government", _("Government")
    UNSPECIFIED = "partner", _("Partner, role not stated")


class OfProjectQuerySet(FactQuerySet["ProjectPartner"]):
    def published(self) -> Self:
        return self.filter(published=True, project__published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "project", "organization")


class ProjectPartner(Fact):
    """Who took part in a project, and as what. The name is as the source prints it."""

    places = (Place("project", "project__slug", "partners"),)
    label_from = (
        "project__title",
        "name",
    )
    part_of = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners", verbose_name=_("project"))
    name = models.CharField(_("name as the source prints it"), max_length=300)
    slug = models.SlugField(
        _("code in filters"), max_length=KEY_LENGTH, blank=True, help_text=_("The same for every naming of one body")
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="project_partnerships",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=20, choices=PartnerRole, default=PartnerRole.UNSPECIFIED)

    objects = OfProjectQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("project partner")
        verbose_name_plural = _("project partners")
        ordering = ["role", "name", "key"]
        constraints = [
            *filled("projectpartner", "key", "name", "slug"),
            models.UniqueConstraint(fields=["project", "slug", "role"], name="engagement_projectpartner_unique"),
        ]
        indexes = [models.Index(fields=["slug", "role"], name="engagement_projectpartner_slug")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    def key_parts(self) -> tuple[str, ...]:
        return (self.project.slug[:80], self.role, self.slug)

    def complete(self, free_key: Callable[[str], str] | None = None) -> None:
        self.slug = self.slug or (self.organization.slug if self.organization else slugify(self.name)[:KEY_LENGTH])
        super().complete(free_key)


class ResultNature(models.TextChoices):
    """What a figure is, so that a target is never read as an achievement."""

    RESULT = "result", _("Result")
    TARGET = "target", _("Target")
    BASELINE = "baseline", _("Baseline or context")
    FUNDING = "funding", _("Funding")


class ProjectResultQuerySet(FactQuerySet["ProjectResult"]):
    def published(self) -> Self:
        of_project = Q(project__published=True) | Q(programme__published=True)
        return self.filter(of_project, published=True)

    def for_list(self) -> Self:
        return self.select_related("source", "project", "programme")


class ProjectResult(Fact):
    """A figure or a finding of one project or of one programme, never of both."""

    places = (
        Place("project", "project__slug", "results"),
        Place("programme", "programme__slug", "results"),
    )
    label_from = ("indicator",)

    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="results", verbose_name=_("project")
    )
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="results", verbose_name=_("programme")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    nature = models.CharField(_("nature"), max_length=10, choices=ResultNature, default=ResultNature.RESULT)
    indicator = models.CharField(_("indicator"), max_length=300)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    finding = models.TextField(_("finding in words"), blank=True)

    objects = ProjectResultQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("project result")
        verbose_name_plural = _("project results")
        ordering = ["order", "key"]
        constraints = [
            *filled("projectresult", "key", "indicator"),
            models.CheckConstraint(
                name="engagement_projectresult_of_project_or_programme",
                violation_error_message=_("A result belongs to a project or to a programme, not to both."),
                condition=Q(project__isnull=True, programme__isnull=False)
                | Q(project__isnull=False, programme__isnull=True),
            ),
            models.CheckConstraint(
                name="engagement_projectresult_says_something",
                violation_error_message=_("A result needs a value or a finding in words."),
                condition=Q(value__isnull=False) | ~Q(finding=""),
            ),
            models.UniqueConstraint(
                fields=["project", "indicator", "as_of"], name="engagement_projectresult_of_project_unique"
            ),
            models.UniqueConstraint(
                fields=["programme", "indicator", "as_of"], name="engagement_projectresult_of_programme_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value if self.value is not None else self.finding}"

    def key_parts(self) -> tuple[str, ...]:
        return (self.parent.slug[:80], self.indicator[:80], self.as_of)

    @property
    def parent(self) -> Project | Programme:
        """The project or programme it belongs to (the database holds that there is exactly one)."""
        parent: Project | Programme | None = self.project or self.programme
        assert parent is not None
        return parent
