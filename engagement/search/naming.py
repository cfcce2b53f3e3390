"""Many names at once: which records of a collection each may name, and why.

A text is compared with the names that the documents hold, in this order; the first way that finds anything decides:

    name      it is a name of the record, as names are compared: without case, accents, punctuation, -ise for -ize
    together  its parts ("Name (ACRONYM)", "Name – Name") are all names of one record, or the initials of one
    turned    turned round at its comma it is a name ("Churches, World Council of")
    order     a name has the same words in another order, or with other joining words
    near      a name has its words, but for errors in spelling      } both are looked for
    within    a part of it is a name, and the rest is something else }
    words     all its words stand in names of the record, which has others besides
    letters   its one word is a word of the record that stands in no name: initials, if the caller knows the names

Only the first three are sure, and only where one record is found; the rest is a guess to be shown as one. Equally good
records come together: none is chosen. Nothing is known here of what kind a name is (present, former, acronym).

Statements: at most seven for however many texts. What is read grows with what is asked, not with the collection, but
for the words that share letters with misspelt ones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product

from django.db import DEFAULT_DB_ALIAS

from engagement.search import vocabulary
from engagement.search.asking import MAX_KEYS, MAX_TEXT, MAX_WORDS, SLIGHT
from engagement.search.engine import NAME, NAMED, WORD, Engine, Term, Ways, document_id
from engagement.search.engines import engine_for
from engagement.search.words import JOINING, Word, initials, name_key, name_keys, query_words, token, words_key

MOST = 25  # records of one text; a word that more records hold tells nothing by itself
FEW = 5  # records that have all the words of a text; of more, none is meant
MOST_PARTS = 6
MISSPELT = 3  # words of a text that may be replaced
SHORTEST_ALONE = 5  # letters of a word that is replaced where it stands alone: another acronym is not a misspelt one
SHORTEST_INITIALS, LONGEST_INITIALS = 3, 10


class Reason(StrEnum):
    NAME = "name"
    TOGETHER = "together"
    TURNED = "turned"
    ORDER = "order"
    NEAR = "near"
    WITHIN = "within"
    WORDS = "words"
    LETTERS = "letters"


SURE = frozenset({Reason.NAME, Reason.TOGETHER, Reason.TURNED})
SCORES = dict(zip(Reason, (100, 98, 96, 85, 80, 60, 45, 40), strict=True))
PER_WORD = 5  # what each replaced word but the first takes from a score


@dataclass(frozen=True)
class Named:
    """A record that a text may name.

    score: of 100; equal ones are equally good. reading: what of the text, as it was read, is compared with its names.
    replaced: words of the text, each with the word of the name that it was taken for ('' for none).
    """

    record_id: int
    reason: Reason
    score: int
    reading: str
    replaced: tuple[tuple[str, str], ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.reason in SURE


def match_names(texts: Sequence[str], collection: str, *, using: str = DEFAULT_DB_ALIAS) -> list[tuple[Named, ...]]:
    """For each text the records that it may name, the best first; at most MOST, none where it names none."""
    engine = engine_for(using)
    number = engine.number_of(collection)
    if number is None:
        return [() for _ in texts]
    asked = {text: _Asked.read(text) for text in texts}
    found: Found = {text: [] for text in asked}
    names = _Names(engine, number)
    for step in (_by_name, _by_part_or_spelling, _by_words):
        left = {text: each for text, each in asked.items() if each.names and not found[text]}
        if left:
            found |= step(names, left)
    return [tuple(found[text][:MOST]) for text in texts]


# -- Texts as they are pasted ---------------------------------------------------------------------------------------

_NUMBERING = re.compile(r"(?:\s*(?:\(?\d{1,4}[.)](?=\s)|\d{1,4}(?=\t)|[a-z]\)(?=\s)|[-–—*•‣◦▪·](?=\s)))*\s*")
_BETWEEN = re.compile(r"[()\[\]{}（）,;|]|\s[-–—/:]+\s")


def tidied(line: str) -> str:
    """A line of a list or a row of a table as the name it holds: its first cell, without number, bullet or quotes."""
    rest = line[_NUMBERING.match(line).end() :]  # type: ignore[union-attr]  # it matches every line, if only ''
    cells = (cell.strip(' "“”«»,;\r\n\v\f') for cell in rest.split("\t"))
    return next(filter(None, cells), "")


def tokens_that_count(text: str) -> list[str]:
    """What is compared of each word of a name but the joining ones."""
    return [token(word.joined) for word in query_words(text)[:MAX_WORDS] if word.joined not in JOINING]


@dataclass(frozen=True)
class _Asked:
    """A text, the ways to read it as a name, and its parts (none where it is one)."""

    text: str
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    turned: str = ""

    @classmethod
    def read(cls, line: str) -> "_Asked":
        text = tidied(line)[:MAX_TEXT]
        parts = tuple(part.strip() for part in _BETWEEN.split(text) if name_keys(part))
        before, comma, after = text.partition(",")
        turned = f"{after.strip()} {before.strip()}" if comma and "," not in after and name_keys(after) else ""
        if not 1 < len(parts) <= MOST_PARTS:
            parts = ()
        return cls(text, name_keys(text), parts, turned)

    @property
    def fullest(self) -> tuple[str, ...]:
        """What may be misspelt: the text, and the longest of its parts."""
        return (self.text, max(self.parts, key=len)) if self.parts else (self.text,)


# -- The three steps ------------------------------------------------------------------------------------------------


class _Names:
    """The names and words of one collection."""

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine, self.number = engine, number
        self._frequencies: dict[str, int] = {}

    def of(self, keys: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """The records with a name of each of the keys, in one statement."""
        among, values = self.engine.among(sorted(set(filter(None, keys))))
        select = f"SELECT name, document FROM {NAME} WHERE collection = %s AND name {among} ORDER BY name, document"
        found: dict[str, tuple[int, ...]] = {}
        for key, document in self.engine.run(select, [self.number, *values]):
            found[key] = (*found.get(key, ()), document - document_id(self.number, 0))
        return found

    def frequencies(self, tokens: Iterable[str]) -> dict[str, int]:
        """How many records hold each of the tokens, 0 for none; asked once."""
        if new := sorted(set(tokens) - set(self._frequencies)):
            among, values = self.engine.among(new)
            select = f"SELECT token, SUM(frequency) FROM {WORD} WHERE collection = %s AND token {among} GROUP BY token"
            self._frequencies |= dict.fromkeys(new, 0) | {
                held: int(frequency) for held, frequency in self.engine.run(select, [self.number, *values])
            }
        return self._frequencies

    def holders(self, asked: Sequence[list[str]]) -> dict[str, set[int]]:
        """By token the records, of those that have all of some asked tokens in their names, or a single one at all."""
        ways: list[Ways] = []
        for tokens in asked:
            named = tuple(Term((NAMED + each,)) for each in tokens)
            ways.append((named, (Term((tokens[0],)),)) if _may_be_initials(tokens) else (named,))
        held: dict[str, set[int]] = {}
        for record, tokens_of_it in (self.engine.holding(self.number, ways) if ways else {}).items():
            for each in tokens_of_it:
                held.setdefault(each, set()).add(record)
        return held


Asked = dict[str, _Asked]
Found = dict[str, list[Named]]


def _by_name(names: _Names, asked: Asked) -> Found:
    """Those that are a name, whole, part by part, turned round or in another order."""
    readings = (reading for each in asked.values() for reading in (each.text, each.turned, *each.parts))
    records = names.of(key for reading in readings for key in name_keys(reading))
    return {text: _named(each, records) for text, each in asked.items()}


def _named(asked: _Asked, records: dict[str, tuple[int, ...]]) -> list[Named]:
    if whole := _exactly(asked.text, records):
        return _all(whole, Reason.NAME, asked.text)
    if together := _together(asked.parts, records):
        return _all(together, Reason.TOGETHER, max(asked.parts, key=len))
    if asked.turned and (turned := _exactly(asked.turned, records)):
        return _all(turned, Reason.TURNED, asked.turned)
    return _all(records.get(asked.names[-1], ()), Reason.ORDER, asked.text)


def _exactly(reading: str, records: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    return records.get(name_keys(reading)[0], ())


def _together(parts: tuple[str, ...], records: dict[str, tuple[int, ...]]) -> list[int]:
    """The records of which every part is a name, or the initials of a part that is one."""
    by_part = {part: _exactly(part, records) for part in parts}
    together = []
    for record in sorted({record for some in by_part.values() for record in some}):
        of_it = [part for part in parts if record in by_part[part]]
        short = {initials(part) for part in of_it}
        if all(part in of_it or name_keys(part)[0] in short for part in parts):
            together.append(record)
    return together


def _by_part_or_spelling(names: _Names, asked: Asked) -> Found:
    """Those of which a part is a name, and those that are near to one."""
    corrections = _corrections(names, asked)
    parts = (key for each in asked.values() for part in each.parts for key in name_keys(part))
    records = names.of((*parts, *(key for some in corrections.values() for each in some for key in each.keys)))
    found: Found = {}
    for text, each in asked.items():
        best: dict[int, Named] = {}
        for part in sorted(each.parts, key=len):
            for record in _exactly(part, records):
                best[record] = Named(record, Reason.WITHIN, SCORES[Reason.WITHIN], part)
        for corrected in reversed(corrections[text]):
            for record in (record for key in corrected.keys for record in records.get(key, ())):
                best[record] = corrected.candidate(record)
        found[text] = sorted(best.values(), key=lambda one: (-one.score, one.record_id))
    return found


def _by_words(names: _Names, asked: Asked) -> Found:
    """Those whose words all stand in a record's names, and single ones that may be initials."""
    tokens = {text: tokens_that_count(each.text) for text, each in asked.items()}
    frequencies = names.frequencies(each for some in tokens.values() for each in some)
    sought = {
        text: some for text, some in tokens.items() if some and 0 < min(frequencies[each] for each in some) <= MOST
    }
    holders = names.holders(list(sought.values()))
    return {text: _holding(each, sought.get(text, []), holders) for text, each in asked.items()}


