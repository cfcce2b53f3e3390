"""The register as tables that refer to each other by natural keys: one a model, one a many-to-many link.

A table holds what the public may see, and only rows whose every reference leads to a row of a table beside it: a row
goes with what it is a part of, and a reference to anything else that is not public is an empty cell.
"""

import inspect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    F,
    Field,
    ForeignKey,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Collate
from django.utils.text import capfirst, slugify
from django.utils.translation import override

from engagement.directories.versions import public_fields
from engagement.exchange.encodings import cell
from engagement.exchange.tables import neutralised
from engagement.models import Contact, Source
from engagement.models.base import Record
from engagement.models.citations import belongs_to
from engagement.models.dates import PartialDateField
from engagement.models.sources import AboutRecord

KEY = "key"
# They stand last in each table, as in the files of the directories.
EVIDENCE = ("source", "locator", "as_of", "note")
PARTIAL_DATE = (
    "A partial date (EDTF), as fine as its source: 2006-11-15, 2006-11, 2006, 2014~ (about), 194X, 2011/2013, "
    "../2022 (2022 or earlier), 2022/.. (2022 or later)"
)
STABLE = "By this the row is referred to: given once and never derived again"
ROWS_AT_ONCE = 1_000

# -- Tables --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One column.

    expression: what a row's value is asked by. kind: a type of Table Schema. values: the codes that it may hold, none
    for any. table: the one that it leads to.
    """

    name: str
    title: str
    expression: Any
    kind: str = "string"
    description: str = ""
    values: tuple[Any, ...] = ()
    required: bool = False
    table: str = ""


@dataclass(frozen=True)
class Table:
    """One table. name: of its file, less the suffix. key: the cells that tell its rows apart. records: its rows."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    cells: tuple[Cell, ...]
    records: QuerySet

    def is_of(self, names: Collection[str]) -> bool:
        """Whether it is one of those named, or links rows of one of them."""
        return self.name in names or any(each.table in names for each in self.cells if each.name in self.key)

    def among(self, names: Collection[str]) -> "Table":
        """The same, with references to no other tables than these."""
        return replace(self, cells=tuple(each for each in self.cells if not each.table or each.table in names))

    def rows(self) -> Iterator[list[Any]]:
        """The cells of each row as a CSV file has them, in the order of the keys, read while they are asked for."""
        asked = {f"cell_{number}": each.expression for number, each in enumerate(self.cells)}
        order = [in_byte_order(each.expression) for each in self.cells if each.name in self.key]
        found = self.records.annotate(**asked).order_by(*order).values_list(*asked)
        return ([text(value) for value in row] for row in found.iterator(chunk_size=ROWS_AT_ONCE))


def tables(without: Collection[str] = ()) -> list[Table]:
    """All of them but those named, by name. What they say is English, whatever the language of the page."""
    with override(settings.LANGUAGE_CODE):
        linking = [link_table(model, field) for model in models() for field in model._meta.many_to_many]
        found = [table for table in (*map(record_table, models()), *linking) if not table.is_of(without)]
    kept = {table.name for table in found}
    return sorted((table.among(kept) for table in found), key=lambda table: table.name)


def models() -> list[Any]:
    return [model for model in apps.get_app_config("engagement").get_models() if issubclass(model, Record)]


def record_table(model: Any) -> Table:
    """The key, what the public is told, the evidence."""
    key: Field = model._meta.get_field(model.key_field)
    return Table(
        name_of(model),
        capfirst(str(model._meta.verbose_name_plural)),
        inspect.getdoc(model).partition("\n\n")[0].replace("\n", " "),  # type: ignore[union-attr]  # Django sees to it
        (KEY,),
        (
            Cell(KEY, capfirst(str(key.verbose_name)), F(key.name), description=STABLE, required=True),
            *map(cell_of, told(model)),
        ),
        public(model),
    )


