"""Plain values instead of records: what columns read of rows is asked for, a column at a time, and made into cells.

A record costs more to make than all its cells together. What many rows share, such as the title of a source, is made
into a cell once.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, CharField, F, Field, ForeignKey, Func, Model, QuerySet, TextField, Value
from django.db.models.constants import LOOKUP_SEP

from engagement.directories.columns import Of, Own

# Cells and records that are kept while rows are read: more than these are forgotten, and made again.
MOST_KEPT = 10_000

Columns = Sequence[Sequence[Any]]


def steps(model: type[Model], lookup: str) -> list[Any]:
    """The fields that the lookup goes through. Raises FieldDoesNotExist."""
    fields: list[Any] = []
    for step in lookup.split(LOOKUP_SEP):
        fields.append(model._meta.pk if step == "pk" else model._meta.get_field(step))
        model = fields[-1].related_model or model
    return fields


def always_text(model: type[Model], lookup: str) -> bool:
    """Whether the lookup leads to text, and never to null."""
    fields = steps(model, lookup)
    return isinstance(fields[-1], CharField | TextField) and not any(field.null for field in fields)


class Kept(dict[Any, Any]):
    """What `made` gives of a key, made once."""

    def __init__(self, made: Callable[[Any], Any]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, key: Any) -> Any:
        if len(self) >= MOST_KEPT:
            self.clear()
        value = self[key] = self._made(key)
        return value


class Records:
    """Records that many rows lead to, by primary key, each with those that it leads to by `along`."""

    def __init__(self, model: type[Model], along: Iterable[str] = ()) -> None:
        rows: Any = model._base_manager.all()
        self._rows = rows.select_related(*along) if along else rows
        self._known: dict[Any, Any] = {None: None}

    def want(self, keys: Iterable[Any]) -> None:
        """Read those that are not known yet, in one query; None leads to None."""
        wanted = set(keys)
        if len(self._known) > MOST_KEPT:
            self._known = {None: None}
        if missing := wanted.difference(self._known):
            self._known |= self._rows.in_bulk(missing)

    def __getitem__(self, key: Any) -> Any:
        return self._known[key]


class Numbers(Field):
    """Whole numbers, all of them one parameter of a query."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return [*value] if connection.vendor == "postgresql" else json.dumps([*value])


class Among(Func):
    """Whether what the lookup leads to is one of many numbers. `__in` takes a parameter for each: it costs more."""

    template = "%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, lookup: str, numbers: Sequence[int]) -> None:
        super().__init__(F(lookup), Value(numbers, output_field=Numbers()))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            arg_joiner=" IN (SELECT value FROM json_each(",
            template="%(expressions)s))",
            **context,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, arg_joiner=" = ANY(", **context)


@dataclass(frozen=True)
class Asked:
    """What is asked of each row.

    value, reads: as a Column has them. one: a value as a cell. texts: a column of texts as cells. together: the cells
    of columns of what `reads` give, where all are had at once and `value` is of no use.
    """

    value: Callable[[Any], Any]
    reads: tuple[str, ...]
    one: Callable[[Any], Any]
    texts: Callable[[Sequence[str]], Sequence[Any]]
    together: Callable[..., Sequence[Any]] | None = None


