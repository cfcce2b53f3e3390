"""How organizations stand on a day, and whether they may attend a meeting then by what is recorded.

It lies here and not in a view, because it is a question on the register put together from several kinds of facts, and
the page, its file and whatever asks next have to give one answer.

Nothing is upgraded. A status that a source states for another date than the day, one without a date and a link without
a category leave the question open; so does silence. Only a standing that is recorded as ended, as not yet granted, or
as one for regional meetings alone is answered with the need of an invitation. Every answer names the rights on which it
rests. A right without dates is taken to hold, and shown with the date for which its source speaks.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import (
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Invitation,
    Meeting,
    MeetingKind,
    Organization,
    PartialDate,
    ParticipationRight,
    RightHolder,
)
from engagement.models.dates import begun_by

REGIONAL, INVITED = "regional", "invited"
# The meetings of which others are a part: what holds for the whole holds for the part.
PART_OF = {MeetingKind.PLENARY: MeetingKind.CONFERENCE, MeetingKind.COMMITTEES: MeetingKind.CONFERENCE}


class Held(TextChoices):
    """How a status or a link stands on the day."""

    CURRENT = "current", gettext_lazy("held that day")
    STATED = "stated", gettext_lazy("stated by a source for a date that includes the day")
    ELSEWHEN = (
        "stated-for-another-date",
        gettext_lazy("stated for another date; whether it holds that day is not known"),
    )
    FORMER = "former", gettext_lazy("ended by then")
    LATER = "granted-later", gettext_lazy("not yet granted")
    UNDATED = "undated", gettext_lazy("stated without a date; whether it holds that day is not known")
    LINK = "link-without-category", gettext_lazy("a link with the ILO is stated, its category is not")


class Answer(TextChoices):
    """Whether an organization may attend, as far as the register can tell."""

    STANDING = "standing-arrangement", gettext_lazy("Standing arrangement recorded")
    INVITED = "invited", gettext_lazy("Invited to this meeting")
    MAY_ASK = "may-ask", gettext_lazy("May ask to be invited")
    NEEDS = "needs-invitation", gettext_lazy("Needs an invitation")
    UNKNOWN = "not-recorded", gettext_lazy("Not recorded: cannot be told")


COUNTING = frozenset({Held.CURRENT, Held.STATED})
OPEN = frozenset({Held.ELSEWHEN, Held.UNDATED, Held.LINK})


@dataclass(frozen=True)
class Occasion:
    """What organizations may want to attend: a kind of meeting, or one meeting of that kind, and the day asked for."""

    kind: MeetingKind
    day: datetime.date
    meeting: Meeting | None = None


@dataclass(frozen=True)
class Holding:
    """A status, or a link whose category is not stated, and how it stands on the day.

    `is_loose`: the day lies inside the month, year or span of the grant or the end, so that the register's rule counts
    it, though it may not have been granted, or may have ended, by then.
    """

    fact: Any
    held: Held
    is_loose: bool = False

    @property
    def category(self) -> ConsultativeCategory | None:
        return self.fact.category if isinstance(self.fact, ConsultativeStatus) else None

    @property
    def sentence(self) -> str:
        """How it stands that day, with its dates as the source gives them."""
        sentences = {
            Held.CURRENT: _("held that day: granted %(granted)s, no end recorded"),
            Held.STATED: _(
                "stated by its source for %(as_of)s, which includes the day; date of the grant not recorded"
            ),
            Held.ELSEWHEN: _("stated for %(as_of)s; whether it holds that day is not known"),
            Held.FORMER: _("former: ended %(ended)s"),
            Held.LATER: _("not yet held that day: granted %(granted)s"),
            Held.UNDATED: _("stated without a date; whether it holds that day is not known"),
            Held.LINK: _("a link with the ILO is stated (%(wording)s); its category is not"),
        }
        said = sentences[self.held]
        if self.held is Held.CURRENT and self.fact.ended:
            said = _("held that day: granted %(granted)s, ended %(ended)s")
        if self.is_loose:
            said = _("counted as held that day, which is not sure: granted %(granted)s, ended %(ended)s")
        dates = {name: _partial(getattr(self.fact, name, "")) for name in ("granted", "ended", "as_of")}
        return said % {**dates, "wording": self.fact.get_wording_display() if self.held is Held.LINK else ""}


def _partial(date: str) -> str:
    return str(PartialDate(date)) if date else _("not recorded")


@dataclass(frozen=True)
class Standing:
    """What is recorded of one organization for the occasion, and the answer that follows.

    rests_on: the holding that the answer follows from. rights: those that the answer cites; where it cannot be told,
    those that would apply if the holding held. dissolved: by the day, as is recorded.
    """

    holdings: tuple[Holding, ...] = ()
    invitation: Invitation | None = None
    answer: Answer = Answer.UNKNOWN
    rests_on: Holding | None = None
    rights: tuple[ParticipationRight, ...] = ()
    dissolved: bool = False


def standings(bodies: Collection[Organization], occasion: Occasion) -> dict[int, Standing]:
    """The standing of each organization by its primary key; four queries for however many."""
    rules = _Rules(occasion)
    holdings, invitations = _holdings(bodies, occasion.day), _invitations(bodies, occasion.meeting)
    return {
        body.pk: _standing(body, tuple(holdings.get(body.pk, ())), invitations.get(body.pk), rules) for body in bodies
    }


# -- What is held -----------------------------------------------------------------------------------------------------


def _holdings(bodies: Collection[Organization], day: datetime.date) -> dict[int, list[Holding]]:
    """By organization its statuses, those that count on the day first, and its links, less those that began later."""
    of_these = Q(organization__in=[body.pk for body in bodies])
    found: dict[int, list[Holding]] = {}
    statuses = ConsultativeStatus.objects.published().filter(of_these).for_list()
    for status in statuses.order_by("category__order", "-granted_earliest", "key"):
        holding = Holding(status, held_on(status, day), _is_loose(status, day))
        found.setdefault(status.organization_id, []).append(holding)
    for link in ConsultativeLink.objects.published().filter(of_these, begun_by(day)).for_list().order_by("key"):
        found.setdefault(link.organization_id, []).append(Holding(link, Held.LINK))
    order = list(Held).index
    return {pk: sorted(some, key=lambda holding: order(holding.held)) for pk, some in found.items()}


def held_on(status: ConsultativeStatus, day: datetime.date) -> Held:
    """How the status stands on `day`; unlike `state()` it tells whether a source speaks for the day."""
    iso = day.isoformat()
    if status.ended and PartialDate(status.ended).latest <= iso:
        return Held.FORMER
    if status.granted:
        return Held.CURRENT if PartialDate(status.granted).earliest <= iso else Held.LATER
    if not status.as_of:
        return Held.UNDATED
    stated = PartialDate(status.as_of)
    return Held.STATED if stated.earliest <= iso <= stated.latest else Held.ELSEWHEN


def _is_loose(status: ConsultativeStatus, day: datetime.date) -> bool:
    iso = day.isoformat()
    granted, ended = (PartialDate(text) if text else None for text in (status.granted, status.ended))
    in_grant = granted is not None and granted.earliest <= iso < granted.latest
    return in_grant or (ended is not None and ended.earliest <= iso < ended.latest)


def _invitations(bodies: Collection[Organization], meeting: Meeting | None) -> dict[int, Invitation]:
    if meeting is None:
        return {}
    rows = Invitation.objects.published().filter(meeting=meeting, organization__in=[body.pk for body in bodies])
    return {row.organization_id: row for row in rows.select_related("source", "organization")}


# -- What follows -----------------------------------------------------------------------------------------------------


class _Rules:
    """The rights of the categories for the occasion's kind of meeting that are not known to be out of force."""

    def __init__(self, occasion: Occasion) -> None:
        self.occasion, self.kind = occasion, occasion.kind
        self.kinds = (self.kind, *([PART_OF[self.kind]] if self.kind in PART_OF else []), MeetingKind.ANY)
        iso = occasion.day.isoformat()
        rights = ParticipationRight.objects.published().filter(
            begun_by(occasion.day), holder=RightHolder.CATEGORY, category__published=True
        )
        self.rights = list(rights.exclude(~Q(until=""), until_latest__lte=iso).select_related("source", "category"))

    def of(self, category: str) -> tuple[ParticipationRight, ...]:
        """Those of a category for the kind of meeting, the more special before those for all meetings."""
        rights = [each for each in self.rights if self._is_of(each, category) and each.meeting_kind in self.kinds]
        return tuple(sorted(rights, key=lambda right: self.kinds.index(MeetingKind(right.meeting_kind))))

    def every(self, category: str) -> tuple[ParticipationRight, ...]:
        """Those of a category for whatever kind of meeting."""
        return tuple(each for each in self.rights if self._is_of(each, category))

    @staticmethod
    def _is_of(right: ParticipationRight, category: str) -> bool:
        return right.category is not None and right.category.slug == category

    def is_of_another_region(self, status: ConsultativeStatus) -> bool:
        """Whether both the status and the meeting's body are of one region, and not of the same."""
        region = self.occasion.meeting.body.region_id if self.occasion.meeting else None
        return None not in (status.region_id, region) and status.region_id != region


