"""Organizations, categories and countries as of a past day."""

import re

import pytest
from django.test import Client

from engagement.directories.shown import SHOWN_AT_ONCE, first_of
from engagement.models import (
    Constituent,
    ConsultativeCategory,
    Country,
    Instrument,
    Membership,
    Organization,
    OrganizationName,
    Ratification,
    Seat,
)
from engagement.views import standing
from tests.factories import make_country, make_invitation, make_meeting, make_organization, make_source, make_status

pytestmark = pytest.mark.django_db

ITUC = "international-trade-union-confederation"


def text(client: Client, address: str) -> str:
    """What a reader sees of the page."""
    response = client.get(address)
    assert response.status_code == 200, address
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_of_many_seats_of_a_country_the_same_are_shown_as_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    country = make_country("XA")
    for number in range(SHOWN_AT_ONCE + 2):
        body = make_organization(name=f"Seated {number % 10} {number}")
        Seat.objects.create(organization=body, country=country, source=body.source, until="1990" if number % 2 else "")
    Seat.objects.create(organization=body, country=country, source=body.source, city="Another town")
    seats = Seat.objects.published().filter(country=country).for_list().order_by("organization__sort_name", "key")
    few = standing.first_seats(country, seats)
    monkeypatch.setattr(standing, "MANY", 0)
    many = standing.first_seats(country, seats)
    assert few == many == first_of(seats)
    assert (len(many.rows), many.total) == (SHOWN_AT_ONCE, SHOWN_AT_ONCE + 3)


def test_ituc_has_no_status_on_14_november_2006_and_general_status_on_the_15th(client: Client) -> None:
    body = Organization.objects.get(name="International Trade Union Confederation")
    page = f"/organizations/{body.slug}/"
    assert "No consultative status is seen that day" in text(client, f"{page}?on=2006-11-14")
    assert "1 consultative status is seen that day" in text(client, f"{page}?on=2006-11-15")
    category = "/categories/general/"
    assert body.name not in holders(client, f"{category}?on=2006-11-14")
    assert body.name in holders(client, f"{category}?on=2006-11-15")
    lists = "/organizations/?on={}&category=general"
    assert body.name not in text(client, lists.format("2006-11-14"))
    assert body.name in text(client, lists.format("2006-11-15"))
    before, after = (counted(client, f"/organizations/?on=2006-11-{day}") for day in (14, 15))
    assert after == before + 1


def holders(client: Client, address: str) -> str:
    """Who holds the category, by its page."""
    html = client.get(address).content.decode()
    return html.partition('<section class="section" id="holders">')[2].partition("</section>")[0]


def counted(client: Client, address: str) -> int:
    """The number beside the category “general”."""
    html = client.get(address).content.decode()
    found = re.search(r'name="category" value="general"[^>]*><span>[^<]*</span><b>(\d+)', html)
    assert found is not None
    return int(found[1])


def test_an_organization_as_of_a_day_shows_what_had_begun_and_not_what_came_later(client: Client) -> None:
    body, source = make_organization(), make_source()
    make_status(organization=body, granted="1980", ended="1990", decided_by="Decider one")
    make_status(organization=body, granted="1995", decided_by="Decider two")
    make_status(organization=body, granted="2010", decided_by="Decider three")
    OrganizationName.objects.create(organization=body, name="Late name", kind="variant", since="2012", source=source)
    OrganizationName.objects.create(organization=body, name="Timeless name", kind="variant", source=source)
    country = Country.objects.get(iso2="CH")
    Seat.objects.create(organization=body, city="Oldtown", country=country, until="1999", source=source)
    Seat.objects.create(organization=body, city="Newtown", country=country, since="1999", source=source)
    make_invitation(organization=body, meeting=make_meeting(name="Late meeting", start="2015-06-01"))
    seen = text(client, f"/organizations/{body.slug}/?on=1998-01-01")
    for shown in ("Decider one", "Decider two", "Timeless name", "Oldtown"):
        assert shown in seen
    for hidden in ("Decider three", "Late name", "Newtown", "Late meeting"):
        assert hidden not in seen
    now = text(client, f"/organizations/{body.slug}/")
    assert all(name in now for name in ("Decider three", "Late name", "Newtown", "Late meeting"))


