"""An order that is kept is, after any changes, the order that the database gives."""

import random
from array import array

import pytest
from pyroaring import BitMap

from engagement.keysets import ByFields, Order, page_of_ranks
from engagement.models import Organization
from tests.factories import make_organization


class Numbers:
    """Records that are their own place in an order: no database."""

    def __init__(self, values: dict[int, int]) -> None:
        self.values = values

    def __call__(self, among: object) -> list[int]:
        records = self.values if among is None else [key for key in self.values if key in set(among)]  # type: ignore[call-overload]
        return sorted(records, key=lambda key: (self.values[key], key))


@pytest.mark.parametrize("size", [0, 1, 2, 10, 100, 2_000])
def test_records_that_move_come_and_go_stand_where_they_belong(size: int) -> None:
    chance = random.Random(size)
    numbers = Numbers({key: chance.randrange(500) for key in range(1, size + 1)})
    order = Order(numbers)
    kept = order.make()
    for _step in range(60):
        changed = {chance.randrange(1, size + 3) for _each in range(chance.randint(1, 4))}
        for key in changed:
            if chance.random() < 0.25:
                numbers.values.pop(key, None)
            else:
                numbers.values[key] = chance.randrange(500)
        before = array("I", kept)
        kept, former = order.again(kept, changed), kept
        assert former == before
        assert list(kept) == numbers(None)


def test_a_page_of_few_or_many_is_a_slice_of_all_that_are_chosen() -> None:
    chance = random.Random(7)
    numbers = Numbers({key: chance.randrange(9_000) for key in range(1, 5_001)})
    order = Order(numbers)
    kept = order.make()
    for many in (0, 1, 7, 60, 900, 4_999, 5_000):
        chosen = BitMap(chance.sample(sorted(numbers.values), many))
        expected = numbers(chosen)
        for start in (0, 3, many // 2, max(0, many - 2)):
            assert order.page(chosen, kept, start, start + 25) == expected[start : start + 25]


def test_ranks_follow_one_another_across_a_page() -> None:
    numbers = Numbers({key: -key for key in range(1, 31)})
    order = Order(numbers)
    ranks = [BitMap([3, 9]), BitMap(), BitMap([5, 30]), BitMap(range(10, 20))]
    whole = [9, 3, 30, 5, *range(19, 9, -1)]
    for start in range(len(whole)):
        for stop in (start, start + 1, start + 3, start + 25):
            assert page_of_ranks(order, order.make(), ranks, start, stop) == whole[start:stop]


@pytest.mark.django_db
def test_names_are_compared_by_the_database() -> None:
    rows = Organization.objects.published()
    order = Order(ByFields(rows, lambda rows: rows.order_by("-sort_name", "slug")))
    kept = order.make()
    made = [make_organization(name=name) for name in ("Zz invented", "Ångström invented", "invented", "01 invented")]
    made[0].published = False
    made[0].save()
    again = order.again(kept, [each.pk for each in made])
    assert list(again) == list(rows.order_by("-sort_name", "slug").values_list("pk", flat=True))
    assert len(again) == len(kept) + 3
