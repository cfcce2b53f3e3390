"""From text to words, the same way for documents and for queries.

A *word* is what stands between spaces; hyphens, apostrophes, slashes and dots inside it make it a compound, which is
known joined and by its parts: "ILO/AIDS" is `iloaids`, `ilo`, `aids`; "d'Ivoire" is `divoire`, `d`, `ivoire`.
Words keep a natural spelling (without case and marks), so that they can be shown. What is compared is a word's *token*:
"labour", "organisation", "Örnek" and "Oernek" become `labor`, `organization`, `ornek`, `ornek`. Tokens hold letters,
marks of scripts that need them and digits, and nothing else: no syntax of an engine can be written with them.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from engagement.search.normalising import UNMARKED

MAX_WORD = 64  # characters of one word or token; what is longer is cut
MAX_PARTS = 20  # parts of one word of a query; a document has all of them anyway
MAX_NAME = 200  # characters of a name's key: names that agree so far count as equal

WORDS = "="  # before the key of a name's words

_JOINT = "\ue000"  # stands for a hyphen, an apostrophe … between two parts of a compound; not a letter itself
_JOINTS = frozenset("'`´\u2018\u2019\u02bc\u02b9/\\.&+@_\u00b7\u2212")
# Arabic and Persian letters that are written for one another; tatweel only stretches a word.
_FOLDED = {**UNMARKED, 0x0649: "ي", 0x06CC: "ي", 0x06A9: "ك", 0x0629: "ه", 0x0640: ""}
_VARIATION = range(0xFE00, 0xFE10)
_ZERO_WIDTH_SPACE = "\u200b"

# Scripts that are written without spaces: Thai, Lao, Khmer, Burmese, kana, Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_OF_UNSPACED = re.compile(f"[{_UNSPACED}]")


class _Classes(dict[int, str]):
    """For str.translate on decomposed text: letters and digits stay, joints are marked, all else parts words."""

    def __missing__(self, code: int) -> str:
        self[code] = self._class_of(chr(code))
        return self[code]

    @staticmethod
    def _class_of(character: str) -> str:
        category = unicodedata.category(character)
        if ord(character) in _FOLDED:
            return _FOLDED[ord(character)]
        if character in _JOINTS or category in ("Pd", "Pc"):
            return _JOINT
        if character == _ZERO_WIDTH_SPACE:
            return " "
        if category == "Cf" or ord(character) in _VARIATION or unicodedata.combining(character):
            return ""
        if category == "Nd":
            return str(unicodedata.digit(character))
        return character if category[0] in "LMN" else " "


_CLASSES = _Classes()


def chunks(text: str) -> list[list[str]]:
    """The words of the text, each as the list of its parts, without case and marks, as far as MAX_WORD."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_CLASSES)
    recomposed = unicodedata.normalize("NFC", folded)  # Hangul falls apart without
    if _JOINT not in recomposed:
        return [[chunk[:MAX_WORD]] for chunk in recomposed.split()]
    parts = ([part[:MAX_WORD] for part in chunk.split(_JOINT) if part] for chunk in recomposed.split())
    return [chunk for chunk in parts if chunk]


# Words that only join others: they count where a text holds nothing else.
_JOINING = """
    the of and for in on to by with at from
    de des du la le les et pour en dans sur au aux
    del los las el y para
"""
JOINING = frozenset(_JOINING.split())

# -- One spelling of a word ---------------------------------------------------------------------------------------

_OUR = re.compile(r"(lab|behavi|col|endeav|fav|flav|harb|hon|hum|neighb|rum|vap)our")
_ISE = re.compile(r"(?<=[a-z]{3})(?<![aeou])is(e|ed|er|ers|es|ing|able|ation|ations|ational)$")
_YSE = re.compile(r"(?<=[a-z]{3})ys(e|ed|er|ers|ing)$")
# Stems that are written with s everywhere. Nothing would be lost by folding them too but the look of prefixes.
_ALWAYS_S = re.compile(
    r"(?:(?:ad|de|re|super|impro|tele)vis|pris|(?:exer|pre|con|ex|circum|in)cis|(?:pro|pre|compro|de)mis|rtis|chastis"
    r"|treatis|franchis|merchandis|paradis|wis|aris)(?:e|ed|er|ers|es|ing|able|ation|ations)$"
)
# ä, ö, ü written as ae, oe, ue: folded in longer words, not at the end, not where they are other vowels (que, oeuvre).
_UMLAUT = re.compile(r"(?:(?<![aeiouqg])(u)e|(?<![aeiou])(o)e(?!u)|(?<![aeiou])(a)e)(?=.)")
_UMLAUT_LENGTH = 5

