"""What is not known and is known to be so: sides of a country that a source says do not exist, and gaps by number."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q, Value
from django.utils.translation import ngettext

from engagement.directories.following import remembered
from engagement.models import (
    Constituent,
    ConsultativeLink,
    ConsultativeStatus,
    InvitationDecision,
    Meeting,
    Membership,
    Provision,
    Ratification,
    Source,
    SourceKind,
    StatusState,
    TextSeen,
)
from engagement.models.consultation import status_state

# -- What a source says that there is none of -----------------------------------------------------------------------


@dataclass(frozen=True)
class StatedNone:
    """A country has none of a kind, as a source says whose note keeps these words. Read off the notes by hand.

    `kind` is a group of constituents, or another kind of directories/coverage.py. The words must still stand in the
    note: what is struck out there is no longer said here.
    """

    country: str
    kind: str
    source: str
    words: str


STATED_NONE = (StatedNone("PW", "workers", "c2_wp_pw", "no trade unions function"),)


def stated_none(countries: Collection[str], day: datetime.date | None = None) -> dict[tuple[str, str], Source]:
    """The sources by country and kind; with a day those whose date holds it. No query where none speaks of them."""
    spoken_of = [each for each in STATED_NONE if each.country in countries]
    if not spoken_of:
        return {}
    saying = Q(pk__in=[])
    for each in spoken_of:
        saying |= Q(slug=each.source, note__icontains=each.words)
    sources = Source.objects.published().filter(saying)
    if day:
        iso = day.isoformat()
        sources = sources.exclude(as_of="").filter(as_of_earliest__lte=iso, as_of_latest__gte=iso)
    found = {source.slug: source for source in sources}
    return {(each.country, each.kind): found[each.source] for each in spoken_of if each.source in found}


# -- What is known to be missing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Facts that are recorded without something: which, how many in a sentence, and where they stand.

    The query of the list is given where it lists them alone.
    """

    rows: Callable[[], Any]
    sentence: Callable[[int], str]
    route: str
    query: tuple[tuple[str, str], ...] = ()
    anchor: str = ""
    counted: str = "pk"


@dataclass(frozen=True)
class CountedGap:
    gap: Gap
    number: int

    @property
    def sentence(self) -> str:
        return self.gap.sentence(self.number)


def undated_statuses() -> Any:
    return ConsultativeStatus.objects.published().filter(status_state(StatusState.UNDATED, datetime.date.today()))


GAPS = (
    Gap(
        ConsultativeLink.objects.published,
        lambda n: ngettext(
            "For %(n)s organization a link with the ILO is stated without its category.",
            "For %(n)s organizations a link with the ILO is stated without its category.",
            n,
        ) % {"n": n},
        "statuses", anchor="links", counted="organization",
    ),
    Gap(
        undated_statuses,
        lambda n: ngettext(
            "%(n)s status is stated without any date; it counts for no day.",
            "%(n)s statuses are stated without any date; they count for no day.",
            n,
        ) % {"n": n},
        "statuses", (("status", StatusState.UNDATED.value),),
    ),
    Gap(
        lambda: InvitationDecision.objects.published().filter(invitations__isnull=True),
        lambda n: ngettext(
            "Of %(n)s decision on invitations no name could be read.",
            "Of %(n)s decisions on invitations no name could be read.",
            n,
        ) % {"n": n},
        "invitations",
    ),
    Gap(
        lambda: Provision.objects.published().exclude(text_seen=TextSeen.FULL),
        lambda n: ngettext(
            "Of %(n)s provision of the rule books the text was not read.",
            "Of %(n)s provisions of the rule books the text was not read.",
            n,
        ) % {"n": n},
        "participation", anchor="provisions",
    ),
    Gap(
        lambda: Meeting.objects.published().filter(start=""),
        lambda n: ngettext("%(n)s meeting has no date.", "%(n)s meetings have no date.", n) % {"n": n},
        "meetings",
    ),
    Gap(
        lambda: Constituent.objects.published().filter(as_of=""),
        lambda n: ngettext(
            "%(n)s constituent is named by a source that does not say for which date it speaks.",
            "%(n)s constituents are named by sources that do not say for which date they speak.",
            n,
        ) % {"n": n},
        "constituents",
    ),
    Gap(
        lambda: Ratification.objects.published().filter(date=""),
        lambda n: ngettext("%(n)s ratification has no date.", "%(n)s ratifications have no date.", n) % {"n": n},
        "ratifications",
    ),
    Gap(
        lambda: Membership.objects.published().filter(since=""),
        lambda n: ngettext(
            "Of %(n)s spell of membership the beginning is not recorded.",
            "Of %(n)s spells of membership the beginning is not recorded.",
            n,
        ) % {"n": n},
        "countries",
    ),
    Gap(
        lambda: Source.objects.published().filter(kind=SourceKind.UNCLASSIFIED),
        lambda n: ngettext(
            "Of %(n)s source it is not settled who speaks.", "Of %(n)s sources it is not settled who speaks.", n
        ) % {"n": n},
        "sources", (("source_kind", SourceKind.UNCLASSIFIED.value),),
    ),
)  # fmt: skip


def counted_gaps() -> list[CountedGap]:
    """Those of the gaps that there are; one query for each revision and day."""
    numbers = remembered("gaps", numbers_of_gaps, datetime.date.today())
    return [CountedGap(gap, numbers[str(place)]) for place, gap in enumerate(GAPS) if numbers.get(str(place))]


def numbers_of_gaps() -> dict[str, int]:
    """How many facts each concerns, by its place among them; those without any are left out."""
    parts = [
        gap.rows()
        .order_by()
        .annotate(gap=Value(str(place), output_field=CharField()))
        .values("gap")
        .annotate(gap_rows=Count(gap.counted, distinct=True))
        .values_list("gap", "gap_rows")
        for place, gap in enumerate(GAPS)
    ]
    return dict(parts[0].union(*parts[1:], all=True))
