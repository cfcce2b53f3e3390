"""From the text of a query to what is asked of the tables: words with their replacements, keys of names.

Bounds: MAX_TEXT characters and MAX_WORDS words are looked at, the rest is left out. Every word counts but the joining
ones ("of", "de", "y"), as long as there are others. The last word may be unfinished: from BEGUN letters on, words that
begin with it count ("confeder" finds Confederation). Two words that are known as one ("home net") count as one. A word
that the collections asked do not know is replaced by the nearest that they know.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, product

from engagement.search import vocabulary
from engagement.search.engine import Engine, Term, Way, Ways
from engagement.search.vocabulary import Near
from engagement.search.words import (
    JOINING,
    MAX_NAME,
    MAX_WORD,
    Word,
    beginnings,
    is_unspaced,
    name_key,
    query_words,
    token,
    words_key,
)

MAX_TEXT = 400
MAX_WORDS = 20
MAX_KEYS = 9  # names asked for where several words were replaced by several each
BEGUN = 3
SLIGHT = 2  # letters of a word that does not count where nothing is known of it

Replacements = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Question:
    """What is asked; false if nothing is, or of no collection that holds anything.

    numbers: of the collections, by name. keys: of names, of names in another order of words, and of their beginnings.
    words: the ways to ask for each word that counts.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    any_order: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    words: tuple[Ways, ...] = ()
    replacements: Replacements = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words and self.numbers)

    def of(self, collection: str) -> "Question":
        """The same question, put to one of the collections alone."""
        return replace(self, numbers={name: number for name, number in self.numbers.items() if name == collection})


@dataclass(frozen=True)
class _Asked:
    """One word of the query: how it is asked for, and how it is read in a name's key.

    What is written without spaces is asked for pair by pair, as if each were a word.
    """

    ways: tuple[Ways, ...]
    readings: tuple[str, ...]
    replaced: Replacements = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        return bool(self.readings[0]) and self.readings[0] not in JOINING


def understand(engine: Engine, collections: Sequence[str], text: str) -> Question:
    """The question that `text` puts to the collections; false if it holds no letter and no digit."""
    words = query_words(text[:MAX_TEXT])[:MAX_WORDS]
    if not words or not collections:
        return Question()
    numbers, known = vocabulary.known(engine, collections, _tokens(words))
    if not numbers:
        return Question()
    words = _merged(words, known)
    near = _near(engine, list(numbers.values()), words, known)
    asked = [_asked(word, near, known, last=word is words[-1]) for word in words]
    counting = [each for each in asked if each.counts] or asked
    counted = tuple(dict.fromkeys(ways for each in counting for ways in each.ways))[:MAX_WORDS]
    replacements = {shown: instead for each in asked for shown, instead in each.replaced.items()}
    return Question(numbers, *_keys(words, asked), counted, replacements)


def _tokens(words: list[Word]) -> list[str]:
    """Whatever may have to be known: the words, their parts, and each with the next as one."""
    asked = [each for word in words for each in (word.joined, *word.parts)]
    pairs = [(one.joined + other.joined)[:MAX_WORD] for one, other in pairwise(words)]
    return list(dict.fromkeys(map(token, (*asked, *pairs))))


def _merged(words: list[Word], known: set[str]) -> list[Word]:
    """The words, two of which that are only known as one made one."""
    merged: list[Word] = []
    for word in words:
        if merged and not (_occurs(merged[-1], known) and _occurs(word, known)):
            joined = (merged[-1].joined + word.joined)[:MAX_WORD]
            if token(joined) in known:
                merged[-1] = Word(joined, (*merged[-1].parts, *word.parts), unspaced=False)
                continue
        merged.append(word)
    return merged


def _near(engine: Engine, numbers: list[int], words: list[Word], known: set[str]) -> dict[str, Near]:
    """For each word that does not occur, and each part of it, what it may stand for."""
    unknown = [word for word in words if not _occurs(word, known)]
    if unknown and unknown[-1] is words[-1] and _begins_known(engine, numbers, words[-1], known):
        unknown.pop()
    parts = [part for word in unknown for part in word.parts if token(part) not in known]
    asked = [*(word.joined for word in unknown), *parts][:MAX_WORDS]
    return vocabulary.nearest(engine, numbers, asked, alone=len(words) == 1)


