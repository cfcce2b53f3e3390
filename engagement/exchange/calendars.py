"""Dates as a calendar file (RFC 5545): whole days, the same bytes for the same dates."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event

CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Occasion:
    """What takes place from the first to the last day, both in.

    uid: the same whenever and in whatever language the file is made. stated: the day for which the source speaks;
    the moment at which the file is made is none of it.
    """

    uid: str
    first: datetime.date
    last: datetime.date
    stated: datetime.date
    summary: str
    description: str
    url: str


def calendar_file(occasions: Iterable[Occasion], *, name: str, language: str) -> bytes:
    """One all-day event for each occasion; in the file the end of an event is the day after its last one."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{name}//{language.upper()}")
    calendar.add("version", "2.0")
    for occasion in occasions:
        calendar.add_component(event(occasion, language))
    return calendar.to_ical()


def event(occasion: Occasion, language: str) -> Event:
    made = Event()
    made.add("uid", occasion.uid)
    made.add("dtstamp", datetime.datetime.combine(occasion.stated, datetime.time.min, datetime.UTC))
    made.add("dtstart", occasion.first)
    made.add("dtend", occasion.last + datetime.timedelta(days=1))
    made.add("summary", occasion.summary, parameters={"language": language})
    made.add("description", occasion.description, parameters={"language": language})
    made.add("url", occasion.url)
    # It takes no time of whoever keeps the calendar.
    made.add("transp", "TRANSPARENT")
    return made