def _holding(asked: _Asked, tokens: list[str], holders: dict[str, set[int]]) -> list[Named]:
    records = set.intersection(*(holders.get(NAMED + each, set()) for each in tokens)) if tokens else set[int]()
    reason = Reason.WORDS
    if not records and _may_be_initials(tokens):
        records, reason = holders.get(tokens[0], set()), Reason.LETTERS
    return _all(sorted(records), reason, asked.text) if len(records) <= FEW else []


def _may_be_initials(tokens: list[str]) -> bool:
    return len(tokens) == 1 and tokens[0].isalpha() and SHORTEST_INITIALS <= len(tokens[0]) <= LONGEST_INITIALS


def _all(records: Iterable[int], reason: Reason, reading: str) -> list[Named]:
    return [Named(record, reason, SCORES[reason], reading) for record in records]


# -- Errors in spelling ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Corrected:
    """A text with the words that nothing is known of replaced by near ones."""

    words: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(filter(None, (name_key(self.words), words_key(self.words))))

    def candidate(self, record: int) -> Named:
        score = SCORES[Reason.NEAR] - PER_WORD * (len(self.replaced) - 1)
        return Named(record, Reason.NEAR, score, " ".join(filter(None, self.words)), self.replaced)


def _corrections(names: _Names, asked: Asked) -> dict[str, list[_Corrected]]:
    """For each text the ways in which it may be misspelt, the likeliest first."""
    words = {reading: query_words(reading)[:MAX_WORDS] for each in asked.values() for reading in each.fullest}
    known = names.frequencies(token(part) for some in words.values() for word in some for part in _spelt(word))
    unknown = {reading: [word for word in some if not _occurs(word, known)] for reading, some in words.items()}
    doubtful = {reading: some for reading, some in unknown.items() if 0 < len(some) <= MISSPELT}
    sought = (part for some in doubtful.values() for word in some for part in _spelt(word))
    near = vocabulary.nearest_of_many(names.engine, names.number, (each for each in sought if not known[token(each)]))
    return {
        text: [
            corrected
            for reading in each.fullest
            if reading in doubtful and _may_be_misspelt(words[reading])
            for corrected in _corrected(words[reading], known, near)
        ]
        for text, each in asked.items()
    }


