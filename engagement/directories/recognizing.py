"""Which records of the register a list of names means, and why: a former name, an error in spelling …

The search finds them and does not know of what kind a name is; that is settled here, of each collection by its own
names (RECOGNIZABLE). One record for which the reason leaves no doubt is recognized; anything less is “perhaps”, and of
several equally good ones none is chosen.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from engagement.directories.documents import instrument_citations, instrument_codes, project_names
from engagement.models import Country, Instrument, NameKind, Organization, OrganizationName, Project
from engagement.models.languages import ENGLISH, OTHERS
from engagement.search import Named, Reason, initials, match_names, name_keys, normalise, tokens_that_count


class Why(TextChoices):
    """Why a record is taken for the one that a text names, from the surest reason to the weakest."""

    NAME = "name", _("Its name")
    SPELLING = "spelling", _("Its name, but for capitals, accents, punctuation or spelling variants")
    CODE = "code", _("Its code")
    ACRONYM = "acronym", _("Its acronym")
    FORMER = "former-name", _("A former name")
    LANGUAGE = "other-language", _("Its name in another language")
    OTHER = "other-name", _("Another name, or a spelling found in a source")
    TOGETHER = "together", _("Its name with its acronym, initials or another name")
    TURNED = "turned", _("Its name, turned round at the comma")
    ORDER = "order", _("The same words in another order, or joined in another way")
    NEAR = "near", _("Near to a name of it: an error in spelling")
    WITHIN = "within", _("A name of it, and something more")
    INITIALS = "initials", _("The initials of its name")
    WORDS = "words", _("Part of a name of it")


class Result(TextChoices):
    """What became of a line."""

    RECOGNIZED = "recognized", _("Recognized")
    PERHAPS = "perhaps", _("Perhaps")
    UNKNOWN = "unknown", _("Not found")


@dataclass(frozen=True)
class Alias:
    """The name of a record that a text has, '' where it is its own; its language, and the date of its end."""

    name: str = ""
    lang: str = ""
    until: str = ""


OWN = Alias()
# Its own first, and of further ones the most telling first; each with the reason it is when a text is that name.
Names = list[tuple[Why, Alias]]


@dataclass(frozen=True)
class Candidate:
    """A record that a text may name, why, and by which of its names.

    score: of 100; equal ones are equally good. replaced: words of the text with what they were taken for ('': nothing).
    """

    record: Any
    why: Why
    score: int
    is_sure: bool
    alias: Alias = OWN
    replaced: tuple[tuple[str, str], ...] = ()

    @property
    def organization(self) -> Organization:
        """The record, where organizations are asked for."""
        organization: Organization = self.record
        return organization


@dataclass(frozen=True)
class Recognition:
    """What is made of one text: the records that it may name, the best first, equally good ones by name."""

    candidates: tuple[Candidate, ...] = ()

    @property
    def result(self) -> Result:
        if not self.candidates:
            return Result.UNKNOWN
        alone = len(self.candidates) == 1
        return Result.RECOGNIZED if alone and self.candidates[0].is_sure else Result.PERHAPS

    @property
    def chosen(self) -> Candidate | None:
        """The one that is recognized, or the only one that it may be."""
        return self.candidates[0] if len(self.candidates) == 1 else None


# -- What has names -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recognizable:
    """A collection whose records are known by name.

    records: those that may be recognized. names: of each of them. read: a text as it is compared with the names.
    """

    records: Callable[[], QuerySet]
    names: Callable[[Any], Names]
    read: Callable[[str], str] = str


# The kinds of further names that are told apart, the most telling first.
KINDS = {NameKind.ACRONYM: Why.ACRONYM, NameKind.FORMER: Why.FORMER, NameKind.LANGUAGE: Why.LANGUAGE}


def organizations() -> QuerySet:
    names = Prefetch("names", queryset=OrganizationName.objects.published())
    return Organization.objects.published().prefetch_related(names)


def names_of_organization(body: Organization) -> Names:
    order = [*KINDS.values(), Why.OTHER]
    others = [(KINDS.get(NameKind(each.kind), Why.OTHER), _alias(each)) for each in body.names.all()]
    others.sort(key=lambda name: order.index(name[0]))
    return [(Why.NAME, Alias(body.name, body.name_lang)), (Why.ACRONYM, Alias(body.acronym)), *others]


def _alias(name: OrganizationName) -> Alias:
    return Alias(name.name, name.lang, name.until)


def names_of_country(country: Country) -> Names:
    others = [(Why.LANGUAGE, Alias(getattr(country, f"name_{language}"), language)) for language in OTHERS]
    codes = [(Why.CODE, Alias(code)) for code in (country.iso2, country.iso3)]
    return [(Why.NAME, Alias(country.name, ENGLISH)), *others, *codes]


def names_of_project(project: Project) -> Names:
    title, acronym, title_alone = project_names(project)
    return [(Why.NAME, Alias(title)), (Why.ACRONYM, Alias(acronym)), (Why.OTHER, Alias(title_alone))]


def names_of_instrument(instrument: Instrument) -> Names:
    codes = [(Why.CODE, Alias(code)) for code in instrument_codes(instrument)]
    citations = [(Why.TOGETHER, Alias(cited, ENGLISH)) for cited in instrument_citations(instrument)]
    return [(Why.NAME, Alias(instrument.title, ENGLISH)), *codes, *citations]


# "ILO Convention No. 87", "Convention n° 87", "Convenio núm. 87", "C.87".
_NUMBERED = re.compile(
    r"(?:ILO\s+)?(Convention|Convenio|C)[\s.]*(?:(?:No|n|núm|num)[.°º]*\s*)?(\d{1,3})", re.IGNORECASE
)


def read_instrument(text: str) -> str:
    """A Convention that is cited by its number alone, without what stands about the number in each language."""
    numbered = _NUMBERED.fullmatch(text.strip())
    return f"{numbered[1]} {numbered[2]}" if numbered else text


# By the name of the directory (`Directory.name`).
RECOGNIZABLE = {
    "organizations": Recognizable(organizations, names_of_organization),
    "countries": Recognizable(Country.objects.published, names_of_country),
    "projects": Recognizable(Project.objects.published, names_of_project),
    "instruments": Recognizable(Instrument.objects.published, names_of_instrument, read_instrument),
}


# -- What a text names ----------------------------------------------------------------------------------------------


def recognized(texts: Sequence[str], collection: str = "organizations") -> list[Recognition]:
    """What is made of each text, in their order; a fixed number of queries for however many."""
    known = RECOGNIZABLE[collection]
    found = match_names([*map(known.read, texts)], collection)
    keys = {each.record_id for some in found for each in some}
    records = {record.pk: record for record in known.records().filter(pk__in=keys)}
    names = {key: known.names(record) for key, record in records.items()}
    return [Recognition(tuple(_settled(some, records, names))) for some in found]


def _settled(found: Iterable[Named], records: dict[int, Any], names: dict[int, Names]) -> list[Candidate]:
    there = (each for each in found if each.record_id in records)
    settled = (_reasoned(records[each.record_id], names[each.record_id], each) for each in there)
    return sorted((each for each in settled if each is not None), key=_rank)


def _rank(candidate: Candidate) -> tuple[int, str, str]:
    return -candidate.score, normalise(str(candidate.record)), candidate.record.natural_key()[0]


def _reasoned(record: Any, names: Names, named: Named) -> Candidate | None:
    """The candidate with its reason; None where the names themselves do not bear it out."""
    if named.reason in (Reason.WORDS, Reason.LETTERS):
        why, part_of = _part_of(record, names, named)
        return Candidate(record, why, named.score, named.is_sure, part_of) if part_of else None
    kind, alias = _named_so(names, named.reading)
    why = kind if named.reason is Reason.NAME else Why[named.reason.name]
    return Candidate(record, why, named.score, named.is_sure, alias, named.replaced)


def _named_so(names: Names, reading: str) -> tuple[Why, Alias]:
    """Of what kind the name is that the reading has, its own before others; and the name, where it is another."""
    keys = set(name_keys(reading))
    for why, alias in names:
        if keys.intersection(name_keys(alias.name)):
            if why is not Why.NAME:
                return why, alias
            return Why.NAME if alias.name == reading else Why.SPELLING, OWN
    return Why.OTHER, OWN


def _part_of(record: Any, names: Names, named: Named) -> tuple[Why, Alias | None]:
    """The name whose initials the reading is, or that has all its words, where these are half of it at least."""
    asked, own = tokens_that_count(named.reading), names[0][1]
    if named.reason is Reason.LETTERS:
        return Why.INITIALS, own if asked == [initials(own.name)] else None
    for alias in (*(alias for _why, alias in names), Alias(str(record), own.lang)):
        words = set(tokens_that_count(alias.name))
        if words.issuperset(asked) and 2 * len(set(asked)) >= len(words):
            return Why.WORDS, alias
    return Why.WORDS, None
