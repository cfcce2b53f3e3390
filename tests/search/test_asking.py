"""From the text of a query to the question that is put."""

import pytest

from engagement.search.asking import MAX_KEYS, MAX_WORDS, Question, understand
from engagement.search.engine import Term
from engagement.search.engines import engine_for
from tests.search.toys import TOYS, put

pytestmark = pytest.mark.django_db


def asked(text: str) -> Question:
    return understand(engine_for("default"), [TOYS], text)


def test_nothing_is_asked_without_a_letter_or_of_a_collection_that_is_not_there() -> None:
    assert not asked("council")
    put("Council")
    assert asked("council") and not asked("* \x00") and not understand(engine_for("default"), [], "council")


def test_a_name_is_asked_for_whole_in_any_order_and_by_its_beginning() -> None:
    put("World Council of Churches")
    question = asked("World Council of Church")
    assert question.keys == ("worldcouncilofchurch",)
    assert question.any_order == ("=churchcouncilworld",)
    assert question.beginnings == ("worldcouncilofchurch",)


def test_the_last_word_is_asked_for_as_a_beginning_and_joining_ones_not_at_all() -> None:
    put("World Council of Churches")
    assert asked("council of churches").words == (((Term(("council",)),),), ((Term(("churches",), begun=True),),))


def test_a_compound_is_asked_for_joined_or_by_its_parts() -> None:
    put("ILO/AIDS x")
    assert asked("ILO/AIDS x").words[0] == ((Term(("iloaids",)),), (Term(("ilo",)), Term(("aids",))))


def test_the_parts_of_a_compound_are_corrected_one_by_one() -> None:
    put("Trade Union")
    assert asked("trade-unoin x").replacements == {"unoin": ("union",)}


def test_what_several_words_may_stand_for_makes_a_bounded_number_of_names() -> None:
    put("bala cala dala", "bolo colo dolo", "bulu culu dulu")
    question = asked("zala zolo zulu")
    assert len(question.keys) == MAX_KEYS + 1 and "zalazolozulu" in question.keys
    assert question.replacements["zala"] == ("bala", "cala", "dala")


def test_no_more_than_a_number_of_words_is_asked_for() -> None:
    put("word")
    assert len(asked(" ".join(f"w{n}" for n in range(500))).words) == MAX_WORDS
    assert len(asked("国际大学妇女联合会" * 40).words) <= MAX_WORDS
    assert len(asked("word " * 80).words) <= 2
