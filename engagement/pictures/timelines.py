"""The standing of one organization as a line of time: its statuses as bars, below them its meetings as ticks.

What is dated is drawn no finer than it is known. What has no date has no place: it is named and not drawn.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engagement.models import ConsultativeStatus
from engagement.pictures.scales import Known, Part, Years, moment

MOST_BARS, MOST_TICKS = 8, 60
# A bar narrower than this is drawn as a point.
NARROWEST = 0.02
# A bar's name and dates stand above it.
BAR_HEIGHT, TICKS_HEIGHT = 60, 44


@dataclass(frozen=True)
class Bar:
    """A status. What is certain is drawn full; when it may have begun or ended, pale; what is only stated, empty.

    `end` is the place of an end whose beginning is not recorded: nothing is drawn but the end.
    """

    status: ConsultativeStatus
    y: int
    certain: Part | None = None
    uncertain: tuple[Part, ...] = ()
    stated: Part | None = None
    end: float | None = None

    @property
    def is_point(self) -> bool:
        """Whether what is stated is stated for too short a time to be seen as a bar."""
        return self.stated is not None and self.stated.width < NARROWEST


@dataclass(frozen=True)
class Tick:
    """A meeting; `known` is false where its beginning is known to the month or year only."""

    at: float
    known: bool


@dataclass(frozen=True)
class Ticks:
    """The meetings of a kind: those drawn, and how many there are more, with a date and without one."""

    y: int
    ticks: list[Tick]
    more: int
    undated: int


@dataclass(frozen=True)
class Timeline:
    """`rows` is what the table shows: all of it, drawn or not, in the order of the picture."""

    years: Years | None
    bars: list[Bar]
    more: int
    undated: list[ConsultativeStatus]
    invitations: Ticks
    attendances: Ticks
    day: float | None
    height: int
    rows: list[tuple[str, Any]]

    @property
    def has_uncertain(self) -> bool:
        return any(bar.uncertain for bar in self.bars)

    @property
    def has_stated(self) -> bool:
        return any(bar.stated for bar in self.bars)

    @property
    def has_loose(self) -> bool:
        return any(not tick.known for tick in (*self.invitations.ticks, *self.attendances.ticks))

    @property
    def more_meetings(self) -> int:
        return self.invitations.more + self.attendances.more

    @property
    def undated_meetings(self) -> int:
        return self.invitations.undated + self.attendances.undated


def timeline(
    statuses: Iterable[ConsultativeStatus],
    invitations: Iterable[Any],
    attendances: Iterable[Any],
    today: datetime.date,
    on: datetime.date | None = None,
) -> Timeline:
    """The picture of all that is recorded; `on` is a day to be marked in it."""
    every = sorted(statuses, key=begun)
    dated, undated = [each for each in every if dates_of(each)], [each for each in every if not dates_of(each)]
    meetings = [sorted(of_kind, key=lambda row: row.meeting.start_earliest) for of_kind in (invitations, attendances)]
    years = years_of(dated, [row for of_kind in meetings for row in of_kind], today, on)
    bars = [bar_of(status, years, index * BAR_HEIGHT, today) for index, status in enumerate(dated[:MOST_BARS]) if years]
    below = len(bars) * BAR_HEIGHT
    invited = ticks_of(meetings[0], years, below)
    attended = ticks_of(meetings[1], years, below + TICKS_HEIGHT * bool(invited.ticks))
    return Timeline(
        years=years,
        bars=bars,
        more=len(dated) - len(bars),
        undated=undated,
        invitations=invited,
        attendances=attended,
        day=years.at(moment(on.isoformat())) if years and on else None,
        height=attended.y + TICKS_HEIGHT * bool(attended.ticks),
        rows=[
            *(("status", status) for status in every),
            *(("invitation", row) for row in meetings[0]),
            *(("attendance", row) for row in meetings[1]),
        ],
    )


def begun(status: ConsultativeStatus) -> tuple[str, str]:
    """Statuses in order: by when they may have begun, else by what their source states; what is undated last."""
    return (status.granted_earliest or status.as_of_earliest or status.ended_earliest or "~", status.key)


def dates_of(status: ConsultativeStatus) -> list[Known]:
    """The dates of the status itself, or, where there are none, the one for which its source states it."""
    own = [Known.of(text) for text in (status.granted, status.ended) if text]
    return own or ([Known.of(status.as_of)] if status.as_of else [])


def years_of(
    statuses: list[ConsultativeStatus], at_meetings: list[Any], today: datetime.date, on: datetime.date | None
) -> Years | None:
    """The years that hold everything that has a date, today and the day asked for; None where nothing has one."""
    starts = [Known.of(row.meeting.start) for row in at_meetings if row.meeting.start]
    moments = [
        end for known in (*starts, *(date for each in statuses for date in dates_of(each))) for end in known.ends
    ]
    if not moments:
        return None
    days = [moment(day.isoformat()) for day in (today, on) if day]
    return Years.around([*moments, *days])


def bar_of(status: ConsultativeStatus, years: Years, y: int, today: datetime.date) -> Bar:
    if not status.granted and not status.ended:
        stated = Known.of(status.as_of)
        return Bar(status, y, stated=years.part(stated.first, stated.last))
    ended = Known.of(status.ended) if status.ended else None
    if not status.granted:
        return Bar(status, y, end=years.at(Known.of(status.ended).ends[0]))
    granted = Known.of(status.granted)
    present = max(moment(today.isoformat()), granted.last or 0)
    begins_by, ends_from = granted.first if granted.is_day else granted.last, ended.first if ended else present
    uncertain = [] if granted.is_day else [years.part(granted.first, granted.last)]
    if ended and not ended.is_day:
        uncertain.append(years.part(ended.first, ended.last))
    if begins_by is None or ends_from is None or begins_by > ends_from:
        whole = years.part(granted.first, ended.last if ended else present)
        return Bar(status, y, uncertain=(whole,))
    return Bar(status, y, certain=years.part(begins_by, ends_from), uncertain=tuple(uncertain))


def ticks_of(rows: list[Any], years: Years | None, y: int) -> Ticks:
    """The newest of the meetings as ticks; several on one day are one tick."""
    dated = [row.meeting.start for row in rows if row.meeting.start]
    drawn = [Known.of(text) for text in dated[-MOST_TICKS:]] if years else []
    ticks = {Tick(years.part(known.first, known.last).middle, known.is_day) for known in drawn if years}
    ordered = sorted(ticks, key=lambda tick: (tick.at, tick.known))
    return Ticks(y, ordered, len(dated) - len(drawn), len(rows) - len(dated))
