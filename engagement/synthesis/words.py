"""Words and names that mean nobody."""

from functools import cached_property
from random import Random

MARK = "(invented)"
# The one name that is the same whatever the seed, to be looked for.
FIRST_NAME = "Invented Confederation of Lamplighters"

SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"] + ["qué", "bré", "mön", "šal"]
ENDINGS = ("n", "r", "s", "l", "ria", "nia", "th", "nd", "")
FORMS = (
    "Confederation", "Federation", "Council", "Association", "League", "Union", "Network", "Forum", "Society",
    "Alliance", "Institute", "Committee", "Congress", "Movement", "Assembly", "Chamber", "Centre", "Foundation",
)  # fmt: skip
SCOPES = ("International", "World", "Global", "Continental", "Intercontinental", "Universal", "United", "Joint")
TRADES = (
    "Weavers", "Bookbinders", "Glassblowers", "Coopers", "Beekeepers", "Millers", "Ferrymen", "Potters", "Tanners",
    "Chandlers", "Thatchers", "Wheelwrights", "Farriers", "Engravers", "Organ Builders", "Clockmakers", "Dyers",
    "Basket Makers", "Home Workers", "Harbour Workers", "Field Workers", "Shepherds", "Fishers", "Foresters",
    "Stonemasons", "Roofers", "Bakers", "Brewers", "Printers", "Typesetters", "Archivists", "Cartographers",
)  # fmt: skip
AIMS = ("Education", "Safety", "Dialogue", "Training", "Cooperation", "Health", "Equality", "Solidarity", "Fair Wages")
# Of a hundred names, those that speak of rights: former names counted, 57 of a hundred organizations are found by it.
OF_RIGHTS = 52


class Lexicon:
    """So many invented words, the same for the same seed; some are drawn much more often than others."""

    def __init__(self, size: int, seed: int) -> None:
        random, words = Random(f"words {seed}"), dict[str, None]()
        while len(words) < size:
            syllables = random.choices(SYLLABLES, k=2 + len(words) % 2)
            words["".join(syllables).capitalize() + random.choice(ENDINGS)] = None
        self.words = list(words)

    @cached_property
    def cities(self) -> list[str]:
        return [f"{word}ville" for word in self.words[:400]]

    def draw(self, random: Random) -> str:
        return self.words[int(len(self.words) * random.random() ** 2)]


def size_for(organizations: int) -> int:
    """Words for so many organizations: 30,000 for 100,000 of them, and fewer new ones the more there are."""
    return max(500, min(400_000, int(30_000 * (organizations / 100_000) ** 0.5)))


def organization_name(random: Random, lexicon: Lexicon) -> str:
    """A name and its mark."""
    drawn = random.random()
    scope = random.choice(SCOPES) if drawn < 0.4 else lexicon.draw(random)
    if random.random() * 100 < OF_RIGHTS:
        aim = f"the Rights of {lexicon.draw(random)}"
    else:
        aim = f"{random.choice(AIMS)} in {lexicon.draw(random)}"
    trade = f"{lexicon.draw(random)} {random.choice(TRADES)}"
    return f"{scope} {random.choice(FORMS)} of {trade} for {aim} {MARK}"


def name_in_french(random: Random, lexicon: Lexicon) -> str:
    return f"Fédération {lexicon.draw(random)} de {lexicon.draw(random)} (inventée)"


def name_in_spanish(random: Random, lexicon: Lexicon) -> str:
    return f"Asociación {lexicon.draw(random)} de {lexicon.draw(random)} (inventada)"


def acronym_of(name: str) -> str:
    """The first initials of the words that are written large: many share theirs, as acronyms do."""
    return "".join(word[0] for word in name.split() if word[0].isupper())[:3]
