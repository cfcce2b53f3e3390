"""From text to words and tokens: one spelling for what people write in several."""

import random

import pytest

from engagement.search.words import MAX_WORD, beginnings, initials, name_key, name_keys, query_words, token, words_of


def key(text: str) -> str:
    return name_keys(text)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d’Ivoire", "cote divoire"),
        ("Côte d'Ivoire", "COTE D IVOIRE"),
        ("Örnek", "Oernek"),
        ("Türkiye", "turkiye"),
        ("Straße", "STRASSE"),
        ("Łódź", "Lodz"),
        ("ILO/AIDS", "ilo aids"),
        ("I.L.O.", "ilo"),
        ("Co-operative", "cooperative"),
        ("co–ordination", "co-ordination"),
        ("Organisation", "organization"),
        ("organising", "Organizing"),
        ("Labour", "labor"),
        ("ofLabour", "of labor"),
        ("analyse", "analyze"),
        ("ﬁnance", "finance"),
        ("İstanbul", "istanbul"),
        ("أحمد", "احمد"),
        ("مـرحبا", "مرحبا"),
        ("١٩١٩", "1919"),
        ("Workers’", "workers"),
        ("а\u0306", "й".replace("й", "а")),
    ],
)
def test_two_ways_of_writing_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("advise", "advize"),
        ("exercise", "exercize"),
        ("four", "for"),
        ("que", "qu"),
        ("union", "unions"),
        ("C087", "C87"),
        ("профсоюз", "профсоюзы"),
    ],
)
def test_what_is_not_the_same_word_is_not_folded(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_compound_is_known_joined_and_by_its_parts() -> None:
    assert words_of(["ILO/AIDS", "d’Ivoire"]) == {"iloaids", "ilo", "aids", "divoire", "d", "ivoire"}


def test_what_is_written_without_spaces_is_known_by_one_and_two_characters() -> None:
    assert words_of(["国际大学"]) == {"国", "际", "大", "学", "国际", "际大", "大学"}
    assert [word.parts for word in query_words("国际大学")] == [("国际", "际大", "大学")]


def test_a_mixed_word_is_parted_where_the_script_changes() -> None:
    assert {"ilo", "大学"} <= words_of(["ILO大学"])


def test_a_word_is_cut_where_it_gets_too_long() -> None:
    assert words_of(["x" * 1000]) == {"x" * MAX_WORD}


def test_a_name_is_known_as_it_stands_and_by_its_words_in_any_order() -> None:
    assert name_keys("World Council of Churches") == ("worldcouncilofchurches", "=churchescouncilworld")
    assert name_keys("Council of World Churches")[1] == name_keys("World Council of Churches")[1]
    assert name_keys("SEWA") == ("sewa",)
    assert name_keys("– …") == ()


def test_initials_leave_joining_words_out() -> None:
    assert initials("World Council of Churches") == "wcc"
    assert initials("Women in Informal Employment: Globalizing and Organizing") == "wiego"
    assert initials("Anti-Slavery International") == "asi"
    assert initials("") == ""


@pytest.mark.parametrize(
    ("begun", "word"),
    [("labou", "labour"), ("organis", "organization"), ("organisati", "organization"), ("oerne", "örnek")],
)
def test_the_beginning_of_a_word_begins_its_token(begun: str, word: str) -> None:
    assert any(name_keys(word)[0].startswith(each) for each in beginnings(begun))


def test_a_key_is_made_of_tokens() -> None:
    assert name_key(["labour", "örnek"]) == token("labour") + token("örnek")


def test_tokens_hold_letters_marks_and_digits_alone_whatever_comes() -> None:
    source = random.Random(1)
    for _ in range(300):
        text = "".join(chr(source.choice((source.randrange(0x250), source.randrange(0x11_0000)))) for _ in range(40))
        for word in words_of([text]):
            assert word and len(word) <= MAX_WORD
            assert not set(token(word)) & set(" \x00'\"*=()&|!:<>\\") and token(word).isprintable()
            token(word).encode()
