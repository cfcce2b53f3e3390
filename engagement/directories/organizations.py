"""Organizations, and their standing with the ILO."""

import datetime
from collections.abc import Hashable, Iterator
from typing import Any

from django.db.models import Case, CharField, Count, Exists, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import NullIf
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pyroaring import BitMap

from engagement.directories.base import Directory, Notes
from engagement.directories.columns import (
    Column,
    Each,
    Kind,
    Where,
    coded,
    each,
    evidence,
    field,
    key_and_name,
    linked,
    many,
    of,
)
from engagement.directories.filters import Codes, Day, Sort, Sorting, Vocabulary, Words, YearBound
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES, REGIONS, THEMES
from engagement.keysets import Codes as Sets
from engagement.keysets import Coding
from engagement.models import (
    ConsultativeCategory,
    ConsultativeLink,
    ConsultativeStatus,
    Invitation,
    Meeting,
    NameKind,
    Organization,
    OrganizationKind,
    Seat,
    StatusState,
)
from engagement.models.consultation import status_state
from engagement.models.languages import InLanguage

INVITED = "invited"

# For sorting; a body without the thing sorted by comes last.
NEWEST_STATUS = Max("statuses__granted_earliest", default=Value(""))
OLDEST_STATUS = Min(NullIf("statuses__granted_earliest", Value("")), default=Value("9999"))


def first_seat() -> Min:
    """The seat that comes first by the name of its country."""
    return Min(InLanguage("seats__country__sort_name").column, default=Value("~"))


class OfSeat(Vocabulary):
    """By the country or region of an organization's seat on the day asked for; `region` also by where it works."""

    def __init__(self, *, seat: str, organization: str = "", **kwargs: Any) -> None:
        self.seat, self.organization = seat, organization
        super().__init__(**kwargs)

    @property
    def day(self) -> datetime.date:
        return self.parent.day or datetime.date.today()

    @property
    def varying(self) -> tuple[Hashable, ...]:
        return (self.day,)

    def codings(self) -> tuple[Coding, ...]:
        record = "organization" if self.field_name == "pk" else "organization__statuses"
        of_seats = Coding(Seat.objects.published().on(self.day), self.seat, record)
        works_in = Coding(self.parent.queryset, self.organization)
        return (of_seats, works_in) if self.organization else (of_seats,)

    def filter(self, queryset: QuerySet, values: Any) -> QuerySet:
        if not values:
            return queryset
        seats = Seat.objects.published().on(self.day).filter(**{f"{self.seat}__in": values})
        matching = Q(**{f"{self.field_name}__in": seats.values("organization")})
        if self.organization:
            matching |= Q(**{f"{self.organization}__in": values})
        return queryset.filter(matching)


# What is asked of one standing together.
STANDING = ("on", "category", "status", "since_from", "since_to")


