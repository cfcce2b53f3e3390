"""The questions, and which answers to them are right."""

import pytest

from bench.client import Answer
from bench.data import Subjects
from bench.requests import Question, address, first_row, questions, rows_said, tilde, wrong_with

pytestmark = pytest.mark.once

ASKED = Subjects(
    total=60_000,
    category="special-list",
    region="africa",
    filtered=900,
    country="CH",
    theme="wages",
    both=70,
    word="rights",
    slug="lamplighters",
    row=12,
    name="Invented Confederation of Lamplighters",
    misspelt="Invnted Confederation of Lampilghters",
    before={200: ("a name, sorted", 7), 2000: ("m", 9)},
)
LIST = '<h2 id="results-count" tabindex="-1">1,234 organizations</h2><li class="row" id="organizations-first-of-all">'


def answer(body: str, status: int = 200) -> Answer:
    return Answer(status, {}, body.encode(), len(body), 0, 0.0, 0.0)


def test_every_question_has_a_place_at_the_portal_and_at_datasette() -> None:
    every = questions(ASKED, 34_000)
    assert [each.key for each in every][-4:] == ["page-200", "page-2000", "one", "json"]
    assert all(each.portal.startswith("/") and each.datasette.startswith("/register/organizations") for each in every)
    assert next(each for each in every if each.key == "word").rows == 34_000


def test_a_page_of_datasette_begins_behind_the_row_before_it() -> None:
    deep = next(each for each in questions(ASKED, 1) if each.key == "page-200")
    assert deep.portal == "/organizations/?page=200"
    assert deep.datasette.endswith("_next=a%2Bname~2C%2Bsorted%2C7")
    assert tilde("é") == "~C3~A9"


def test_an_address_without_parameters_has_no_question_mark() -> None:
    assert address("/organizations/") == "/organizations/"
    assert address("/organizations/", ("q", "human rights")) == "/organizations/?q=human+rights"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (LIST, 1234),
        ("<h3>\n    1,856 rows where country = “CH”</h3>", 1856),
        ('{"count": 12, "results": []}', 12),
        ('{"filtered_table_rows_count": 13}', 13),
        ("<p>nothing of the kind</p>", None),
    ],
)
def test_the_number_of_rows_is_read_off_pages_and_json(text: str, rows: int | None) -> None:
    assert rows_said(text) == rows


def test_the_first_row_of_a_list_is_told_by_its_slug() -> None:
    assert (first_row(LIST), first_row("")) == ("first-of-all", "")


def test_a_wrong_answer_is_told_by_what_is_wrong_with_it() -> None:
    question = Question("list", "the list", "/", "/", rows=1234, first="first-of-all")
    assert wrong_with(question, answer(LIST)) == ""
    assert wrong_with(question, answer(LIST, 429)) == "answers 429"
    assert wrong_with(Question("list", "", "/", "/", rows=9), answer(LIST)) == "says 1,234 rows, where there are 9"
    misspelt = Question("typo", "", "/", "/", first="another")
    assert wrong_with(misspelt, answer(LIST)) == "has first-of-all first, where another was meant"
    assert wrong_with(misspelt, answer("")) == "has nothing first, where another was meant"
    assert wrong_with(Question("one", "", "/", "/", holds="lamps"), answer(LIST)) != ""
