"""The words that documents hold: how often, and which are near to a word that none holds.

Near is counted in letters left out, put in, changed, or changed places with the next (Damerau and Levenshtein, no part
edited twice): one in words of three or four letters, two in longer ones, none in shorter. Of as many edits, those that
fewer other words explain weigh less: a letter left out or turned, against one put in or changed, which might have been
any other. Numbers are never replaced by others. Candidates are the words that share most trigrams; among the nearest
the more frequent comes first, then the alphabet decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from string import ascii_lowercase
from typing import Any

from engagement.search.engine import COLLECTION, HIGHEST, TRIGRAM, WORD, Engine, marks
from engagement.search.words import JOINING, is_unspaced, token

SHORTEST, SHORT = 3, 5  # letters of a word that is replaced; of one that may hold two edits, if they are light
LIGHT, HEAVY, FAR = 10, 11, 1000  # weights of edits: one left out or turned, one put in or changed; too many
SHORTEST_HALF = 3  # letters of each of two words written as one
CANDIDATES = 200
MAX_HALVES = 20  # words looked for where one word may be two
REPLACEMENTS = 3


def trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def may_replace(word: str) -> bool:
    """Words with letters: a wrong number is not a misspelt one, and a character of Chinese not a misspelt word."""
    return len(word) >= SHORTEST and word.isalnum() and not word.isdecimal() and not is_unspaced(word)


# -- Keeping it ---------------------------------------------------------------------------------------------------


def change(engine: Engine, number: int, differences: Counter[str]) -> None:
    """Add to (or take from) the number of documents that hold each word."""
    changed = sorted((word, difference) for word, difference in differences.items() if difference)
    more = [word for word, difference in changed if difference > 0]
    known = held(engine, number, more)
    engine.insert(
        f"{WORD} (word, collection, token, frequency)",
        "(%s, %s, %s, %s)",
        ((word, number, token(word), difference) for word, difference in changed),
        conflict=f"ON CONFLICT (word, collection) DO UPDATE SET frequency = {WORD}.frequency + excluded.frequency",
    )
    new = [word for word in more if word not in known and may_replace(word)]
    rows = ((number, gram, len(word), word) for word in new for gram in sorted(trigrams(word)))
    engine.insert(f"{TRIGRAM} (collection, trigram, length, word)", "(%s, %s, %s, %s)", rows)
    _forget(engine, number, [word for word, difference in changed if difference < 0])


def clear(engine: Engine, number: int) -> None:
    for table in (WORD, TRIGRAM):
        engine.run(f"DELETE FROM {table} WHERE collection = %s", [number])


def held(engine: Engine, number: int, words: Iterable[str]) -> dict[str, int]:
    """How many documents hold each of the words, for those that any holds."""
    select = f"SELECT word, frequency FROM {WORD} WHERE collection = %s AND word IN %s"
    return dict(engine.run_each(select, words, number))


def _forget(engine: Engine, number: int, words: list[str]) -> None:
    gone = [word for word, frequency in held(engine, number, words).items() if frequency <= 0]
    engine.run_each(f"DELETE FROM {WORD} WHERE collection = %s AND word IN %s", gone, number)
    for word in gone:
        engine.run_each(
            f"DELETE FROM {TRIGRAM} WHERE collection = %s AND length = %s AND word = %s AND trigram IN %s",
            trigrams(word), number, len(word), word,
        )  # fmt: skip


# -- Asking it ----------------------------------------------------------------------------------------------------


def known(engine: Engine, collections: Sequence[str], tokens: Sequence[str]) -> tuple[dict[str, int], set[str]]:
    """The numbers of the collections, as far as anything was written of them, and the tokens that occur in them."""
    rows = engine.run(
        f"SELECT DISTINCT c.name, c.number, w.token FROM {COLLECTION} c LEFT JOIN {WORD} w "
        f"ON w.collection = c.number AND w.token IN {marks(tokens)} WHERE c.name IN {marks(collections)}",
        [*tokens, *collections],
    )
    return {name: number for name, number, _ in rows}, {token for _, _, token in rows if token is not None}


def begins_any(engine: Engine, numbers: Sequence[int], beginnings: Sequence[str]) -> bool:
    """Whether any token of the collections begins with one of these."""
    begun = " OR ".join(["(token >= %s AND token < %s)"] * len(beginnings))
    bounds = [bound for beginning in beginnings for bound in (beginning, beginning + HIGHEST)]
    select = f"SELECT 1 FROM {WORD} WHERE collection IN {marks(numbers)} AND ({begun}) LIMIT 1"
    return bool(engine.run(select, [*numbers, *bounds]))


@dataclass(frozen=True)
class Near:
    """What a word that does not occur may stand for: words, or two words written as one (each perhaps several)."""

    words: tuple[str, ...] = ()
    split: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.split)


def nearest(engine: Engine, numbers: Sequence[int], words: Sequence[str], *, alone: bool) -> dict[str, Near]:
    """What words that do not occur in the collections may stand for.

    Of a word that is asked `alone`, the lightest edits count; among others, which tell what is meant, whatever is as
    many edits away. Two statements for however many words; two more if one may be two words with an error in them.
    """
    asked = [word for word in dict.fromkeys(words) if may_replace(word)]
    if not asked:
        return {}
    candidates = _candidates(engine, numbers, asked, alone=alone)
    halves = {half for word in asked for pair in _splits(word) for half in pair}
    frequencies = _frequencies(engine, numbers, halves.union(*candidates.values()))
    near = {word: _nearest(word, candidates[word], frequencies, alone=alone) for word in asked}
    return near | _misspelt_halves(engine, numbers, [word for word in asked if not near[word]], set(frequencies))


def _nearest(word: str, candidates: set[str], frequencies: dict[str, int], *, alone: bool) -> Near:
    heaviest = _heaviest(word)
    alike = (each for each in candidates if each in frequencies and _digits(each) == _digits(word))
    weights = {each: weight for each in alike if (weight := distance(word, each, heaviest)) <= heaviest}
    splits = [pair for pair in _splits(word) if all(half in frequencies for half in pair)]
    least = min((*weights.values(), *([HEAVY] if splits else [])), default=FAR)
    farthest = least if alone else least // LIGHT * HEAVY
    best = max(splits, key=lambda pair: (min(map(frequencies.__getitem__, pair)), pair)) if splits else ()
    found = sorted(
        (each for each in weights if weights[each] <= farthest),
        key=lambda each: (weights[each], -frequencies[each], each),
    )
    return Near(tuple(_spelt_once(found))[:REPLACEMENTS], tuple((half,) for half in best if least <= HEAVY))


def _spelt_once(words: list[str]) -> Iterator[str]:
    """Of words that are compared as one, the first."""
    first = {token(word): word for word in reversed(words)}
    return (word for word in words if first[token(word)] == word)


def _misspelt_halves(engine: Engine, numbers: Sequence[int], words: list[str], known: set[str]) -> dict[str, Near]:
    """Of words that may be two, one of which occurs and the other is near to one that does."""
    pairs = {word: [pair for pair in _splits(word) if not known.isdisjoint(pair)] for word in words}
    halves = {half for some in pairs.values() for pair in some for half in pair}
    asked = sorted(half for half in halves - known if may_replace(half))[:MAX_HALVES]
    if not asked:
        return {}
    candidates = _candidates(engine, numbers, asked, alone=False)
    frequencies = _frequencies(engine, numbers, set().union(*candidates.values()))
    near = {half: _nearest(half, candidates[half], frequencies, alone=True).words for half in asked}
    near |= {half: (half,) for half in halves & known}
    found = {}
    for word, some in pairs.items():
        read = [(near.get(one, ()), near.get(other, ())) for one, other in some]
        if whole := [(one, other) for one, other in read if one and other]:
            found[word] = Near(split=max(whole, key=lambda pair: min(len(half[0]) for half in pair)))
    return found


def _splits(word: str) -> list[tuple[str, str]]:
    """The two words that one may be made of: "ofhaiti" and "tradeunion", but not any letter or two and the rest."""
    pairs = [(word[:i], word[i:]) for i in range(2, len(word) - 1)]
    return [pair for pair in pairs if all(len(half) >= SHORTEST_HALF or half in JOINING for half in pair)]


def _heaviest(word: str) -> int:
    """What the edits of a word may weigh: one in short words, two in longer ones, and between them two light ones."""
    return HEAVY if len(word) < SHORT else 2 * LIGHT if len(word) == SHORT else 2 * HEAVY


def _digits(word: str) -> list[str]:
    return [character for character in word if character.isdecimal()]


def _frequencies(engine: Engine, numbers: Sequence[int], words: Iterable[str]) -> dict[str, int]:
    """How many documents of the collections hold each of the words, for those that any holds."""
    words = list(words)
    rows = engine.run(
        f"SELECT word, SUM(frequency) FROM {WORD} WHERE word IN {marks(words)} AND collection IN {marks(numbers)} "
        "GROUP BY word",
        [*words, *numbers],
    )
    return {word: int(frequency) for word, frequency in rows}


def _candidates(engine: Engine, numbers: Sequence[int], words: Sequence[str], *, alone: bool) -> dict[str, set[str]]:
    """For each of the words, what may be near to it; whether it occurs is not yet known of all."""
    found = {word: _short_of_trigrams(word, alone=alone) for word in words}
    selects, values = [], list[Any]()
    for place, word in enumerate(words):
        grams, edits = sorted(trigrams(word)), _heaviest(word) // LIGHT
        least = max(1, len(grams) - 4 * edits)  # an edit takes at most four trigrams from the word
        selects.append(
            f"SELECT * FROM (SELECT {place} AS place, word FROM {TRIGRAM} WHERE collection IN {marks(numbers)} "
            f"AND trigram IN {marks(grams)} AND length BETWEEN %s AND %s GROUP BY word "
            "HAVING COUNT(DISTINCT trigram) >= %s ORDER BY COUNT(DISTINCT trigram) DESC, word LIMIT %s) AS sharing"
        )
        values += [*numbers, *grams, len(word) - edits, len(word) + edits, least, CANDIDATES]
    for place, candidate in engine.run(" UNION ALL ".join(selects), values):
        found[words[place]].add(candidate)
    return found


def nearest_of_many(engine: Engine, number: int, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of many words that do not occur in a collection may stand for, by the same rule as one.

    Two statements for however many words. One word is not taken for two.
    """
    asked = sorted({word for word in words if may_replace(word)})
    if not asked:
        return {}
    candidates = _candidates_of_many(engine, number, asked)
    among, values = engine.among(sorted(set().union(*candidates.values())))
    select = f"SELECT word, frequency FROM {WORD} WHERE collection = %s AND word {among}"
    frequencies: dict[str, int] = dict(engine.run(select, [number, *values]))
    near = {}
    for word, some in candidates.items():
        held_of = {each: frequencies[each] for each in some if each in frequencies}
        near[word] = _nearest(word, some, held_of, alone=False).words
    return near


