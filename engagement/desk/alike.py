"""Organizations that may be one: what is known of each, by which of it they are found, and how alike two are.

No body is held against every other. An index of names, words, acronyms, websites and identifiers leads from one to the
few that share something telling with it; only these are compared. What many share tells nothing and leads nowhere.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from urllib.parse import urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from engagement.desk.naming import SAME, TOLD_APART, Parts, acronym, coarse, may_be_acronym, taken_apart
from engagement.models import Country, NameKind, Organization, OrganizationIdentifier, OrganizationName, Seat
from engagement.search import tokens_that_count

MOST_HOLDERS = 60  # of a word; those that more names hold lead to nobody by themselves
MOST_BY_HOST, MOST_BY_ACRONYM = 6, 30
SHORTEST_MISSPELT, LONG = 4, 8  # letters of a word that may be misspelt, and of one that may be so twice
SHARED = 0.3  # of the weight of a name's words: what another must have of it to be compared
NEAR = 0.72  # from which similarity on two names are near; RELATED: from which an acronym or a website confirms them
RELATED = 0.3
FEWEST_KNOWN = 200  # in a small register, words that are common in names would look rare
LEAST_SCORE = 60
# Sites that many share: there the first part of the path tells whose page it is.
SHARED_HOSTS = frozenset({"facebook.com", "linkedin.com", "twitter.com", "x.com", "instagram.com", "youtube.com"})


class Why(TextChoices):
    """What two have in common, from the most telling to the least."""

    NAME = "name", _("Same name")
    FORMER = "former", _("A former name of one is a name of the other")
    LANGUAGE = "language", _("A name in another language of one is a name of the other")
    OTHER = "other", _("Another name of one is a name of the other")
    SHORT = "short", _("The acronym of one is the name of the other")
    IDENTIFIER = "identifier", _("Same identifier")
    WORDS = "words", _("The same words")
    NEAR = "near", _("Near names")
    HOST = "host", _("Same website")
    ACRONYM = "acronym", _("Same acronym")
    COUNTRY = "country", _("Seat in the same country")


SCORES = {
    Why.NAME: 100,
    Why.FORMER: 97,
    Why.LANGUAGE: 97,
    Why.OTHER: 96,
    Why.IDENTIFIER: 95,
    Why.WORDS: 92,
    Why.SHORT: 75,
}
KINDS = {NameKind.FORMER: Why.FORMER, NameKind.LANGUAGE: Why.LANGUAGE}
OF_HOST, OF_HOST_AND_NAME, OF_ACRONYM, OF_NEAR = 68, 84, 76, (62, 91)
FURTHER, OF_COUNTRY = 3, 2  # what each further reason adds
CONTRARY = 10  # what another country or another acronym takes from a guess by names or a website
SURE = frozenset({Why.NAME, Why.FORMER, Why.LANGUAGE, Why.OTHER, Why.IDENTIFIER, Why.WORDS})


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a body. why: what it is when another body has it."""

    parts: Parts
    why: Why = Why.NAME


@dataclass(frozen=True, slots=True)
class Body:
    """What is compared of an organization, or of an entry that may be one (pk 0)."""

    pk: int
    slug: str
    label: str
    names: tuple[Name, ...]
    acronyms: frozenset[str] = frozenset()
    host: str = ""
    countries: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two are, of 100, and by what."""

    score: int
    reasons: tuple[Why, ...]

    def __str__(self) -> str:
        return "; ".join(str(reason.label) for reason in self.reasons)


# -- What is known ----------------------------------------------------------------------------------------------


def body_of(
    pk: int,
    slug: str,
    name: str,
    short: str,
    website: str,
    others: Iterable[tuple[str, str]] = (),
    countries: Iterable[str] = (),
    identifiers: Iterable[str] = (),
) -> Body:
    """`others`: further names, each with its kind. `identifiers`: as `identifier_of` has them."""
    names, acronyms = [Name(taken_apart(name))], {acronym(short)}
    for text, kind in others:
        if kind == NameKind.ACRONYM:
            acronyms.add(acronym(text))
        else:
            names.append(Name(taken_apart(text), KINDS.get(NameKind(kind), Why.OTHER)))
    acronyms.update(each for one in names for each in one.parts.acronyms)
    label = f"{name} ({short})" if short else name
    return Body(
        pk,
        slug,
        label,
        tuple(names),
        frozenset(acronyms - {""}),
        host_of(website),
        frozenset(countries),
        frozenset(filter(None, identifiers)),
    )


def host_of(address: str) -> str:
    """The site of an address, as sites are compared; '' for none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    if "." not in host:
        return ""
    return f"{host}/{parts.path.strip('/').partition('/')[0].lower()}" if host in SHARED_HOSTS else host


def identifier_of(value: str) -> str:
    """An identifier as it is compared: of an address its last part."""
    key = "".join(tokens_that_count(value.rstrip("/").rpartition("/")[2]))
    return key if len(key) > 3 else ""


