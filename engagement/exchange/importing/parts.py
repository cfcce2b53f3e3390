"""What belongs to a record and is brought in its row: the seats of an organization, the partners of a project.

A list in a cell is the whole list. What it no longer names is deleted, unless that would lose more than the cell shows:
then the row is rejected, and staff do it on the record's own page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagement.desk.states import State, state_of
from engagement.exchange.encodings import SEPARATOR
from engagement.exchange.importing import cells
from engagement.exchange.importing.base import Options, Raw, Wrong
from engagement.exchange.importing.columns import elements, says_the_list
from engagement.exchange.importing.resolving import Book
from engagement.models import Country, Organization, PartnerRole, ProjectPartner, Seat
from engagement.models.base import KEY_LENGTH, Record
from engagement.models.sources import AboutRecord


@dataclass
class PartWork:
    """What becomes of one part: created (no record), changed, or deleted (no `after`)."""

    part: "Part"
    record: Any = None
    before: State = field(default_factory=dict)
    after: State | None = None


@dataclass(frozen=True)
class Held:
    """A part that the register has."""

    record: Any
    state: State


class Wronged(Exception):
    """A Wrong, with the column that it stands in."""

    def __init__(self, column: str, wrong: Wrong) -> None:
        super().__init__(wrong.says)
        self.column, self.wrong = column, wrong


@dataclass(frozen=True)
class Part:
    """One kind of part. columns: those that speak of it; those in `labels` may stand in for the one that they name."""

    name: str
    model: type[Record]
    owner: str
    columns: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def load(self, pks: Iterable[int]) -> dict[int, list[Held]]:
        """By owner the parts that the export shows, in its order."""
        rows = self.model._base_manager.filter(**{f"{self.owner}__in": list(pks)}, published=True)
        found: dict[int, list[Held]] = {}
        for record in rows.order_by(*(self.model._meta.ordering or ())):
            found.setdefault(getattr(record, f"{self.owner}_id"), []).append(Held(record, state_of(record, {})))
        return found

    def shown(self, column: str, states: Sequence[State], book: Book) -> str:
        return SEPARATOR.join(self.texts(column, states, book))

    def texts(self, column: str, states: Sequence[State], book: Book) -> list[str]:
        raise NotImplementedError

    def wanted(
        self, given: Mapping[str, Raw], held: Sequence[Held], options: Options, book: Book
    ) -> list[State] | None:
        """The parts that the cells given want, each as what identifies it and what else it says."""
        raise NotImplementedError

    def matched(self, want: State, held: Sequence[Held]) -> Held | None:
        """The part that the register has for what is wanted."""
        raise NotImplementedError

    def may_go(self, held: Held, book: Book) -> None:
        """Raise Wrong where deleting the part would lose what no cell shows."""
        if held.record.natural_key()[0] in spoken_of(self.model, book):
            says = _(
                "%(part)s is not in the list, and further sources speak of it. Delete it on its own page, or name it."
            )
            raise Wrong("part-needed", says % {"part": held.record})

    def plan(
        self, given: Mapping[str, Raw], held: Sequence[Held], evidence: State, options: Options, book: Book
    ) -> list[PartWork]:
        """What has to be done so that the register has what the cells say. Raises Wronged."""
        wanted = self.wanted(given, held, options, book)
        if wanted is None:
            return []
        rest, works = list(held), []
        pairs = [(want, self.take(want, rest)) for want in wanted]
        for want, there in pairs:
            if there is None:
                works.append(PartWork(self, after={**evidence, **want}))
            elif any(there.state[name] != value for name, value in want.items()):
                works.append(PartWork(self, there.record, there.state, {**there.state, **want}))
        for there in rest:
            try:
                self.may_go(there, book)
            except Wrong as wrong:
                raise Wronged(next(iter(given)), wrong) from wrong
            works.append(PartWork(self, there.record, there.state))
        return works

    def take(self, want: State, rest: list[Held]) -> Held | None:
        exact = next((one for one in rest if all(one.state[name] == value for name, value in want.items())), None)
        found = exact or self.matched(want, rest)
        if found:
            rest.remove(found)
        return found

    def given(self, raws: Mapping[str, Raw], held: Sequence[Held], options: Options, book: Book) -> dict[str, Raw]:
        """The cells that speak of the parts, if any says something else than the register; labels stand in."""
        states = [each.state for each in held]
        spoken = {name: raw for name, raw in raws.items() if raw is not None or options.clears}
        changed = [name for name, raw in spoken.items() if not says_the_list(raw, self.texts(name, states, book))]
        found = {name: raw for name, raw in spoken.items() if name not in self.labels}
        for name, instead in self.labels.items():
            if found.get(instead) is None and spoken.get(name) is not None:
                found[instead] = spoken[name]
        return found if any(name not in self.labels or raws.get(self.labels[name]) is None for name in changed) else {}

    def counted(self, lists: Mapping[str, Sequence[Any]]) -> None:
        """Raise Wronged unless lists of one subject are of one length."""
        (first, told), *others = lists.items()
        for name, each in others:
            if len(each) != len(told):
                says = _("%(n)d in “%(column)s”, but %(told)d in “%(first)s”: they go together, one by one.")
                values = {"n": len(each), "column": name, "told": len(told), "first": first}
                raise Wronged(name, Wrong("list-count", says % values))

    def read(self, name: str, raw: Raw, parse: Any, options: Options) -> list[str]:
        try:
            return [] if raw is None else elements(raw, parse, options)
        except Wrong as wrong:
            raise Wronged(name, wrong) from wrong


class Seats(Part):
    """Countries, and the city of each."""

    def texts(self, column: str, states: Sequence[State], book: Book) -> list[str]:
        if column == "city":
            return [str(state["city"]) for state in states]
        names = book.names(Country)
        if column == "country_label":
            return [str(names.of(state["country_id"], "name")) for state in states]
        return [names.key_of(state["country_id"]) for state in states]

    def wanted(
        self, given: Mapping[str, Raw], held: Sequence[Held], options: Options, book: Book
    ) -> list[State] | None:
        if not given:
            return None
        there = [one.state["country_id"] for one in held]
        countries = self.countries(given["country"], options, book) if "country" in given else there
        if "city" not in given:
            cities = self.cities(countries, held)
            return [{"country_id": pk, "city": city} for pk, city in zip(countries, cities, strict=True)]
        cities = self.read("city", given["city"], cells.text(100), options)
        if cities and not countries:
            raise Wronged("city", Wrong("seat-country", _("A seat needs its country.")))
        cities = cities or [""] * len(countries)
        self.counted({"country": countries, "city": cities})
        return [{"country_id": country, "city": city} for country, city in zip(countries, cities, strict=True)]

    def countries(self, raw: Raw, options: Options, book: Book) -> list[int]:
        texts = self.read("country", raw, cells.text(200), options)
        try:
            return [book.names(Country).find(text) for text in texts if text]
        except Wrong as wrong:
            raise Wronged("country", wrong) from wrong

    @staticmethod
    def cities(countries: Sequence[int], held: Sequence[Held]) -> list[str]:
        """Where no city is brought: that of the seat there is in the country, or none."""
        known: dict[int, list[str]] = {}
        for one in held:
            known.setdefault(one.state["country_id"], []).append(one.state["city"])
        return [known[pk].pop(0) if known.get(pk) else "" for pk in countries]

    def matched(self, want: State, held: Sequence[Held]) -> Held | None:
        return next((one for one in held if one.state["country_id"] == want["country_id"]), None)

    def may_go(self, held: Held, book: Book) -> None:
        if held.state["since"] or held.state["until"]:
            says = _("The seat %(seat)s has dates and is not in the list. Name it too, or delete it on its own page.")
            raise Wrong("seat-dated", says % {"seat": held.record})
        super().may_go(held, book)


class Partners(Part):
    """Codes, names and roles of those who take part in a project; donors apart."""

    donors = False

    def load(self, pks: Iterable[int]) -> dict[int, list[Held]]:
        found = super().load(pks)
        return {
            pk: [one for one in held if (one.state["role"] == PartnerRole.DONOR) == self.donors]
            for pk, held in found.items()
        }

    def texts(self, column: str, states: Sequence[State], book: Book) -> list[str]:
        attribute = {self.columns[0]: "slug", self.columns[1]: "name"}.get(column, "role")
        return [str(state[attribute]) for state in states]

    def wanted(
        self, given: Mapping[str, Raw], held: Sequence[Held], options: Options, book: Book
    ) -> list[State] | None:
        if not given:
            return None
        parsers = (cells.text(KEY_LENGTH), cells.text(300), cells.choice(PartnerRole))
        lists = {
            name: self.read(name, given[name], parse, options)
            for name, parse in zip(self.columns, parsers, strict=False)
            if name in given
        }
        told = {name: values for name, values in lists.items() if values}
        self.counted(told)
        length = len(next(iter(told.values()), ()))
        columns = [told.get(name, [""] * length) for name in self.columns]
        return [self.one(row, held, book) for row in zip(*columns, strict=True)]

    def one(self, row: tuple[str, ...], held: Sequence[Held], book: Book) -> State:
        """What the cells leave open is as the register has it of the same code, or the same name."""
        code, name, role = (*row, "")[:3]
        states = [one.state for one in held]
        there = next((each for each in states if each["slug"] == code or (not code and each["name"] == name)), None)
        if there:
            code, name, role = code or str(there["slug"]), name or str(there["name"]), role or str(there["role"])
        organizations = book.names(Organization)
        organization = organizations.by_key.get(code)
        name = name or (str(organizations.of(organization, "name")) if organization else "")
        if not name:
            says = _("“%(code)s” is no organization of the register: give its name in “%(column)s”.")
            raise Wronged(self.columns[0], Wrong("partner-name", says % {"code": code, "column": self.columns[1]}))
        code = code or slugify(name)[:KEY_LENGTH]
        if not code:
            says = _("“%(name)s” needs a code in “%(column)s”.") % {"name": name, "column": self.columns[0]}
            raise Wronged(self.columns[1], Wrong("partner-code", says))
        role = PartnerRole.DONOR if self.donors else role or PartnerRole.UNSPECIFIED
        linked = {} if there else {"organization_id": organization}
        return {"name": name, "slug": code, "role": str(role), **linked}

    def matched(self, want: State, held: Sequence[Held]) -> Held | None:
        same_code = [one for one in held if one.state["slug"] == want["slug"]]
        return next((one for one in same_code if one.state["role"] == want["role"]), None)


class Donors(Partners):
    donors = True


def spoken_of(model: type[Record], book: Book) -> set[str]:
    """The keys of the model's records of which further sources or discrepancies speak. Read once a run."""
    if model not in book.spoken_of:
        kind = model._meta.model_name
        book.spoken_of[model] = {
            key
            for about in AboutRecord.__subclasses__()
            for key in about._base_manager.filter(kind=kind).values_list("record_key", flat=True)
        }
    return book.spoken_of[model]


SEATS = Seats("seats", Seat, "organization", ("country", "city"), {"country_label": "country"})
PARTNERS = Partners("partners", ProjectPartner, "project", ("partner", "partner_label", "partner_role"))
DONORS = Donors("donors", ProjectPartner, "project", ("donor", "donor_label"))
