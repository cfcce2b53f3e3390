"""Which record a row is: by its key, by what makes a record the one that it is, and who else has a claim to that."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk.states import State
from engagement.exchange.importing.base import Wrong
from engagement.exchange.importing.kinds import Kind
from engagement.exchange.importing.resolving import MOST_LISTED, Book
from engagement.exchange.importing.rows import Row


class Finder:
    """The records of the kind, by all that they answer to. Read once a run."""

    def __init__(self, kind: Kind, book: Book) -> None:
        self.kind, self.book = kind, book
        self.identity = kind.identity
        self.pks: dict[str, int] = {}
        self.marked: dict[Any, set[int]] = {}
        self.unique: dict[Any, int] = {}
        self.read()
        self.keys = {pk: key for key, pk in self.pks.items()}

    def read(self) -> None:
        model = self.kind.model
        rows = model._base_manager.order_by("pk").values("pk", model.key_field, *self.identity.fields)
        for said in rows.iterator(chunk_size=2_000):
            pk = said["pk"]
            self.pks[said[model.key_field]] = pk
            for mark in self.identity.marks(said):
                if mark is not None:
                    self.marked.setdefault(mark, set()).add(pk)
            if self.identity.fields and (mark := self.identity.unique(said)) is not None:
                self.unique[mark] = pk

    def by_key(self, key: str) -> int | None:
        return self.pks.get(key)

    def key_of(self, pk: int) -> str:
        return self.keys[pk]

    def decided(self, key: str) -> int:
        """The record that staff say it is."""
        if key not in self.pks:
            raise Wrong("decision", _("It was decided that the row is “%(key)s”, which is not there.") % {"key": key})
        return self.pks[key]

    def found(self, said: State) -> Collection[int]:
        """The records that a row without a key may be."""
        mark = self.identity.asks(said)
        if mark is None:
            return ()
        return self.identity.found(said, self.book) if self.identity.found else self.marked.get(mark, ())

    def several(self, found: Collection[int]) -> Wrong:
        keys = sorted(self.keys[pk] for pk in found)
        says = _("%(n)d records may be meant. Give the key of one in “key”.") % {"n": len(keys)}
        return Wrong("several", says, ", ".join(keys[:MOST_LISTED]))

    def judge(self, row: Row, header: dict[str, str]) -> None:
        """Nothing else may have what only one may have."""
        mark = self.identity.unique(row.after)
        other = self.unique.get(mark) if mark is not None else None
        if other is not None and other != row.pk:
            name = self.identity.columns[0]
            says = _("“%(key)s” is that record already: there can be one only.") % {"key": self.keys[other]}
            row.wrong(header.get(name, name), row.cells.get(name), Wrong("unique", says, self.keys[other]))

    def claims(self, row: Row) -> list[Any]:
        """What no other row of the file may claim."""
        own = ("pk", row.pk) if row.pk is not None else ("key", row.key)
        claimed = [own] if own[1] else []
        if row.after and (mark := self.identity.asks(row.after)) is not None:
            claimed.append(("mark", mark))
        if row.after and (mark := self.identity.unique(row.after)) is not None:
            claimed.append(("unique", mark))
        return claimed