def bodies() -> Iterator[Body]:
    """Every organization, public or not; four queries."""
    names, countries, identifiers = (defaultdict[int, list](list) for _ in range(3))
    for pk, text, kind in OrganizationName.objects.values_list("organization", "name", "kind"):
        names[pk].append((text, kind))
    for pk, country in Seat.objects.values_list("organization", "country__iso2"):
        countries[pk].append(country)
    for pk, value in OrganizationIdentifier.objects.values_list("organization", "value"):
        identifiers[pk].append(identifier_of(value))
    rows = Organization.objects.order_by("pk").values_list("pk", "slug", "name", "acronym", "website")
    for pk, slug, name, short, website in rows:
        yield body_of(pk, slug, name, short, website, names[pk], countries[pk], identifiers[pk])


def words_of_countries() -> frozenset[str]:
    """Words that are no misspelling of each other: "Niger" is not Nigeria."""
    named = Country.objects.values_list("name", "name_fr", "name_es")
    return frozenset(coarse(each) for names in named for name in names for each in tokens_that_count(name))


# -- Who may be whom --------------------------------------------------------------------------------------------


@dataclass
class Index:
    """The bodies by what leads to them."""

    apart: frozenset[str] = TOLD_APART
    bodies: dict[int, Body] = field(default_factory=dict)
    exact: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    near: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of_register(cls) -> "Index":
        """Of every organization; five queries."""
        index = cls(TOLD_APART | words_of_countries())
        for body in bodies():
            index.add(body)
        return index

    def add(self, body: Body) -> None:
        self.bodies[body.pk] = body
        for key in ways_to(body):
            self.exact[key].append(body.pk)
        for word in {word for name in body.names for word in name.parts.words}:
            self.holders[word].append(body.pk)

    @cached_property
    def misspellings(self) -> dict[str, list[tuple[str, str]]]:
        """Spellings, each with its word, by what is left when a letter is lost: a misspelt word shares that with it."""
        held = [(word, word) for word in self.holders]
        same = [(spelling, word) for spelling, word in SAME.items() if spelling != word and word in self.holders]
        found = defaultdict(list)
        for spelling, word in held + same:
            for left in less_a_letter(spelling):
                found[left].append((spelling, word))
        return found

    def weight(self, word: str) -> float:
        """How much a word tells: the fewer hold it, the more."""
        return math.log(1 + max(len(self.bodies), FEWEST_KNOWN) / max(1, len(self.holders.get(word, ()))))

    def near_words(self, word: str) -> frozenset[str]:
        """Words of names that this one may be, itself among them."""
        if word not in self.near:
            spelt = {each for left in less_a_letter(word) for each in self.misspellings.get(left, ())}
            self.near[word] = frozenset({other for spelling, other in spelt if self.are_near(word, spelling)} | {word})
        return self.near[word]

    def may_be(self, one: str, other: str) -> bool:
        return other in self.near_words(one) or one in self.near_words(other)

    def are_near(self, one: str, other: str) -> bool:
        """Whether one may be the other misspelt: but for a letter, or two in long words."""
        shorter = min(len(one), len(other))
        if shorter < SHORTEST_MISSPELT or (one in self.apart and other in self.apart):
            return False
        if any(map(str.isdecimal, one + other)):
            return False
        return OSA.distance(one, other) <= (1 if shorter < LONG else 2)

    def partners(self, body: Body) -> set[int]:
        """Those that share something telling with the body."""
        found = {pk for key in ways_to(body) if self.leads(key) for pk in self.exact.get(key, ())}
        for name in body.names:
            found |= self.by_words(name.parts.words)
        return found - {body.pk}

    def leads(self, key: tuple[str, str]) -> bool:
        most = {"host": MOST_BY_HOST, "acronym": MOST_BY_ACRONYM}.get(key[0], MOST_HOLDERS)
        return len(self.exact.get(key, ())) <= most

    def by_words(self, words: Sequence[str]) -> set[int]:
        """Those that hold words of a name, misspelt or not, of enough weight."""
        shared: dict[int, float] = defaultdict(float)
        for word in words:
            near = [each for each in self.near_words(word) if len(self.holders.get(each, ())) <= MOST_HOLDERS]
            for each in near:
                weight = min(self.weight(word), self.weight(each))
                for pk in self.holders.get(each, ()):
                    shared[pk] += weight
        least = SHARED * sum(map(self.weight, words))
        return {pk for pk, weight in shared.items() if weight >= least} or self.by_rarest(words)

    def by_rarest(self, words: Sequence[str]) -> set[int]:
        """Of a name all of whose words many hold: those that hold the three rarest of them."""
        known = sorted((word for word in words if word in self.holders), key=lambda word: len(self.holders[word]))[:3]
        found = set.intersection(*(set(self.holders[word]) for word in known)) if len(known) > 1 else set[int]()
        return found if len(found) <= MOST_HOLDERS else set()

    # -- How alike ----------------------------------------------------------------------------------------------

    def compare(self, one: Body, other: Body) -> Likeness | None:
        """None where nothing makes them one."""
        found, similar = self.compare_names(one, other)
        is_related = similar >= RELATED or bool(one.countries & other.countries)
        if one.identifiers & other.identifiers:
            found[Why.IDENTIFIER] = SCORES[Why.IDENTIFIER]
        if one.host and one.host == other.host:
            found[Why.HOST] = OF_HOST_AND_NAME if similar >= RELATED else OF_HOST
        if one.acronyms & other.acronyms and (is_related or found):
            found[Why.ACRONYM] = OF_ACRONYM
        if not found:
            return None
        score = max(found.values()) + FURTHER * (len(found) - 1)
        if one.countries & other.countries:
            found[Why.COUNTRY] = 0
            score += OF_COUNTRY
        if SURE.isdisjoint(found):
            score -= CONTRARY * (
                is_contrary(one.countries, other.countries) + is_contrary(one.acronyms, other.acronyms)
            )
        return Likeness(min(score, 100 if Why.NAME in found else 99), tuple(why for why in Why if why in found))

    def compare_names(self, one: Body, other: Body) -> tuple[dict[Why, int], float]:
        """What their names have in common, the best of it; and how similar the most similar are."""
        found: dict[Why, int] = {}
        best = 0.0
        for first, second in product(one.names, other.names):
            similar = 1.0 if first.parts.key == second.parts.key else self.similarity(first.parts, second.parts)
            best = max(best, similar)
            if first.parts.key == second.parts.key:
                why = max(first.why, second.why, key=list(Why).index)
                found[why] = SCORES[why]
            elif first.parts.of_words == second.parts.of_words and first.parts.words:
                found[Why.WORDS] = SCORES[Why.WORDS]
        if not found and best >= NEAR:
            low, high = OF_NEAR
            found[Why.NEAR] = round(low + (high - low) * (best - NEAR) / (1 - NEAR))
        if not found and is_called(one, other):
            found[Why.SHORT] = SCORES[Why.SHORT]
        if len(found) > 1:  # one reason by name is enough
            why = max(found, key=lambda each: found[each])
            found = {why: found[why]}
        return found, best

    def similarity(self, one: Parts, other: Parts) -> float:
        """How much of two names' weight stands in words that both have, misspelt or run together; from 0 to 1."""
        first, second = (
            [word for word in one.words if word not in other.words],
            [word for word in other.words if word not in one.words],
        )
        same = sum(self.weight(word) for word in one.words if word in other.words)
        for word in list(first):
            if near := next((each for each in second if self.may_be(word, each)), ""):
                same += min(self.weight(word), self.weight(near))
                first.remove(word)
                second.remove(near)
        if first and second and "".join(first) == "".join(second):
            same += sum(self.weight(word) for word in (first if len(first) < len(second) else second))
            first, second = [], []
        left = [sum(self.weight(word) for word in words) for words in (first, second)]
        if not same:
            return 0.0
        # Words on both sides that the other does not have name something else; on one side they may be left out.
        return 2 * same / (2 * same + sum(left)) - (0.15 * min(left) / (same + min(left)) if min(left) else 0.0)


