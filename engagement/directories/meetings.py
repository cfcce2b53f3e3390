"""Meetings of the ILO's bodies."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.columns import Column, Kind, evidence, field, key_and_name, linked, of
from engagement.directories.filters import Codes, Sort, Sorting, Vocabulary, Words, Year
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES
from engagement.models import Meeting, MeetingBody, ProfileStatement, StatementTopic
from engagement.models.languages import ENGLISH


class MeetingFilterSet(DirectoryFilterSet):
    q = Words()
    body = Vocabulary(
        field_name="body__slug", choices=Codes(MeetingBody, "slug"), label=gettext_lazy("Body"), lang=ENGLISH
    )
    country = Vocabulary(field_name="country__iso2", choices=COUNTRIES, label=gettext_lazy("Country"))
    year = Year(start="start", end="end")
    sort = Sorting(
        Sort("-date", gettext_lazy("Newest first"), ("-start_earliest", "slug")),
        Sort("date", gettext_lazy("Oldest first"), ("start_earliest", "slug")),
        Sort("body", gettext_lazy("Body"), ("body__order", "-start_earliest", "slug")),
    )

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ()


def meetings_lede() -> str:
    return _(
        "Sessions of the Conference and the Governing Body, regional and other meetings that the sources name. Many "
        "sessions are missing: a gap in the numbers is a gap in the register."
    )


def bodies() -> dict[str, Any]:
    statements = ProfileStatement.objects.published().filter(topic=StatementTopic.MEETINGS)
    return {
        "bodies": MeetingBody.objects.published().for_list(),
        "statements": statements.for_list(),
    }


COLUMNS = (
    *key_and_name(of("name")),
    *linked("body", "Body that meets", "slug"),
    field("number", "Number of the session"),
    field("place", "Place"),
    *linked("country", "Country", "iso2"),
    field("start", "First day", Kind.DATE),
    field("end", "Last day", Kind.DATE),
    Column("agenda", "Items of the agenda", lambda row: row.agenda_items, Kind.LIST, reads=("agenda",)),
    field("requests_from", "Requests for an invitation from, where a source publishes it", Kind.DATE),
    field("requests_until", "Requests for an invitation until, where a source publishes it", Kind.DATE),
    *evidence(),
)

meetings = Directory(
    name="meetings",
    title=gettext_lazy("Meetings"),
    count_label=lambda n: ngettext("%(n)s meeting", "%(n)s meetings", n) % {"n": n},
    records=Meeting.objects.published,
    filterset=MeetingFilterSet,
    lede=meetings_lede,
    more=bodies,
    columns=COLUMNS,
)
