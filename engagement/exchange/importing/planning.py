"""From a file to a plan: for each row which record it is, what it changes, and what is wrong with it.

Rows are taken in batches, and the register is asked by the batch, never by the row. Planning writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk.models import Outcome
from engagement.desk.states import State, state_of, states_of
from engagement.exchange.importing import dates
from engagement.exchange.importing.base import Options, Problem, Raw, Wrong
from engagement.exchange.importing.columns import Column, needed
from engagement.exchange.importing.derived import Derived, OfRow
from engagement.exchange.importing.identifying import Finder
from engagement.exchange.importing.kinds import Kind
from engagement.exchange.importing.parts import Part, Wronged
from engagement.exchange.importing.reading import Line
from engagement.exchange.importing.resolving import Book, chunked, folded
from engagement.exchange.importing.rows import Row
from engagement.models import Source
from engagement.models.base import Sorted

BATCH = 500
# Cells whose reading is kept, of each column, and how long such a cell may be.
MOST_KEPT, LONGEST_KEPT = 2_000, 100
EVIDENCE = ("source_id", "as_of", "locator")


class Planner:
    """One file of one kind. header: as the file has it. positions: where each column stands (headers.known).

    planned: outcome and key by row, where the file was planned before and the register has not changed since. Which
    record a row is need not be found again, nor what the columns say that are not read be held to the register.
    """

    def __init__(
        self,
        kind: Kind,
        header: Sequence[str],
        positions: Mapping[str, int],
        options: Options,
        decisions: Mapping[str, str],
        *,
        planned: Mapping[int, tuple[str, str]] | None = None,
    ) -> None:
        self.kind, self.options, self.decisions, self.planned = kind, options, decisions, planned
        self.header = {name: header[place] for name, place in positions.items()}
        self.positions = dict(positions)
        self.book = Book()
        self.finder = Finder(kind, self.book)
        self.columns = [column for column in kind.written if self.covers(column.name)]
        self.parts = [part for part in kind.parts if any(name in positions for name in (*part.columns, *part.labels))]
        self.derived = [each for each in kind.derived if each.name in positions and planned is None]
        self.blank: State = state_of(kind.model(), {many.name: [] for many in kind.model._meta.many_to_many})
        self.blank.pop(kind.model.key_field, None)
        self.file_source: int | None = None
        self.file_as_of = ""
        self.kept: dict[str, dict[str, State]] = {}

    def covers(self, name: str) -> bool:
        label = self.kind.labels.get(name)
        return name in self.positions or (label is not None and label.name in self.positions)

    def problems(self) -> list[Problem]:
        """Read what is said of the whole file; what is wrong with that stops it."""
        found = []
        try:
            self.file_source = self.book.names(Source).find(self.options.source) if self.options.source else None
        except Wrong as wrong:
            found.append(wrong.at(0, "source_key", self.options.source))
        try:
            self.file_as_of = dates.partial(self.options.as_of or None, self.options)
        except Wrong as wrong:
            found.append(wrong.at(0, "as_of", self.options.as_of))
        return found

    # -- Batches -------------------------------------------------------------------------------------------------

    def batches(self, lines: Iterable[Line]) -> Iterator[list[Row]]:
        """The rows, each with all that is known of it; what only other rows tell is not in it (comparing)."""
        for batch in chunked(lines, BATCH):
            rows = [self.row(line) for line in batch]
            for row in rows:
                self.identify(row)
            self.load(rows)
            for row in rows:
                self.evaluate(row)
            yield rows

    def row(self, line: Line) -> Row:
        cells = line.cells
        row = Row(line.number, {name: cells[place] for name, place in self.positions.items()}, hash(cells))
        row.problems.extend(line.problems)
        return row

    # -- Which record ----------------------------------------------------------------------------------------------

    def identify(self, row: Row) -> None:
        decided = self.decisions.get(str(row.number), "")
        try:
            if decided and decided != "new":
                row.pk, row.key = self.finder.decided(decided), decided
            elif row.cells.get("key") is not None:
                row.key = self.kind.column("key").parse(row.cells["key"], self.options)
                row.pk = self.finder.by_key(row.key)
                if row.pk is None:
                    self.kind.may_be_new(row.key)
            elif self.planned is not None:
                self.recall(row, *self.planned[row.number])
            elif decided != "new":
                self.find(row)
        except Wrong as wrong:
            row.wrong(self.header.get("key", ""), row.cells.get("key"), wrong)
        row.decided = decided or self.decisions.get("*", "")

    def find(self, row: Row) -> None:
        """By what makes the record the one that it is."""
        said = self.new_state(row)
        for name in self.kind.identity.columns:
            column = self.kind.column(name)
            try:
                row.said |= self.read(row, column) or {}
            except Wrong:
                return  # told when the row is evaluated
        found = self.finder.found({**said, **row.said})
        if len(found) > 1:
            raise self.finder.several(found)
        if found:
            row.pk = next(iter(found))
            row.key = self.finder.key_of(row.pk)
            names = ", ".join(
                self.header[name] for name in self.kind.identity.columns if row.cells.get(name) is not None
            )
            says = _("The row has no key; by %(columns)s it is “%(key)s”.")
            row.note("matched", says % {"columns": names, "key": row.key})

    def recall(self, row: Row, outcome: str, key: str) -> None:
        if outcome != Outcome.NEW:
            row.pk, row.key = self.finder.by_key(key), key

    # -- What the register has -------------------------------------------------------------------------------------

    def load(self, rows: Iterable[Row]) -> None:
        there = {row.pk: row for row in rows if row.pk is not None}
        records = self.records(list(there))
        states = states_of(list(records.values()))
        parts = {part.name: part.load(there) for part in self.parts} if there else {}
        for row in rows:
            if row.pk is not None and row.pk in records:
                row.record, row.before = records[row.pk], states[row.pk]
                row.before.pop(self.kind.model.key_field, None)
                row.key = row.record.natural_key()[0]
                row.parts = {name: held.get(row.pk, []) for name, held in parts.items()}
            elif row.pk is not None:
                row.wrong("", None, Wrong("gone", _("“%(key)s” was deleted in the meantime.") % {"key": row.key}))

    def records(self, pks: Sequence[int]) -> dict[int, Any]:
        """Read as the export reads them, where a column has to be held to what it says."""
        if not pks:
            return {}
        rows: Any = self.kind.model._base_manager.filter(pk__in=pks)
        if self.kind.directory and any(isinstance(each, OfRow) for each in self.derived):
            rows = self.kind.directory.in_full(self.kind.model._default_manager.filter(pk__in=pks).for_list())
        return {record.pk: record for record in rows}

    # -- What becomes of it ----------------------------------------------------------------------------------------

    def evaluate(self, row: Row) -> None:
        row.after = dict(row.before) if row.record else self.new_state(row)
        for column in self.columns:
            self.take(row, column)
        for part in self.parts:
            self.take_parts(row, part)
        if row.record is None:
            self.complete(row)
        if row.record is None or row.after != row.before or row.works:
            self.judge(row)
        for derived in self.derived:
            self.hold(row, derived)

    def new_state(self, row: Row) -> State:
        """What a new record says before its cells are read: the evidence of the file, where the row has none."""
        state = dict(self.blank)
        if row.cells.get("source_key") is None and row.cells.get("source") is None:
            state |= {"source_id": self.file_source, "as_of": self.file_as_of}
        return state

    def take(self, row: Row, column: Column) -> None:
        raw = row.cells.get(column.name)
        label = self.kind.labels.get(column.name)
        stands_in = raw is None and label is not None and row.cells.get(label.name) is not None
        if stands_in and label is not None:
            raw = row.cells[label.name]
            if row.record is not None and label.fits(raw, row.before, row.record, self.book):
                return
        elif row.record is not None and column.same(raw, row.before, self.book):
            return
        try:
            row.after |= self.told(column, raw)
        except Wrong as wrong:
            name = label.name if stands_in and label is not None else column.name
            row.wrong(self.header.get(name, name), raw, wrong)

    def read(self, row: Row, column: Column) -> State | None:
        """What the cell says, or its label where that stands in; None where both are blank."""
        raw = row.cells.get(column.name)
        label = self.kind.labels.get(column.name)
        if raw is None and label is not None:
            raw = row.cells.get(label.name)
        return None if raw is None else self.reading(column, raw)

    def told(self, column: Column, raw: Raw) -> State:
        if raw is not None:
            return self.reading(column, raw)
        return (column.emptied() if self.options.clears else None) or {}

    def reading(self, column: Column, raw: Raw) -> State:
        """What a cell says; texts that come again and again are read once."""
        if not isinstance(raw, str) or len(raw) > LONGEST_KEPT:
            return column.read(raw, self.options, self.book)
        kept = self.kept.setdefault(column.name, {})
        if raw not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[raw] = column.read(raw, self.options, self.book)
        return kept[raw]

    def take_parts(self, row: Row, part: Part) -> None:
        held = row.parts.get(part.name, [])
        raws = {name: row.cells[name] for name in (*part.columns, *part.labels) if name in self.positions}
        given = part.given(raws, held, self.options, self.book)
        try:
            row.works += part.plan(given, held, self.evidence_of_parts(row), self.options, self.book)
        except Wronged as wronged:
            name = next((name for name in (wronged.column, *part.labels) if name in self.header), wronged.column)
            row.wrong(self.header.get(name, name), raws.get(name), wronged.wrong)

    def evidence_of_parts(self, row: Row) -> State:
        """A part that is new stands where the row does: in its source, or in that of the file."""
        evidence = {name: row.after.get(name) or "" for name in EVIDENCE}
        names_none = row.cells.get("source_key") is None and row.cells.get("source") is None
        if row.record is not None and names_none and self.file_source:
            locator = evidence["locator"] if row.cells.get("locator") is not None else ""
            evidence = {"source_id": self.file_source, "as_of": self.file_as_of, "locator": locator}
        return {**evidence, "published": True}

    def complete(self, row: Row) -> None:
        """What a new record has to have, or has because of the rest."""
        state = row.after
        wrong_columns = {problem.column for problem in row.problems}
        for column in self.kind.columns:
            header = self.header.get(column.name, column.name)
            missing = column.required and column.to != "source_id" and state.get(column.to) in (None, "", [])
            if missing and header not in wrong_columns:
                row.wrong(header, None, needed(header))
        self.complete_evidence(row, wrong_columns)
        state |= self.kind.follows(state, self.book)

    def complete_evidence(self, row: Row, wrong_columns: set[str]) -> None:
        state = row.after
        if (
            state["source_id"] is None
            and not {self.header.get(name) for name in ("source_key", "source")} & wrong_columns
        ):
            says = _("Every fact needs its source and date: give the source of the row, or one for the whole file.")
            row.wrong(self.header.get("source_key", "source_key"), None, Wrong("source", says))
        if state["source_id"] is not None and not state["as_of"]:
            names = self.book.names(Source)
            state["as_of"] = names.of(state["source_id"], "as_of") or names.of(state["source_id"], "date")
            if not state["as_of"] and self.header.get("as_of") not in wrong_columns:
                says = _(
                    "Every fact needs its source and date: the source has none, so give the date for which it speaks."
                )
                row.wrong(self.header.get("as_of", "as_of"), None, Wrong("as-of", says))

    def judge(self, row: Row) -> None:
        """The constraints of the model, without the database."""
        if row.problems:
            return
        model = self.kind.model
        if issubclass(model, Sorted) and not folded(row.after[model.sort_from]):
            header = self.header.get("name", "name")
            row.wrong(header, row.cells.get("name"), Wrong("name-empty", _("The name has no letter and no digit.")))
        for rule in self.kind.rules:
            if not rule.holds(row.after):
                header = self.header.get(rule.column, rule.column)
                row.wrong(header, row.cells.get(rule.column), Wrong("constraint", rule.says(model)))
        self.finder.judge(row, self.header)

    def hold(self, row: Row, derived: Derived) -> None:
        """A column that is not read says what the register says, before the row or after it."""
        raw = row.cells.get(derived.name)
        if raw is None or row.problems:
            return
        states = [row.after] if row.record is None else [row.before, row.after]
        if not any(derived.fits(raw, state, row.record, self.book) for state in states):
            says = _(
                "This column is not read, and the register says something else: “%(shown)s”. Change “%(instead)s”."
            )
            values = {"shown": derived.shown(states[0], row.record, self.book), "instead": derived.instead}
            row.wrong(self.header[derived.name], raw, Wrong("derived", says % values))

    def describe(self, row: Row) -> None:
        """What people are shown of it."""
        row.label = self.kind.label(row.after, self.book)
        if not row.problems:
            row.differences = list(self.differences(row))

    def differences(self, row: Row) -> Iterator[list[str]]:
        """Column, what the register shows in it before, and after."""
        before = row.before if row.record else {}
        if row.after != before:
            for column in self.kind.written:
                if row.after.get(column.to) != before.get(column.to):
                    shown = column.shown(before, self.book) if before else "", column.shown(row.after, self.book)
                    if shown[0] != shown[1]:
                        yield [column.name, *shown]
        for part in self.parts:
            yield from part_differences(part, row, self.book)


def part_differences(part: Part, row: Row, book: Book) -> Iterator[list[str]]:
    works = [work for work in row.works if work.part is part]
    if not works:
        return
    held = row.parts.get(part.name, [])
    by_record = {id(work.record): work for work in works if work.record is not None}
    before = [one.state for one in held]
    after = [
        work.after if (work := by_record.get(id(one.record))) else one.state
        for one in held
        if not ((gone := by_record.get(id(one.record))) and gone.after is None)
    ]
    after += [work.after for work in works if work.record is None]
    for column in part.columns:
        shown = part.shown(column, before, book), part.shown(column, [state for state in after if state], book)
        if shown[0] != shown[1]:
            yield [column, *shown]
