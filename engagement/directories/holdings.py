"""Who is recorded in each category and how its statuses stand, as sets of the directories that this process keeps."""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from pyroaring import BitMap

from engagement import freshness
from engagement.directories.base import Directory
from engagement.directories.following import FOLLOWED, by_model, concerned, keysets_of
from engagement.directories.organizations import state_on
from engagement.keysets import Codes, Coding, Keysets, shelf_of
from engagement.models import ConsultativeStatus, Country, Invitation, Meeting, Organization, Seat

# Between a category's slug and the state of a status in a code; no slug has one.
APART = " "
# From some of a directory's records to the first of them, in its own order: at most so many.
Firsts = Callable[[BitMap, int], list[int]]


def recorded(day: datetime.date | None = None) -> Codes:
    """Organizations by the category of a status that is recorded, of any date; with a day one that counts then."""
    rows = ConsultativeStatus.objects.published()

    def codings() -> list[Coding]:
        return [Coding(rows.on(day) if day else rows, "category__slug", "organization")]

    return keysets_of("organizations").codes(("recorded", day), codings, lasting=day is None)


def invited() -> BitMap:
    """The organizations that were ever invited to a meeting."""
    rows = Invitation.objects.published()
    coding = Coding(rows, record="organization", foreign=(Invitation, Meeting))
    return keysets_of("organizations").one("ever invited", lambda: [coding])


def seated() -> Codes:
    """The organizations by the country of a seat, of whatever date."""

    def codings() -> list[Coding]:
        return [Coding(Seat.objects.published(), "country__iso2", "organization")]

    return keysets_of("organizations").codes("ever seated", codings)


def seats() -> Codes:
    """Seats by their country, of whatever date."""

    def codings() -> list[Coding]:
        return [Coding(Seat.objects.published(), "country__iso2")]

    return Keysets(shelf_of("seats", seats_concerned), freshness.seen()).codes("by country", codings)


def seats_concerned(changed: Mapping[str, Sequence[int]]) -> Collection[int] | None:
    """Those that may stand elsewhere, or be public no more; None where they are too many to be looked at."""
    others = ((Organization, "organization"), (Country, "country"))
    found = concerned(Seat, others, by_model(changed), most=FOLLOWED)
    return found if len(found) <= FOLLOWED else None


def holders(day: datetime.date) -> Codes:
    """Organizations by category and state of a status on the day, by `code_of`."""

    def codings() -> list[Coding]:
        return [Coding(with_code(ConsultativeStatus.objects.published(), day), "standing", "organization")]

    return keysets_of("organizations").codes(("holders", day), codings, lasting=False)


def standings(day: datetime.date, *, seen: bool = False) -> Codes:
    """Statuses by category and state on the day, by `code_of`; all, or those that a page as of the day shows."""
    rows = ConsultativeStatus.objects.published()

    def codings() -> list[Coding]:
        return [Coding(with_code(rows.seen_on(day) if seen else rows, day), "standing")]

    return keysets_of("statuses").codes(("standings", day, seen), codings, lasting=False)


def code_of(category: str, state: str = "") -> str:
    """The code of the statuses of a category in a state; of those in none without one."""
    return f"{category}{APART}{state}"


def with_code(rows: QuerySet, day: datetime.date) -> QuerySet:
    return rows.annotate(standing=Concat("category__slug", Value(APART), state_on(day)))


def firsts_of(directory: Directory) -> Firsts:
    question = directory.ask(QueryDict())

    def firsts(chosen: BitMap, most: int) -> list[int]:
        question.chosen = chosen
        return question.page(0, most)

    return firsts
