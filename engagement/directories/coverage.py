"""How much the register knows: by country and kind of fact, by category, by collection; whence, and how old."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Case, CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import NullIf
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.following import remembered
from engagement.directories.holdings import code_of, holders, invited, recorded
from engagement.directories.organizations import INVITED
from engagement.directories.questions import Question
from engagement.directories.silences import stated_none
from engagement.models import (
    Constituent,
    ConstituentGroup,
    ConsultativeCategory,
    Country,
    Membership,
    Office,
    Project,
    Ratification,
    Region,
    Seat,
    Source,
    SourceKind,
    StatusState,
    TripartiteBody,
)
from engagement.models.languages import InLanguage

LAST_DAY = "9999-12-31"
OFFICIAL = (SourceKind.OFFICIAL_DOCUMENT, SourceKind.OFFICIAL_PAGE)
# Sources tell their publisher in words; copies of the ILO's documents are named after it as well.
ILO_ITSELF = r"^(ILO|International Labour Organization|copy of an ILO page)([^A-Za-z]|$)"


def published_regions(request: HttpRequest | None = None) -> QuerySet:
    return Region.objects.published()


class CoverageQuestion(Question):
    """What the page may be asked: the countries of one region."""

    region = django_filters.ModelChoiceFilter(
        queryset=published_regions, to_field_name="slug", label=gettext_lazy("Region")
    )


# -- How old -------------------------------------------------------------------------------------------------------


def day_of(name: str) -> Case:
    """The day by which a partial date is as old as it says: its latest, of one that is open its earliest; or ''."""
    return Case(When(**{f"{name}_latest": LAST_DAY}, then=F(f"{name}_earliest")), default=F(f"{name}_latest"))


def age_of(model: Any) -> Case:
    """The day for which the source of a fact speaks, or without one the date of the source; '' where neither is."""
    of_source = "date" if model is Source else "source__date"
    return Case(When(as_of="", then=day_of(of_source)), default=day_of("as_of"))


# -- Countries by kind of fact -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of fact that countries have, and where the facts of one country are listed.

    country: the lookup from the fact to its country. counted: what a list of them has for rows.
    route, query: the directory that lists them, asked by `country`; by `region` too where `by_region`.
    anchor: for facts that stand on the page of the country alone.
    """

    name: str
    label: Any
    records: Callable[[], Any]
    country: str = "country"
    counted: str = "pk"
    route: str = ""
    query: tuple[tuple[str, str], ...] = ()
    by_region: bool = False
    anchor: str = ""


def named(group: ConstituentGroup) -> Kind:
    """The bodies that a source names as one side."""
    return Kind(
        group.value,
        group.label,
        lambda: Constituent.objects.published().filter(group=group),
        route="constituents",
        query=(("group", group.value),),
        by_region=True,
    )


KINDS = (
    *(named(group) for group in ConstituentGroup),
    Kind("tripartite", gettext_lazy("Tripartite body"), TripartiteBody.objects.published, anchor="constituents"),
    Kind("membership", gettext_lazy("Membership"), Membership.objects.published, anchor="membership"),
    Kind("ratifications", gettext_lazy("Ratifications"), Ratification.objects.published,
         route="ratifications", by_region=True),
    Kind("seats", gettext_lazy("Organizations seated"), lambda: Seat.objects.published().on(datetime.date.today()),
         counted="organization", route="organizations"),
    Kind("projects", gettext_lazy("Projects"), Project.objects.published, "countries",
         route="projects", by_region=True),
    Kind("offices", gettext_lazy("Offices"), Office.objects.published, route="offices"),
)  # fmt: skip


@dataclass
class Cell:
    """What is recorded of a kind in a country or region.

    places: in how many countries. kinds: the kinds of source, the commonest first. newest: the day for which the
    newest source speaks, '' without a date. none: the source that says that there is none, where nothing is recorded.
    """

    kind: Kind
    number: int = 0
    places: int = 0
    kinds: tuple[str, ...] = ()
    newest: str = ""
    none: Source | None = None

    @property
    def year(self) -> str:
        return self.newest[:4]

    @property
    def spoken(self) -> list[Any]:
        return [SPOKEN[kind] for kind in self.kinds]


