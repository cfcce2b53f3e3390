"""What was made of single records is kept until something of them changes, or something that nobody follows."""

from engagement.keysets import Pieces
from engagement.keysets.pieces import MOST

KNOWN = Pieces(frozenset({"one", "other"}))


def test_of_records_that_changed_nothing_is_left() -> None:
    made = KNOWN.make()
    for record in (1, 2, 3):
        made.add(record, f"row {record}")
    assert KNOWN.again(made, [2, 9]).by_record == {1: "row 1", 3: "row 3"}
    assert made.by_record.keys() == {1, 2, 3}


def test_a_table_of_which_nothing_is_known_makes_all_of_it_doubtful() -> None:
    assert KNOWN.follows(frozenset({"one"}))
    assert not KNOWN.follows(frozenset({"one", "third"}))


def test_no_more_than_so_many_are_kept_and_the_oldest_go_first() -> None:
    made = KNOWN.make()
    for record in range(3 * MOST):
        made.add(record, "row")
    assert len(made.by_record) <= MOST
    assert 3 * MOST - 1 in made.by_record and 0 not in made.by_record
