"""Which words are known, and which are near to one that is not."""

import random
from functools import cache

import pytest

from engagement.search import remove
from engagement.search.engines import engine_for
from engagement.search.vocabulary import (
    FAR,
    HEAVY,
    LIGHT,
    REPLACEMENTS,
    Near,
    distance,
    known,
    may_replace,
    nearest,
    trigrams,
)
from tests.search.toys import TOYS, put, stored


def near(word: str, *, alone: bool = True) -> Near:
    engine = engine_for("default")
    number = engine.number_of(TOYS)
    assert number is not None
    return nearest(engine, [number], [word], alone=alone).get(word, Near())


@pytest.mark.parametrize(
    ("typed", "word", "weight"),
    [
        ("world", "world", 0),
        ("wrld", "world", LIGHT),
        ("wrold", "world", LIGHT),
        ("worrld", "world", HEAVY),
        ("warld", "world", HEAVY),
        ("wrolld", "world", LIGHT + HEAVY),
        ("orld", "world", LIGHT),
        ("", "ab", 2 * LIGHT),
        ("abc", "", FAR),
        ("council", "church", FAR),
        ("xxrld", "world", 2 * HEAVY),
    ],
)
def test_what_edits_weigh_depends_on_their_kind(typed: str, word: str, weight: int) -> None:
    assert distance(typed, word, 2 * HEAVY) == weight


def test_the_weight_is_that_of_the_lightest_edits() -> None:
    source = random.Random(5)
    for _ in range(2000):
        typed, word = ("".join(source.choices("abc", k=source.randrange(7))) for _ in range(2))
        plain = in_plain_words(typed, word)
        assert distance(typed, word, 2 * HEAVY) == (plain if plain <= 2 * HEAVY else FAR)


@cache
def in_plain_words(typed: str, word: str) -> int:
    if not typed or not word:
        return HEAVY * len(typed) + LIGHT * len(word)
    ways = [
        in_plain_words(typed[1:], word) + HEAVY,
        in_plain_words(typed, word[1:]) + LIGHT,
        in_plain_words(typed[1:], word[1:]) + (0 if typed[0] == word[0] else HEAVY),
    ]
    if typed[:2] == word[1::-1] and len(typed) > 1 < len(word):
        ways.append(in_plain_words(typed[2:], word[2:]) + LIGHT)
    return min(ways)


def test_trigrams_know_where_a_word_begins_and_ends() -> None:
    assert trigrams("abc") == {" ab", "abc", "bc "}


@pytest.mark.parametrize(
    ("word", "may"),
    [("itf", True), ("18th", True), ("it", False), ("1919", False), ("大学大学", False), ("a-b", False)],
)
def test_only_words_with_letters_are_replaced(word: str, may: bool) -> None:
    assert may_replace(word) is may


@pytest.mark.django_db
def test_the_tokens_that_occur_are_known_in_the_collections_asked_alone() -> None:
    engine = engine_for("default")
    put("Labour")
    number = engine.number_of(TOYS)
    assert known(engine, [TOYS], ["labor", "union"]) == ({TOYS: number}, {"labor"})
    assert known(engine, ["organizations of nobody"], ["labor"]) == ({}, set())


@pytest.mark.django_db
def test_the_nearest_words_come_the_lighter_edit_and_the_more_frequent_first() -> None:
    put("ministry minister")
    put("minister")
    assert near("ministyr").words == ("ministry",)
    assert near("ministyr", alone=False).words == ("ministry", "minister")
    assert near("minist").words == ("minister", "ministry")
    assert near("parliament") == Near()


@pytest.mark.django_db
def test_short_words_may_hold_one_edit_and_longer_ones_two() -> None:
    put("itf itfx council rance france")
    assert near("ift").words == ("itf",)
    assert near("ixf").words == ("itf",)
    assert near("xyf") == Near()
    assert near("arnce").words == ("rance",)
    assert near("concli").words == ("council",)


@pytest.mark.django_db
def test_no_more_than_a_few_words_are_named_and_of_two_spellings_one() -> None:
    put("bala cala dala fala gala", "labour labor")
    assert len(near("zala").words) == REPLACEMENTS
    assert near("labuor").words == ("labour",)


@pytest.mark.django_db
def test_two_words_written_as_one_are_told_apart() -> None:
    put("trade union of haiti")
    assert near("tradeunion").split == (("trade",), ("union",))
    assert near("ofhaiti").split == (("of",), ("haiti",))
    assert near("tradeunoin").split == (("trade",), ("union",))
    assert near("xhaiti") == Near(("haiti",))


@pytest.mark.django_db
def test_a_word_that_no_document_holds_any_more_is_forgotten() -> None:
    key = put("council")
    assert near("concil")
    remove(TOYS, [key])
    assert near("concil") == Near() and not any(stored(TOYS))