class StandingFilterSet(DirectoryFilterSet):
    """What organizations and statuses are asked alike.

    Category, state, dates and day are asked of one and the same standing.
    """

    on = Day(combined=True)
    category = Vocabulary(combined=True, choices=Codes(ConsultativeCategory, "slug"), label=gettext_lazy("Category"))
    status = Vocabulary(combined=True, choices=StatusState.choices, label=gettext_lazy("State of the status"))
    since_from = YearBound(label=gettext_lazy("Granted from (year)"))
    since_to = YearBound(label=gettext_lazy("Granted to (year)"))

    # The lookup from a status to the record that it is asked of.
    record_of_status = "pk"

    def statuses(self, rows: Any, asked: dict[str, Any]) -> Any:
        """The statuses among `rows` that meet category, state, dates and day together."""
        if asked["category"]:
            rows = rows.filter(category__slug__in=asked["category"])
        if asked["since_from"]:
            rows = rows.filter(granted_earliest__gte=f"{asked['since_from']}-01-01")
        if asked["since_to"]:
            rows = rows.exclude(granted="").filter(granted_earliest__lte=f"{asked['since_to']}-12-31")
        if asked["status"]:
            states = Q(pk__in=[])
            for state in asked["status"]:
                states |= status_state(state, asked["on"] or datetime.date.today())
            rows = rows.filter(states)
        return rows.on(asked["on"]) if asked["on"] else rows

    def narrowings(self, asked: dict[str, Any]) -> Iterator[BitMap]:
        yield from super().narrowings(asked)
        if any(asked[name] for name in STANDING):
            yield BitMap.union(BitMap(), *self.standing(asked).values())

    def without(self, name: str) -> BitMap:
        if name not in ("category", "status"):
            return super().without(name)
        return self.keys(**dict.fromkeys(STANDING)) if any(map(self.asked.get, STANDING)) else self.chosen

    def codes_of(self, name: str) -> Sets:
        if name not in ("category", "status"):
            return super().codes_of(name)
        return self.standing({**self.asked, name: []}, told_apart_by=name)

    def standing(self, asked: dict[str, Any], told_apart_by: str = "") -> Sets:
        """The records with a standing that meets all that is asked of one, by category, by state, or all as one."""
        today = datetime.date.today() if asked["status"] or told_apart_by == "status" else None
        values = (tuple(value) if isinstance(value, list) else value for value in map(asked.get, STANDING))
        name = ("standing", told_apart_by, asked["on"] or today, *values)
        return self.keysets.codes(name, lambda: self.codings_of_standing(asked, told_apart_by), lasting=False)

    def codings_of_standing(self, asked: dict[str, Any], told_apart_by: str) -> list[Coding]:
        """The statuses that meet what is asked, each of which leads to its record."""
        rows = self.statuses(ConsultativeStatus.objects.published(), asked)
        if told_apart_by == "status":
            rows = rows.annotate(state=state_on(asked["on"] or datetime.date.today()))
        code = {"category": "category__slug", "status": "state"}.get(told_apart_by, "")
        return [Coding(rows, code, self.record_of_status)]


def state_on(day: datetime.date) -> Case:
    """How a status stands on the day, NULL for one granted later."""
    states = (When(status_state(state, day), then=Value(state.value)) for state in StatusState)
    return Case(*states, default=None, output_field=CharField())


