"""How the register differs between two days: who joined, left or moved, which bodies were renamed or merged.

Two days are compared by the rule of "as of a day" (docs/data-model.md): a standing is the pair of an organization and
a category, and it is compared whether it counts on the one day and on the other. What began and ended in between
counts on neither: it is told by its number. All of it takes eleven queries at most, however much has changed.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.directories.filters import Day
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
from engagement.models.consultation import status_state
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
    joined, left, moved = standings(span)
    members_joined, members_left = memberships(span)
    return Comparison(
        joined=joined,
        left=left,
        moved=moved,
        renamed=renamings(span),
        linked=links(span),
        members_joined=members_joined,
        members_left=members_left,
        undated_names=OrganizationName.objects.published().filter(kind=NameKind.FORMER, until="").count(),
        undated_links=succession().filter(date="").count(),
        **untold(span),
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


def standings(span: Span) -> tuple[Changed, Changed, Shown]:
    """Who joined, who left, and who did both and so has moved."""
    statuses = ConsultativeStatus.objects.published()
    alike = ("organization", "category")
    joined = one_each(gained(statuses, span.first, span.last, *alike), span.begins("granted"))
    left = one_each(gained(statuses, span.last, span.first, *alike), span.ends("ended"))
    both = {each.organization for each in left} & {each.organization for each in joined}
    movers = list(dict.fromkeys(each.organization for each in joined if each.organization in both))
    lists = [
        [each.pk for each in found if each.is_dated is dated and each.organization not in both]
        for found in (joined, left)
        for dated in (True, False)
    ]
    before, after = (keys_by_organization(found, set(movers[:MOST_SHOWN])) for found in (left, joined))
    shown = [pk for pks in (*(part[:MOST_SHOWN] for part in lists), *before.values(), *after.values()) for pk in pks]
    by_pk = statuses.filter(pk__in=shown).for_list_on(span.last).in_bulk()
    granted, stated, ended, silent = (Shown([by_pk[pk] for pk in part[:MOST_SHOWN]], len(part)) for part in lists)
    moves = [
        Move([by_pk[pk] for pk in before[mover]], [by_pk[pk] for pk in after[mover]]) for mover in movers[:MOST_SHOWN]
    ]
    return Changed(granted, stated), Changed(ended, silent), Shown(moves, len(movers))


def keys_by_organization(found: list[Standing], organizations: set[int]) -> dict[int, list[int]]:
    keys: dict[int, list[int]] = {}
    for each in found:
        if each.organization in organizations:
            keys.setdefault(each.organization, []).append(each.pk)
    return keys


def one_each(rows: Any, dated: Q) -> list[Standing]:
    """One status for each organization and category, and rather one with the date than one that is only stated."""
    columns = ("organization_id", "category_id", "pk", "is_dated")
    order = ("organization__sort_name", "organization_id", "category__order", "category_id", "-is_dated", "key")
    marked = rows.annotate(is_dated=ExpressionWrapper(dated, output_field=BooleanField())).order_by(*order)
    chosen: dict[tuple[int, int], Standing] = {}
    for organization, category, pk, is_dated in marked.values_list(*columns):
        chosen.setdefault((organization, category), Standing(organization, pk, is_dated))
    return list(chosen.values())


def untold(span: Span) -> dict[str, int]:
    """What the comparison does not see: statuses without any date, and those that began and ended in the span."""
    return ConsultativeStatus.objects.published().aggregate(
        undated=Count("pk", filter=status_state(StatusState.UNDATED, span.last)),
        passing=Count("pk", filter=span.begins("granted") & span.ends("ended")),
    )


# -- Names, mergers, succession ------------------------------------------------------------------------------------


def renamings(span: Span) -> Shown:
    """Names that ended or began in the span, by organization; a name that took another's place is shown with it."""
    names = OrganizationName.objects.published()
    dated = names.filter(span.ends("until") | span.begins("since")).for_list()
    found = first_of(
        dated.order_by("organization__sort_name", "organization_id", "kind", "since_earliest", "key"), MOST_SHOWN
    )
    others: dict[int, list[OrganizationName]] = {}
    for name in names.filter(organization__in={each.organization_id for each in found.rows}).order_by("key"):
        others.setdefault(name.organization_id, []).append(name)
    changes = [renaming(name, others[name.organization_id], span) for name in found.rows]
    told = [each for each in changes if each]
    return Shown(told, found.total - (len(changes) - len(told)))


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
