"""One text asked of all collections, and what each of them alone answers."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.dependencies import MADE_OF
from engagement.directories.documents import DOCUMENTS
from engagement.directories.following import Searched
from engagement.models import Source
from engagement.search import Document, Everywhere, Found, match, match_everywhere, write
from engagement.search.asking import understand
from engagement.search.engines import engine_for
from engagement.search.matching import answering
from tests.search.toys import HOSTILE, TOYS, put

pytestmark = pytest.mark.django_db

OTHERS = "other toys"


def test_each_collection_says_how_many_match_and_which_come_first() -> None:
    keys = [put(f"Council {letter}") for letter in "abc"]
    write(OTHERS, [Document(7, "council", ["Council"]), Document(8, "x", ["X"])])
    found = match_everywhere("council", [TOYS, OTHERS, "never written"], 2).found
    assert found == {TOYS: Found(3, tuple(keys[:2]), rank=1), OTHERS: Found(1, (7,)), "never written": Found()}


def test_a_limit_of_none_still_counts() -> None:
    put("Council")
    assert match_everywhere("council", [TOYS], 0).found == {TOYS: Found(1, ())}


def test_a_word_that_any_of_the_collections_knows_is_not_replaced() -> None:
    put("World")
    write(OTHERS, [Document(7, "word", ["Word"])])
    assert match(Source.objects.all(), "word", TOYS).replacements == {"word": ("world",)}
    assert match_everywhere("word", [TOYS, OTHERS], 5).replacements == {}
    assert match_everywhere("wordl", [TOYS, OTHERS], 5).replacements == {"wordl": ("world",)}


def test_only_the_collections_asked_answer() -> None:
    put("Council")
    write(OTHERS, [Document(7, "council", ["Council"])])
    assert match_everywhere("council", [OTHERS], 5).found == {OTHERS: Found(1, (7,))}
    assert match_everywhere("council", [], 5).found == {}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_a_statement(text: str) -> None:
    put("Union")
    write(OTHERS, [Document(7, "union", ["Union"])])
    assert set(match_everywhere(text, [TOYS, OTHERS], 5).found) == {TOYS, OTHERS}


@pytest.mark.parametrize(
    "text",
    [
        "international labour organization",
        "council of women",
        "switzerland",
        "trade unions africa",
        "C87",
        "suisse",
        "women",
        "genf meeting 1998",
        "federacion mundial de sordos",
        "国际大学",
        "intrenational labuor",
    ],
)
def test_the_order_in_each_collection_is_that_of_match(searched_register: None, text: str) -> None:
    answer = match_everywhere(text, list(DOCUMENTS), 50)
    engine = engine_for("default")
    question = understand(engine, list(DOCUMENTS), text)
    for collection, found in answer.found.items():
        records = MADE_OF[collection].record._default_manager.all()
        alone = answering(records, engine, question.of(collection))
        assert found.total == alone.narrowed.count()
        assert list(found.first) == [row.pk for row in alone.queryset[:50]]


def test_all_collections_are_asked_in_a_bounded_number_of_statements(committed_register: None) -> None:
    call_command("rebuild_search", stdout=StringIO())
    bounds = {"council of women": 3, "council of wom": 4, "concil of wimen": 6, "concilofwimen": 7, "": 0, "*": 0}
    searched = Searched()
    for text, most in bounds.items():
        ask(text, searched)  # makes the sets of its words, which are kept
        with CaptureQueriesContext(connection) as queries:
            ask(text, searched)
        assert len(queries) <= most, text


def ask(text: str, searched: Searched) -> Everywhere:
    """As the page that searches everything asks."""
    return match_everywhere(text, list(DOCUMENTS), 5, keep=lambda name: searched(name).passing)