def link_table(model: Any, field: Any) -> Table:
    """The keys of what is linked, two by two."""
    through, other = field.remote_field.through, field.related_model
    ends = ((field.m2m_field_name(), model), (field.m2m_reverse_field_name(), other))
    cells = [
        Cell(
            slugify(str(end._meta.verbose_name)).replace("-", "_"),
            capfirst(str(end._meta.verbose_name)),
            F(f"{name}__{end.key_field}"),
            required=True,
            table=name_of(end),
        )
        for name, end in ends
    ]
    title = f"{capfirst(str(model._meta.verbose_name_plural))}: {field.verbose_name}"
    records = through._base_manager.filter(**{f"{name}__in": public(end) for name, end in ends})
    name = slugify(f"{model._meta.verbose_name} {field.name}".replace("_", " "))
    return Table(name, title, "", tuple(each.name for each in cells), tuple(cells), records)


def name_of(model: Any) -> str:
    return slugify(str(model._meta.verbose_name_plural))


# -- What is public --------------------------------------------------------------------------------------------------


def public(model: Any) -> QuerySet:
    """The rows of the model's table: published, like all that they are a part of, and so on upward."""
    rows = model.objects.published().order_by()
    for parent in parents(model):
        inside = Q(**{f"{parent.name}__in": public(parent.related_model)})
        rows = rows.filter(inside | Q(**{f"{parent.name}__isnull": True}) if parent.null else inside)
    return rows.filter(about_public(rows)) if issubclass(model, AboutRecord) else rows


def parents(model: Any) -> list[Any]:
    """The references without which a row would say nothing. A fact stands without its source, as on the pages."""
    named = belongs_to(model)
    return [each for each in references(model) if each.name in named or not (each.null or is_evidence(each))]


def references(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def is_evidence(field: Any) -> bool:
    return field.related_model is Source


def about_public(rows: QuerySet) -> Q:
    """The condition that rows speak of a record that has a row. What sources say of a contact is a person's."""
    kinds = set(rows.values_list("kind", flat=True).distinct())
    speaks = Q(pk__in=[])
    for model in models():
        if model._meta.model_name in kinds and model is not Contact:
            keys = public(model).values(model.key_field)
            speaks |= Q(kind=model._meta.model_name, record_key__in=keys)
    return speaks


def told(model: Any) -> list[Any]:
    """The fields beside the key of which the public is told, the evidence last."""
    fields = public_fields(model)
    if model is Contact:
        names = {*Contact.PUBLIC_FIELDS, *EVIDENCE}
        fields = [field for field in model._meta.concrete_fields if field.name in names]
    fields = [field for field in fields if field.editable and field.name != model.key_field]
    return sorted(fields, key=lambda field: EVIDENCE.index(field.name) if field.name in EVIDENCE else -1)


# -- Cells -----------------------------------------------------------------------------------------------------------


def cell_of(field: Any) -> Cell:
    values = tuple(value for value, _label in field.flatchoices if value not in (None, ""))
    is_reference = isinstance(field, ForeignKey)
    return Cell(
        field.name,
        capfirst(str(field.verbose_name)),
        key_behind(field) if is_reference else F(field.name),
        kind_of(field),
        description_of(field),
        values,
        required=is_reference and field in parents(field.model) and not field.null,
        table=name_of(field.related_model) if is_reference else "",
    )


def key_behind(field: Any) -> Any:
    """The key of the record that the reference leads to, NULL where that has no row."""
    other = field.related_model
    if field in parents(field.model):
        return F(f"{field.name}__{other.key_field}")
    return Subquery(public(other).filter(pk=OuterRef(field.attname)).values(other.key_field))


def kind_of(field: Any) -> str:
    """The type of Table Schema; partial dates, and references by a key, are text."""
    kinds = {BooleanField: "boolean", IntegerField: "integer", DecimalField: "number", DateField: "date"}
    return next((kind for of, kind in kinds.items() if isinstance(field, of)), "string")


def description_of(field: Any) -> str:
    if isinstance(field, PartialDateField):
        return PARTIAL_DATE
    codes = [f"{value} ({label})" for value, label in field.flatchoices if value not in (None, "")]
    said = [str(field.help_text), f"One of {', '.join(codes)}" if codes else ""]
    return ". ".join(filter(None, said))


def text(value: Any) -> Any:
    """A value as CSV has it: text neutralised, a number as fine as it was entered."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else neutralised(cell(value))


def in_byte_order(expression: Any) -> Collate:
    """The same order on both engines and on every machine."""
    return Collate(expression, "C" if connection.vendor == "postgresql" else "BINARY")