def _occurs(word: Word, known: set[str]) -> bool:
    return token(word.joined) in known or all(token(part) in known for part in word.parts)


def _begins_known(engine: Engine, numbers: list[int], word: Word, known: set[str]) -> bool:
    """Whether the word, or its last part after others that occur, begins any word that occurs."""
    after_known = all(token(part) in known for part in word.parts[:-1])
    ends = [end for end in (word.joined, *word.parts[-1:] * after_known) if _may_be_begun(end)]
    begun = list(dict.fromkeys(each for end in ends for each in beginnings(end)))
    return bool(begun) and vocabulary.begins_any(engine, numbers, begun)


# -- One word -----------------------------------------------------------------------------------------------------


def _asked(word: Word, near: dict[str, Near], known: set[str], *, last: bool) -> _Asked:
    whole = near.get(word.joined, Near())
    if whole.words or (whole and len(word.parts) == 1):
        return _replaced(word, whole)
    if any(near.get(part) for part in word.parts):
        return _by_parts(word, near)
    if whole:
        return _replaced(word, whole)
    return _Asked(tuple(_ways(word, last=last)), ("",) if _is_slight(word, known) else (word.joined,))


def _is_slight(word: Word, known: set[str]) -> bool:
    """A letter or two that nothing is known of do not count beside others: "Ministry f Labour"."""
    return len(word.joined) <= SLIGHT and word.joined.isalpha() and not word.unspaced and not _occurs(word, known)


def _replaced(word: Word, near: Near) -> _Asked:
    ways: list[Way] = [(_either(near.words),)] if near.words else []
    ways += [tuple(map(_either, near.split))] if near.split else []
    split = [" ".join(halves) for halves in product(*near.split)] if near.split else []
    shown = (*near.words, *split)
    read = (each.replace(" ", "") for each in shown)
    return _Asked((tuple(ways),), tuple(dict.fromkeys((*read, word.joined))), {word.joined: shown})


def _by_parts(word: Word, near: dict[str, Near]) -> _Asked:
    """A compound that is near to no word: each part by itself."""
    replaced = {part: near[part].words for part in word.parts if part in near and near[part].words}
    choices = [replaced.get(part, (part,)) for part in word.parts]
    readings = tuple("".join(chosen) for chosen in islice(product(*choices), MAX_KEYS))
    return _Asked(((tuple(map(_either, choices)),),), readings, replaced)


def _ways(word: Word, *, last: bool) -> Iterator[Ways]:
    """Joined, or all the parts; of an unspaced word, each part."""
    parts = tuple(_term(part, last=last and part == word.parts[-1]) for part in word.parts)
    if word.unspaced:
        yield from (((part,),) for part in parts)
    else:
        joined = (_term(word.joined, last=last),)
        yield (joined, parts) if len(parts) > 1 else (joined,)


def _term(part: str, *, last: bool) -> Term:
    return Term(beginnings(part), begun=True) if last and _may_be_begun(part) else Term((token(part),))


def _may_be_begun(part: str) -> bool:
    return len(part) >= BEGUN and not is_unspaced(part)


def _either(words: tuple[str, ...]) -> Term:
    return Term(tuple(dict.fromkeys(map(token, words))))


# -- Names --------------------------------------------------------------------------------------------------------


def _keys(words: list[Word], asked: list[_Asked]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The keys of the names asked for, the same in whatever order of words, and with what a name asked for begins."""
    written = tuple(word.joined for word in words)
    readings = [*filter(any, islice(product(*(each.readings for each in asked)), MAX_KEYS)), written]
    begun = (
        (name_key(before) + beginning)[:MAX_NAME]
        for *before, unfinished in readings
        for beginning in (*beginnings(unfinished), token(unfinished))
    )
    any_order = filter(None, map(words_key, readings))
    return _once(map(name_key, readings)), _once(any_order), _once(begun)


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))
