"""What the guide says of doors and papers, a sentence each."""

from django.utils.translation import gettext_lazy

from engagement.guide.doors import Door, Verdict
from engagement.guide.questions import Answers
from engagement.models.answers import Applicant, Member, Paper, Reach, Want

_CATEGORIES = {
    Door.GENERAL: gettext_lazy(
        "By these answers the organization meets what the sources publish for general status, which gives a "
        "standing place in every meeting; the Governing Body decides."
    ),
    Door.REGIONAL: gettext_lazy(
        "By these answers the organization meets what the sources publish for regional status, which gives a "
        "standing place in the regional meetings; the Governing Body decides."
    ),
    Door.SPECIAL_LIST: gettext_lazy(
        "By these answers the organization meets what the sources publish for the Special List, as far as the "
        "guide can ask; the Governing Body decides."
    ),
    Door.INVITATION: gettext_lazy(
        "The organization wants to attend one meeting, and by these answers it meets what the sources publish for "
        "invitations; the Governing Body decides."
    ),
}
_MEETING_BY_MEETING = gettext_lazy(
    "No lasting standing is open by these answers; an invitation to one meeting, and then to another, is."
)
_THROUGH_NATIONAL = gettext_lazy(
    "The categories are for international organizations; a national one is heard through the international "
    "organization to which it belongs."
)
_THROUGH_NONE_YET = gettext_lazy(
    "The categories are for international organizations; a national one is expected to work through one, and would "
    "have to find and join it first."
)
_THROUGH_INTERNATIONAL = gettext_lazy(
    "No standing of its own is open by these answers; the international organization to which it belongs may have one."
)
_IN_THE_COUNTRY = {
    Applicant.WORKERS: gettext_lazy(
        "Workers’ organizations are constituents of the ILO: they are heard in their own country and sit in its "
        "delegation to meetings."
    ),
    Applicant.EMPLOYERS: gettext_lazy(
        "Employers’ organizations are constituents of the ILO: they are heard in their own country and sit in its "
        "delegation to meetings."
    ),
    Applicant.NGO: gettext_lazy(
        "In a country the ILO’s constituents speak: the government and the employers’ and workers’ organizations; "
        "through them others are heard."
    ),
    Applicant.GOVERNMENT: gettext_lazy(
        "The government of a member State is a constituent of the ILO: a public authority comes through it."
    ),
    Applicant.COMPANY: gettext_lazy(
        "The categories are for non-governmental organizations; a company is heard through an employers’ organization "
        "of its country, a constituent of the ILO."
    ),
    Applicant.PERSON: gettext_lazy(
        "The categories are for organizations; a person is heard through one, as a workers’ or an employers’ "
        "organization of the country."
    ),
}
_HOME = gettext_lazy(
    "To be heard in a country, the way is to the ILO’s constituents there: the government and the employers’ and "
    "workers’ organizations."
)
_OFFICE = gettext_lazy(
    "Work in a country or a project is a relation of its own, for which no source asks for a consultative status."
)


def reason(door: Door, answers: Answers) -> str:
    """Why this one is the door; as much as the answers say."""
    if door == Door.OFFICE:
        return str(_OFFICE)
    if door == Door.THROUGH:
        return str(_through(answers))
    if door == Door.COUNTRY:
        return str(_IN_THE_COUNTRY.get(answers.organization, _HOME))  # type: ignore[call-overload]
    meeting_by_meeting = door == Door.INVITATION and answers.want == Want.STANDING
    return str(_MEETING_BY_MEETING if meeting_by_meeting else _CATEGORIES[door])


def _through(answers: Answers) -> object:
    if answers.reach != Reach.ONE_COUNTRY:
        return _THROUGH_INTERNATIONAL
    return _THROUGH_NONE_YET if answers.member == Member.NO else _THROUGH_NATIONAL


_STANDS = {
    Verdict.OPEN: gettext_lazy("Open by these answers, too."),
    Verdict.CLOSED: gettext_lazy("Not open by these answers."),
    Verdict.DEPENDS: gettext_lazy("Depends on what is still open."),
    Verdict.UNRULED: gettext_lazy("No criteria that could be asked here are published in the sources read."),
}
_OF_ALL = {
    Door.COUNTRY: gettext_lazy("Open to everyone, whatever the standing: for being heard in a country."),
    Door.OFFICE: gettext_lazy("Open to everyone, whatever the standing: for work in a country or a project."),
}
_CLOSED_TO = {
    "through": gettext_lazy("Not open: it belongs to no international organization."),
    "kind": gettext_lazy("Not open: it is for non-governmental organizations."),
}


def condition_of(door: Door, verdict: Verdict, *, by_kind: bool) -> str:
    """How one of the other doors stands. `by_kind`: closed for what the organization is, by no published rule."""
    if door in _OF_ALL:
        return str(_OF_ALL[door])
    if verdict == Verdict.CLOSED and (by_kind or door == Door.THROUGH):
        return str(_CLOSED_TO["kind" if by_kind else "through"])
    return str(_STANDS[verdict])


PAPERS = {
    Paper.STATUTES: gettext_lazy("The rules by which the organization is run, as adopted."),
    Paper.MEMBERS: gettext_lazy("Who belongs to it, and in which countries."),
    Paper.OFFICERS: gettext_lazy("Who leads the organization, and where they are reached."),
    Paper.ACTIVITY_REPORT: gettext_lazy("What it did in the latest year reported."),
    Paper.FINANCIAL_REPORT: gettext_lazy("Where its income comes from and how it is spent."),
    Paper.LETTERHEAD: gettext_lazy("The request itself, written on the organization’s own letterhead."),
    Paper.AGENDA_ITEMS: gettext_lazy("Which items of the meeting’s agenda concern it, and why."),
}