class Selection:
    """What several columns read of the rows of a queryset, and their cells."""

    def __init__(self, rows: QuerySet, asked: Sequence[Asked]) -> None:
        """Raises FieldDoesNotExist where a column reads nothing that is known, or a row has no such field."""
        self._model, self._annotations = rows.model, rows.query.annotations
        self._whole = self._read_whole([lookup for each in asked for lookup in each.reads])
        self.lookups: list[str] = []
        self._makers: dict[str, Kept] = {}
        self._columns = [self._column(each) for each in asked]

    def cells(self, values: Columns) -> list[Sequence[Any]]:
        """The columns of cells, of the columns of what `lookups` give."""
        for place, lookup in enumerate(self.lookups):
            if lookup in self._whole:
                self._whole[lookup].want(values[place])
        return [column(values) for column in self._columns]

    def place(self, lookup: str) -> int:
        """Where among `lookups` it stands, from now on."""
        if lookup not in self.lookups:
            self.lookups.append(lookup)
        return self.lookups.index(lookup)

    # -- Whole records -----------------------------------------------------------------------------------------------

    def _read_whole(self, lookups: list[str]) -> dict[str, Records]:
        """The lookups that stand for a whole record and lie beneath no other such, each with its records."""
        whole: dict[str, Records] = {}
        for path in sorted(set(filter(self._is_record, lookups)), key=len):
            if self._above(path, whole) == path:
                model = self._model if path == "pk" else steps(self._model, path)[-1].related_model
                beneath = (each.removeprefix(f"{path}__") for each in lookups if each.startswith(f"{path}__"))
                along = {each if is_record(model, each) else each.rpartition(LOOKUP_SEP)[0] for each in beneath}
                whole[path] = Records(model, along - {""})
        return whole

    def _is_record(self, lookup: str) -> bool:
        return self._is_had(lookup) and lookup not in self._annotations and is_record(self._model, lookup)

    @staticmethod
    def _above(lookup: str, whole: Collection[str]) -> str:
        """The whole record that it is read of, or the lookup itself."""
        return next((path for path in whole if lookup.startswith(f"{path}__")), lookup)

    # -- Columns -----------------------------------------------------------------------------------------------------

    def _column(self, asked: Asked) -> Callable[[Columns], Sequence[Any]]:
        if (together := asked.together) is not None:
            at = [self.place(lookup) for lookup in asked.reads]
            return lambda values: together(*(values[place] for place in at))
        reads = tuple(dict.fromkeys(self._above(lookup, self._whole) for lookup in asked.reads if self._is_had(lookup)))
        if not reads:
            raise FieldDoesNotExist("It is not said what the column reads.")
        places = [self.place(lookup) for lookup in reads]
        if isinstance(asked.value, Own | Of) and asked.value.lookup in reads and reads[0] not in self._whole:
            if always_text(self._model, reads[0]):
                return lambda values: asked.texts(values[places[0]])
            empty = "" if isinstance(asked.value, Of) else None
            return self._shared(places, lambda found: asked.one(empty if found is None else found))
        make = self._maker(reads)
        if len(places) > 1:
            return self._shared(places, lambda found: asked.one(asked.value(make(found))))
        # Several columns look at one and the same record beside the row.
        makers = self._makers.setdefault(reads[0], Kept(lambda found: make((found,))))
        return self._shared(places, lambda found: asked.one(asked.value(makers[found])))

    def _is_had(self, lookup: str) -> bool:
        """Whether the rows have it: what no field is, they may be annotated with."""
        try:
            return lookup in self._annotations or bool(steps(self._model, lookup))
        except FieldDoesNotExist:
            return False

    @staticmethod
    def _shared(places: list[int], made: Callable[[Any], Any]) -> Callable[[Columns], Sequence[Any]]:
        kept = Kept(made)
        if len(places) == 1:
            return lambda values: [*map(kept.__getitem__, values[places[0]])]
        return lambda values: [*map(kept.__getitem__, zip(*(values[place] for place in places), strict=True))]

    def _maker(self, reads: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
        """From what the lookups give to a record that has it, and fails where it is asked for more."""
        if "pk" in reads:
            records = self._whole["pk"]
            return lambda values: records[values[0]]
        return partial_maker(self._model, reads, self._whole)


def is_record(model: type[Model], lookup: str) -> bool:
    """Whether the lookup stands for a whole record."""
    return lookup == "pk" or isinstance(steps(model, lookup)[-1], ForeignKey)


def partial_maker(
    model: type[Model], reads: Sequence[str], whole: Mapping[str, Records], path: str = ""
) -> Callable[[Sequence[Any]], Any]:
    """See Selection._maker; `reads` are lookups from the record that `path` leads to."""
    fields: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
    beneath: dict[str, list[int]] = {}
    for place, lookup in enumerate(reads):
        beneath.setdefault(lookup.partition(LOOKUP_SEP)[0], []).append(place)
    nested: dict[str, Callable[[Sequence[Any]], Any]] = {}
    for step, places in beneath.items():
        further = [reads[place].partition(LOOKUP_SEP)[2] for place in places]
        if any(further):
            nested[step] = partial_maker(fields[step].related_model, further, whole, f"{path}{step}__")

    def make(values: Sequence[Any]) -> Any:
        record = model.from_db(None, (), ())
        for step, places in beneath.items():
            found = [values[place] for place in places]
            if step in nested:
                fields[step].set_cached_value(record, nested[step](found) if any_known(found) else None)
            elif f"{path}{step}" in whole:
                fields[step].set_cached_value(record, whole[f"{path}{step}"][found[0]])
            else:
                setattr(record, step, found[0])
        return record

    return make


def any_known(values: Iterable[Any]) -> bool:
    return any(value is not None for value in values)
