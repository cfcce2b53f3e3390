"""What holds of our own parsers and of what files carry, whatever the text: tried with texts that nobody thought of.

Derandomized: the same examples each time, so that a run that fails fails again. `HYPOTHESIS_EXAMPLES=5000` tries more.
"""

import csv
import io
import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from engagement.api.asking import Refused
from engagement.api.reconciliation.asked import of_form, of_json
from engagement.directories import organizations
from engagement.directories.columns import field
from engagement.exchange.encodings import Csv, Json, quoted
from engagement.exchange.formats import FORMATS, About
from engagement.exchange.importing.base import Broken, Options, Wrong
from engagement.exchange.importing.base import Refused as FileRefused
from engagement.exchange.importing.cells import text as text_of
from engagement.exchange.importing.dates import partial
from engagement.exchange.importing.reading import read
from engagement.exchange.tables import FORMULA, neutralised, restored
from engagement.models import PartialDate
from engagement.search import normalise
from engagement.search.words import query_words
from engagement.web.addresses import pairs_of, tidied
from engagement.web.guard import trouble_with
from engagement.web.limits import is_trusted

pytestmark = pytest.mark.once

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "100"))
trying = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
    # A fixture that only opens the database is the same for all examples.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

# What a column of the register can hold: no NUL, no half of a character.
TEXTS = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
WRITTEN = r"\A([012][0-9]{3}(-[01][0-9]){0,2}|[0-2][0-9]{2}X)[~?]?\Z"
POINTS = some.from_regex(WRITTEN) | some.sampled_from(["..", "0000-05"])
DATES = POINTS | some.tuples(POINTS, POINTS).map("/".join) | TEXTS
SPREADSHEET = some.sampled_from([*FORMULA, "'", ",", '"', "\r\n", "; "])
CELLS = some.lists(SPREADSHEET | TEXTS, max_size=5).map("".join)
PARAMETERS = some.sampled_from([*organizations.filterset.base_filters, "page", "colour", "utm_source", ""])
VALUES = some.sampled_from(["", " ", "ngo", "africa", "CH", "2006-11-15", "2", "-name", "name", "relevance"]) | TEXTS
ASKED = ["queries", "query", "type", "limit", "properties", "pid", "v", "id", "extend", "ids", "settings", "q0"]
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(ASKED), inner, max_size=4),
    max_leaves=12,
)


# -- Dates ---------------------------------------------------------------------------------------------------------


@trying
@given(DATES)
def test_a_partial_date_is_refused_or_has_two_days_in_order_and_reads_in_every_language(text: str) -> None:
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert len(date.earliest) == len(date.latest) == 10 and date.earliest <= date.latest
    for language in ("en", "fr", "es"):
        with override(language):
            assert str(date)


@trying
@given(DATES | CELLS, some.sampled_from([None, True, False]))
def test_a_date_in_a_file_is_a_problem_or_becomes_one_that_the_register_takes(text: str, first: bool | None) -> None:
    try:
        written = partial(text, Options(day_first=first))
    except Wrong:
        return
    assert written == "" or PartialDate.parse(written).text == written == partial(written, Options(day_first=first))


@trying
@given(some.dates())
def test_a_day_is_its_own_first_and_last(day: Any) -> None:
    date = PartialDate.parse(day.isoformat())
    assert date.earliest == date.latest == day.isoformat()


# -- Files ---------------------------------------------------------------------------------------------------------


@trying
@given(CELLS)
def test_no_text_begins_a_formula_in_a_cell_and_each_comes_back(text: str) -> None:
    cell = str(neutralised(text))
    assert not cell.startswith(FORMULA) and restored(cell) == text


@trying
@given(some.lists(CELLS, min_size=2, max_size=6))
def test_a_column_of_texts_is_written_as_each_of_them_and_read_as_it_was(column: list[str]) -> None:
    cells = [*Csv().texts(column)]
    assert cells == [*map(quoted, column)]
    ((*read_back,),) = csv.reader(io.StringIO(",".join(cells), newline=""), strict=True)
    assert [*map(restored, read_back)] == column
    assert json.loads(f"[{','.join(Json().texts(column))}]") == column


def written(form: str, rows: list[list[str]]) -> bytes:
    columns = [field("first", "One"), field("second", "Another")]
    return b"".join(FORMATS[form].write(About("Invented", len(rows), 1), columns, rows))


def brought(form: str, data: bytes) -> list[list[str]]:
    """The texts of a file as an import has them; a row with a cell that is no text is left out."""
    kept = []
    for line in read(f"file.{form}", data).rows:
        if not any(isinstance(cell, Broken) for cell in line.cells):
            try:
                kept.append([text_of(1000)(cell, Options()) for cell in line.cells])
            except Wrong:
                continue
    return kept


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(trying, max_examples=max(EXAMPLES // 4, 1))  # a workbook takes its time
@given(some.lists(some.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_what_was_brought_in_is_written_out_and_brought_in_again_as_it_was(form: str, rows: list[list[str]]) -> None:
    once = brought(form, written(form, rows))
    assert brought(form, written(form, once)) == once
    assert written(form, brought(form, written(form, once))) == written(form, once)


@pytest.mark.parametrize("name", ["file.csv", "file.xlsx"])
@trying
@given(some.binary(max_size=300) | CELLS.map(str.encode) | some.binary(max_size=99).map(b"PK\x03\x04".__add__))
def test_a_file_of_anything_is_refused_with_a_reason_or_read(name: str, data: bytes) -> None:
    try:
        assert all(line.number > 1 for line in read(name, data).rows)
    except FileRefused as why:
        assert str(why)


# -- Questions -----------------------------------------------------------------------------------------------------


def is_answered(query: QueryDict) -> tuple[bool, list[tuple[str, str]]]:
    question = organizations.ask(query)
    return not question.problems(), question.canonical()


@pytest.mark.django_db
@trying
@given(some.lists(some.tuples(PARAMETERS, VALUES), max_size=5))
def test_the_canonical_form_of_a_question_is_its_own_and_asks_for_the_same(pairs: list[tuple[str, str]]) -> None:
    query = tidied(QueryDict(urlencode(pairs)))
    assert pairs_of(tidied(query)) == pairs_of(query)
    answered, canonical = is_answered(query)
    if answered:
        again = QueryDict(urlencode(canonical))
        assert is_answered(again) == (True, canonical)
        assert organizations.ask(again).chosen == organizations.ask(query).chosen


@trying
@given(some.text(max_size=80))
def test_words_are_found_in_any_text_and_normalising_is_done_once(text: str) -> None:
    folded = normalise(text)
    assert normalise(folded) == folded
    assert isinstance(query_words(text), list)


@trying
@given(JSON)
def test_the_service_for_names_understands_what_it_is_asked_or_says_where_it_does_not(asked: Any) -> None:
    body = json.dumps(asked).encode()
    for understood in (lambda: of_json(body), lambda: of_form(QueryDict(urlencode({"queries": body})))):
        try:
            assert understood() is not None
        except Refused as refused:
            json.dumps(refused.problems, ensure_ascii=False).encode()


@trying
@given(some.text(max_size=40), some.binary(max_size=60))
def test_any_address_is_judged_and_what_is_let_through_is_text(path: str, query: bytes) -> None:
    if trouble_with(path, query.decode("latin-1")) == 0:
        (path + urlencode(QueryDict(query))).encode()


@trying
@given(some.text(max_size=60))
def test_an_address_that_a_proxy_names_is_trusted_or_not_whatever_it_is(text: str) -> None:
    assert is_trusted(text) is False
