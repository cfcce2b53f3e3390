"""Invitations to meetings."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory, Notes
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


invitations = Directory(
    name="invitations",
    title=gettext_lazy("Invitations"),
    count_label=lambda n: ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": n},
    records=Invitation.objects.published,
    filterset=InvitationFilterSet,
    lede=invitations_lede,
    notes_on=notes_on_invitations,
    more=decisions,
)
