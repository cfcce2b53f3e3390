"""Partial dates: parsing, reading aloud, and the generated columns that the database compares."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from engagement.models import PartialDate, Source
from engagement.models.dates import PartialDateField

READINGS = [
    ("2006-11-15", "2006-11-15", "2006-11-15", "15 November 2006"),
    ("1997-10", "1997-10-01", "1997-10-31", "October 1997"),
    ("2006-02", "2006-02-01", "2006-02-31", "February 2006"),
    ("2006", "2006-01-01", "2006-12-31", "2006"),
    ("2014~", "2014-01-01", "2014-12-31", "c. 2014"),
    ("1978?", "1978-01-01", "1978-12-31", "1978 (uncertain)"),
    ("194X", "1940-01-01", "1949-12-31", "the 1940s"),
    ("2011/2013", "2011-01-01", "2013-12-31", "2011 to 2013"),
    ("2011-05/2013-02-03", "2011-05-01", "2013-02-03", "May 2011 to 3 February 2013"),
    ("../2022", "0001-01-01", "2022-12-31", "2022 or earlier"),
    ("2022/..", "2022-01-01", "9999-12-31", "2022 or later"),
    ("2007~/2008~", "2007-01-01", "2008-12-31", "c. 2007 to c. 2008"),
]

REFUSED = [
    "19", "2006-1", "2006-13", "2006-00", "2006-11-32", "2006-02-30", "2006/11/15", "15.11.2006", "November 2006",
    "..", "../..", "/2006", "2006/", "2013/2011", "2006~~", "20X6", "X", "2006-11-15T10:00", " 2006", "２００６",
    "0000", "0000-05", "000X", "../0000-12",
]  # fmt: skip


@pytest.mark.parametrize(("text", "earliest", "latest", "aloud"), READINGS)
def test_a_partial_date_knows_its_first_and_last_day_and_reads_well(
    text: str, earliest: str, latest: str, aloud: str
) -> None:
    date = PartialDate.parse(text)
    assert (date.earliest, date.latest, str(date)) == (earliest, latest, aloud)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_partial_date_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(text)
    with pytest.raises(ValidationError):
        PartialDateField().to_python(text)


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "earliest", "latest", "_aloud"), READINGS)
def test_the_database_computes_the_same_first_and_last_day_as_python(
    text: str, earliest: str, latest: str, _aloud: str
) -> None:
    Source.objects.create(slug="dated", title="Dated", as_of=text)
    stored = Source.objects.get(slug="dated")
    assert (stored.as_of_earliest, stored.as_of_latest) == (earliest, latest)


@pytest.mark.django_db
def test_no_date_gives_no_first_and_last_day() -> None:
    Source.objects.create(slug="undated", title="Undated")
    stored = Source.objects.get(slug="undated")
    assert (stored.as_of_earliest, stored.as_of_latest) == ("", "")


@pytest.mark.django_db
def test_update_and_bulk_create_keep_the_computed_days_true() -> None:
    Source.objects.bulk_create([Source(slug="bulk", title="Bulk", date="1997-10")])
    assert Source.objects.get(slug="bulk").date_latest == "1997-10-31"
    Source.objects.filter(slug="bulk").update(date="194X")
    assert Source.objects.get(slug="bulk").date_earliest == "1940-01-01"


def test_a_real_day_compares_with_the_text_of_a_month_that_has_fewer_days() -> None:
    last_of_february = datetime.date(2006, 2, 28).isoformat()
    assert PartialDate.parse("2006-02").latest >= last_of_february < PartialDate.parse("2006-03").earliest
