"""What is stored of a document, and the digest that tells whether it has changed."""

import dataclasses

import pytest

from engagement.search import Document
from engagement.search.documents import entry_of

PLAIN = Document(1, "world council", ["World Council", "WC"], ["Geneva"])


def test_an_entry_holds_the_keys_of_names_the_words_and_marked_tokens() -> None:
    entry = entry_of(PLAIN)
    assert entry.names == ("=councilworld", "wc", "worldcouncil")
    assert entry.words == ("council", "geneva", "wc", "world")
    assert entry.tokens == ("=council", "=wc", "=world", "council", "geneva", "wc", "world")


def test_blanks_are_left_out() -> None:
    assert entry_of(Document(1, "a", ["", "A", " – "], ["", "…"])) == entry_of(Document(1, "a", ["A"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"sort_name": "another"},
        {"names": ["World Council"]},
        {"names": ["World Council", "WC", "Geneva"]},
        {"names": ["Council World", "WC"]},
        {"text": []},
        {"text": ["Geneva", "Paris"]},
    ],
)
def test_whatever_is_stored_changes_the_digest(changes: dict) -> None:
    assert entry_of(dataclasses.replace(PLAIN, **changes)).digest != entry_of(PLAIN).digest


def test_what_is_not_stored_does_not_change_the_digest() -> None:
    same = Document(1, "world council", ["wc", "WORLD COUNCIL", ""], ["geneva", "Geneva"])
    assert entry_of(same) == entry_of(PLAIN)
