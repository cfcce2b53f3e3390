"""What the guide is asked: the parameters of its address, and the answers as the rules read them."""

from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy

from engagement.directories.filters import Vocabulary
from engagement.directories.questions import Question
from engagement.models import Country, Meeting
from engagement.models.answers import (
    PAPERS,
    QUESTIONS,
    Aims,
    Applicant,
    First,
    Member,
    Paper,
    Reach,
    Want,
)

# How many meetings are offered, the coming and the newest first; any other may stand in an address.
MEETINGS_OFFERED = 30


@dataclass(frozen=True)
class Answers:
    """The codes given; '' where a question is open. Papers are those ticked: none is an answer too."""

    organization: str = ""
    reach: str = ""
    aims: str = ""
    want: str = ""
    first: str = ""
    member: str = ""
    papers: frozenset[str] = field(default=frozenset())

    def to(self, question: str) -> frozenset[str]:
        given = getattr(self, question)
        if question == PAPERS:
            return given
        return frozenset([given]) if given else frozenset()


def one_of(question: str, vocabulary: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=vocabulary.choices, empty_label=None, label=QUESTIONS[question])


class GuideQuestion(Question):
    """Six questions, the country beside the second, and the meeting beside the fourth. All may be left open."""

    organization = one_of("organization", Applicant)
    reach = one_of("reach", Reach)
    country = django_filters.ChoiceFilter(empty_label=None, label=gettext_lazy("Which country?"))
    aims = one_of("aims", Aims)
    want = one_of("want", Want)
    meeting = django_filters.ChoiceFilter(empty_label=None, label=gettext_lazy("Which meeting?"))
    first = one_of("first", First)
    member = one_of("member", Member)
    papers = Vocabulary(choices=Paper.choices, label=QUESTIONS[PAPERS], combined=True)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.filters[PAPERS].read_vocabulary()
        self.countries = list(Country.objects.published().by_name())
        self.meetings = meetings_offered(self.data.get("meeting", ""))
        self.filters["country"].extra["choices"] = [(each.iso2, str(each)) for each in self.countries]
        self.filters["meeting"].extra["choices"] = [(each.slug, each.name) for each in self.meetings]

    @property
    def answers(self) -> Answers:
        """Only where there are no problems."""
        given = {name: self.data.get(name, "") for name in Answers.__dataclass_fields__ if name != PAPERS}
        return Answers(**given, papers=frozenset(self.data.getlist(PAPERS)))

    @property
    def is_asked(self) -> bool:
        return bool(self.data)

    @property
    def country_asked(self) -> Country | None:
        return next((each for each in self.countries if each.iso2 == self.data.get("country")), None)

    @property
    def meeting_asked(self) -> Meeting | None:
        return next((each for each in self.meetings if each.slug == self.data.get("meeting")), None)


def meetings_offered(asked: str) -> list[Meeting]:
    """The newest meetings, those with the latest windows, and the one asked for if there is such; the latest first."""
    meetings = Meeting.objects.published().for_list()
    with_a_window = meetings.exclude(requests_from="", requests_until="")
    offered = {each.slug: each for each in meetings.order_by("-start_earliest", "slug")[:MEETINGS_OFFERED]}
    for each in with_a_window.order_by("-requests_until", "-requests_from", "slug")[:MEETINGS_OFFERED]:
        offered.setdefault(each.slug, each)
    if asked and asked not in offered:
        offered |= {each.slug: each for each in meetings.filter(slug=asked)}
    return sorted(offered.values(), key=lambda each: each.start or each.requests_until, reverse=True)
