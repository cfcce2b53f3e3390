"""Invented meetings, to which invented organizations are invited."""

from collections.abc import Sequence
from random import Random

from engagement.models import Meeting
from engagement.synthesis.days import year
from engagement.synthesis.rows import Table
from engagement.synthesis.words import MARK, TRADES, Lexicon

FEWEST, PER_ORGANIZATION = 20, 0.001


def number_for(organizations: int) -> int:
    return max(FEWEST, int(organizations * PER_ORGANIZATION))


def invented_meetings(
    number: int, source: int, bodies: Sequence[int], countries: Sequence[int], lexicon: Lexicon, random: Random
) -> Table:
    """So many meetings of the bodies that the register knows."""
    table = Table(
        Meeting, ("slug", "name", "body_id", "country_id", "place", "start", "end"), source_id=source, number=""
    )
    for at in range(1, number + 1):
        name = f"Meeting {at} of {lexicon.draw(random)} {random.choice(TRADES)} {MARK}"
        month = f"{year(random)}-{random.randint(1, 12):02d}"
        first = random.randint(1, 20)
        days = f"{month}-{first:02d}", f"{month}-{first + random.randint(0, 8):02d}"
        place, body, country = random.choice(lexicon.cities), random.choice(bodies), random.choice(countries)
        table.add(f"invented-meeting-{at:04d}", name, body, country, place, *days)
    return table
