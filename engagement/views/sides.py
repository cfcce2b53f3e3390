"""Government, employers and workers of a country: what is recorded of each side, who says so, and how old that is."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engagement.directories.coverage import LAST_DAY, SPOKEN
from engagement.directories.silences import stated_none
from engagement.models import Constituent, ConstituentGroup, Country, PartialDate, Source, SourceKind


@dataclass(frozen=True)
class Side:
    """One side: the bodies that sources name, or the source that says that there is none, or neither."""

    group: ConstituentGroup
    bodies: list[Constituent] = field(default_factory=list)
    none: Source | None = None

    @property
    def kinds(self) -> list[Any]:
        """Who speaks, each kind of source once, in the order of the vocabulary."""
        speaking = {each.kind for each in self._sources()}
        return [SPOKEN[kind] for kind in SourceKind if kind in speaking]

    @property
    def newest(self) -> str:
        """The newest date, as written, for which a source speaks or from which it is; '' where none has one."""
        spoken = [body.as_of or body.source.date for body in self.bodies]
        if self.none:
            spoken.append(self.none.as_of or self.none.date)
        return max(filter(None, spoken), key=age, default="")

    def _sources(self) -> Iterable[Source]:
        return [*(body.source for body in self.bodies), *([self.none] if self.none else [])]


def age(text: str) -> str:
    """The day by which a partial date is as old as it says: its latest, of one that is open its earliest."""
    date = PartialDate(text)
    return date.earliest if date.latest == LAST_DAY else date.latest


def sides_of(country: Country, constituents: list[Constituent], day: datetime.date | None) -> list[Side]:
    """The three sides, today or as of a day; a query more for the few countries of which a source says “none”."""
    none = stated_none([country.iso2], day)
    sides = []
    for group in ConstituentGroup:
        bodies = [body for body in constituents if body.group == group]
        sides.append(Side(group, bodies, None if bodies else none.get((country.iso2, group.value))))
    return sides
