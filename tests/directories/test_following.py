"""What is read once for each revision of the data."""

import pytest
from django.db import transaction

from engagement.directories.following import remembered
from tests.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_remembered_is_made_again_after_a_change_and_for_another_day() -> None:
    made: list[str] = []

    def asked(day: str) -> int:
        def maker() -> int:
            made.append(day)
            return len(made)

        return remembered("numbers of a test", maker, day)

    assert [asked("monday"), asked("monday"), asked("tuesday"), asked("monday")] == [1, 1, 2, 1]
    make_source()
    assert [asked("monday"), asked("tuesday"), asked("monday")] == [3, 4, 3]


def test_in_a_transaction_of_its_own_a_reader_is_told_what_it_has_changed() -> None:
    numbers = iter(range(9))
    with transaction.atomic():
        make_source()
        assert [remembered("numbers of another test", lambda: next(numbers)) for _each in range(2)] == [0, 1]