# An unfinished word may already hold the beginning of what the rules above fold.
_UNFINISHED = (
    (re.compile(r"(lab|behavi|col|endeav|fav|flav|harb|hon|hum|neighb|rum|vap)ou$"), r"\1o"),
    (re.compile(r"(?<=[a-z]{3})(?<![aeou])is(|i|in|a|ab|abl|at|ati|atio)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})([aou])e$"), r"\1"),
    (re.compile(r"^([aou])e(?=[a-z]{2}$)"), r"\1"),
)


@lru_cache(maxsize=65_536)  # the same words come again and again
def token(word: str) -> str:
    """What is compared of a word: one spelling for labour and labor, -ise and -ize, ö and oe."""
    spelt = _OUR.sub(r"\1or", word)
    if not _ALWAYS_S.search(spelt):
        spelt = _YSE.sub(r"yz\1", _ISE.sub(r"iz\1", spelt))
    return _without_umlauts(spelt) if len(spelt) >= _UMLAUT_LENGTH else spelt


def _without_umlauts(word: str) -> str:
    return _UMLAUT.sub(lambda found: next(filter(None, found.groups())), word)


def beginnings(word: str) -> tuple[str, ...]:
    """The tokens with one of which a token begins, if `word` is the beginning of a word."""
    begun = {token(word)}
    for unfinished, folded in _UNFINISHED:
        begun |= {unfinished.sub(folded, each) for each in begun}
    return tuple(sorted(begun))


# -- Documents ----------------------------------------------------------------------------------------------------


def words_of(texts: Iterable[str]) -> set[str]:
    """Every word a document is found by: compounds joined and split, unspaced scripts by one and two characters."""
    return set[str]().union(*map(_words_in, texts))


@lru_cache(maxsize=8_192)  # names of countries and fields of work stand in every other document
def _words_in(text: str) -> frozenset[str]:
    found: set[str] = set()
    for parts in chunks(text):
        for part in parts:
            found.update(_indexed(part))
        if len(parts) > 1 and not any(is_unspaced(part) for part in parts):
            found.add("".join(parts)[:MAX_WORD])
    return frozenset(found)


def _indexed(part: str) -> Iterable[str]:
    if part.isascii():
        yield part
        return
    for run in _RUNS.findall(part):
        if is_unspaced(run):
            yield from run
            yield from _pairs(run)
        else:
            yield run


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def is_unspaced(word: str) -> bool:
    """Whether it holds characters of a script written without spaces."""
    return _OF_UNSPACED.search(word) is not None


def initials(text: str) -> str:
    """The first letters of the words that count: "World Council of Churches" -> "wcc"."""
    parts = [part for parts in chunks(text) for part in parts]
    return "".join(part[0] for part in parts if part not in JOINING)


def name_keys(text: str) -> tuple[str, ...]:
    """A name for comparison: as it stands, and by its words in whatever order."""
    words = ["".join(parts) for parts in chunks(text)]
    return tuple(filter(None, (name_key(words), words_key(words))))


def name_key(words: Iterable[str]) -> str:
    """The words' tokens without spaces, so that "ILO/AIDS", "ILO AIDS" and "iloaids" are equal."""
    return "".join(map(token, words))[:MAX_NAME]


def words_key(words: Iterable[str]) -> str:
    """The words of a name in whatever order, for comparison: no name's own key begins with the mark before them."""
    counting = {token(word) for word in words if word not in JOINING}
    return WORDS + "".join(sorted(counting))[:MAX_NAME] if len(counting) > 1 else ""


# -- Queries ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """One word of a query: joined, and its parts. A document has it if it has the joined word, or all the parts.

    In scripts without spaces the parts are pairs of characters, and the joined word is not looked for.
    """

    joined: str
    parts: tuple[str, ...]
    unspaced: bool


def query_words(text: str) -> list[Word]:
    """The words of a query, in their order."""
    return [_query_word(parts) for parts in chunks(text)]


def _query_word(parts: list[str]) -> Word:
    asked = tuple(dict.fromkeys(each for part in parts for each in _asked(part)))[:MAX_PARTS]
    return Word("".join(parts)[:MAX_WORD], asked, any(map(is_unspaced, parts)))


def _asked(part: str) -> Iterable[str]:
    for run in _RUNS.findall(part):
        yield from (_pairs(run) or [run]) if is_unspaced(run) else [run]
