"""Ranks as sets: the same records in the same order as `match()` gives, and the same again after anything changes."""

import random
from typing import Any

import pytest

from engagement.models import Organization, Source
from engagement.search import Document, match, ranked, remove, write
from engagement.search.asking import understand
from engagement.search.engines import engine_for
from engagement.search.ranking import HELD, IN_NAME, Word, made_now
from tests.search.toys import HOSTILE, TOYS, put

pytestmark = pytest.mark.django_db

TEXTS = (
    "international union", "union international", "council", "counc", "wom", "women of africa union council world",
    "labor", "labuor intrenational", "ilo", "国际", "genf", "x", "of the", "and", "a b c d e f g h i j k l m n o p q r",
)  # fmt: skip


@pytest.mark.parametrize("text", [*TEXTS, *HOSTILE], ids=range(len(TEXTS) + len(HOSTILE)))
def test_the_ranks_hold_what_match_finds_in_its_order(searched_register: None, text: str) -> None:
    found = match(Organization.objects.all(), text, "organizations")
    ranks = ranked(engine_for("default"), found.question, made_now)
    names = dict(found.queryset.values_list("pk", "search_name")) if found.question else {}
    in_order = [pk for rank in ranks for pk in sorted(rank, key=lambda pk: (names[pk], pk))]
    assert in_order == (list(found.queryset.values_list("pk", flat=True)) if found.question else [])
    assert len(set(in_order)) == len(in_order)


def test_the_sets_of_a_word_follow_documents_that_come_change_and_go() -> None:
    chance = random.Random(3)
    keys = [put(f"Council {letter}") for letter in "abcdefgh"]
    engine = engine_for("default")
    question = understand(engine, [TOYS], "council")
    (number,) = question.numbers.values()
    kept = Word(engine, [number], question.words[0]).of(number).make()
    for _step in range(30):
        key = chance.choice(keys)
        said = chance.choice(["gone", "Council", "Union", "told"])
        if said == "gone":
            remove(TOYS, [key])
        else:
            text = ["council"] if said == "told" else []
            write(TOYS, [Document(key, said.casefold(), [said], text)])
        kept = Word(engine, [number], question.words[0]).of(number).again(kept, [key])
        anew = Word(engine, [number], question.words[0]).of(number).make()
        assert kept == anew
        assert kept[IN_NAME] <= kept[HELD]


def test_a_word_that_is_kept_is_not_asked_again(django_assert_num_queries: Any) -> None:
    put("Council of Lamplighters")
    kept: dict[Any, Any] = {}

    def keep(name: Any, derived: Any) -> Any:
        return kept[name] if name in kept else kept.setdefault(name, derived.make())

    engine, question = engine_for("default"), match(Source.objects.all(), "council lamplighters", TOYS).question
    with django_assert_num_queries(3):
        first = ranked(engine, question, keep)
    with django_assert_num_queries(1):
        assert ranked(engine, question, keep) == first
