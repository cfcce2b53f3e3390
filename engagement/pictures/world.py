"""The Member States as tiles, one each, in a grid that resembles the world. No border is drawn."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy

from engagement.directories.following import remembered
from engagement.models import Constituent, Country, Project, Ratification, Region, Seat
from engagement.models.languages import InLanguage

# The cells that static/css/map.css has classes for: .c0 to .c27, .r0 to .r15.
GRID_COLUMNS, GRID_ROWS = 28, 16
# Where the classes of the scale begin: .k0 to .k5.
SCALE = (0, 1, 2, 5, 10, 25)


@dataclass(frozen=True)
class Measure:
    """What the tiles count: rows, the lookup from a row to its country, and what is counted of them."""

    label: Any
    route: str
    rows: Callable[[], Any]
    country: str
    counted: str = "pk"

    def numbers(self) -> dict[int, int]:
        """How many each country has, by its key in the database; those with none are left out."""
        rows = self.rows().order_by().filter(**{f"{self.country}__isnull": False})
        return dict(rows.values_list(self.country).annotate(n=Count(self.counted, distinct=True)))


DEFAULT = "constituents"
MEASURES = {
    DEFAULT: Measure(gettext_lazy("Constituents"), "constituents", Constituent.objects.published, "country"),
    "organizations": Measure(
        gettext_lazy("Organizations seated there"), "organizations",
        lambda: Seat.objects.published().on(datetime.date.today()), "country", "organization",
    ),
    "projects": Measure(gettext_lazy("Projects"), "projects", Project.objects.published, "countries"),
    "ratifications": Measure(
        gettext_lazy("Ratifications"), "ratifications", Ratification.objects.published, "country"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A State with its number."""

    country: Country
    number: int

    @property
    def shade(self) -> int:
        """Which class of the scale the number falls in."""
        return sum(self.number >= least for least in SCALE[1:])

    @property
    def is_placed(self) -> bool:
        """Whether it has a cell of the grid."""
        column, row = self.country.tile_column, self.country.tile_row
        return column is not None and row is not None and column < GRID_COLUMNS and row < GRID_ROWS


@dataclass(frozen=True)
class Group:
    """The States of a region; None for those whose region is not recorded, or that have no cell of the grid."""

    region: Region | None
    tiles: list[Tile]

    @property
    def total(self) -> int:
        return sum(tile.number for tile in self.tiles)


@dataclass(frozen=True)
class World:
    """`groups` in the order of the regions, then those without; `elsewhere` are the tiles that have no cell."""

    groups: list[Group]
    elsewhere: list[Tile]

    @property
    def tiles(self) -> list[Tile]:
        return [*(tile for group in self.groups for tile in group.tiles), *self.elsewhere]

    @property
    def without(self) -> int:
        """How many States have none."""
        return sum(not tile.number for tile in self.tiles)

    @property
    def most(self) -> Tile | None:
        """The State with the greatest number; None where several have it, or none has any."""
        greatest = max((tile.number for tile in self.tiles), default=0)
        having = [tile for tile in self.tiles if tile.number == greatest]
        return having[0] if greatest and len(having) == 1 else None

    @property
    def steps(self) -> list[tuple[int, int | None]]:
        """The classes of the scale: from and to; None goes on."""
        ends = [*(least - 1 for least in SCALE[1:]), None]
        return list(zip(SCALE, ends, strict=True))


def world(measure: Measure) -> World:
    """The Member States of today with what `measure` counts of each, in two queries; the numbers for each revision."""
    numbers = remembered("map", measure.numbers, measure.route, datetime.date.today())
    members = Country.objects.published().members().select_related("region")
    ordered = members.order_by(InLanguage("sort_name").column, "iso2")
    tiles = [Tile(country, numbers.get(country.pk, 0)) for country in ordered]
    by_region: dict[Region | None, list[Tile]] = {}
    for tile in tiles:
        if tile.is_placed:
            by_region.setdefault(tile.country.region, []).append(tile)
    regions = sorted(by_region, key=lambda region: (region is None, region.order if region else 0))
    return World(
        groups=[Group(region, by_region[region]) for region in regions],
        elsewhere=[tile for tile in tiles if not tile.is_placed],
    )
