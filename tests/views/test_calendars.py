"""The calendar files of the guide and of a meeting: what is dated to the day, and nothing else."""

import datetime
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from engagement.models import FurtherSource, Meeting
from tests.factories import make_meeting, make_source

pytestmark = pytest.mark.django_db

DAY = datetime.date
GUIDE = "/which-status/dates.ics"


def read(client: Client, address: str) -> list[Any]:
    """The events of a file, as other programs read them."""
    return list(Calendar.from_ical(client.get(address).content).walk("VEVENT"))


def events(client: Client, address: str) -> list[tuple[str, DAY, DAY]]:
    response = client.get(address)
    assert response.status_code == 200 and response["Content-Type"] == "text/calendar; charset=utf-8", address
    return [(event["uid"], event.decoded("dtstart"), event.decoded("dtend")) for event in read(client, address)]


def test_a_meeting_s_file_has_its_window_and_its_days(client: Client) -> None:
    assert events(client, "/meetings/ilc-111/dates.ics") == [
        ("ilc-111-requests@testserver", DAY(2023, 1, 2), DAY(2023, 2, 14)),
        ("ilc-111-meeting@testserver", DAY(2023, 6, 5), DAY(2023, 6, 17)),
    ]


def test_an_event_names_its_sources_and_that_the_ilo_did_not_send_it(client: Client) -> None:
    for event in read(client, "/meetings/ilc-111/dates.ics"):
        assert "Guidance for INGO invitations" in event["description"]
        assert "Not sent by the ILO" in event["description"]
        assert event["url"] == "http://testserver/meetings/ilc-111/"


def test_where_the_publisher_is_named_it_is_said_instead(client: Client, settings: Settings) -> None:
    settings.SITE_PUBLISHER = "Invented Office"
    (event, _other) = read(client, "/meetings/ilc-111/dates.ics")
    assert "Published by Invented Office." in event["description"]
    assert "Not sent by the ILO" not in event["description"]


def test_the_file_says_the_same_tomorrow_and_its_stamp_is_the_source_s_day(client: Client) -> None:
    meeting = make_meeting(start="2027-06-01", end="2027-06-12", as_of="2026-10")
    (event,) = read(client, f"/meetings/{meeting.slug}/dates.ics")
    assert event.decoded("dtstamp").date() == DAY(2026, 10, 1)
    undated = make_meeting(start="2027-06-01", source=make_source(date="../2022"))
    (event,) = read(client, f"/meetings/{undated.slug}/dates.ics")
    assert event.decoded("dtstamp").date() == DAY(2027, 6, 1)


def test_a_meeting_without_a_last_day_has_its_first_day_alone_and_says_so(client: Client) -> None:
    meeting = make_meeting(name="Invented meeting", start="2027-06-01")
    (event,) = read(client, f"/meetings/{meeting.slug}/dates.ics")
    assert event["summary"] == "Invented meeting: first day"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (DAY(2027, 6, 1), DAY(2027, 6, 2))


@pytest.mark.parametrize(
    "dates",
    [{}, {"start": "2027-06"}, {"start": "2027-06-01", "end": "2027-06"}, {"requests_until": "2027-02"}],
)
def test_a_date_that_is_no_day_gives_no_file_and_no_link(client: Client, dates: dict[str, str]) -> None:
    meeting = make_meeting(**dates)
    assert client.get(f"/meetings/{meeting.slug}/dates.ics").status_code == 404
    assert "dates.ics" not in client.get(meeting.get_absolute_url()).content.decode()
    assert "dates.ics" not in client.get(f"/which-status/?want=one-meeting&meeting={meeting.slug}").content.decode()


def test_a_meeting_with_days_links_its_file(client: Client) -> None:
    assert 'href="/meetings/ilc-111/dates.ics"' in client.get("/meetings/ilc-111/").content.decode()


def test_a_withdrawn_meeting_has_no_file_and_another_case_is_redirected(client: Client) -> None:
    meeting = make_meeting(start="2027-06-01", published=False)
    assert client.get(f"/meetings/{meeting.slug}/dates.ics").status_code == 404
    assert client.get("/meetings/ILC-111/dates.ics")["Location"] == "/meetings/ilc-111/dates.ics"


def test_the_guide_has_no_file_while_every_window_is_past(client: Client) -> None:
    assert client.get(GUIDE).status_code == 404
    assert "dates.ics" not in client.get("/which-status/?want=one-meeting").content.decode()


def test_the_guide_s_file_has_the_windows_to_come(client: Client) -> None:
    year = datetime.date.today().year + 1
    coming = make_meeting(requests_from=f"{year}-03-01", requests_until=f"{year}-04-01", start=f"{year}-06-01")
    make_meeting(requests_from=f"{year}-03", requests_until=f"{year}-04-01")
    assert events(client, GUIDE) == [(f"{coming.slug}-requests@testserver", DAY(year, 3, 1), DAY(year, 4, 2))]
    assert f'href="{GUIDE}"' in client.get("/which-status/?want=one-meeting").content.decode()


def test_the_guide_s_file_of_a_meeting_is_that_meeting_s(client: Client) -> None:
    page = client.get("/which-status/?want=one-meeting&meeting=ilc-111").content.decode()
    assert f'href="{GUIDE}?meeting=ilc-111"' in page
    assert events(client, f"{GUIDE}?meeting=ilc-111") == events(client, "/meetings/ilc-111/dates.ics")


@pytest.mark.parametrize("address", [GUIDE, "/meetings/ilc-111/dates.ics"])
def test_what_a_file_may_not_be_asked_is_a_400_with_the_parameter_named(client: Client, address: str) -> None:
    response = client.get(f"{address}?colour=blue")
    assert response.status_code == 400 and response["Content-Type"] == "application/problem+json"
    assert list(response.json()["parameters"]) == ["colour"]


def test_a_further_source_of_a_meeting_is_named_in_its_file(client: Client) -> None:
    meeting, source = make_meeting(start="2027-06-01"), make_source(title="Another invented source")
    FurtherSource.objects.create(kind="meeting", record_key=meeting.slug, source=source)
    (event,) = read(client, f"/meetings/{meeting.slug}/dates.ics")
    assert "Source: Another invented source" in event["description"]
    assert Meeting.objects.get(pk=meeting.pk).source.title in event["description"]
