"""Invented organizations with what is known of each: seats, other names, standing, invitations, fields of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from engagement.models import (
    ConsultativeStatus,
    Invitation,
    Organization,
    OrganizationName,
    Seat,
)
from engagement.models.organizations import NameKind, OrganizationKind
from engagement.search import normalise
from engagement.synthesis.days import FIRST_YEAR, LAST_YEAR, partial_date, year
from engagement.synthesis.rows import Table
from engagement.synthesis.words import FIRST_NAME, Lexicon, acronym_of, name_in_french, name_in_spanish
from engagement.synthesis.words import organization_name as invented_name

KINDS = {
    OrganizationKind.NGO: 80,
    OrganizationKind.WORKERS: 8,
    OrganizationKind.EMPLOYERS: 5,
    OrganizationKind.COOPERATIVE: 3,
    OrganizationKind.INTERGOVERNMENTAL: 1,
    OrganizationKind.GOVERNMENT: 1,
    OrganizationKind.OTHER: 2,
}
# By the slug of a category: of a thousand statuses, how many are of it.
CATEGORIES = {"general": 8, "regional": 25, "special-list": 967}
# The share of organizations that have it.
REGION, WEBSITE, FOUNDED, FORMER_NAME, OTHER_LANGUAGE, SECOND_SEAT = 0.25, 0.7, 0.6, 0.2, 0.3, 0.1
STATUS, INVITED, MOST_INVITATIONS = 0.45, 0.1, 6
# The share of statuses: without a date of granting; of those, without any date; ended.
WITHOUT_DATE, WITHOUT_ANY, ENDED = 0.2, 0.5, 0.12


@dataclass(frozen=True)
class Vocabularies:
    """Primary keys of what the register has anyway; `categories` by slug."""

    source: int
    regions: Sequence[int]
    countries: Sequence[int]
    themes: Sequence[int]
    categories: dict[str, int]
    meetings: Sequence[int]


def weights(number: int, flat: int) -> list[float]:
    """How often each of so many is chosen, added up: the n-th once where the first is (n + flat) / flat times."""
    return list(accumulate(1 / (rank + flat) for rank in range(number)))


class Organizations:
    """Rows of organizations and of what belongs to them, in tables; the same for the same random numbers."""

    def __init__(self, vocabularies: Vocabularies, lexicon: Lexicon, random: Random) -> None:
        source = vocabularies.source
        self.known, self.lexicon, self.random = vocabularies, lexicon, random
        self.organizations = Table(
            Organization,
            ("slug", "name", "sort_name", "acronym", "kind", "region_id", "website", "founded", "as_of"),
            source_id=source,
        )
        self.themes = Table(Organization.themes.through, ("organization_id", "theme_id"))
        self.seats = Table(Seat, ("key", "organization_id", "city", "country_id", "since", "until"), source_id=source)
        self.names = Table(
            OrganizationName, ("key", "organization_id", "name", "kind", "lang", "until"), source_id=source
        )
        self.statuses = Table(
            ConsultativeStatus,
            ("key", "organization_id", "category_id", "region_id", "granted", "ended", "as_of"),
            source_id=source,
        )
        self.invitations = Table(Invitation, ("key", "organization_id", "meeting_id"), source_id=source)
        self.kinds = [str(kind) for kind, share in KINDS.items() for _ in range(share)]
        self.categories = [
            (slug, vocabularies.categories[slug]) for slug, share in CATEGORIES.items() for _ in range(share)
        ]

        # As in life, some countries and fields of work have very many and most have few.
        self.country_weights = weights(len(vocabularies.countries), 1)
        self.theme_weights = weights(len(vocabularies.themes), 3)

    @property
    def tables(self) -> list[Table]:
        """In an order in which each row stands behind those that it points to."""
        return [self.organizations, self.themes, self.seats, self.names, self.statuses, self.invitations]

    def named(self) -> list[tuple[int, str, str]]:
        """Key, slug and name of those that have been added and not yet written."""
        columns = self.organizations.columns
        slug, name = columns.index("slug"), columns.index("name")
        return [(row[0], row[slug], row[name]) for row in self.organizations.rows]

    def invent(self, number: int) -> None:
        """Add the rows of the organization with this number, counted from 1."""
        random = self.random
        slug = f"invented-{number:07d}"
        name = FIRST_NAME if number == 1 else invented_name(random, self.lexicon)
        kind = random.choice(self.kinds)
        region = random.choice(self.known.regions) if random.random() < REGION else None
        website = f"https://{slug}.example/" if random.random() < WEBSITE else ""
        begun = year(random)
        founded = partial_date(random, begun) if random.random() < FOUNDED else ""
        as_of = str(random.randint(1990, LAST_YEAR))
        key = self.organizations.add(
            slug, name, normalise(name), acronym_of(name), kind, region, website, founded, as_of
        )
        themes = random.choices(self.known.themes, cum_weights=self.theme_weights, k=random.randint(1, 4))
        for theme in dict.fromkeys(themes):
            self.themes.add(key, theme)
        self._seat(slug, key, begun)
        self._names(slug, key, begun)
        if random.random() < STATUS:
            self._status(slug, key, begun)
        if random.random() < INVITED:
            for at, meeting in enumerate(random.sample(self.known.meetings, random.randint(1, MOST_INVITATIONS)), 1):
                self.invitations.add(f"{slug}-invited-{at}", key, meeting)

    def _seat(self, slug: str, key: int, begun: int) -> None:
        random, cities = self.random, self.lexicon.cities
        moved = ""
        if random.random() < SECOND_SEAT:
            moved = str(random.randint(begun, LAST_YEAR))
            since = str(random.randint(FIRST_YEAR, begun))
            self.seats.add(f"{slug}-seat-2", key, random.choice(cities), self._country(), since, moved)
        self.seats.add(f"{slug}-seat-1", key, random.choice(cities), self._country(), moved, "")

    def _country(self) -> int:
        (country,) = self.random.choices(self.known.countries, cum_weights=self.country_weights)
        return country

    def _names(self, slug: str, key: int, begun: int) -> None:
        random, lexicon = self.random, self.lexicon
        if random.random() < FORMER_NAME:
            until = str(random.randint(begun, LAST_YEAR))
            former = invented_name(random, lexicon)
            self.names.add(f"{slug}-former", key, former, str(NameKind.FORMER), "en", until)
        if random.random() < OTHER_LANGUAGE:
            lang, name = random.choice((("fr", name_in_french), ("es", name_in_spanish)))
            self.names.add(f"{slug}-{lang}", key, name(random, lexicon), str(NameKind.LANGUAGE), lang, "")

    def _status(self, slug: str, key: int, begun: int) -> None:
        random = self.random
        category, category_id = random.choice(self.categories)
        region = random.choice(self.known.regions) if category == "regional" else None
        granted = ended = as_of = ""
        if random.random() < WITHOUT_DATE:
            as_of = "" if random.random() < WITHOUT_ANY else str(random.randint(1990, LAST_YEAR))
        else:
            at = random.randint(begun, LAST_YEAR)
            granted = partial_date(random, at)
            if random.random() < ENDED:
                ended = str(random.randint(at, LAST_YEAR))
        self.statuses.add(f"{slug}-status", key, category_id, region, granted, ended, as_of)
