"""Which rows of a directory say something else than they did at a revision, for whoever keeps a copy.

A row says something else when it has changed, or what is part of it, or a row of another model that its columns show
(directories/dependencies.py). What a row says of today (how a status stands) changes with the day, too, which no log
notes. A record is told as gone only where the public could once see it, and a contact never: its key is made of a
person's name, and may have to be forgotten.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import QueryDict

from engagement import freshness
from engagement.directories.base import Directory
from engagement.directories.dependencies import MADE_OF
from engagement.models.citations import belongs_to

# Rows looked at together.
PORTION = 500
# Behind every row.
LAST = 2**63 - 1


@dataclass(frozen=True)
class Changed:
    """A row of the directory, with the number of the newest change that concerns it.

    `gone`: it is no longer in the directory. `row` is its primary key, for going on behind it.
    """

    key: str
    number: int
    gone: bool
    row: int


def changed_since(directory: Directory, revision: int, limit: int, row: int = LAST) -> list[Changed]:
    """The rows changed after `revision`, by number and row, no more than `limit`: ask for one more to know of more.

    One change may concern many rows, as when a region is renamed. Whoever goes on behind one of them names both its
    number and its `row`: what is left of that number comes first.
    """
    rows = Rows(directory)
    found: list[Changed] = []
    after, portion = (revision, row), max(limit, PORTION)
    while len(found) < limit:
        touched = freshness.touched(rows.table, rows.leading(), after, portion)
        found += rows.told(touched)
        if len(touched) < portion:
            break
        after = touched[-1]
    return found[:limit]


class Rows:
    """The rows of a directory, there and gone."""

    def __init__(self, directory: Directory) -> None:
        self.made_of = MADE_OF[directory.name]
        self.model = self.made_of.record
        self.table = self.model._meta.db_table
        self.there: QuerySet = directory.ask(QueryDict()).qs.order_by()

    def leading(self) -> list[tuple[str, QuerySet]]:
        """By table of the other models, pairs of a row and a row of the other that it shows."""
        rows = self.model._base_manager.order_by()
        return [
            (model._meta.db_table, rows.annotate(this=F("pk"), other=F(lookup)).values("this", "other"))
            for model, lookup in self.made_of.columns()
        ]

    def told(self, touched: Collection[tuple[int, int]]) -> Iterator[Changed]:
        """Those of the touched rows, (number, row), of which the public may know, in their order."""
        keys = dict(self.there.filter(pk__in=[row for _, row in touched]).values_list("pk", self.model.key_field))
        gone = self.gone([row for _, row in touched if row not in keys])
        for number, row in touched:
            if row in keys:
                yield Changed(keys[row], number, gone=False, row=row)
            elif row in gone:
                yield Changed(gone[row], number, gone=True, row=row)

    def gone(self, rows: Collection[int]) -> dict[int, str]:
        """By row the keys of those that the public once saw, unless another row has come by the key."""
        names = freshness.names(self.table, rows)
        names = {row: names[row] for row in names.keys() - self.never_shown(names)}
        again = self.there.filter(**{f"{self.model.key_field}__in": list(names.values())})
        taken = set(again.values_list(self.model.key_field, flat=True)) if names else set()
        return {row: name for row, name in names.items() if name not in taken}

    def never_shown(self, rows: Collection[int]) -> set[int]:
        """Those that belong to what the public never saw, and so were seen no more than that."""
        hidden = set[int]()
        for name in belongs_to(self.model) if rows else ():
            owners = self.owners(name, rows)
            shown = freshness.names(self.model._meta.get_field(name).related_model._meta.db_table, set(owners.values()))
            hidden |= {row for row, owner in owners.items() if owner not in shown}
        return hidden

    def owners(self, name: str, rows: Collection[int]) -> dict[int, int]:
        """What the rows belong to by this foreign key; of those that are gone by their history."""
        pk, owner = self.model._meta.pk.name, self.model._meta.get_field(name).attname
        sources = [self.model.history.model._base_manager.order_by("history_id"), self.model._base_manager.order_by()]
        found: dict[int, int] = {}
        for source in sources:
            found |= source.filter(**{f"{pk}__in": list(rows), f"{owner}__isnull": False}).values_list(pk, owner)
        return found
