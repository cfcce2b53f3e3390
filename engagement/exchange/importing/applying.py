"""From a plan to the register: the rows are read again and written in batches, all in one operation.

Records are made whole before they are written: what their keys are made of is at hand, so that nothing is asked a row.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from engagement.desk.journal import Edit, Journal
from engagement.desk.models import Outcome
from engagement.desk.states import State, put
from engagement.exchange.importing.kinds import Kind
from engagement.exchange.importing.parts import PartWork
from engagement.exchange.importing.rows import Row
from engagement.models.base import Record

WRITTEN = frozenset({Outcome.NEW.value, Outcome.CHANGED.value})


class Applier:
    """Writes the batches of one run."""

    def __init__(self, kind: Kind, journal: Journal) -> None:
        self.kind, self.journal = kind, journal
        self.many = [many.name for many in kind.model._meta.many_to_many]
        # The rows being written: among them is the one that the database refuses.
        self.at: list[Row] = []
        self.known: dict[Any, dict[int, Any]] = {}

    def write(self, wanted: list[Row]) -> None:
        """Rows that are new or changed, as the plan has them."""
        self.at = wanted
        new = [row for row in wanted if row.is_new]
        for row in new:
            row.record = self.made(self.kind.model, row.after)
            setattr(row.record, self.kind.model.key_field, row.key)
        if new:
            records = [row.record for row in new]
            self.attach(records)
            self.journal.create(records, [{name: row.after.get(name, []) for name in self.many} for row in new])
        changed = [row for row in wanted if not row.is_new and row.after != row.before]
        self.journal.change([Edit(row.record, row.before, row.after) for row in changed])
        self.write_parts(wanted)

    @staticmethod
    def made(model: type[Record], state: State) -> Record:
        record = model()
        put(record, state)
        return record

    # -- Parts -----------------------------------------------------------------------------------------------------

    def write_parts(self, rows: Sequence[Row]) -> None:
        works = [(row, work) for row in rows for work in row.works]
        for part in {id(work.part): work.part for _row, work in works}.values():
            mine = [(row, work) for row, work in works if work.part is part]
            self.journal.delete([work.record for _row, work in mine if work.after is None])
            self.journal.change(
                [Edit(work.record, work.before, work.after) for _row, work in mine if work.record and work.after]
            )
            created = [self.part(row, work) for row, work in mine if work.record is None]
            self.attach(created)
            if created:
                self.journal.create(created)

    def part(self, row: Row, work: PartWork) -> Record:
        record = self.made(work.part.model, work.after or {})
        setattr(record, work.part.owner, row.record)
        return record

    # -- What keys are made of -------------------------------------------------------------------------------------

    def attach(self, records: Sequence[Any]) -> None:
        """Give each record those that it points to, read by the batch."""
        for field in records[0]._meta.concrete_fields if records else ():
            if not isinstance(field, models.ForeignKey) or field.name == "source":
                continue
            loose = [record for record in records if not field.is_cached(record) and getattr(record, field.attname)]
            others = self.others(field.related_model, {getattr(record, field.attname) for record in loose})
            for record in loose:
                setattr(record, field.name, others[getattr(record, field.attname)])

    def others(self, model: Any, pks: set[int]) -> dict[int, Any]:
        known = self.known.setdefault(model, {})
        if missing := pks - known.keys():
            if len(known) > 5_000:
                known.clear()
                missing = pks
            known.update(model._base_manager.in_bulk(list(missing)))
        return known

    # -- What the database refuses ---------------------------------------------------------------------------------

    def refused(self) -> tuple[int, str]:
        """The row that the models find wrong, after the transaction, and why; 0 where they find none."""
        for row in self.at:
            record: Any = self.made(self.kind.model, row.after)
            setattr(record, self.kind.model.key_field, row.key)
            record.pk = row.pk
            self.attach([record])
            try:
                record.complete()
                record.clean_fields(exclude={field.name for field in record._meta.fields if field.is_relation})
                record.validate_constraints()
            except ValidationError as error:
                return row.number, " ".join(error.messages)
        return 0, ""
