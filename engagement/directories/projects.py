"""Projects, and beside them the programmes."""

from decimal import Decimal
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.filters import Choice, Codes, Sort, Sorting, Vocabulary, Words, Year
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES, REGIONS, THEMES
from engagement.models import (
    PartnerRole,
    ProfileStatement,
    Programme,
    Project,
    ProjectPartner,
    StatementTopic,
)
from engagement.models.languages import ENGLISH

# For sorting: engines differ on where they put NULL.
STATED_BUDGET = Coalesce("budget", Value(Decimal(-1)))


class InRole(Vocabulary):
    """By a partner's code, in the role of donor or in any other."""

    def __init__(self, *, donors: bool, **kwargs: Any) -> None:
        self.donors = donors
        super().__init__(choices=[], lang="", **kwargs)

    def in_role(self) -> Any:
        partners = ProjectPartner.objects.published()
        return partners.filter(role=PartnerRole.DONOR) if self.donors else partners.exclude(role=PartnerRole.DONOR)

    def all_choices(self, records: Any) -> list[Choice]:
        """Each body's code with the first of its printed names."""
        names = {slug: name for slug, name, role in self.parent.partners if (role == PartnerRole.DONOR) == self.donors}
        return sorted((Choice(slug, name, True) for slug, name in names.items()), key=lambda choice: choice.label)

    def coded(self, rows: Any) -> Any:
        return rows.filter(partners__in=self.in_role()), "partners__slug"

    def filter(self, queryset: Any, values: Any) -> Any:
        if not values:
            return queryset
        return queryset.filter(pk__in=self.in_role().filter(slug__in=values).values("project"))


class ProjectFilterSet(DirectoryFilterSet):
    q = Words()
    region = Vocabulary(field_name="countries__region__slug", many=True, choices=REGIONS, label=gettext_lazy("Region"))
    country = Vocabulary(field_name="countries__iso2", many=True, choices=COUNTRIES, label=gettext_lazy("Country"))
    theme = Vocabulary(field_name="themes__slug", many=True, choices=THEMES, label=gettext_lazy("Theme"))
    programme = Vocabulary(
        field_name="programme__slug", choices=Codes(Programme, "slug"), label=gettext_lazy("Programme"), lang=ENGLISH
    )
    partner = InRole(donors=False, label=gettext_lazy("Partner"))
    donor = InRole(donors=True, label=gettext_lazy("Donor"))
    year = Year(start="start", end="end")
    sort = Sorting(
        Sort("name", gettext_lazy("Title A–Z"), ("sort_name", "slug"), alphabetical=True),
        Sort("-start", gettext_lazy("Newest first"), ("-start_earliest", "sort_name", "slug")),
        Sort("-budget", gettext_lazy("Largest budget"), ("-stated", "sort_name", "slug"), {"stated": STATED_BUDGET}),
    )

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()

    @cached_property
    def partners(self) -> list[tuple[str, str, str]]:
        """Code, printed name and role of every naming, the first of the names last."""
        return list(ProjectPartner.objects.published().order_by("-name").values_list("slug", "name", "role"))


def projects_lede() -> str:
    return _(
        "Projects that public sources describe: a small part of the ILO’s own. Dates, money and partners are those of "
        "the source; figures marked as targets are not results."
    )


def programmes() -> dict[str, Any]:
    about = ProfileStatement.objects.published().filter(topic=StatementTopic.PROJECTS)
    return {
        "programmes": Programme.objects.published().for_list(),
        "statements": about.for_list(),
    }


projects = Directory(
    name="projects",
    title=gettext_lazy("Projects"),
    count_label=lambda n: ngettext("%(n)s project", "%(n)s projects", n) % {"n": n},
    records=Project.objects.published,
    filterset=ProjectFilterSet,
    lede=projects_lede,
    with_remarks=False,
    more=programmes,
)
