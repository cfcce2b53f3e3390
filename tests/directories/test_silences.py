"""What a source says that there is none of, and what is known to be missing."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.silences import GAPS, STATED_NONE, counted_gaps, stated_none
from engagement.models import Constituent, ConsultativeLink, Country, Meeting, Source
from tests.factories import make_meeting, make_organization, make_source

pytestmark = pytest.mark.django_db

PALAU = ("PW", "workers")


def test_every_country_that_has_none_is_said_so_by_a_source_whose_note_keeps_the_words() -> None:
    for each in STATED_NONE:
        assert Country.objects.filter(iso2=each.country).exists()
        assert each.words in Source.objects.get(slug=each.source).note
        assert not Constituent.objects.filter(country__iso2=each.country, group=each.kind).exists()


def test_of_palau_a_source_says_that_no_union_functions() -> None:
    assert stated_none(["PK", "PW"])[PALAU].slug == "c2_wp_pw"


def test_words_struck_out_of_the_note_are_no_longer_said() -> None:
    Source.objects.filter(slug="c2_wp_pw").update(note="speaks of trade unions")
    assert stated_none(["PW"]) == {}


def test_a_withdrawn_source_says_nothing() -> None:
    Source.objects.filter(slug="c2_wp_pw").update(published=False)
    assert stated_none(["PW"]) == {}


@pytest.mark.parametrize(("day", "said"), [("2024-04-15", True), ("2024-05-01", False), ("2010-01-01", False)])
def test_a_source_speaks_for_the_days_of_its_own_date_alone(day: str, said: bool) -> None:
    assert (PALAU in stated_none(["PW"], datetime.date.fromisoformat(day))) is said


def test_countries_of_which_no_source_says_so_cost_no_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert stated_none(["PK", "FJ"]) == {}
    assert len(queries) == 0


def numbers() -> dict[str, int]:
    """The gaps by the route of their list and what is asked of it."""
    return {f"{each.gap.route} {dict(each.gap.query)}": each.number for each in counted_gaps()}


def test_each_gap_is_the_number_of_the_rows_it_speaks_of() -> None:
    for each in counted_gaps():
        rows = each.gap.rows()
        assert each.number == len({getattr(row, f"{each.gap.counted}_id", row.pk) for row in rows}) > 0
        assert str(each.number) in each.sentence


def test_a_meeting_without_a_date_and_an_organization_with_two_links_count_once() -> None:
    before = numbers()
    make_meeting(start="")
    make_meeting(start="1999")
    body = make_organization()
    for wording in ("observer", "recognized"):
        ConsultativeLink.objects.create(organization=body, wording=wording, source=make_source())
    after = numbers()
    assert after["meetings {}"] == before["meetings {}"] + 1
    assert after["statuses {}"] == before["statuses {}"] + 1


def test_a_gap_that_has_been_filled_is_not_spoken_of() -> None:
    assert "meetings {}" in numbers()
    Meeting.objects.filter(start="").update(start="2001")
    assert "meetings {}" not in numbers()


def test_the_gaps_cost_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(counted_gaps()) <= len(GAPS)
    assert len(queries) == 1