# As short as a cell needs it.
SPOKEN: dict[str, Any] = {
    SourceKind.PROFILE: gettext_lazy("profile"),
    SourceKind.OFFICIAL_DOCUMENT: gettext_lazy("official document"),
    SourceKind.OFFICIAL_PAGE: gettext_lazy("official page"),
    SourceKind.PRESS: gettext_lazy("press"),
    SourceKind.DATABASE: gettext_lazy("database"),
    SourceKind.OWN_STATEMENT: gettext_lazy("own statement"),
    SourceKind.SECONDARY: gettext_lazy("secondary account"),
    SourceKind.UNCLASSIFIED: gettext_lazy("not classified"),
}

Place = int | None
Cells = dict[Place, dict[str, Cell]]


def cells_by(lookup: str, within: Q | None = None) -> Cells:
    """The cells of all kinds by country (`pk`) or by `region`, of the countries `within`; one query."""
    today = datetime.date.today()
    rows = remembered("coverage cells", lambda: counted_by(lookup, within), lookup, within, today)
    cells: Cells = {}
    weights: dict[tuple[Place, str], list[tuple[int, str]]] = {}
    kinds = {kind.name: kind for kind in KINDS}
    for name, place, source_kind, number, places, newest in rows:
        cell = cells.setdefault(place, {}).setdefault(name, Cell(kinds[name]))
        if source_kind:
            weights.setdefault((place, name), []).append((-number, source_kind))
        else:
            cell.number, cell.places, cell.newest = number, places, newest or ""
    for (place, name), found in weights.items():
        cells[place][name].kinds = tuple(source_kind for _number, source_kind in sorted(found))
    return cells


def counted_by(lookup: str, within: Q | None) -> list[tuple[Any, ...]]:
    """Kind, place, kind of source or '' for all, how many, in how many countries, of what age the newest."""
    first, *others = (part for kind in KINDS for part in parts_of(kind, lookup, within))
    return list(first.union(*others, all=True))


def parts_of(kind: Kind, lookup: str, within: Q | None) -> list[QuerySet]:
    """The rows of the kind counted by place, and by place and kind of source."""
    place = kind.country if lookup == "pk" else f"{kind.country}__{lookup}"
    rows = kind.records().order_by()
    if within is not None:
        rows = rows.filter(**{f"{kind.country}__in": Country.objects.published().filter(within)})
    return [
        rows.annotate(cell_kind=text(kind.name), cell_place=F(place), cell_source=source)
        .values("cell_kind", "cell_place", "cell_source")
        .annotate(
            cell_rows=Count(kind.counted, distinct=True),
            cell_places=Count(kind.country, distinct=True),
            cell_newest=Max(age_of(rows.model)),
        )
        .values_list("cell_kind", "cell_place", "cell_source", "cell_rows", "cell_places", "cell_newest")
        for source in (text(""), F("source__kind"))
    ]


def text(value: str) -> Value:
    return Value(value, output_field=CharField())


@dataclass(frozen=True)
class CountryRow:
    country: Country
    cells: list[Cell]


def countries_of(region: Region | None) -> list[CountryRow]:
    """The countries of a region, or those that are counted in none, each with a cell for every kind; three queries."""
    within = Q(region=region and region.pk)
    countries = list(Country.objects.published().filter(within).order_by(InLanguage("sort_name").column, "iso2"))
    cells = cells_by("pk", within)
    none = stated_none([country.iso2 for country in countries])
    rows = []
    for country in countries:
        found = cells.get(country.pk, {})
        row = [found.get(kind.name) or Cell(kind, none=none.get((country.iso2, kind.name))) for kind in KINDS]
        rows.append(CountryRow(country, row))
    return rows


@dataclass(frozen=True)
class RegionColumn:
    """A region: how many countries it has, how many of them are member States today, and a cell for every kind."""

    region: Region
    countries: int
    members: int
    cells: list[Cell]


@dataclass(frozen=True)
class Totals:
    """The regions, and of all member States how many there are and for how many each side is recorded."""

    regions: list[RegionColumn]
    members: int
    all_sides: int


