"""Questions that every page of a kind asks: Django makes their SQL once, afterwards only values are put in.

To make the SQL of a queryset takes Django longer than the database takes to answer it from an index.
"""

from collections.abc import Callable
from copy import copy
from itertools import chain
from typing import Any

from django.db import connections
from django.db.models import Expression, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.utils.translation import get_language

SHORTEST_LIST = 4
# The stubs have it as another release of Django does.
joined_in: Any = get_related_populators


class Parameter(Expression):
    """Where a value is put in: `of` is its place among those asked with, `at` its place in a list (-1: no list)."""

    def __init__(self, of: int, at: int = -1) -> None:
        super().__init__()
        self.of, self.at = of, at

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def value(self, values: tuple[Any, ...]) -> Any:
        return values[self.of] if self.at < 0 else values[self.of][self.at]


class Statement:
    """A queryset as SQL, and what Django makes of a row: a record with what is joined in and annotated, or a tuple."""

    def __init__(self, rows: QuerySet) -> None:
        self.using = rows.db
        self.compiler: Any = rows.query.get_compiler(using=self.using)
        self.sql, self.params = self.compiler.as_sql()
        columns = [column[0] for column in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        self.model: Any = rows.model if rows._iterable_class is ModelIterable else None
        if self.model:
            own = self.compiler.klass_info["select_fields"]
            self.own = slice(own[0], own[-1] + 1)
            self.names = [column.target.attname for column in columns[self.own]]
            self.related = joined_in(self.compiler.klass_info, self.compiler.select, self.using)
            self.annotated = list(self.compiler.annotation_col_map.items())

    def ask(self, values: tuple[Any, ...]) -> list[Any]:
        """Django runs it as it runs its own; the compiler of this thread and these values is a copy."""
        params = [each.value(values) if isinstance(each, Parameter) else each for each in self.params]
        compiler = copy(self.compiler)
        compiler.connection = connections[self.using]
        compiler.as_sql = lambda: (self.sql, params)
        rows = compiler.apply_converters(chain.from_iterable(compiler.execute_sql()), self.converters)
        return [self.record(row) if self.model else tuple(row) for row in rows]

    def record(self, row: list[Any]) -> Any:
        record = self.model.from_db(self.using, self.names, row[self.own])
        for each in self.related:
            each.populate(row, record)
        for name, place in self.annotated:
            setattr(record, name, row[place])
        return record


class Compiled:
    """A queryset that is asked with values, each time in one query.

    `build` makes it of a parameter for each value, and of a list of parameters for a tuple, which must not be empty.
    It must not look at them: what it filters, joins and sorts by may depend on the language of the page alone.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._statements: dict[Any, Statement] = {}

    def ask(self, *values: Any) -> list[Any]:
        values = tuple(padded(each) if isinstance(each, tuple) else each for each in values)
        lengths = [len(each) if isinstance(each, tuple) else 0 for each in values]
        asked = (get_language(), *lengths)
        statement = self._statements.get(asked)
        if statement is None:
            rows = self._build(*(parameters(of, length) for of, length in enumerate(lengths)))
            statement = self._statements[asked] = Statement(rows)
        return statement.ask(values)


def padded(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """As long as the next power of two, the last value again and again: so that there are few lengths to compile."""
    length = max(SHORTEST_LIST, 1 << (len(values) - 1).bit_length())
    return values + values[-1:] * (length - len(values))


def parameters(of: int, length: int) -> Any:
    return [Parameter(of, at) for at in range(length)] if length else Parameter(of)
