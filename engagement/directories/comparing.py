"""How the register differs between two days: who joined, left or moved, which bodies were renamed or merged.

Two days are compared by the rule of "as of a day" (docs/data-model.md): a standing is the pair of an organization and
a category, and it is compared whether it counts on the one day and on the other. What began and ended in between
counts on neither: it is told by its number. The database tells what has changed; which of it is shown first is told by
the order that the directory of organizations keeps, so that the number of queries is the same however much it is.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, CharField, Count, Exists, ExpressionWrapper, OuterRef, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyroaring import BitMap

from engagement.directories.filters import Day
from engagement.directories.following import remembered
from engagement.directories.holdings import Firsts, firsts_of
from engagement.directories.organizations import organizations
from engagement.directories.questions import Question
from engagement.directories.shown import Shown, first_of
from engagement.models import (
    ConsultativeStatus,
    LinkKind,
    Membership,
    NameKind,
    Organization,
    OrganizationLink,
    OrganizationName,
    StatusState,
)
from engagement.models.languages import InLanguage

MOST_SHOWN = 50

# -- The question --------------------------------------------------------------------------------------------------


class CompareQuestion(Question):
    """What is asked of the comparison: two days, the earlier first, or nothing yet."""

    to = Day(combined=True, label=gettext_lazy("With the later day"))

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """`from` is a word of the language: no attribute can bear the name."""
        earlier = Day(combined=True, field_name="from", label=gettext_lazy("Compare the earlier day"))
        return {"from": earlier, **super().get_filters()}

    def problems(self) -> dict[str, str]:
        found = super().problems()
        if found or not self.is_asked:
            return found
        first, last = self.form.cleaned_data["from"], self.form.cleaned_data["to"]
        missing = {name: _("is missing: two days are compared") for name in ("from", "to") if not self.data.get(name)}
        if not missing and first == last:
            return {"to": _("is the same day as “from”")}
        if not missing and first > last:
            return {"to": _("lies before “from”: the earlier day comes first")}
        return missing

    @property
    def is_asked(self) -> bool:
        return bool(self.data)

    @property
    def span(self) -> "Span":
        """The two days; only where there are no problems and something is asked."""
        return Span(self.form.cleaned_data["from"], self.form.cleaned_data["to"])


@dataclass(frozen=True)
class Span:
    """From the end of the first day to the end of the last: what is dated on the last day is in, on the first out."""

    first: datetime.date
    last: datetime.date

    def begins(self, name: str) -> Q:
        """The partial date called so, taken at its earliest as beginnings are, lies in the span."""
        return self._holds(f"{name}_earliest")

    def ends(self, name: str) -> Q:
        """The partial date called so, taken at its latest as ends are, lies in the span."""
        return self._holds(f"{name}_latest")

    def _holds(self, column: str) -> Q:
        # No date is '', which comes before every day.
        return Q(**{f"{column}__gt": self.first.isoformat(), f"{column}__lte": self.last.isoformat()})

    @property
    def may_begin(self) -> Q:
        """What counts on the last day and not on the first began in the span, or its source speaks from then on."""
        return self.begins("granted") | Q(granted_earliest="") & self.begins("as_of")

    @property
    def may_end(self) -> Q:
        """What counts on the first day and not on the last ended in the span, or its source speaks until then."""
        spoken = Q(as_of_earliest__lte=self.first.isoformat(), as_of_latest__lt=self.last.isoformat())
        return self.ends("ended") | Q(granted_earliest="") & spoken

    def has(self, day: str) -> bool:
        return self.first.isoformat() < day <= self.last.isoformat()


# -- What the page lists -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """Facts that count on one of the two days alone.

    dated: for a reason that has a date, a grant or an end. stated: because a source speaks for the one day and no
    source for the other; that is no beginning and no end.
    """

    dated: Shown
    stated: Shown

    @property
    def is_empty(self) -> bool:
        return not (self.dated.total or self.stated.total)


@dataclass(frozen=True)
class Move:
    """An organization in another category than before, with the status or statuses of each day."""

    before: list[ConsultativeStatus]
    after: list[ConsultativeStatus]

    @property
    def organization(self) -> Organization:
        return self.after[0].organization


@dataclass(frozen=True)
class Renaming:
    """A change of name. `before` or `after` is '' where it is not recorded; `fact` is the name that has the date."""

    fact: OrganizationName
    before: str
    after: str

    @property
    def organization(self) -> Organization:
        return self.fact.organization

    @property
    def date(self) -> str:
        return self.fact.since if self.fact.name == self.after else self.fact.until


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two days, and how much of it cannot be told."""

    joined: Changed
    left: Changed
    moved: Shown
    renamed: Shown
    linked: Shown
    members_joined: Changed
    members_left: Changed
    undated_names: int
    undated_links: int
    undated: int
    passing: int

    @property
    def members(self) -> int:
        """How many Member States joined or left, as far as a date says so."""
        return self.members_joined.dated.total + self.members_left.dated.total


