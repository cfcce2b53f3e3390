"""Two hundred committed queries, answered by both engines with the same records in the same order."""

import pytest

from engagement.directories.dependencies import MADE_OF
from engagement.search import match
from tests.search.queries import Line, line_of, read

LINES = read()


def answer(collection: str, query: str) -> Line:
    records = MADE_OF[collection].record.objects.published()
    return line_of(collection, query, [row.natural_key()[0] for row in match(records, query, collection).queryset])


def test_there_are_two_hundred_queries_over_most_collections() -> None:
    assert len(LINES) == len({line[:2] for line in LINES}) == 200
    assert len({collection for collection, *_ in LINES}) >= 8


@pytest.mark.parametrize("expected", LINES, ids=range(len(LINES)))
def test_a_query_is_answered_as_committed(searched_register: None, expected: Line) -> None:
    assert answer(*expected[:2]) == expected
