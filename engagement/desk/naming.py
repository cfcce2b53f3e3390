"""A name taken apart, so that two names can be held against each other: words without endings, in one language and one
alphabet, without legal form, and the acronym that stands with it.

How texts are folded is the search's to say (engagement.search); what is added here is coarser, and only for guessing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engagement.search import name_keys, tokens_that_count

# Words that organizations' names share in the languages of the register: the first stands for the others.
_SAME = """
    international internationale internationaux internacional internacionale intl int mezhdunarodnaia mezhdunarodnyi
    world mondial mondiale mundial mundiale global worldwide
    federation federacion federacao foederation fed
    confederation confederacion confederacao konfederatsiia
    organization organizacion organisation organisacion org organizatsiia
    association asociacion associacao assoc assn assotsiatsiia
    union unione sindicato syndicat syndical syndicale sindical sindicale
    worker travailleur travailleuse trabajador trabajadora trabajadore
    employer employeur empleador empleadore patronal patronale
    council conseil consejo conselho
    commission comision comissao
    committee comite
    congress congre congreso
    alliance alianza
    league ligue liga
    institute institut instituto
    center centre centro
    society societe sociedad
    network reseau red
    movement mouvement movimiento
    coordination coordinacion
    woman women femme mujer mujere
    child children enfant nino
    youth jeunesse jeune juventud joven jovene young
    right droit derecho
    human humain humano
    labor travail trabajo
    social sociale
    national nationale nacional nacionale
    european europeen europeenne europeo europea
    african africain africaine africano africana
    american americain americaine americano americana
    latin latine latino latina
    christian chretien chretienne cristiano cristiana
    catholic catholique catolico catolica
    cooperative cooperativa
    development developpement desarrollo
    education educacion enseignement
    health sante salud
    security securite seguridad
    peace paix paz
    transport transporte
    teacher enseignant docente maestro
    journalist journaliste periodista
    agricultural agricole agricola
    producer producteur productor productore
    actor acteur actore
    university universite universidad universidade
    church eglise iglesia
    support soutien apoyo
    foundation fondation fundacion
    group groupe grupo
    and & y et
"""
SAME = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
_LEGAL = "inc ltd llc llp plc gmbh ggmbh ev asbl aisbl vzw sarl sas spa pty bv nv ry corp onlus ong ngo"
LEGAL = frozenset(_LEGAL.split())
# What is no misspelling of each other though a letter or two tell them apart; countries' names come besides.
_TOLD_APART = """
    employer employee north south east west northern southern eastern western central international intranational
    interregional national regional rational marine maritime migration immigration emigration rural urban mural
    woman human
"""
TOLD_APART = frozenset(_TOLD_APART.split())
_CYRILLIC = """
    а a б b в v г g д d е e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch
    ъ _ ы y ь _ э e ю iu я ia ё e є ie і i ї i ґ g ў u ј j
"""
_GREEK = "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o"
_LETTERS = (_CYRILLIC + _GREEK).split()
_LATIN = {ord(one): latin.strip("_") for one, latin in zip(_LETTERS[::2], _LETTERS[1::2], strict=True)}

_BRACKETED = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]\s*")
_BEFORE = re.compile(r"^([A-Z]{2,10})\s*(?:[-–—:]\s|\s[-–—:])\s*(?=\S.*\s)")
_AFTER = re.compile(r"(?:\s[-–—]\s*|,\s*)([A-Z]{2,10})\s*$")
_SHORT = re.compile(r"[A-Z][A-Za-z.]{0,9}[A-Z.]")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart. key: as the search compares names. words: those that count, each once, in their order."""

    text: str
    key: str
    words: tuple[str, ...]
    acronyms: tuple[str, ...]

    @property
    def of_words(self) -> str:
        """The words in whatever order."""
        return " ".join(sorted(self.words))


def taken_apart(text: str) -> Parts:
    bare, short = without_acronym(text)
    keys = name_keys(bare or text)
    return Parts(
        text, keys[0] if keys else "", tuple(dict.fromkeys(words_of(bare or text))), tuple(map(acronym, short))
    )


def without_acronym(text: str) -> tuple[str, list[str]]:
    """The name without the acronym that stands with it in brackets, before it or after it; and that."""
    short: list[str] = []

    def note(found: re.Match[str]) -> str:
        if not _SHORT.fullmatch(found[1]) or acronym(found[1]) in LEGAL:
            return found[0]
        short.append(found[1])
        return " "

    bare = text
    for pattern in (_BRACKETED, _BEFORE, _AFTER):
        bare = pattern.sub(note, bare)
    return bare.strip(), short


def words_of(text: str) -> Iterator[str]:
    tokens = tokens_that_count(text)
    while len(tokens) > 1 and tokens[-1] in LEGAL:
        tokens.pop()
    words = [coarse(each) for each in tokens]
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if not (word == "trade" and following == "union"):  # what other languages say in one word
            yield word


def coarse(token: str) -> str:
    """In Latin letters, without a plural's ending, and as English has it."""
    latin = token.translate(_LATIN)
    return SAME.get(latin) or SAME.get(singular(latin), singular(latin))


def singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def acronym(text: str) -> str:
    """As acronyms are compared: "I.T.F." and "ITF" are one; '' for what has no letters."""
    return next(iter(name_keys(text)), "")


def may_be_acronym(text: str) -> bool:
    return _SHORT.fullmatch(text.strip()) is not None and len(acronym(text)) > 1
