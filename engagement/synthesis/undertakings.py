"""Invented projects with their partners."""

from random import Random

from engagement.models import Project, ProjectPartner
from engagement.models.projects import PartnerRole
from engagement.search import normalise
from engagement.synthesis.days import year
from engagement.synthesis.organizations import Vocabularies
from engagement.synthesis.rows import Table
from engagement.synthesis.words import AIMS, MARK, TRADES, Lexicon

PER_ORGANIZATION = 0.01
BUDGETED = 0.6


class Projects:
    """Rows of projects; the partners are among the invented organizations: keys from `first` to `last`, by slug."""

    def __init__(self, vocabularies: Vocabularies, lexicon: Lexicon, random: Random) -> None:
        source = vocabularies.source
        self.known, self.lexicon, self.random = vocabularies, lexicon, random
        differing = ("slug", "title", "sort_name", "start", "end", "budget", "currency", "as_of")
        self.projects = Table(Project, differing, source_id=source)
        self.countries = Table(Project.countries.through, ("project_id", "country_id"))
        self.themes = Table(Project.themes.through, ("project_id", "theme_id"))
        self.partners = Table(
            ProjectPartner, ("key", "project_id", "name", "slug", "organization_id", "role"), source_id=source
        )

    @property
    def tables(self) -> list[Table]:
        return [self.projects, self.countries, self.themes, self.partners]

    def invent(self, number: int, organizations: list[tuple[int, str, str]]) -> None:
        """Add the rows of the project with this number. organizations: key, slug and name of each possible partner."""
        random, slug = self.random, f"invented-project-{number:06d}"
        title = f"{self.lexicon.draw(random)} {random.choice(TRADES)}: {random.choice(AIMS)} {number} {MARK}"
        begun = year(random)
        budget, currency = (random.randint(50, 9000) * 1000, "USD") if random.random() < BUDGETED else (None, "")
        end = str(begun + random.randint(1, 5))
        key = self.projects.add(slug, title, normalise(title), str(begun), end, budget, currency, str(begun))
        for country in random.sample(self.known.countries, random.randint(1, 3)):
            self.countries.add(key, country)
        for theme in random.sample(self.known.themes, random.randint(1, 2)):
            self.themes.add(key, theme)
        some = random.sample(organizations, min(len(organizations), random.randint(1, 3)))
        for at, (organization, of_organization, name) in enumerate(some, 1):
            role = str(PartnerRole.DONOR if at == 1 else PartnerRole.IMPLEMENTING)
            self.partners.add(f"{slug}-partner-{at}", key, name, of_organization, organization, role)