def compared(span: Span) -> Comparison:
    firsts = firsts_of(organizations)
    joined, left, moved = standings(span, firsts)
    members_joined, members_left = memberships(span)
    return Comparison(
        joined=joined,
        left=left,
        moved=moved,
        renamed=renamings(span, firsts),
        linked=links(span),
        members_joined=members_joined,
        members_left=members_left,
        passing=passing(span),
        **remembered("undated", undated),
    )


# -- Standing ------------------------------------------------------------------------------------------------------


def gained(rows: Any, before: datetime.date, after: datetime.date, *alike: str) -> Any:
    """Those of `rows` that count on `after`, where none counts on `before` that is alike in the fields named."""
    same = rows.on(before).filter(**{name: OuterRef(name) for name in alike})
    return rows.on(after).filter(~Exists(same))


@dataclass(frozen=True)
class Standing:
    """A status by its key, whose it is, and whether a date in the span says that it began or ended."""

    organization: int
    pk: int
    is_dated: bool


def standings(span: Span, firsts: Firsts) -> tuple[Changed, Changed, Shown]:
    """Who joined, who left, and who did both and so has moved."""
    alike, statuses = ("organization", "category"), ConsultativeStatus.objects.published()
    joined = one_each(gained(statuses.filter(span.may_begin), span.first, span.last, *alike), span.begins("granted"))
    left = one_each(gained(statuses.filter(span.may_end), span.last, span.first, *alike), span.ends("ended"))
    movers = whose(joined) & whose(left)
    lists = [
        [each for each in found if each.is_dated is dated and each.organization not in movers]
        for found in (joined, left)
        for dated in (True, False)
    ]
    moved = firsts(movers, MOST_SHOWN)
    shown = [of_these(part, firsts(whose(part), MOST_SHOWN)) for part in lists]
    shown += [of_these(found, moved) for found in (left, joined)]
    by_pk = statuses.filter(pk__in=[pk for part in shown for pk in part]).for_list_on(span.last).in_bulk()
    *parts, before, after = (sorted((by_pk[pk] for pk in part), key=by_name) for part in shown)
    moves = [
        Move(*([each for each in side if each.organization_id == mover] for side in (before, after))) for mover in moved
    ]
    granted, stated, ended, silent = (
        Shown(rows[:MOST_SHOWN], len(every)) for rows, every in zip(parts, lists, strict=True)
    )
    return Changed(granted, stated), Changed(ended, silent), Shown(moves, len(movers))


def whose(found: list[Standing]) -> BitMap:
    return BitMap([each.organization for each in found])


def of_these(found: list[Standing], bodies: list[int]) -> list[int]:
    among = set(bodies)
    return [each.pk for each in found if each.organization in among]


def by_name(status: ConsultativeStatus) -> tuple[str, str, int, int]:
    """The order of the directory of organizations, and of an organization's statuses that of the categories."""
    body, category = status.organization, status.category
    return (body.sort_name, body.slug, category.order, category.pk)


def one_each(rows: Any, dated: Q) -> list[Standing]:
    """One status for each organization and category, and rather one with the date than one that is only stated."""
    columns = ("organization_id", "category_id", "is_dated", "key", "pk")
    marked = rows.annotate(is_dated=ExpressionWrapper(dated, output_field=BooleanField())).order_by()
    chosen: dict[tuple[int, int], tuple[bool, str, int]] = {}
    for organization, category, is_dated, key, pk in marked.values_list(*columns).iterator(chunk_size=10_000):
        found = (not is_dated, key, pk)
        known = chosen.setdefault((organization, category), found)
        if found < known:
            chosen[organization, category] = found
    return [
        Standing(organization, pk, not undated) for (organization, _category), (undated, _key, pk) in chosen.items()
    ]


def passing(span: Span) -> int:
    """How many statuses began and ended in the span."""
    within = span.begins("granted") & span.ends("ended")
    return ConsultativeStatus.objects.published().filter(within).count()