class OrganizationFilterSet(StandingFilterSet):
    q = Words()
    kind = Vocabulary(choices=OrganizationKind.choices, label=gettext_lazy("Kind of organization"))
    region = OfSeat(
        field_name="pk", seat="country__region__slug", organization="region__slug",
        choices=REGIONS, label=gettext_lazy("Region"),
    )  # fmt: skip
    country = OfSeat(
        field_name="pk", seat="country__iso2", choices=COUNTRIES, label=gettext_lazy("Country of the seat")
    )
    theme = Vocabulary(field_name="themes__slug", many=True, choices=THEMES, label=gettext_lazy("Field of work"))
    sort = Sorting(
        Sort("name", gettext_lazy("Name A–Z"), ("sort_name", "slug"), alphabetical=True),
        Sort("-since", gettext_lazy("Newest status"), ("-newest", "sort_name", "slug"), {"newest": NEWEST_STATUS}),
        Sort("since", gettext_lazy("Oldest status"), ("oldest", "sort_name", "slug"), {"oldest": OLDEST_STATUS}),
        Sort("country", gettext_lazy("Country"), ("seat", "sort_name", "slug"), {"seat": first_seat}),
    )

    record_of_status = "organization"

    class Meta:
        model = Organization
        fields: tuple[str, ...] = ()

    def codings_of_standing(self, asked: dict[str, Any], told_apart_by: str) -> list[Coding]:
        """Besides statuses, invitations, where nothing is asked that they do not have."""
        codings = super().codings_of_standing(asked, told_apart_by)
        plain = not (asked["status"] or asked["since_from"] or asked["since_to"])
        if plain and told_apart_by != "status" and asks_for_invited(asked["category"]):
            rows = Invitation.objects.published()
            rows = (rows.on(asked["on"]) if asked["on"] else rows).annotate(invited=Value(INVITED))
            code = "invited" if told_apart_by else ""
            codings.append(Coding(rows, code, "organization", (Invitation, Meeting)))
        return codings

    def narrowed(self, rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
        return super().narrowed(self._with_standing(rows, asked), asked)

    def _with_standing(self, rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
        """Those with a status, or for “invited” an invitation, that meets everything asked of a standing."""
        if not any(asked[name] for name in ("on", "category", "status", "since_from", "since_to")):
            return rows
        statuses = self.statuses(ConsultativeStatus.objects.published(), asked).filter(organization=OuterRef("pk"))
        standing = Q(Exists(statuses))
        if not (asked["status"] or asked["since_from"] or asked["since_to"]) and asks_for_invited(asked["category"]):
            invitations = Invitation.objects.published().filter(organization=OuterRef("pk"))
            standing |= Q(Exists(invitations.on(asked["on"]) if asked["on"] else invitations))
        return rows.filter(standing)


def asks_for_invited(categories: list[str]) -> bool:
    return not categories or INVITED in categories


class StatusFilterSet(StandingFilterSet):
    q = Words()
    kind = Vocabulary(
        field_name="organization__kind", choices=OrganizationKind.choices, label=gettext_lazy("Kind of organization")
    )
    region = OfSeat(
        field_name="organization", seat="country__region__slug", organization="region__slug",
        choices=REGIONS, label=gettext_lazy("Region"),
    )  # fmt: skip
    country = OfSeat(
        field_name="organization", seat="country__iso2",
        choices=COUNTRIES, label=gettext_lazy("Country of the seat"),
    )  # fmt: skip
    theme = Vocabulary(
        field_name="organization__themes__slug", many=True,
        choices=THEMES, label=gettext_lazy("Field of work"),
    )  # fmt: skip
    sort = Sorting(
        Sort("name", gettext_lazy("Organization A–Z"), ("organization__sort_name", "key"), alphabetical=True),
        Sort("-since", gettext_lazy("Newest first"), ("-granted_earliest", "key")),
        Sort("category", gettext_lazy("Category"), ("category__order", "organization__sort_name", "key")),
    )

    class Meta:
        model = ConsultativeStatus
        fields: tuple[str, ...] = ()

    def narrowed(self, rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
        return super().narrowed(self.statuses(rows, asked), asked)


# All that the state of a status follows from; `read_as_of` where the rows are read for a day.
STATE_READS = ("granted", "ended", "as_of", "read_as_of")


def state_of(status: ConsultativeStatus) -> str:
    """How it stands on the day that it is read for, as a code; '' for one granted later."""
    state = status.state()
    return state.value if state else ""


def state_label_of(status: ConsultativeStatus) -> str:
    state = status.state()
    return str(state.label) if state else ""


def organizations_lede() -> str:
    general = ConsultativeStatus.objects.published().filter(category__slug="general")
    unknown = ConsultativeLink.objects.published()
    counts = {
        "general": general.aggregate(n=Count("organization", distinct=True))["n"],
        "unknown": unknown.aggregate(n=Count("organization", distinct=True))["n"],
    }
    lede = _(
        "International organizations with a stated relation to the ILO. The register is incomplete: general status is "
        "recorded for %(general)s, and for %(unknown)s organizations a link is stated without its category."
    )
    return lede % counts


def statuses_lede() -> str:
    stated = statuses.ask(QueryDict()).keys(status=[StatusState.STATED])
    return _(
        "Who holds what, since when, by which decision. %(stated)s of these are only stated by a source for its own "
        "date; whether they hold today is not known."
    ) % {"stated": len(stated)}


def links_without_category() -> dict[str, Any]:
    return {"links": ConsultativeLink.objects.published().for_list()}


def notes_on_organizations(question: OrganizationFilterSet) -> Notes:
    n = len(question.keys(on=None, status=[StatusState.UNDATED]))
    sentence = ngettext(
        "%(n)s more holds a status that a source states without any date; it is outside the count of a day.",
        "%(n)s more hold a status that a source states without any date; they are outside the count of a day.",
        n,
    )
    return Notes(latest_decision(question.day), sentence % {"n": n} if n else "", undated_query(question))


def notes_on_statuses(question: StatusFilterSet) -> Notes:
    n = len(question.keys(on=None, status=[StatusState.UNDATED]))
    sentence = ngettext(
        "%(n)s more is stated without any date; it is outside the count of a day.",
        "%(n)s more are stated without any date; they are outside the count of a day.",
        n,
    )
    return Notes(latest_decision(question.day), sentence % {"n": n} if n else "", undated_query(question))


def undated_query(question: StandingFilterSet) -> list[tuple[str, str]]:
    """The question asked of no day, for what is undated."""
    kept = [pair for pair in question.canonical() if pair[0] not in ("on", "status", "page")]
    return [*kept, ("status", StatusState.UNDATED.value)]


def latest_decision(day: datetime.date | None) -> str:
    """The latest date on which a status seen on `day` was granted or ended, as its source gives it; '' for none."""
    iso = (day or datetime.date.today()).isoformat()
    statuses = ConsultativeStatus.objects.published()
    granted = statuses.exclude(granted="").filter(granted_earliest__lte=iso).order_by("-granted_earliest")
    ended = statuses.exclude(ended="").filter(ended_latest__lte=iso).order_by("-ended_latest")
    latest = [
        granted.values_list("granted_earliest", "granted").first(),
        ended.values_list("ended_latest", "ended").first(),
    ]
    return max(filter(None, latest), default=("", ""))[1]


ORGANIZATION_COLUMNS = (
    *key_and_name(of("name")),
    field("name_lang", "Language of the name, BCP 47", Kind.CODE),
    field("acronym", "Acronym"),
    each("former_names", "Former names", "names", "name", where=Where("kind", NameKind.FORMER.value)),
    *coded("kind", "Kind of organization"),
    *linked("region", "Region of activity, where a source says that it works in one", "slug"),
    each("country", "Its seats: countries, ISO 3166-1 codes", "seats", "country__iso2"),
    each("country_label", "Its seats: names of the countries", "seats", "country"),
    each("city", "Its seats: cities, '' where not known", "seats", "city"),
    *many("theme", "Fields of work", "themes", "slug"),
    each("category", "Its statuses: categories", "statuses", "category__slug"),
    each("category_label", "Its statuses: names of the categories", "statuses", "category"),
    Column("status", "Its statuses: how each stands", Each("statuses", state_of, STATE_READS), Kind.LIST),
    each("granted", "Its statuses: when granted, '' where not known", "statuses", "granted", Kind.DATES),
    each("ended", "Its statuses: when ended, '' where no end is known", "statuses", "ended", Kind.DATES),
    field("founded", "When it was founded", Kind.DATE),
    field("dissolved", "When it was dissolved", Kind.DATE),
    field("website", "Its website", Kind.URL),
    field("official_url", "Its page on the ILO’s site", Kind.URL),
    field("last_verified", "When staff last verified the record", Kind.DAY),
    *evidence(),
)  # fmt: skip

STATUS_COLUMNS = (
    *key_and_name(reads=("organization__name", "organization__acronym", "category")),
    *linked("organization", "Organization", "slug", "name"),
    *linked("category", "Category", "slug"),
    *linked("region", "Region, for regional status", "slug"),
    Column("status", "How it stands: code, '' for one granted later", state_of, Kind.CODE, reads=STATE_READS),
    Column("status_label", "How it stands: label", state_label_of, reads=STATE_READS),
    field("granted", "When it was granted", Kind.DATE),
    field("ended", "When it ended", Kind.DATE),
    field("decided_by", "Who decided"),
    field("decision_document", "Document of the decision"),
    field("decision_paragraph", "Paragraph of the decision"),
    *evidence(),
)  # fmt: skip

organizations = Directory(
    name="organizations",
    title=gettext_lazy("Organizations"),
    count_label=lambda n: ngettext("%(n)s organization", "%(n)s organizations", n) % {"n": n},
    records=Organization.objects.published,
    filterset=OrganizationFilterSet,
    lede=organizations_lede,
    notes_on=notes_on_organizations,
    with_remarks=False,
    columns=ORGANIZATION_COLUMNS,
)

statuses = Directory(
    name="statuses",
    title=gettext_lazy("Consultative statuses"),
    count_label=lambda n: ngettext("%(n)s status", "%(n)s statuses", n) % {"n": n},
    records=ConsultativeStatus.objects.published,
    filterset=StatusFilterSet,
    lede=statuses_lede,
    notes_on=notes_on_statuses,
    more=links_without_category,
    columns=STATUS_COLUMNS,
)
