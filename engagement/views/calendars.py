"""Calendar files of the dates that sources publish to the day: of the guide's answer, and of one meeting."""

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement.directories.questions import Question
from engagement.exchange.calendars import CONTENT_TYPE, Occasion, calendar_file
from engagement.guide.dates import Days, days_of_meeting, window_of
from engagement.guide.questions import GuideQuestion
from engagement.guide.result import Dates, dates_of
from engagement.models import Meeting, PartialDate
from engagement.models.languages import ENGLISH
from engagement.views.casing import lower_case
from engagement.views.related import with_remarks
from engagement.web.addresses import tidied
from engagement.web.problems import refused

REQUESTS, MEETING = "requests", "meeting"

# A meeting, which of its dates is meant, and the days.
Dated = tuple[Meeting, str, Days]


@require_safe
def which_status_dates(request: HttpRequest) -> HttpResponse:
    """The dates that the guide's answer to the same question shows."""
    question = GuideQuestion(tidied(request.GET))
    if problems := question.problems():
        return refused(problems)
    shown = dates_of(question.meeting_asked, question.meetings, datetime.date.today())
    return calendar(request, dated(shown), "which-status")


@require_safe
@lower_case
def meeting_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of a meeting, and its window for requests."""
    if problems := Question(tidied(request.GET)).problems():
        return refused(problems)
    meeting = get_object_or_404(Meeting.objects.published().for_list(), slug=slug)
    return calendar(request, dates_of_a_meeting(meeting), meeting.slug)


def dated(dates: Dates) -> list[Dated]:
    """All dates of the meeting asked for; without one, the windows that are not closed."""
    if dates.meeting:
        return dates_of_a_meeting(dates.meeting)
    return [(window.meeting, REQUESTS, window.days) for window in dates.ahead if window.days]


def dates_of_a_meeting(meeting: Meeting) -> list[Dated]:
    window, days = window_of(meeting, datetime.date.today()), days_of_meeting(meeting)
    found: list[Dated] = [(meeting, REQUESTS, window.days)] if window and window.days else []
    return [*found, (meeting, MEETING, days)] if days else found


# -- The file ------------------------------------------------------------------------------------------------------


def calendar(request: HttpRequest, dates: list[Dated], filename: str) -> HttpResponse:
    """The file; where nothing is dated to the day there is none."""
    if not dates:
        raise Http404(_("No date is published to the day."))
    with_remarks({meeting for meeting, _part, _days in dates})
    content = calendar_file(
        [occasion(request, *each) for each in dates],
        name=str(settings.SITE_NAME),
        language=get_language() or ENGLISH,
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{filename}.ics"'
    return response


def occasion(request: HttpRequest, meeting: Meeting, part: str, days: Days) -> Occasion:
    if part == REQUESTS:
        summary = _("%(meeting)s: requests for an invitation") % {"meeting": meeting.name}
    elif meeting.end:
        summary = meeting.name
    else:
        summary = _("%(meeting)s: first day") % {"meeting": meeting.name}
    return Occasion(
        uid=f"{meeting.slug}-{part}@{request.get_host()}",
        first=days[0],
        last=days[1],
        stated=stated(meeting) or days[0],
        summary=summary,
        description=description(meeting),
        url=request.build_absolute_uri(meeting.get_absolute_url()),
    )


def description(meeting: Meeting) -> str:
    """Where the dates stand written, and who did not send them."""
    further = [remark for remark in meeting.remarks if not remark.is_discrepancy]  # type: ignore[attr-defined]
    sources = [meeting.source.title, *(remark.title_a for remark in further)]
    lines = [_("Source: %(source)s") % {"source": source} for source in sources]
    if settings.SITE_PUBLISHER:
        lines.append(_("Published by %(publisher)s.") % {"publisher": settings.SITE_PUBLISHER})
    else:
        lines.append(
            _("Not sent by the ILO: this date stands in %(site)s. Check it with the source.")
            % {"site": settings.SITE_NAME}
        )
    return "\n".join(lines)


def stated(meeting: Meeting) -> datetime.date | None:
    """The first day for which the source speaks; None where it names none."""
    for date in (meeting.as_of, meeting.source.as_of, meeting.source.date):
        if date and not date.startswith(".."):
            return datetime.date.fromisoformat(PartialDate(date).earliest)
    return None
