"""Pictures as pages show them, the tables below them and the files: the same numbers everywhere."""

import csv
import datetime
import io
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagement.models import ConsultativeStatus, Country, Organization, Project, StatusState
from engagement.pictures.world import MEASURES
from tests.factories import (
    make_invitation,
    make_meeting,
    make_organization,
    make_source,
    make_status,
)

pytestmark = pytest.mark.django_db

SIALKOT = "/projects/elimination-of-child-labour-in-the-soccer-ball-industry-in-sialkot/"
CARPETS = "/projects/combating-child-labour-in-the-carpet-industry-in-pakistan-phases-1-and-2/"
KOLPING = "/organizations/kolping-international/"
# Each page with pictures, and the files below them.
PICTURES = {
    "/categories/": ["/categories/over-time.csv", "/categories/by-year.csv"],
    "/categories/general/": ["/categories/general/by-year.csv"],
    "/categories/invited/": ["/categories/invited/by-year.csv"],
    KOLPING: [f"{KOLPING}timeline.csv"],
    SIALKOT: [f"{SIALKOT}results.csv"],
    "/countries/map/": ["/countries/map.csv"],
}
MOST_QUERIES, LARGEST_PAGE = 12, 60 * 1024


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def figures(page: str) -> list[str]:
    return re.findall(r'<figure class="picture.*?</figure>', page, re.S)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def table(figure: str) -> list[list[str]]:
    """The rows of the table below a picture, less the heading."""
    body = figure.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]


def file(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


# -- What holds for every picture ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PICTURES)
def test_a_picture_has_words_a_table_and_a_file(client: Client, address: str) -> None:
    shown = figures(read(client, address))
    files = [unescape(link) for figure in shown for link in re.findall(r'href="([^"]+\.csv[^"]*)"', figure)]
    assert files == PICTURES[address]
    for figure in shown:
        assert words(figure.partition("<figcaption>")[2].partition("</figcaption>")[0])
        assert "<caption>" in figure and 'scope="col"' in figure and 'scope="row"' in figure
        assert table(figure)


@pytest.mark.parametrize("address", PICTURES)
def test_a_drawing_says_what_it_is_and_an_idle_one_is_hidden(client: Client, address: str) -> None:
    page = read(client, address)
    for drawing in re.findall(r"<svg\b[^>]*>", page):
        nested = "preserveAspectRatio" in drawing
        assert nested or 'aria-hidden="true"' in drawing or 'role="img"' in drawing
        if 'role="img"' in drawing:
            title, described = (re.search(rf'{name}="([^"]+)"', drawing) for name in ("labelledby", "describedby"))
            assert title is not None and f'<title id="{title[1]}">' in page
            assert described is not None and f'<desc id="{described[1]}">' in page


@pytest.mark.parametrize("address", PICTURES)
def test_no_id_is_doubled_and_nothing_is_inline(client: Client, address: str) -> None:
    page = read(client, address)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r"<style\b|\sstyle=|<script\b(?![^>]*(\bsrc=|application/ld\+json))", page)


@pytest.mark.parametrize("address", PICTURES)
def test_places_are_written_with_a_point_in_every_language(client: Client, address: str) -> None:
    for page in (read(client, address), read(client, f"/fr{address}")):
        drawn = "".join(re.findall(r"<svg\b.*?</svg>", page, re.S))
        places = re.findall(r'\s(?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"', drawn)
        assert all(re.fullmatch(r"-?\d+(\.\d+)?%?", place) for place in places), places
        assert all(float(place[:-1]) <= 100 for place in places if place.endswith("%"))


