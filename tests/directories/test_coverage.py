"""How much the register knows, by country, region, category and collection."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.coverage import (
    KINDS,
    Cell,
    CoverageQuestion,
    Kind,
    categories,
    cells_by,
    collections,
    countries_of,
    totals,
)
from engagement.models import (
    Constituent,
    ConsultativeCategory,
    Country,
    Membership,
    Organization,
    Project,
    Region,
    Seat,
    Source,
    TripartiteBody,
)
from tests.factories import make_country, make_invitation, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

AFRICA = "africa"


def listed(name: str, query: str) -> int:
    """How many rows the directory gives."""
    (directory,) = [each for each in DIRECTORIES if each.name == name]
    question = directory.ask(QueryDict(query))
    assert question.problems() == {}, query
    return directory.rows(question).count()


def query_of(kind: Kind, **more: str) -> str:
    return "&".join(f"{name}={value}" for name, value in [*kind.query, *more.items()])


def region() -> Region:
    return Region.objects.get(slug=AFRICA)


def cell_of(iso2: str, kind: str) -> Cell:
    country = Country.objects.get(iso2=iso2)
    (row,) = [row for row in countries_of(country.region) if row.country == country]
    (cell,) = [cell for cell in row.cells if cell.kind.name == kind]
    return cell


def every_cell() -> Iterator[tuple[Country, Cell]]:
    for each in [*Region.objects.all(), None]:
        for row in countries_of(each):
            for cell in row.cells:
                yield row.country, cell


def named(country: Country, group: str = "workers", **fields: Any) -> Constituent:
    defaults = {"name": f"Invented union {Constituent.objects.count()}", "source": make_source()}
    return Constituent.objects.create(country=country, group=group, **{**defaults, **fields})


# -- Countries -----------------------------------------------------------------------------------------------------


def test_every_country_stands_once_with_a_cell_for_every_kind() -> None:
    seen = [(country.iso2, cell.kind.name) for country, cell in every_cell()]
    assert len(seen) == len(set(seen)) == Country.objects.published().count() * len(KINDS)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.route], ids=lambda kind: kind.name)
def test_a_cell_says_what_the_directory_lists_for_the_country(kind: Kind) -> None:
    cells = [(country.iso2, cell.number) for country, cell in every_cell() if cell.kind is kind]
    for iso2, number in sorted(cells, key=lambda pair: -pair[1])[:8] + cells[::29]:
        assert number == listed(kind.route, query_of(kind, country=iso2)), iso2


def test_a_country_without_any_fact_has_cells_that_say_none_recorded() -> None:
    make_country("XA", region=region())
    cells = [cell for country, cell in every_cell() if country.iso2 == "XA"]
    assert [cell.number for cell in cells] == [0] * len(KINDS)
    assert all(cell.none is None and cell.newest == "" and cell.kinds == () for cell in cells)


def test_what_a_source_says_there_is_none_of_is_told_from_what_is_not_recorded() -> None:
    assert cell_of("PW", "workers").none == Source.objects.get(slug="c2_wp_pw")
    assert cell_of("PW", "employers").none is None


def test_where_a_body_is_recorded_no_source_is_quoted_that_there_is_none() -> None:
    named(Country.objects.get(iso2="PW"))
    cell = cell_of("PW", "workers")
    assert (cell.number, cell.none) == (1, None)


def test_a_cell_names_the_kinds_of_source_the_commonest_first_and_the_newest_year() -> None:
    country = make_country("XB", region=region())
    press, secondary = make_source(kind="press"), make_source(kind="secondary", date="2019-05")
    named(country, source=press, as_of="2011")
    named(country, source=press, as_of="2012-03-01")
    named(country, source=secondary)
    cell = cell_of("XB", "workers")
    assert (cell.number, cell.kinds, cell.year) == (3, ("press", "secondary"), "2019")


@pytest.mark.parametrize(
    ("as_of", "date", "year"),
    [
        ("", "", ""),
        ("2015/..", "", "2015"),
        ("../2008", "", "2008"),
        ("2007~/2008~", "2020", "2008"),
        ("", "194X", "1949"),
    ],
)
def test_the_age_is_that_for_which_the_source_speaks_or_else_its_own(as_of: str, date: str, year: str) -> None:
    country = make_country("XC", region=region())
    named(country, source=make_source(date=date), as_of=as_of)
    assert cell_of("XC", "workers").year == year


def test_withdrawn_facts_are_in_no_cell() -> None:
    country = make_country("XD", region=region())
    named(country, published=False)
    project = Project.objects.create(title="Invented project", source=make_source(), published=False)
    project.countries.add(country)
    assert cell_of("XD", "workers").number == cell_of("XD", "projects").number == 0


def test_an_organization_with_two_seats_in_a_country_is_seated_there_once() -> None:
    country, body = make_country("XE", region=region()), make_organization()
    for number in range(2):
        Seat.objects.create(organization=body, country=country, source=make_source(), city=f"Town {number}")
    Seat.objects.create(organization=make_organization(), country=country, until="1990", source=make_source())
    assert cell_of("XE", "seats").number == 1 == listed("organizations", "country=XE")


def test_facts_that_stand_on_the_country_s_page_alone_are_counted_too() -> None:
    country = make_country("XF", region=region())
    TripartiteBody.objects.create(country=country, name="Invented council", source=make_source())
    Membership.objects.create(country=country, since="1950", until="1960", source=make_source())
    assert cell_of("XF", "tripartite").number == cell_of("XF", "membership").number == 1


# -- Regions -------------------------------------------------------------------------------------------------------


def test_a_region_says_what_the_directories_list_for_it() -> None:
    for column in totals().regions:
        assert column.members == listed("countries", f"region={column.region.slug}")
        for cell in column.cells:
            if cell.kind.by_region:
                query = query_of(cell.kind, region=column.region.slug)
                assert cell.number == listed(cell.kind.route, query), query


def test_a_region_says_for_how_many_of_its_countries_anything_is_recorded() -> None:
    for column in totals().regions:
        rows = countries_of(column.region)
        assert column.countries == len(rows)
        for place, cell in enumerate(column.cells):
            assert cell.places == sum(row.cells[place].number > 0 for row in rows), (column.region, cell.kind.name)


def test_all_sides_are_recorded_where_each_group_is_named() -> None:
    before = totals()
    country = make_country("XG", region=region())
    Membership.objects.create(country=country, since="1950", source=make_source())
    named(country, "government")
    named(country, "employers")
    assert (totals().members, totals().all_sides) == (before.members + 1, before.all_sides)
    named(country, "workers")
    assert totals().all_sides == before.all_sides + 1


def test_countries_that_are_counted_in_no_region_stand_by_themselves() -> None:
    assert [row.country.iso2 for row in countries_of(None)] == ["VA", "PS"]


def test_the_cells_cost_one_query_for_a_country_and_for_all() -> None:
    for arguments in (("pk",), ("region",)):
        with CaptureQueriesContext(connection) as queries:
            cells_by(*arguments)
        assert len(queries) == 1


# -- The question --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named_parameters"),
    [("", []), ("region=africa", []), ("region=atlantis", ["region"]), ("region=africa&region=americas", ["region"]),
     ("country=PK", ["country"]), ("page=2", ["page"])],
)  # fmt: skip
def test_one_region_of_the_vocabulary_may_be_asked_and_nothing_else(query: str, named_parameters: list[str]) -> None:
    assert list(CoverageQuestion(QueryDict(query)).problems()) == named_parameters


# -- Categories ----------------------------------------------------------------------------------------------------


def test_a_category_is_counted_as_the_directory_of_organizations_counts() -> None:
    make_invitation()
    for row in categories():
        assert row.recorded == listed("organizations", f"category={row.category.slug}")
        for state, number in row.states:
            assert number == listed("organizations", f"category={row.category.slug}&status={state}"), (row, state)


def test_of_160_on_the_special_list_9_in_100_are_recorded() -> None:
    (row,) = [row for row in categories() if row.category.slug == "special-list"]
    assert (row.recorded, row.category.stated_number, row.share) == (14, 160, 9)


def test_a_share_is_not_known_where_no_source_states_a_number() -> None:
    assert {row.share for row in categories() if row.category.stated_number is None} == {None}


def test_an_organization_with_two_statuses_of_a_category_is_recorded_once() -> None:
    general = ConsultativeCategory.objects.get(slug="general")
    body = make_organization()
    make_status(organization=body, category=general, granted="1950", ended="1960")
    make_status(organization=body, category=general, granted="1970")
    (row,) = [row for row in categories() if row.category == general]
    assert row.recorded == 3 and dict(row.states) == {"current": 3, "former": 1, "stated": 0, "undated": 0}


def test_the_categories_cost_four_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        categories()
    assert len(queries) == 4


# -- Collections ---------------------------------------------------------------------------------------------------


def collected(name: str) -> Any:
    (row,) = [row for row in collections() if row.directory.name == name]
    return row


@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda directory: directory.name)
def test_a_collection_says_what_its_directory_lists(directory: Directory) -> None:
    row = collected(directory.name)
    assert row.number == listed(directory.name, "")
    official = "source_kind=official-document&source_kind=official-page"
    assert row.official == listed(directory.name, official) >= row.of_the_ilo
    assert row.oldest <= row.newest


def test_what_the_ilo_published_is_told_from_other_official_sources() -> None:
    before = collected("organizations")
    of_the_ilo = ["ILO", "ILO copy", "International Labour Organization (copy)"]
    for publisher in [*of_the_ilo, "ITC-ILO / ACTRAV", "Ilocos Times"]:
        make_organization(source=make_source(kind="official-page", publisher=publisher))
    after = collected("organizations")
    assert (after.official - before.official, after.of_the_ilo - before.of_the_ilo) == (5, 3)


def test_a_collection_without_records_is_empty_and_not_left_out() -> None:
    Organization.objects.all().delete()
    row = collected("organizations")
    assert (row.number, row.oldest, row.newest, row.without_date) == (0, "", "", 0)


def test_a_record_whose_source_does_not_say_its_date_is_counted_as_such() -> None:
    before = collected("organizations").without_date
    make_organization(as_of="1999")
    make_organization(source=make_source(date="1850"))
    row = collected("organizations")
    assert row.without_date == before + 1
    assert row.oldest[:4] == "1850" and row.newest[:4] >= "1999"


def test_the_collections_cost_one_query_however_many_records_there_are() -> None:
    with CaptureQueriesContext(connection) as queries:
        collections()
    assert len(queries) == 1


def test_the_state_of_a_status_is_that_of_today() -> None:
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    make_status(category=ConsultativeCategory.objects.get(slug="regional"), granted=tomorrow.isoformat())
    (row,) = [row for row in categories() if row.category.slug == "regional"]
    assert row.recorded == 1 and dict(row.states)["current"] == 0