def totals() -> Totals:
    """All regions, in three queries."""
    members = Country.objects.published().members().filter(pk=OuterRef("pk"))
    sides = Count("constituents__group", distinct=True, filter=Q(constituents__published=True))
    countries = list(
        Country.objects.published()
        .annotate(is_member=Exists(members), sides=sides)
        .values_list("region", "is_member", "sides")
    )
    cells = cells_by("region")
    regions = []
    for region in published_regions():
        inside = [is_member for place, is_member, _sides in countries if place == region.pk]
        found = cells.get(region.pk, {})
        row = [found.get(kind.name) or Cell(kind) for kind in KINDS]
        regions.append(RegionColumn(region, len(inside), sum(inside), row))
    of_members = [sides for _place, is_member, sides in countries if is_member]
    return Totals(regions, len(of_members), of_members.count(len(ConstituentGroup)))


# -- Categories by state -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CategoryRow:
    """A category, how many organizations are recorded in it, and how many in each state; none for “invited”."""

    category: ConsultativeCategory
    recorded: int
    states: list[tuple[str, int]]

    @property
    def share(self) -> int | None:
        """How many in a hundred of those that its source states are recorded; None where it states no number."""
        stated = self.category.stated_number
        return round(100 * self.recorded / stated) if stated else None


def categories() -> list[CategoryRow]:
    """As the directory of organizations counts them; “invited” are those with an invitation or a status called so."""
    bodies, standing = recorded(), holders(datetime.date.today())
    rows = []
    for category in ConsultativeCategory.objects.published().select_related("source"):
        held = bodies.get(category.slug, BitMap())
        if category.slug == INVITED:
            rows.append(CategoryRow(category, held.union_cardinality(invited()), []))
        else:
            of_states = [(state.value, standing.get(code_of(category.slug, state), ())) for state in StatusState]
            rows.append(CategoryRow(category, len(held), [(state, len(found)) for state, found in of_states]))
    return rows


# -- Collections ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CollectionRow:
    """A directory: its records, those with an official source, those with one of the ILO itself, their ages.

    without_date: those for which no source says for which date it speaks.
    """

    directory: Directory
    number: int = 0
    official: int = 0
    of_the_ilo: int = 0
    oldest: str = ""
    newest: str = ""
    without_date: int = 0


def collections() -> list[CollectionRow]:
    """The directories with what each lists when nothing is asked; one query for each revision and day."""
    counted = remembered("coverage collections", counted_collections, datetime.date.today())
    return [collection_row(directory, counted.get(directory.name)) for directory in DIRECTORIES]


def counted_collections() -> dict[str, list[Any]]:
    first, *others = map(collected, DIRECTORIES)
    return {name: counted for name, *counted in first.union(*others, all=True)}


def collected(directory: Directory) -> QuerySet:
    rows = directory.records().members() if directory.name == "countries" else directory.records()
    age = age_of(rows.model)
    source = "" if rows.model is Source else "source__"
    of_the_ilo = Source.objects.filter(publisher__regex=ILO_ITSELF)
    counted = {
        "rows": Count("pk"),
        "official": Count("pk", filter=Q(**{f"{source}kind__in": OFFICIAL})),
        "of_the_ilo": Count("pk", filter=Q(**{f"{source}pk__in": of_the_ilo})),
        "oldest": Min(NullIf(age, Value(""))),
        "newest": Max(age),
        "without_date": Count("pk", filter=Q(as_of="")),
    }
    marked = rows.order_by().annotate(collection=text(directory.name)).values("collection")
    return marked.annotate(**{f"collection_{name}": each for name, each in counted.items()}).values_list(
        "collection", *(f"collection_{name}" for name in counted)
    )


def collection_row(directory: Directory, counted: Iterable[Any] | None) -> CollectionRow:
    """An empty collection is in no group, so that nothing was counted for it."""
    if counted is None:
        return CollectionRow(directory)
    number, official, of_the_ilo, oldest, newest, without_date = counted
    return CollectionRow(directory, number, official, of_the_ilo, oldest or "", newest or "", without_date)