@pytest.mark.parametrize("address", PICTURES)
def test_a_page_with_pictures_keeps_within_its_budgets(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content
    assert len(queries) <= MOST_QUERIES
    assert len(page) <= LARGEST_PAGE


def test_200_more_statuses_and_invitations_cost_a_query_a_state_at_most_and_stay_in_the_budget(
    client: Client,
) -> None:
    body, source = Organization.objects.get(slug="kolping-international"), make_source()
    addresses = [*PICTURES, f"{KOLPING}timeline.csv", "/categories/over-time.csv", "/categories/special-list/"]

    def cost() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
        return counts

    before = cost()
    for number in range(200):
        start = f"{1950 + number % 70}-0{number % 9 + 1}"
        make_status(source=source, granted=str(1920 + number % 100), ended=str(2021 + number % 5))
        if number < 40:
            make_invitation(organization=body, source=source, meeting=make_meeting(source=source, start=start))
    # A state of few statuses is put in order by the database, one of many is not.
    assert all(after <= few + len(StatusState) for few, after in zip(before, cost(), strict=True))
    assert all(len(client.get(address).content) <= LARGEST_PAGE for address in ("/categories/", KOLPING))


# -- The standing of an organization ---------------------------------------------------------------------------------


def body_with_everything() -> Organization:
    body = make_organization()
    make_status(organization=body, granted="1980", ended="1990-06-15", decided_by="Decider")
    make_status(organization=body, as_of="1995")
    make_status(organization=body)
    make_invitation(organization=body, meeting=make_meeting(name="Dated meeting", start="2001-06-05"))
    make_invitation(organization=body, meeting=make_meeting(name="Undated meeting"))
    return body


def test_the_picture_the_table_and_the_file_of_a_standing_name_the_same(client: Client) -> None:
    page = f"/organizations/{body_with_everything().slug}/"
    [figure] = figures(read(client, page))
    assert [row[1:] for row in table(figure)] == [
        ["Status", "1980 – 15 June 1990"],
        ["Status", "as stated, 1995"],
        ["Status", "undated"],
        ["Invitation", "date not published"],
        ["Invitation", "5 June 2001"],
    ]
    rows = file(client, f"{page}timeline.csv")
    assert [(row["kind"], row["start"], row["end"], row["stated_for"]) for row in rows] == [
        ("status", "1980", "1990-06-15", ""),
        ("status", "", "", "1995"),
        ("status", "", "", ""),
        ("invitation", "", "", ""),
        ("invitation", "2001-06-05", "", ""),
    ]
    assert figure.count('class="certain"') == 1 and figure.count('class="stated"') == 1
    assert figure.count('class="tick"') == 1


def test_what_has_no_date_is_named_below_the_picture(client: Client) -> None:
    [figure] = figures(read(client, f"/organizations/{body_with_everything().slug}/"))
    said = words(figure)
    assert "Without any date, and so without a place in the picture: Special List." in said
    assert "1 invitation or attendance has no date and is not drawn." in said


def test_each_row_of_the_file_of_a_standing_has_its_source_and_its_place(client: Client) -> None:
    rows = file(client, f"{KOLPING}timeline.csv")
    [status] = [row for row in rows if row["kind"] == "status"]
    kept = ConsultativeStatus.objects.get(key=status["key"])
    assert (status["source"], status["source_url"]) == (kept.source.title, kept.source.url)
    assert status["as_of"] == kept.as_of
    assert status["url"] == f"http://testserver{kept.get_absolute_url()}"


def test_the_day_asked_for_is_marked_and_what_came_later_is_in_neither_picture_nor_file(client: Client) -> None:
    body = body_with_everything()
    make_status(organization=body, granted="2010")
    page = f"/organizations/{body.slug}/"
    [figure] = figures(read(client, f"{page}?on=1998-03-02"))
    assert "2 March 1998" in words(figure.partition("<svg")[2])
    assert 'class="day"' in figure and 'class="day"' not in figures(read(client, page))[0]
    assert f'href="{page}timeline.csv?on=1998-03-02"' in figure
    rows = file(client, f"{page}timeline.csv?on=1998-03-02")
    assert len(rows) == len(table(figure)) == 3
    assert "2010" not in [row["start"] for row in rows]


def test_without_any_date_there_is_no_picture_of_the_standing(client: Client) -> None:
    assert figures(read(client, f"/organizations/{make_status().organization.slug}/")) == []
    assert figures(read(client, f"/organizations/{make_organization().slug}/")) == []


def test_a_date_known_to_the_year_is_drawn_pale_and_explained(client: Client) -> None:
    [figure] = figures(read(client, KOLPING))
    assert 'class="uncertain"' in figure
    assert "Pale with a dashed edge" in words(figure)
    [exact] = figures(read(client, f"/organizations/{make_status(granted='2006-11-15').organization.slug}/"))
    assert "uncertain" not in exact and "Pale with" not in exact


# -- Categories ------------------------------------------------------------------------------------------------------


def test_the_years_of_a_category_are_the_same_in_picture_table_and_file(client: Client) -> None:
    source = make_source()
    for granted, ended in (("1990-05-01", "1995-06"), ("1990", ""), ("1991", "1995"), ("../1980", "")):
        make_status(source=source, granted=granted, ended=ended)
    page = "/categories/special-list/"
    [figure] = figures(read(client, page))
    rows = file(client, f"{page}by-year.csv")
    assert rows[-4:] == [
        {"date": "1990", "granted": "2", "ended": "0"},
        {"date": "1991", "granted": "1", "ended": "0"},
        {"date": "1993", "granted": "1", "ended": "0"},
        {"date": "1995", "granted": "0", "ended": "2"},
    ]
    shown = table(figure)
    assert [row[1:] for row in shown] == [[row["granted"], row["ended"]] for row in rows]
    assert shown[0][0] == "1980 or earlier"
    written = re.findall(r'<text [^>]*text-anchor="middle">(\d+)</text>', figure.replace('class="year" ', "!"))
    assert len(re.findall(r'class="(?:begun|ended)', figure.partition("<svg")[2].partition("</svg>")[0])) == 4
    assert set(written) >= {"2", "1"}


def test_a_category_as_of_a_day_draws_what_was_decided_by_then(client: Client) -> None:
    page = "/categories/general/"
    [figure] = figures(read(client, f"{page}?on=2000-01-01"))
    assert [row[0] for row in table(figure)] == ["the 1940s"]
    assert f'href="{page}by-year.csv?on=2000-01-01"' in figure
    assert [row["date"] for row in file(client, f"{page}by-year.csv?on=2000-01-01")] == ["194X"]


def test_a_category_without_any_date_says_so_instead_of_an_empty_picture(client: Client) -> None:
    page = read(client, "/categories/regional/")
    assert figures(page) == []
    assert "No grant and no end has a recorded date." in page
    assert file(client, "/categories/regional/by-year.csv") == []


def test_invitations_are_counted_by_the_year_of_their_meeting(client: Client) -> None:
    [figure] = figures(read(client, "/categories/invited/"))
    rows = file(client, "/categories/invited/by-year.csv")
    assert {"date": "1998", "invitations": "10"} in rows
    assert table(figure) == [[row["date"], row["invitations"]] for row in rows]


def test_organizations_over_time_are_the_same_in_table_and_file_and_counted_by_the_rule(client: Client) -> None:
    over_time, _by_year = figures(read(client, "/categories/"))
    rows = file(client, "/categories/over-time.csv")
    shown = table(over_time)
    assert [f"{row[0]}-12-31" for row in shown] == [row["day"] for row in rows]
    assert [row[1:] for row in shown] == [[row["general"], row["special_list"]] for row in rows]
    for row in (rows[0], rows[-1], *(row for row in rows if row["day"] in ("2005-12-31", "2006-12-31"))):
        day = datetime.date.fromisoformat(row["day"])
        for column, slug in (("general", "general"), ("special_list", "special-list")):
            held = ConsultativeStatus.objects.published().on(day).filter(category__slug=slug)
            assert int(row[column]) == held.values("organization").distinct().count()


def test_the_picture_over_time_says_that_it_shows_what_is_recorded(client: Client) -> None:
    over_time, _by_year = figures(read(client, "/categories/"))
    said = words(over_time)
    assert "These are organizations whose status the register can date, not all there are." in said
    assert re.search(r"\d+ statuses count on none of these days", said)


def test_an_empty_register_has_sentences_and_no_axes(client: Client) -> None:
    ConsultativeStatus.objects.all().delete()
    page = read(client, "/categories/")
    assert figures(page) == []
    assert "No status has a date by which it could be counted." in page


# -- Projects --------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_project_are_the_same_in_bars_table_and_file(client: Client) -> None:
    [figure] = figures(read(client, SIALKOT))
    rows = file(client, f"{SIALKOT}results.csv")
    shown = table(figure)
    assert [row[2].split()[0].replace(",", "") for row in shown] == [row["value"] for row in rows]
    assert {"10572", "5838", "5408"} <= {row["value"] for row in rows}
    bars = re.findall(r"<b>([\d,]+)</b><svg [^>]*><rect width=\"([\d.]+)%\"", figure)
    students = [(int(value.replace(",", "")), float(width)) for value, width in bars][:3]
    assert students == [(10572, 100.0), (5838, 55.22), (5408, 51.15)]


def test_each_row_of_the_file_of_a_project_has_its_source(client: Client) -> None:
    project = Project.objects.get(slug=SIALKOT.split("/")[2])
    for row in file(client, f"{SIALKOT}results.csv"):
        kept = project.results.get(key=row["key"])
        assert (row["source"], row["as_of"], row["nature"]) == (kept.source.title, kept.as_of, kept.nature)
        assert row["url"].endswith(kept.get_absolute_url())


def test_a_target_among_the_bars_is_named_and_dashed(client: Client) -> None:
    [figure] = figures(read(client, CARPETS))
    [target] = re.findall(r'<li class="target">(.*?)</li>', figure, re.S)
    assert "Target" in words(target) and "23,000" in target


def test_a_project_with_nothing_to_compare_keeps_its_figures_and_has_no_bars(client: Client) -> None:
    without = Project.objects.create(title="Invented project", source=make_source())
    page = read(client, f"/projects/{without.slug}/")
    assert figures(page) == [] and "No result is recorded." in page
    assert file(client, f"/projects/{without.slug}/results.csv") == []


# -- The map ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
def test_tiles_table_and_file_of_the_map_have_the_same_numbers(client: Client, name: str) -> None:
    query = "" if name == "constituents" else f"?show={name}"
    [figure] = figures(read(client, f"/countries/map/{query}"))
    tiles = re.findall(r'href="/countries/(\w\w)/">\w{3} <b>([\d,]+|–)</b>', figure)
    rows = file(client, f"/countries/map.csv{query}")
    assert [(code, counted(number)) for code, number in tiles] == [(row["key"], int(row[name])) for row in rows]
    assert [(row[0], counted(row[1])) for row in table(figure)] == [(row["name"], int(row[name])) for row in rows]
    assert len(rows) == 187


def counted(shown: str) -> int:
    return 0 if shown in ("–", "none recorded") else int(shown.replace(",", ""))


def test_a_state_of_which_none_is_recorded_does_not_look_like_zero(client: Client) -> None:
    [figure] = figures(read(client, "/countries/map/?show=organizations"))
    assert '<b>–</b> <span class="sr">Albania, none recorded</span>' in figure
    assert "<b>0</b>" not in figure and ">0<" not in figure
    assert '<span class="k0">none recorded</span>' in figure


def test_a_tile_s_name_holds_what_is_seen_and_the_country_s_name(client: Client) -> None:
    page = read(client, "/countries/map/")
    assert re.search(r'<a class="k\d" href="/countries/PK/">PAK <b>\d+</b> <span class="sr">Pakistan</span></a>', page)
    assert "aria-label" not in page.partition('<div class="tiles">')[2].partition("</figure>")[0]


def test_a_tile_stands_where_the_register_says(client: Client) -> None:
    page = read(client, "/countries/map/")
    for code in ("PK", "CH", "US"):
        country = Country.objects.get(iso2=code)
        cell = f'<li class="c{country.tile_column} r{country.tile_row}">'
        assert re.search(rf'{cell}<a class="k\d" href="/countries/{code}/">', page)


def test_what_the_map_counts_is_chosen_by_links_of_which_one_is_current(client: Client) -> None:
    page = read(client, "/countries/map/?show=projects")
    choices = re.findall(r'<a href="(/countries/map/[^"]*)"( aria-current="page")?>', page)
    assert [address for address, _ in choices] == [
        "/countries/map/", "/countries/map/?show=organizations", "/countries/map/?show=projects",
        "/countries/map/?show=ratifications",
    ]  # fmt: skip
    assert [address for address, current in choices if current] == ["/countries/map/?show=projects"]
    assert 'href="/countries/map.csv?show=projects"' in page


def test_the_map_s_default_and_what_mailings_add_are_redirected_away(client: Client) -> None:
    for asked in ("?show=constituents", "?show=", "?utm_source=x"):
        response = client.get(f"/countries/map/{asked}")
        assert (response.status_code, response["Location"]) == (302, "/countries/map/")


@pytest.mark.parametrize("query", ["?show=nothing", "?show=projects&show=projects", "?on=2000-01-01", "?page=2"])
def test_the_map_refuses_what_it_is_not_asked(client: Client, query: str) -> None:
    response = client.get(f"/countries/map/{query}")
    assert response.status_code == 400
    assert query[1:].split("=")[0] in response.content.decode().partition('role="alert"')[2]


def test_only_the_map_loads_its_stylesheet_and_the_list_and_home_lead_to_it(client: Client) -> None:
    assert "css/map.css" in read(client, "/countries/map/")
    for address in ("/countries/", "/"):
        page = read(client, address)
        assert 'href="/countries/map/"' in page and "css/map.css" not in page


def test_the_map_says_that_none_recorded_is_not_none(client: Client) -> None:
    assert re.search(r"For \d+ States none is recorded, which does not say that there is none\.",
                     words(read(client, "/countries/map/")))  # fmt: skip


# -- Files -----------------------------------------------------------------------------------------------------------

FILES = [file for files in PICTURES.values() for file in files]


@pytest.mark.parametrize("address", FILES)
def test_a_file_refuses_a_parameter_that_it_does_not_have_and_names_it(client: Client, address: str) -> None:
    response = client.get(f"{address}?colour=red")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["parameters"] == {"colour": "is not a parameter of this page"}


@pytest.mark.parametrize("address", [f"{KOLPING}timeline.csv", "/categories/general/by-year.csv"])
def test_a_file_as_of_a_day_refuses_what_is_no_day(client: Client, address: str) -> None:
    for query in ("on=yesterday", "on=2000-01-01&on=2001-01-01"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400 and list(response.json()["parameters"]) == ["on"]


@pytest.mark.parametrize("address", FILES)
def test_a_file_is_only_read_and_sets_no_cookie(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    response = client.get(address)
    assert not response.cookies and "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize(
    "address", ["/organizations/{}/timeline.csv", "/categories/{}/by-year.csv", "/projects/{}/results.csv"]
)
def test_a_file_of_nothing_is_not_found(client: Client, address: str) -> None:
    assert client.get(address.format("no-such-thing")).status_code == 404


def test_a_file_of_a_withdrawn_organization_is_not_found(client: Client) -> None:
    body: Any = make_organization(published=False)
    assert client.get(f"/organizations/{body.slug}/timeline.csv").status_code == 404


def test_a_file_s_address_in_the_other_case_leads_to_it(client: Client) -> None:
    response = client.get("/categories/GENERAL/by-year.csv?on=2000-01-01")
    assert (response.status_code, response["Location"]) == (301, "/categories/general/by-year.csv?on=2000-01-01")
