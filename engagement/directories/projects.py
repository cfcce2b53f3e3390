"""Projects, and beside them the programmes."""

from decimal import Decimal
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.columns import Column, Kind, Where, each, evidence, field, key_and_name, linked, many, of
from engagement.directories.filters import Choice, Codes, Growing, Sort, Sorting, Vocabulary, Words, Year
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES, REGIONS, THEMES
from engagement.keysets import Coding
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


class InRole(Growing):
    """By a partner's code, in the role of donor or in any other."""

    def __init__(self, *, donors: bool, **kwargs: Any) -> None:
        self.donors = donors
        super().__init__(choices=[], lang="", **kwargs)

    def in_role(self) -> Any:
        partners = ProjectPartner.objects.published()
        return partners.filter(role=PartnerRole.DONOR) if self.donors else partners.exclude(role=PartnerRole.DONOR)

    def all_choices(self) -> list[Choice]:
        """Each body's code with the first of its printed names."""
        names = {slug: name for slug, name, role in self.parent.partners if (role == PartnerRole.DONOR) == self.donors}
        return sorted((Choice(slug, name, True) for slug, name in names.items()), key=lambda choice: choice.label)

    def codings(self) -> tuple[Coding, ...]:
        return (Coding(self.in_role(), "slug", "project"),)

    def filter(self, queryset: Any, values: Any) -> Any:
        if not values:
            return queryset
        return queryset.filter(pk__in=self.in_role().filter(slug__in=values).values("project"))


class ProjectFilterSet(DirectoryFilterSet):
    page_parameters = ("page", "find_partner", "find_donor")

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


DONOR, OTHER = Where("role", PartnerRole.DONOR.value), Where("role", PartnerRole.DONOR.value, equal=False)


def naming(name: str, says: str, where: Where) -> tuple[Column, Column]:
    """Bodies with their codes in filters, and their names as the source prints them."""
    return (
        each(name, f"{says}: codes", "partners", "slug", where=where),
        each(
            f"{name}_label", f"{says}: names as the source prints them, in the same order",
            "partners", "name", where=where,
        ),
    )  # fmt: skip


COLUMNS = (
    *key_and_name(of("title")),
    field("acronym", "Acronym"),
    *linked("programme", "Programme", "slug"),
    *many("country", "Countries", "countries", "iso2"),
    *many("theme", "Themes", "themes", "slug", needs=("themes",)),
    *naming("partner", "Partners other than donors", OTHER),
    each("partner_role", "Partners other than donors: roles, in the same order", "partners", "role", where=OTHER),
    *naming("donor", "Donors", DONOR),
    field("start", "Beginning", Kind.DATE),
    field("end", "End", Kind.DATE),
    field("budget", "Budget that the source states", Kind.NUMBER),
    field("currency", "Its currency, ISO 4217", Kind.CODE),
    field("website", "Its page elsewhere", Kind.URL, of_field="url"),
    *evidence(),
)  # fmt: skip

projects = Directory(
    name="projects",
    title=gettext_lazy("Projects"),
    count_label=lambda n: ngettext("%(n)s project", "%(n)s projects", n) % {"n": n},
    records=Project.objects.published,
    filterset=ProjectFilterSet,
    lede=projects_lede,
    with_remarks=False,
    more=programmes,
    columns=COLUMNS,
)
