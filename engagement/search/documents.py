"""What is searched: a document a record, and what the tables of search hold of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engagement.search.engine import NAMED
from engagement.search.words import name_keys, token, words_of


@dataclass(frozen=True)
class Document:
    """One record as search knows it.

    record_id: its primary key. sort_name: the order of equally good answers, as `normalise()` makes it.
    names: every full name it has or had, in every language, and its acronyms; asked for exactly, it comes first.
    text: further words by which it is found. '' among names and text is left out.
    """

    record_id: int
    sort_name: str
    names: Sequence[str]
    text: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Entry:
    """A document as stored: the keys of its names, its words, and a digest that tells whether it has changed.

    tokens: for the full-text index; those that stand in a name are there once more, with a mark.
    """

    record_id: int
    sort_name: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    tokens: tuple[str, ...]
    digest: str


def entry_of(document: Document) -> Entry:
    names = tuple(sorted({key for name in document.names for key in name_keys(name)}))
    named = words_of(document.names)
    words = tuple(sorted(named | words_of(document.text)))
    tokens = tuple(sorted({*map(token, words), *(NAMED + each for each in map(token, named))}))
    return Entry(document.record_id, document.sort_name, names, words, tokens, _digest(document, names, words, tokens))


def _digest(document: Document, *stored: Iterable[str]) -> str:
    text = "\n".join((document.sort_name, *map(" ".join, stored)))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
