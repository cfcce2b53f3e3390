"""What questions select of a collection, as sets of primary keys that this process keeps and brings up to date.

A filter's value is a set, a question their intersection, a number beside a filter the size of one more intersection,
and a page a slice of the set in an order that is kept too: none of it grows with the rows that are not shown. What is
kept is of one revision of the data; at a later one only the records are read anew that have changed since. SQL decides
everywhere what belongs into a set and what comes first, so that a set is what the same question selects by SQL.

This room knows querysets and the change log, not what they are of: the directories hand that in.
"""

from engagement.keysets.codings import ALL, Codes, Coding, size_of
from engagement.keysets.orders import ByFields, Order, page_of_ranks
from engagement.keysets.pieces import Made, Pieces
from engagement.keysets.shelves import Keysets, Remembered, Shelf, forget, shelf_of

__all__ = [
    "ALL",
    "ByFields",
    "Codes",
    "Coding",
    "Keysets",
    "Made",
    "Order",
    "Pieces",
    "Remembered",
    "Shelf",
    "forget",
    "page_of_ranks",
    "shelf_of",
    "size_of",
]
