"""Invitations to meetings."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory, Notes
from engagement.directories.columns import Column, Kind, evidence, field, key_and_name, linked, of
from engagement.directories.filters import Codes, Day, Sort, Sorting, Vocabulary, Words, Year
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES
from engagement.models import Invitation, InvitationDecision, MeetingBody
from engagement.models.languages import ENGLISH


class InvitationFilterSet(DirectoryFilterSet):
    q = Words()
    on = Day()
    body = Vocabulary(
        field_name="meeting__body__slug", choices=Codes(MeetingBody, "slug"), label=gettext_lazy("Body"), lang=ENGLISH
    )
    country = Vocabulary(
        field_name="meeting__country__iso2",
        choices=COUNTRIES,
        label=gettext_lazy("Country of the meeting"),
    )
    year = Year(start="meeting__start", end="meeting__end", label=gettext_lazy("Year of the meeting"))
    sort = Sorting(
        Sort("-date", gettext_lazy("Newest meeting"), ("-meeting__start_earliest", "organization__sort_name", "key")),
        Sort("date", gettext_lazy("Oldest meeting"), ("meeting__start_earliest", "organization__sort_name", "key")),
        Sort("name", gettext_lazy("Organization A–Z"), ("organization__sort_name", "key"), alphabetical=True),
    )

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()


def decision_of(invitation: Invitation) -> str:
    decision = invitation.decision
    return decision.key if decision and decision.published else ""


def invitations_lede() -> str:
    unread = InvitationDecision.objects.published().filter(invitations__isnull=True).count()
    return _(
        "Organizations invited to a meeting by a decision of their own. The register is incomplete: of %(unread)s "
        "decisions the list of names was not readable."
    ) % {"unread": unread}


def decisions() -> dict[str, Any]:
    return {"decisions": InvitationDecision.objects.published().for_list().prefetch_related("meetings")}


def notes_on_invitations(question: InvitationFilterSet) -> Notes:
    n = question.answering(on=None).filter(meeting__start="").count()
    sentence = ngettext(
        "%(n)s more is to a meeting without a date; it is outside the count of a day.",
        "%(n)s more are to meetings without a date; they are outside the count of a day.",
        n,
    )
    return Notes(undated=sentence % {"n": n} if n else "")


COLUMNS = (
    *key_and_name(reads=("organization__name", "organization__acronym", "meeting")),
    *linked("organization", "Organization", "slug", "name"),
    field("name_as_printed", "Its name as the source prints it"),
    *linked("meeting", "Meeting", "slug"),
    *linked("body", "Body that meets", "slug", path="meeting__body"),
    *linked("country", "Country of the meeting", "iso2", path="meeting__country"),
    Column("meeting_start", "First day of the meeting", of("meeting__start"), Kind.DATE),
    Column("meeting_end", "Last day of the meeting", of("meeting__end"), Kind.DATE),
    field("dates_as_printed", "Dates of the meeting as the source prints them"),
    field("agenda_items", "Items of the agenda that it is invited for"),
    Column("decision", "Decision on whom to invite: key", decision_of, Kind.CODE, ("decision",), ("decision",)),
    *evidence(),
)

invitations = Directory(
    name="invitations",
    title=gettext_lazy("Invitations"),
    count_label=lambda n: ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": n},
    records=Invitation.objects.published,
    filterset=InvitationFilterSet,
    lede=invitations_lede,
    notes_on=notes_on_invitations,
    more=decisions,
    columns=COLUMNS,
)
