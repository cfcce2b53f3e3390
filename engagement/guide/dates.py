"""The windows in which requests were or are taken, only where a source publishes them. Nothing is extrapolated."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from engagement.models import Meeting, PartialDate

DAY = len("2006-11-15")

# The first and the last day, both in.
Days = tuple[datetime.date, datetime.date]


class Standing(models.TextChoices):
    """How a window stands to a day."""

    COMING = "coming", gettext_lazy("coming")
    OPEN = "open", gettext_lazy("open now")
    CLOSED = "closed", gettext_lazy("closed")


@dataclass(frozen=True)
class Window:
    """When requests for an invitation to a meeting are taken. `days`: None unless it is dated to the day."""

    meeting: Meeting
    standing: Standing
    days: Days | None


def window_of(meeting: Meeting, day: datetime.date) -> Window | None:
    """The window that a source publishes for the meeting, as it stands on `day`."""
    first, last = meeting.requests_from, meeting.requests_until
    if not (first or last):
        return None
    iso = day.isoformat()
    if last and PartialDate(last).latest < iso:
        standing = Standing.CLOSED
    elif first and PartialDate(first).earliest > iso:
        standing = Standing.COMING
    else:
        standing = Standing.OPEN
    return Window(meeting, standing, days_of(first or last, last or first))


def windows(meetings: Iterable[Meeting], day: datetime.date) -> list[Window]:
    """Those of the meetings that have one, the latest first."""
    found = (window_of(meeting, day) for meeting in meetings)
    return sorted(
        (window for window in found if window),
        key=lambda window: window.meeting.requests_until or window.meeting.requests_from,
        reverse=True,
    )


def days_of(first: str, last: str) -> Days | None:
    """Two dates as days; None where one of them is no day."""
    days = [day_of(date) for date in (first, last)]
    return (days[0], days[1]) if days[0] and days[1] else None


def day_of(text: str) -> datetime.date | None:
    """A partial date that is a day and certain; None for any other."""
    return datetime.date.fromisoformat(text) if len(text) == DAY and text[-1].isdigit() else None


def days_of_meeting(meeting: Meeting) -> Days | None:
    """From the first to the last day; the first alone where no last day is published; None for what is no day."""
    first = day_of(meeting.start)
    if meeting.end:
        return days_of(meeting.start, meeting.end)
    return (first, first) if first else None


def is_over(meeting: Meeting, day: datetime.date) -> bool:
    """Whether it is known to have ended before `day`."""
    last = meeting.end or meeting.start
    return bool(last) and PartialDate(last).latest < day.isoformat()
