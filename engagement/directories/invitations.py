"""Invitations to meetings."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.filters import Codes, Day, Sort, Sorting, Vocabulary, Words, Year
from engagement.directories.questions import DirectoryFilterSet
from engagement.models import Country, Invitation, InvitationDecision, MeetingBody


class InvitationFilterSet(DirectoryFilterSet):
    q = Words(
        folded=["organization__sort_name"],
        plain=["organization__name", "organization__acronym", "organization__names__name", "meeting__name"],
    )
    on = Day()
    body = Vocabulary(field_name="meeting__body__slug", choices=Codes(MeetingBody, "slug"), label=gettext_lazy("Body"))
    country = Vocabulary(
        field_name="meeting__country__iso2",
        choices=Codes(Country, "iso2"),
        label=gettext_lazy("Country of the meeting"),
    )
    year = Year(start="meeting__start", end="meeting__end", label=gettext_lazy("Year of the meeting"))
    sort = Sorting(
        Sort("-date", gettext_lazy("Newest meeting"), ("-meeting__start_earliest", "organization__sort_name", "key")),
        Sort("date", gettext_lazy("Oldest meeting"), ("meeting__start_earliest", "organization__sort_name", "key")),
        Sort("name", gettext_lazy("Organization A–Z"), ("organization__sort_name", "key")),
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


invitations = Directory(
    name="invitations",
    title=gettext_lazy("Invitations"),
    count_label=lambda n: ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": n},
    records=Invitation.objects.published,
    filterset=InvitationFilterSet,
    lede=invitations_lede,
    more=decisions,
)
