"""Files that staff take away: the rejected rows with why, what the register has of a kind, a blank file to fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from engagement.desk.states import states_of
from engagement.exchange.formats import FORMATS, About
from engagement.exchange.importing.base import Problem, Raw
from engagement.exchange.importing.columns import REASONS, Key, Lines, Links, OfPart, as_text, joined
from engagement.exchange.importing.kinds import Kind
from engagement.exchange.importing.reading import Table
from engagement.exchange.importing.resolving import Book, chunked
from engagement.freshness import revision

BATCH = 500


@dataclass(frozen=True)
class Head:
    """The head of a column, for the writers of files."""

    name: str


def columns_of(kind: Kind) -> list[Any]:
    return [Head(column.name) for column in kind.columns]


def blank(kind: Kind, form: str) -> Iterator[bytes]:
    """The header and one invented row."""
    example = [column.example for column in kind.columns]
    return FORMATS[form].write(About(str(kind.title), 1, revision()), columns_of(kind), [example])


def own(kind: Kind, form: str) -> Iterator[bytes]:
    """All that the register has of the kind, as this package reads it back."""
    count = kind.model._base_manager.count()
    return FORMATS[form].write(About(str(kind.title), count, revision()), columns_of(kind), own_rows(kind))


def own_rows(kind: Kind) -> Iterator[list[str]]:
    book = Book()
    with override("en"):
        rows = kind.model._base_manager.order_by(kind.model.key_field).iterator(chunk_size=BATCH)
        for records in chunked(rows, BATCH):
            states = states_of(records)
            parts = {part.name: part.load([record.pk for record in records]) for part in kind.parts}
            for record in records:
                yield [cell_of(kind, column, record, states[record.pk], parts, book) for column in kind.columns]


def cell_of(kind: Kind, column: Any, record: Any, state: Any, parts: Any, book: Book) -> str:
    if isinstance(column, Key):
        return str(record.natural_key()[0])
    if isinstance(column, OfPart):
        part = next(part for part in kind.parts if part.name == column.part)
        held = parts[part.name].get(record.pk, [])
        return joined(part.texts(column.name, [one.state for one in held], book))
    if isinstance(column, Lines):
        return joined(column.lines(state))
    if isinstance(column, Links):
        return joined(column.keys(state, book))
    return str(column.shown(state, book))


def rejects(table: Table, columns: dict[int, str], problems: dict[int, list[Problem]]) -> Iterator[bytes]:
    """columns: by the place of a cell, the name of its column; cells of others are left out."""
    heads = [Head(each.name) for each in REASONS] + [Head(name) for name in columns.values()]
    written = FORMATS["csv"].write
    return written(About("", len(problems), 0), heads, rejected_rows(table, columns, problems))  # type: ignore[arg-type]


def rejected_rows(table: Table, columns: dict[int, str], problems: dict[int, list[Problem]]) -> Iterator[list[Any]]:
    for line in table.rows:
        if found := problems.get(line.number):
            yield [
                line.number,
                " ".join(f"{problem.column}: {problem.says}" if problem.column else problem.says for problem in found),
                "; ".join(f"{problem.column}: {problem.suggestion}" for problem in found if problem.suggestion),
                *(as_written(line.cells[place]) for place in columns),
            ]


def as_written(raw: Raw) -> str:
    text = as_text(raw)
    if text is None:
        return "" if raw is None else str(raw)
    return str(text)
