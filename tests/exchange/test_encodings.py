"""Cells of files: each is what the standard library makes of the value, whether alone or in a column."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.exchange.encodings import Csv, Json, Plain, cell
from engagement.exchange.tables import neutralised

TEXTS = st.lists(st.text(alphabet=st.sampled_from("=+-@'\t\r\n\0,;\"a é\u2028😀"), max_size=4), max_size=6)
OTHERS: tuple[Any, ...] = (None, True, False, 0, -7, 0.5, 1e22, ["a", "=b"], [], "")


def written(value: Any) -> str:
    """As csv.writer puts it into a row of two."""
    file = io.StringIO()
    csv.writer(file).writerow([neutralised(cell(value)), ""])
    return file.getvalue().removesuffix(",\r\n")


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@given(TEXTS)
def test_a_column_of_texts_has_the_cells_that_each_text_has(texts: list[str]) -> None:
    assert list(Csv().texts(texts)) == [*map(written, texts)] == [*map(Csv().one, texts)]
    assert list(Json().texts(texts)) == [*map(as_json, texts)] == [*map(Json().one, texts)]
    assert list(Plain().texts(texts)) == texts


@given(TEXTS)
def test_a_list_has_the_cell_of_its_parts(texts: list[str]) -> None:
    for encoding, expected in ((Csv(), written), (Json(), as_json), (Plain(), list)):
        owners = ["other", *["row"] * len(texts)]
        parts = encoding.parts(["x", *texts])
        cells = encoding.lists(owners, parts, ["row", "none", "other"])
        assert list(cells) == [*map(expected, (texts, [], ["x"]))]
        assert [*map(encoding.one, (texts, [], ["x"]))] == list(cells)


@pytest.mark.parametrize("value", OTHERS)
def test_every_plain_value_has_the_cell_that_the_standard_library_gives_it(value: Any) -> None:
    assert Csv().one(value) == written(value)
    assert Json().one(value) == as_json(value)
    assert Plain().one(value) is value


def test_what_is_no_plain_value_is_no_json() -> None:
    with pytest.raises(TypeError):
        Json().one(Decimal(1))