Follows = tuple[Answer, Holding | None, tuple[ParticipationRight, ...]]


def _standing(
    body: Organization, holdings: tuple[Holding, ...], invitation: Invitation | None, rules: _Rules
) -> Standing:
    dissolved = bool(body.dissolved) and PartialDate(body.dissolved).latest <= rules.occasion.day.isoformat()
    if dissolved:
        return Standing(holdings, invitation, dissolved=True)
    answer, rests_on, rights = _answered(holdings, invitation, rules)
    return Standing(holdings, invitation, answer, rests_on, rights)


def _answered(holdings: tuple[Holding, ...], invitation: Invitation | None, rules: _Rules) -> Follows:
    """The best that a holding of the day or an invitation gives; else what is open; else what an end or limit tells."""
    given = [follows for holding in holdings if (follows := _given(holding, rules))]
    if standing := next((each for each in given if each[0] is Answer.STANDING), None):
        return standing
    if invitation is not None:
        return Answer.INVITED, None, rules.of(INVITED)
    if given:
        return given[0]
    for holding in holdings:
        if holding.held in OPEN or (holding.held in COUNTING and not _is_limited(holding, rules)):
            category = holding.category
            return Answer.UNKNOWN, holding, rules.of(category.slug) if category else ()
    return _told_by_an_end(holdings, rules)


def _given(holding: Holding, rules: _Rules) -> Follows | None:
    """What a status that counts on the day gives for the occasion, if a right is recorded."""
    if holding.held not in COUNTING or holding.category is None or rules.is_of_another_region(holding.fact):
        return None
    rights = rules.of(holding.category.slug)
    if not rights or holding.category.slug == INVITED:
        return None
    return Answer.STANDING if holding.category.standing_arrangements else Answer.MAY_ASK, holding, rights


def _is_limited(holding: Holding, rules: _Rules) -> bool:
    """Whether its rights are for regional meetings, and the meeting is another."""
    of_it = holding.category is not None and holding.category.slug == REGIONAL
    return of_it and rules.kind != MeetingKind.REGIONAL and bool(rules.every(REGIONAL))


def _told_by_an_end(holdings: Iterable[Holding], rules: _Rules) -> Follows:
    """Every standing had ended, was not yet granted or is for other meetings: the rule for all others applies."""
    first, invited = next(iter(holdings), None), rules.of(INVITED)
    if first is None or not invited:
        return Answer.UNKNOWN, first, ()
    limited = rules.every(REGIONAL) if first.held in COUNTING else ()
    return Answer.NEEDS, first, (*limited, *invited)