def ways_to(body: Body) -> set[tuple[str, str]]:
    """What leads straight to a body: its names, their words, what may be misspelt in them, and what else is its own."""
    ways = {("identifier", each) for each in body.identifiers} | {("acronym", each) for each in body.acronyms}
    for name in body.names:
        ways |= {("name", name.parts.key), ("words", name.parts.of_words), ("begun", begun(name.parts))}
        if may_be_acronym(name.parts.text):
            ways.add(("acronym", acronym(name.parts.text)))
    return (ways | {("host", body.host)}) - {(kind, "") for kind in ("name", "words", "begun", "host", "acronym")}


def begun(parts: Parts) -> str:
    """How the words of a name begin: it stands whatever is misspelt behind. Short names begin like too many others."""
    return " ".join(sorted(word[:3] for word in parts.words)) if len(parts.words) > 1 else ""


def less_a_letter(word: str) -> set[str]:
    if len(word) < SHORTEST_MISSPELT:
        return {word}
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_contrary(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def is_called(one: Body, other: Body) -> bool:
    """Whether the name of one is the acronym of the other."""

    def calls(short: Body, full: Body) -> bool:
        return any(may_be_acronym(name.parts.text) and name.parts.key in full.acronyms for name in short.names)

    return calls(one, other) or calls(other, one)


# -- Pairs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organizations that may be one, by primary key; the first has the smaller."""

    first: int
    second: int
    likeness: Likeness


def pairs(index: Index | None = None) -> list[Pair]:
    """All pairs that may be one, the likeliest first."""
    index = index or Index.of_register()
    found = []
    for pk, body in index.bodies.items():
        for other in sorted(each for each in index.partners(body) if each > pk):
            likeness = index.compare(body, index.bodies[other])
            if likeness and likeness.score >= LEAST_SCORE:
                found.append(Pair(pk, other, likeness))
    return sorted(found, key=lambda pair: (-pair.likeness.score, pair.first, pair.second))