def _corrected(words: list[Word], known: dict[str, int], near: dict[str, tuple[str, ...]]) -> Iterator[_Corrected]:
    choices = [_choices(word, known, near) for word in words]
    for chosen in islice(product(*choices), MAX_KEYS):
        replaced = tuple(pair for _word, pairs in chosen for pair in pairs)
        yield _Corrected(tuple(word for word, _pairs in chosen), replaced)


_Choice = tuple[str, tuple[tuple[str, str], ...]]


def _choices(word: Word, known: dict[str, int], near: dict[str, tuple[str, ...]]) -> list[_Choice]:
    """What a word may be, with what was replaced by what; nothing where it is unknown and near to nothing."""
    if _occurs(word, known):
        return [(word.joined, ())]
    if whole := near.get(word.joined):
        return [(each, ((word.joined, each),)) for each in whole]
    if len(word.parts) > 1:
        parts = [_choices(Word(part, (part,), unspaced=False), known, near) for part in word.parts]
        return [
            ("".join(each for each, _pairs in chosen), tuple(pair for _each, pairs in chosen for pair in pairs))
            for chosen in islice(product(*parts), MAX_KEYS)
        ]
    return [("", ((word.joined, ""),))] if len(word.joined) <= SLIGHT and word.joined.isalpha() else []


def _may_be_misspelt(words: list[Word]) -> bool:
    return len(words) > 1 or len(words[0].joined) >= SHORTEST_ALONE


def _occurs(word: Word, known: dict[str, int]) -> bool:
    if word.joined in JOINING or known[token(word.joined)]:
        return True
    return bool(word.parts) and all(known[token(part)] for part in word.parts)


def _spelt(word: Word) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word.joined, *word.parts)))
