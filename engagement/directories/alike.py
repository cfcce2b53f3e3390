"""Which organizations, public or not, a text that somebody brought may mean: a row of a file, a request.

Not built on `recognizing`, which asks the search for what the public may see, by nothing but names: here those count
too that are not published, and websites, acronyms and countries confirm a guess or speak against it (desk.alike).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engagement.desk.alike import LEAST_SCORE, Body, Index, Likeness, body_of
from engagement.models import Country
from engagement.models.languages import in_every_language
from engagement.search import normalise

MOST = 5  # candidates of one entry


@dataclass(frozen=True)
class Entry:
    """What is known of a body that may be in the register: its name, and what else was given ('' for nothing).

    country: ISO 3166-1, two or three letters, or a name of the country.
    """

    name: str
    acronym: str = ""
    website: str = ""
    country: str = ""


@dataclass(frozen=True)
class Candidate:
    """An organization that it may be. score: of 100. why: the reasons, in words."""

    organization_id: int
    slug: str
    name: str
    score: int
    why: str


def alike(entries: Sequence[Entry]) -> list[list[Candidate]]:
    """For each entry the organizations that it may be, the best first; a fixed number of queries for however many."""
    if not entries:
        return []
    index, countries = Index.of_register(), codes_of_countries()
    return [candidates(index, body_of_entry(entry, countries)) for entry in entries]


def body_of_entry(entry: Entry, countries: Mapping[str, str]) -> Body:
    code = countries.get(normalise(entry.country), "")
    return body_of(0, "", entry.name, entry.acronym, entry.website, countries=[code] if code else [])


def candidates(index: Index, asked: Body) -> list[Candidate]:
    compared = ((index.bodies[pk], index.compare(asked, index.bodies[pk])) for pk in index.partners(asked))
    found = [candidate(body, likeness) for body, likeness in compared if likeness and likeness.score >= LEAST_SCORE]
    return sorted(found, key=lambda one: (-one.score, normalise(one.name), one.slug))[:MOST]


def candidate(body: Body, likeness: Likeness) -> Candidate:
    return Candidate(body.pk, body.slug, body.label, likeness.score, str(likeness))


def codes_of_countries() -> dict[str, str]:
    """The code of each country by what a cell may call it: its codes and its names."""
    return {
        normalise(called): country.iso2
        for country in Country.objects.all()
        for called in (country.iso2, country.iso3, *in_every_language(country, "name"))
    }
