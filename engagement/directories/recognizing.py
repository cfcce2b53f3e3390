"""Which organizations of the register a list of names means, and why: a former name, an error in spelling …

The search finds them and does not know of what kind a name is; that is settled here. One organization for which the
reason leaves no doubt is recognized; anything less is “perhaps”, and of several equally good ones none is chosen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from engagement.models import NameKind, Organization, OrganizationName
from engagement.search import Named, Reason, initials, match_names, name_keys, tokens_that_count


class Why(TextChoices):
    """Why an organization is taken for the one that a text names, from the surest reason to the weakest."""

    NAME = "name", _("Its name")
    SPELLING = "spelling", _("Its name, but for capitals, accents, punctuation or spelling variants")
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
    """The name of an organization that a text has, '' where it is its own; its language, and the date of its end."""

    name: str = ""
    lang: str = ""
    until: str = ""


OWN = Alias()


@dataclass(frozen=True)
class Candidate:
    """An organization that a text may name, why, and by which of its names.

    score: of 100; equal ones are equally good. replaced: words of the text with what they were taken for ('': nothing).
    """

    organization: Organization
    why: Why
    score: int
    is_sure: bool
    alias: Alias = OWN
    replaced: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Recognition:
    """What is made of one text: the organizations that it may name, the best first, equally good ones by name."""

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


def recognized(texts: Sequence[str]) -> list[Recognition]:
    """What is made of each text, in their order; a fixed number of queries for however many."""
    found = match_names(texts, "organizations")
    bodies = _bodies({each.record_id for some in found for each in some})
    return [Recognition(tuple(_settled(some, bodies))) for some in found]


def _bodies(keys: Iterable[int]) -> dict[int, Organization]:
    names = Prefetch("names", queryset=OrganizationName.objects.published())
    rows = Organization.objects.published().filter(pk__in=keys).prefetch_related(names)
    return {body.pk: body for body in rows}


def _settled(found: Iterable[Named], bodies: dict[int, Organization]) -> list[Candidate]:
    settled = (_reasoned(bodies[each.record_id], each) for each in found if each.record_id in bodies)
    kept = [each for each in settled if each is not None]
    return sorted(kept, key=lambda each: (-each.score, each.organization.sort_name, each.organization.slug))


def _reasoned(body: Organization, named: Named) -> Candidate | None:
    """The candidate with its reason; None where the names themselves do not bear it out."""
    if named.reason in (Reason.WORDS, Reason.LETTERS):
        why, alias = _part_of(body, named)
        return Candidate(body, why, named.score, named.is_sure, alias) if alias else None
    kind, alias = _named_so(body, named.reading)
    why = kind if named.reason is Reason.NAME else Why[named.reason.name]
    return Candidate(body, why, named.score, named.is_sure, alias, named.replaced)


# The kinds of further names that are told apart, the most telling first.
KINDS = {NameKind.ACRONYM: Why.ACRONYM, NameKind.FORMER: Why.FORMER, NameKind.LANGUAGE: Why.LANGUAGE}


def _named_so(body: Organization, reading: str) -> tuple[Why, Alias]:
    """Of what kind the name is that the reading has, its own before others; and the name, where it is another."""
    if body.name == reading:
        return Why.NAME, OWN
    keys = set(name_keys(reading))
    if keys.intersection(name_keys(body.name)):
        return Why.SPELLING, OWN
    if keys.intersection(name_keys(body.acronym)):
        return Why.ACRONYM, Alias(body.acronym)
    others = [name for name in body.names.all() if keys.intersection(name_keys(name.name))]
    for kind, why in KINDS.items():
        if name := next((each for each in others if each.kind == kind), None):
            return why, _alias(name)
    return Why.OTHER, _alias(others[0]) if others else OWN


def _alias(name: OrganizationName) -> Alias:
    return Alias(name.name, name.lang, name.until)


def _part_of(body: Organization, named: Named) -> tuple[Why, Alias | None]:
    """The name whose initials the reading is, or that has all its words, where these are half of it at least."""
    asked, own = tokens_that_count(named.reading), Alias(body.name, body.name_lang)
    if named.reason is Reason.LETTERS:
        return Why.INITIALS, own if asked == [initials(body.name)] else None
    for alias in (own, *map(_alias, body.names.all()), Alias(str(body), body.name_lang)):
        words = set(tokens_that_count(alias.name))
        if words.issuperset(asked) and 2 * len(set(asked)) >= len(words):
            return Why.WORDS, alias
    return Why.WORDS, None
