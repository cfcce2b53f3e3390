"""Calendar files, read back by the library that other programs read them with."""

import datetime

from icalendar import Calendar

from engagement.exchange.calendars import Occasion, calendar_file

DAY = datetime.date
OCCASION = Occasion(
    uid="invented-requests@register.example",
    first=DAY(2027, 1, 2),
    last=DAY(2027, 2, 13),
    stated=DAY(2026, 11, 1),
    summary="Invented meeting: requests, by letter; “in time”",
    description="Source: a title, with a comma\nNot sent by the ILO.",
    url="https://register.example/meetings/invented/",
)


def made(*occasions: Occasion, language: str = "en") -> bytes:
    return calendar_file(occasions, name="Invented register", language=language)


def test_an_occasion_is_one_event_of_whole_days_whose_end_is_the_day_after() -> None:
    (event,) = Calendar.from_ical(made(OCCASION)).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (DAY(2027, 1, 2), DAY(2027, 2, 14))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["uid"] == OCCASION.uid and event["url"] == OCCASION.url


def test_text_with_commas_semicolons_and_lines_comes_back_as_it_was() -> None:
    (event,) = Calendar.from_ical(made(OCCASION)).walk("VEVENT")
    assert (event["summary"], event["description"]) == (OCCASION.summary, OCCASION.description)


def test_the_file_is_the_same_whenever_it_is_made() -> None:
    assert made(OCCASION) == made(OCCASION)
    (event,) = Calendar.from_ical(made(OCCASION)).walk("VEVENT")
    assert event.decoded("dtstamp") == datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)


def test_no_line_is_longer_than_75_bytes_and_each_ends_as_the_standard_has_it() -> None:
    lines = made(OCCASION).split(b"\r\n")
    assert max(map(len, lines)) <= 75 and not any(b"\n" in line for line in lines)


def test_the_language_is_said_of_the_file_and_of_its_texts() -> None:
    calendar = Calendar.from_ical(made(OCCASION, language="fr"))
    (event,) = calendar.walk("VEVENT")
    assert calendar["prodid"].endswith("//FR") and calendar["version"] == "2.0"
    assert event["summary"].params["LANGUAGE"] == "fr"


def test_a_file_of_two_occasions_has_both() -> None:
    other = Occasion(**{**vars(OCCASION), "uid": "other@register.example"})
    assert [event["uid"] for event in Calendar.from_ical(made(OCCASION, other)).walk("VEVENT")] == [
        OCCASION.uid,
        other.uid,
    ]