def test_a_status_that_ended_later_was_current_on_the_day_and_its_tag_says_no_end(client: Client) -> None:
    status = make_status(granted="1980", ended="1990-06-15")
    page = f"/organizations/{status.organization.slug}/"
    assert "until 15 June 1990" not in text(client, f"{page}?on=1985-01-01").partition("Standing with the ILO")[0]
    assert "until 15 June 1990" in text(client, f"{page}?on=1990-06-15").partition("Standing with the ILO")[0]
    assert status.organization.name in text(client, "/organizations/?on=1985-01-01&category=special-list")


def test_what_is_undated_is_shown_apart_and_counts_for_no_day(client: Client) -> None:
    body = make_status().organization
    page = text(client, f"/organizations/{body.slug}/?on=2000-01-01")
    assert "No consultative status is seen that day" in page
    assert "Stated without any date" in page
    listed = text(client, "/organizations/?on=2000-01-01")
    assert body.name not in listed
    assert re.search(r"\d+ more holds? a status that a source states without any date", listed)
    assert body.name in text(client, "/organizations/?status=undated")
    assert "Stated without any date" in text(client, "/categories/special-list/?on=2000-01-01")


def test_a_status_stated_for_another_date_is_not_seen_on_the_day(client: Client) -> None:
    body = make_status(as_of="2002-05").organization
    assert "1 consultative status is seen" in text(client, f"/organizations/{body.slug}/?on=2002-05-10")
    assert "No consultative status is seen" in text(client, f"/organizations/{body.slug}/?on=2003-05-10")
    assert body.name in text(client, "/categories/special-list/?on=2002-05-10")
    assert body.name not in text(client, "/categories/special-list/?on=2003-05-10")


def test_the_list_says_which_is_the_latest_decision_seen(client: Client) -> None:
    make_status(granted="1892", ended="1893-02-03")
    assert "The latest decision seen is of 1892." in text(client, "/organizations/?on=1893-02-01")
    assert "The latest decision seen is of 3 February 1893." in text(client, "/organizations/?on=1893-03-01")


def test_a_category_as_of_a_day_counts_whoever_held_it_then(client: Client) -> None:
    regional = ConsultativeCategory.objects.get(slug="regional")
    make_status(category=regional, granted="1880", ended="1890")
    assert "1 organization on 1 January 1885" in text(client, "/categories/regional/?on=1885-01-01")
    assert "0 organizations on 1 January 1895" in text(client, "/categories/regional/?on=1895-01-01")
    assert "Former 1" in text(client, "/categories/regional/?on=1895-01-01")


def test_a_country_as_of_a_day_shows_membership_constituents_and_ratifications_of_then(client: Client) -> None:
    country, source = make_country("XA"), make_source()
    Membership.objects.create(country=country, since="1950", until="1970", source=source)
    Constituent.objects.create(country=country, name="Early side", group="workers", as_of="1960", source=source)
    Constituent.objects.create(country=country, name="Undated side", group="workers", source=source)
    fields = {"country": country, "state": "ratified", "source": source}
    for code, date in (("C087", "1955"), ("C098", "1975"), ("C029", "")):
        Ratification.objects.create(instrument=Instrument.objects.get(code=code), date=date, **fields)
    then = text(client, "/countries/XA/?on=1960-07-01")
    assert "A Member State of the ILO on that day." in then
    assert "Early side" in then and "Undated side" not in then and "1 more is named by a source" in then
    assert "C087" in then and "C098" not in then and "C029" not in then and "1 more has no date" in then
    assert "Not recorded as a Member State of the ILO on that day." in text(client, "/countries/XA/?on=1970-12-31")


@pytest.mark.parametrize("page", [f"/organizations/{ITUC}/", "/categories/general/", "/countries/PK/"])
def test_the_day_is_the_only_thing_these_pages_may_be_asked(client: Client, page: str) -> None:
    page = page.replace(ITUC, Organization.objects.get(name="International Trade Union Confederation").slug)
    for query, named in (("on=2006-11", "on"), ("colour=blue", "colour"), ("on=2006-11-15&on=2006-11-16", "on")):
        response = client.get(f"{page}?{query}")
        assert response.status_code == 400
        assert f"<strong>{named}</strong>" in response.content.decode()
    response = client.get(f"{page}?on=2006-11-15&utm_source=mail")
    assert (response.status_code, response["Location"]) == (302, f"{page}?on=2006-11-15")
    assert client.get(page).status_code == 200
