"""The Member States as tiles."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES
from engagement.models import Constituent, Country, Membership, Project, Seat
from engagement.pictures.world import GRID_COLUMNS, GRID_ROWS, MEASURES, SCALE, Tile, world
from tests.factories import make_country, make_organization, make_source

pytestmark = pytest.mark.django_db

STYLES = (Path(settings.BASE_DIR) / "static/css/map.css").read_text(encoding="utf-8")


def test_every_member_state_is_one_tile_in_a_cell_of_its_own() -> None:
    map_ = world(MEASURES["constituents"])
    assert map_.elsewhere == []
    assert sorted(tile.country.pk for tile in map_.tiles) == sorted(
        Country.objects.published().members().values_list("pk", flat=True)
    )
    cells = [(tile.country.tile_column, tile.country.tile_row) for tile in map_.tiles]
    assert len(set(cells)) == len(cells) == 187


def test_the_stylesheet_has_a_class_for_every_cell_and_none_besides() -> None:
    columns = {int(name): int(line) for name, line in re.findall(r"\.c(\d+) { grid-column: (\d+); }", STYLES)}
    rows = {int(name): int(line) for name, line in re.findall(r"\.r(\d+) { grid-row: (\d+); }", STYLES)}
    assert columns == {column: column + 1 for column in range(GRID_COLUMNS)}
    assert rows == {row: row + 1 for row in range(GRID_ROWS)}
    assert f"repeat({GRID_COLUMNS}, " in STYLES


def test_the_stylesheet_has_a_shade_for_every_class_of_the_scale() -> None:
    assert {int(shade) for shade in re.findall(r"\.k(\d) {", STYLES)} == set(range(len(SCALE)))


@pytest.mark.parametrize(
    ("one", "direction", "other"),
    [("CA", "above", "US"), ("MX", "above", "GT"), ("NI", "above", "PA"), ("PA", "left of", "CO"),
     ("BR", "above", "AR"), ("CL", "left of", "AR"), ("FR", "left of", "DE"), ("UA", "left of", "RU"),
     ("RU", "above", "KZ"), ("MN", "above", "CN"), ("CN", "left of", "JP"), ("MA", "left of", "EG"),
     ("EG", "above", "ZA"), ("AU", "above", "NZ")],
)  # fmt: skip
def test_countries_stand_to_each_other_as_in_the_world(one: str, direction: str, other: str) -> None:
    first, second = (Country.objects.get(iso2=code) for code in (one, other))
    assert first.tile_column is not None and second.tile_column is not None
    assert first.tile_row is not None and second.tile_row is not None
    if direction == "above":
        assert first.tile_row < second.tile_row and abs(first.tile_column - second.tile_column) <= 3
    else:
        assert first.tile_column < second.tile_column and abs(first.tile_row - second.tile_row) <= 2


@pytest.mark.parametrize("name", MEASURES)
def test_a_tile_s_number_is_what_the_directory_lists_for_the_country(client: Client, name: str) -> None:
    directory = next(each for each in DIRECTORIES if each.name == MEASURES[name].route)
    tiles = {tile.country.iso2: tile.number for tile in world(MEASURES[name]).tiles}
    chosen = [max(tiles, key=lambda code: tiles[code]), "CH", "PK", "TV"]
    for code in chosen:
        page = client.get(f"/{directory.name}/?country={code}").content.decode()
        heading = re.search(r'id="results-count"[^>]*>\s*([\d,]+)', page)
        assert heading is not None
        assert int(heading[1].replace(",", "")) == tiles[code], code
    assert tiles[chosen[0]] > 0


def test_an_organization_with_two_seats_in_a_country_counts_once_and_a_former_seat_not() -> None:
    country, source = Country.objects.get(iso2="TV"), make_source()
    body, gone = make_organization(), make_organization()
    for city in ("Oldtown", "Newtown"):
        Seat.objects.create(organization=body, city=city, country=country, source=source)
    Seat.objects.create(organization=gone, city="Oldtown", country=country, until="1999", source=source)
    assert MEASURES["organizations"].numbers()[country.pk] == 1


def test_what_is_withdrawn_is_not_counted_on_the_map() -> None:
    country = Country.objects.get(iso2="TV")
    before = MEASURES["constituents"].numbers().get(country.pk, 0)
    fields = {"country": country, "group": "workers", "source": make_source()}
    Constituent.objects.create(name="Public side", **fields)
    Constituent.objects.create(name="Withdrawn side", published=False, **fields)
    assert MEASURES["constituents"].numbers()[country.pk] == before + 1
    project = Project.objects.create(title="Withdrawn project", published=False, source=make_source())
    project.countries.add(country)
    assert country.pk not in MEASURES["projects"].numbers()


@pytest.mark.parametrize(
    ("number", "shade"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (24, 4), (25, 5), (900, 5)]
)
def test_a_number_falls_in_one_class_of_the_scale(number: int, shade: int) -> None:
    assert Tile(Country(), number).shade == shade
    first, last = world(MEASURES["projects"]).steps[shade]
    assert first <= number and (last is None or number <= last)


def test_a_state_without_a_cell_stands_apart_and_is_counted() -> None:
    country = make_country("XA")
    Membership.objects.create(country=country, since="1950", source=country.source)
    outside = make_country("XB", tile_column=GRID_COLUMNS, tile_row=3)
    Membership.objects.create(country=outside, since="1950", source=outside.source)
    map_ = world(MEASURES["constituents"])
    assert [tile.country for tile in map_.elsewhere] == [country, outside]
    assert country in [tile.country for tile in map_.tiles]


def test_groups_come_in_the_order_of_the_regions_and_their_totals_are_those_of_their_tiles() -> None:
    groups = world(MEASURES["constituents"]).groups
    orders = [group.region.order for group in groups if group.region]
    assert orders == sorted(orders) and len(orders) == len(groups) == 5
    assert sum(group.total for group in groups) == Constituent.objects.published().count()


def test_the_state_with_most_is_named_only_where_it_is_one() -> None:
    country = Country.objects.get(iso2="TV")
    Constituent.objects.all().delete()
    assert world(MEASURES["constituents"]).most is None
    Constituent.objects.create(name="Only side", country=country, group="workers", source=make_source())
    most = world(MEASURES["constituents"]).most
    assert most is not None and (most.country, most.number) == (country, 1)
    Constituent.objects.create(
        name="Other side", country=Country.objects.get(iso2="CH"), group="workers", source=make_source()
    )
    assert world(MEASURES["constituents"]).most is None


@pytest.mark.parametrize("name", MEASURES)
def test_the_map_takes_two_queries_whatever_it_counts(name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert world(MEASURES[name]).tiles
    assert len(queries) == 2