def _candidates_of_many(engine: Engine, number: int, words: Sequence[str]) -> dict[str, set[str]]:
    """What `_candidates` finds, counted here: the words with any of the trigrams are read once for all."""
    among, values = engine.among(sorted(set().union(*map(trigrams, words))))
    select = f"SELECT trigram, length, word FROM {TRIGRAM} WHERE collection = %s AND trigram {among}"
    holding: dict[tuple[str, int], list[str]] = {}
    for gram, length, word in engine.run(select, [number, *values]):
        holding.setdefault((gram, length), []).append(word)
    found = {}
    for word in words:
        grams, edits = trigrams(word), _heaviest(word) // LIGHT
        shared = Counter[str]()
        for length in range(len(word) - edits, len(word) + edits + 1):
            for gram in grams:
                shared.update(holding.get((gram, length), ()))
        least = max(1, len(grams) - 4 * edits)
        sharing = [(-count, each) for each, count in shared.items() if count >= least]
        found[word] = _short_of_trigrams(word, alone=False).union(each for _, each in nsmallest(CANDIDATES, sharing))
    return found


def _short_of_trigrams(word: str, *, alone: bool) -> set[str]:
    """Words that may share no trigram with one that is near: its letters turned, short ones, joining ones."""
    turned = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    if len(word) > SHORTEST:
        return turned
    changed = {word[0] + letter + word[2] for letter in ascii_lowercase}
    return turned | changed if alone else turned | changed | JOINING


def distance(typed: str, word: str, heaviest: int) -> int:
    """The weight of the edits that make `typed` of a word; FAR if it is above the heaviest that is asked for."""
    bound = heaviest // LIGHT
    if abs(len(typed) - len(word)) > bound:
        return FAR
    before: dict[int, int] = {}
    last = {j: j * LIGHT for j in range(min(len(word), bound) + 1)}
    for i in range(1, len(typed) + 1):
        row = {0: i * HEAVY} if i <= bound else {}
        for j in range(max(1, i - bound), min(len(word), i + bound) + 1):
            changed = 0 if typed[i - 1] == word[j - 1] else HEAVY
            row[j] = min(last.get(j, FAR) + HEAVY, row.get(j - 1, FAR) + LIGHT, last.get(j - 1, FAR) + changed)
            if i > 1 and j > 1 and typed[i - 1] == word[j - 2] and typed[i - 2] == word[j - 1]:
                row[j] = min(row[j], before.get(j - 2, FAR) + LIGHT)
        before, last = last, row
        if min(*row.values(), *before.values()) > heaviest:
            return FAR
    weight = last.get(len(word), FAR)
    return weight if weight <= heaviest else FAR
