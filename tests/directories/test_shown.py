"""The first rows of a list, and how many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.directories.shown import first_of
from engagement.models import Source
from tests.factories import make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("most", "shown", "is_part", "queries"), [(2, 2, True, 1), (3, 3, False, 1), (9, 3, False, 1)])
def test_all_are_counted_and_the_first_are_shown(most: int, shown: int, is_part: bool, queries: int) -> None:
    made = [make_source().pk for _number in range(3)]
    rows = Source.objects.filter(pk__in=made).order_by("-pk")
    with CaptureQueriesContext(connection) as asked:
        found = first_of(rows, most)
    assert [row.pk for row in found.rows] == sorted(made, reverse=True)[:shown]
    assert (found.total, found.is_part, len(asked)) == (3, is_part, queries)


def test_of_nothing_nothing_is_shown() -> None:
    assert (first_of(Source.objects.none()).rows, first_of(Source.objects.none()).total) == ([], 0)