def undated() -> dict[str, int]:
    """What no comparison sees, in one query: statuses, former names, mergers and successions without any date."""
    without_date = {
        "undated": ConsultativeStatus.objects.published().in_state(StatusState.UNDATED),
        "undated_names": OrganizationName.objects.published().filter(kind=NameKind.FORMER, until=""),
        "undated_links": succession().filter(date=""),
    }
    first, *others = (
        rows.order_by().annotate(what=Value(name, CharField())).values("what").annotate(n=Count("pk"))
        for name, rows in without_date.items()
    )
    counted = {each["what"]: each["n"] for each in first.union(*others, all=True)}
    return {name: counted.get(name, 0) for name in without_date}


# -- Names, mergers, succession ------------------------------------------------------------------------------------


def renamings(span: Span, firsts: Firsts) -> Shown:
    """Names that ended or began in the span, by organization; a name that took another's place is shown with it."""
    names = OrganizationName.objects.published()
    dated = list(
        names.filter(span.ends("until") | span.begins("since")).order_by().values_list("organization", flat=True)
    )
    bodies = firsts(BitMap(dated), MOST_SHOWN)
    others: dict[int, list[OrganizationName]] = {body: [] for body in bodies}
    for name in names.filter(organization__in=bodies).for_list().order_by("key"):
        others[name.organization_id].append(name)
    found = [
        name
        for of_body in others.values()
        for name in sorted(of_body, key=lambda name: (name.kind, name.since_earliest))
        if span.has(name.until_latest) or span.has(name.since_earliest)
    ][:MOST_SHOWN]
    changes = [renaming(name, others[name.organization_id], span) for name in found]
    told = [each for each in changes if each]
    return Shown(told, len(dated) - (len(changes) - len(told)))


def renaming(name: OrganizationName, others: list[OrganizationName], span: Span) -> Renaming | None:
    """The change of name that the name's end tells, or its beginning; None where the name before tells it already."""
    alike = [each for each in others if (each.kind, each.lang) == (name.kind, name.lang) and each.pk != name.pk]
    if span.has(name.until_latest):
        return Renaming(name, name.name, next_name(name, alike))
    before = next((each for each in alike if follows(name, each)), None)
    if before is None:
        return Renaming(name, "", name.name)
    return None if span.has(before.until_latest) else Renaming(name, before.name, name.name)


def next_name(name: OrganizationName, alike: list[OrganizationName]) -> str:
    """The name that began when this one ended, or the present one where no other can have come between; else ''."""
    if following := next((each for each in alike if follows(each, name)), None):
        return following.name
    if any(not each.until or each.until_latest > name.until_latest for each in alike):
        return ""
    present = {NameKind.FORMER: name.organization.name, NameKind.ACRONYM: name.organization.acronym}
    return present.get(NameKind(name.kind), "")


def follows(later: OrganizationName, earlier: OrganizationName) -> bool:
    """Whether the one name began inside the date at which the other ended."""
    return bool(later.since) and earlier.until_earliest <= later.since_earliest <= earlier.until_latest


def succession() -> Any:
    return OrganizationLink.objects.published().filter(kind__in=(LinkKind.MERGED, LinkKind.SUCCESSOR))


def links(span: Span) -> Shown:
    """Mergers and successions of the span."""
    return first_of(succession().filter(span.begins("date")).for_list().order_by("date_earliest", "key"), MOST_SHOWN)


# -- Member States -------------------------------------------------------------------------------------------------


def memberships(span: Span) -> tuple[Changed, Changed]:
    """States that were members of the ILO on the last day and not on the first, and the other way round."""
    spells = Membership.objects.published().filter(country__published=True)
    joined = gained(spells, span.first, span.last, "country")
    left = gained(spells, span.last, span.first, "country")
    return spells_of(joined, "since_earliest", span), spells_of(left, "until_latest", span)


def spells_of(rows: Any, date: str, span: Span) -> Changed:
    """One spell for each State, and rather one with the date than one that is only stated."""
    by_country = InLanguage("country__sort_name").column
    ordered = rows.select_related("source", "country").order_by(by_country, f"-{date}", "key")
    spells: dict[int, Membership] = {}
    for spell in ordered:
        spells.setdefault(spell.country_id, spell)
    dated = [spell for spell in spells.values() if span.has(getattr(spell, date))]
    stated = [spell for spell in spells.values() if not span.has(getattr(spell, date))]
    return Changed(Shown(dated[:MOST_SHOWN], len(dated)), Shown(stated[:MOST_SHOWN], len(stated)))
