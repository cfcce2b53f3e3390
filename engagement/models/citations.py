"""From a source to what stands on it, and from records to what else is said of them: one query each."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, F, Model, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from engagement.models.base import Place, Record, Sourced
from engagement.models.compiled import Compiled
from engagement.models.consultation import ParticipationRight
from engagement.models.languages import InLanguage
from engagement.models.paths import path_of
from engagement.models.sources import Discrepancy, FurtherSource, Source

LABEL_PARTS = 3
NOWHERE = (Place(""),)

# -- Where records stand -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """A record as others point at it: what kind it is, how it is called, where it stands ('' for nowhere)."""

    model: type[Model]
    pk: int
    key: str
    label: str
    url: str

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


Numbers = Mapping[str, int]


class Facts:
    """Rows for `cited`, one for each published fact with a place that names the source, by kind and label.

    A part of them is read of the kinds that it holds alone. numbers: how many there are of each kind, where known.
    """

    def __init__(self, source: Source, numbers: Numbers | None = None) -> None:
        models = [model for model in _models() if issubclass(model, Sourced) and model.places]
        self.parts: dict[str, list[Any]] = {
            model._meta.model_name: _rows(model, model.objects.published().filter(source=source)) for model in models
        }
        self._numbers = numbers

    @property
    def numbers(self) -> Numbers:
        """By name of the model, in the order of the rows; one query."""
        if self._numbers is None:
            first, *others = (
                part.values("cited_model").annotate(n=Count("pk")).values_list("cited_model", "n")
                for parts in self.parts.values()
                for part in parts
            )
            counted: dict[str, int] = {}
            for name, n in first.union(*others, all=True):
                counted[name] = counted.get(name, 0) + n
            self._numbers = dict(sorted(counted.items()))
        return self._numbers

    def __len__(self) -> int:
        return sum(self.numbers.values())

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._of(self.parts))

    def __getitem__(self, place: slice) -> list[tuple[Any, ...]]:
        """From the one place to before the other; both are given."""
        names: list[str] = []
        first = end = 0
        for name, n in self.numbers.items():
            begin, end = end, end + n
            if begin < place.stop and place.start < end:
                first = first if names else begin
                names.append(name)
        return list(self._of(names)[place.start - first : place.stop - first]) if names else []

    def _of(self, names: Iterable[str]) -> Any:
        first, *others = (part for name in names for part in self.parts[name])
        ordered = first.union(*others, all=True) if others else first
        return ordered.order_by("cited_model", "cited_label_0", "cited_label_1", "cited_key")


def records_of(spoken_of: Iterable[Any]) -> dict[tuple[str, str], Cited]:
    """The published records that rows with `kind` and `record_key` speak of, by these two."""
    keys: dict[str, set[str]] = {}
    for each in spoken_of:
        keys.setdefault(each.kind, set()).add(each.record_key)
    rows = [
        (model, _with_keys(model, keys[model._meta.model_name]))
        for model in _models()
        if model._meta.model_name in keys
    ]
    return {(str(each.model._meta.model_name), each.key): each for each in _cited(rows)}


def records_by_pk(keys: Mapping[type[Model], Collection[int]]) -> dict[tuple[type[Model], int], Cited]:
    """The published records with these primary keys, by model and primary key."""
    rows: list[tuple[Any, Any]] = [
        (model, model._default_manager.published().filter(pk__in=pks))  # type: ignore[attr-defined]
        for model, pks in keys.items()
    ]
    return {(each.model, each.pk): each for each in _cited(rows)}


def public_keys(keys: Mapping[type[Model], Collection[int]]) -> set[tuple[type[Model], int]]:
    """Those of the records with these primary keys that the public may see, in one query."""
    parts = [
        model._default_manager.published()  # type: ignore[attr-defined]  # every model here is a Record
        .filter(in_public(model), pk__in=pks)
        .order_by()
        .annotate(cited_model=Value(model._meta.model_name))
        .values_list("cited_model", "pk")
        for model, pks in keys.items()
    ]
    found = parts[0].union(*parts[1:], all=True) if parts else []
    return {(apps.get_model("engagement", name), pk) for name, pk in found}


def in_public(model: Any) -> Q:
    """The condition that what a record belongs to is published: else it stands on no page that the public may see."""
    published = Q()
    for name in belongs_to(model):
        published &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__published": True})
    return published


def belongs_to(model: Any) -> list[str]:
    """The foreign keys by which a record is named and placed; a right stands in the row of its category."""
    lookups = [*model.label_from, *(place.argument for place in model.places)]
    named = [lookup.split("__")[0] for lookup in lookups if "__" in lookup]
    return list(dict.fromkeys([*named, "category"] if model is ParticipationRight else named))


def _cited(rows: Iterable[tuple[Any, Any]]) -> list[Cited]:
    """What the models' rows stand for, in one query."""
    parts = [part for model, records in rows for part in _rows(model, records)]
    return [cited(row) for row in parts[0].union(*parts[1:], all=True)] if parts else []


def cited(row: tuple[Any, ...]) -> Cited:
    """What a row of `Facts` stands for."""
    name, pk, number, argument, search, key, *labels = row
    model: Any = apps.get_model("engagement", name)
    url = model.places[int(number)].url(argument, key, search) if model.places else ""
    return Cited(model, int(pk), key, " · ".join(filter(None, labels)) or key, url)


def _models() -> list[Any]:
    return [model for model in apps.get_app_config("engagement").get_models() if issubclass(model, Record)]


def _with_keys(model: Any, keys: set[str]) -> Any:
    return model.objects.published().filter(**{f"{model.key_field}__in": keys})


def _rows(model: Any, records: Any) -> list[Any]:
    """For each place of `model`, those of `records` that stand there: the first whose argument is not null."""
    parts, elsewhere = [], Q()
    labels: list[Any] = [_label(model, lookup) for lookup in model.label_from[:LABEL_PARTS]]
    labels += [Value("")] * (LABEL_PARTS - len(labels))
    for number, place in enumerate(model.places or NOWHERE):
        here = Q(**{f"{place.argument}__isnull": False}) if place.argument else Q()
        columns = {
            "cited_model": Value(model._meta.model_name),
            "cited_pk": F("pk"),
            "cited_place": Value(str(number)),
            "cited_argument": F(place.argument) if place.argument else Value(""),
            "cited_search": F(place.search) if place.search else Value(""),
            "cited_key": F(model.key_field),
            **{f"cited_label_{part}": label for part, label in enumerate(labels)},
        }
        texts = {name: _text(column) for name, column in columns.items()}
        parts.append(records.filter(elsewhere, here).order_by().annotate(**texts).values_list(*texts))
        elsewhere &= ~here if place.argument else Q(pk__in=[])
    return parts


def _label(model: Any, lookup: str) -> Any:
    """What the lookup leads to, in the language of the page where it has a column for that; '' for nothing."""
    column = InLanguage(lookup).column
    translated = [NullIf(F(column), Value(""))] if _has(model, column) else []
    return Coalesce(*translated, F(lookup), Value(""))


def _has(model: Any, lookup: str) -> bool:
    name, _separator, rest = lookup.partition("__")
    field = next((field for field in model._meta.fields if field.name == name), None)
    return field is not None and (_has(field.related_model, rest) if rest else True)


def _text(expression: Any) -> Any:
    return Cast(expression, CharField(max_length=500))


# -- What else is said of records --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remark:
    """A further source for a record (one reading), or two sources that disagree on a field of it (two readings)."""

    kind: str
    record_key: str
    field: str
    reading_a: str
    slug_a: str
    title_a: str
    reading_b: str
    slug_b: str
    title_b: str
    note: str

    @property
    def is_discrepancy(self) -> bool:
        return bool(self.field)

    @property
    def url_a(self) -> str:
        return path_of("engagement:source", self.slug_a) if self.slug_a else ""

    @property
    def url_b(self) -> str:
        return path_of("engagement:source", self.slug_b) if self.slug_b else ""


def remarks_about(records: Iterable[Record]) -> list[Remark]:
    """What further sources and discrepancies say of `records`."""
    about = {(str(record._meta.model_name), record.natural_key()[0]) for record in records}
    if not about:
        return []
    kinds, keys = (tuple(sorted(set(names))) for names in zip(*about, strict=True))
    return [Remark(*row) for row in REMARKS.ask(kinds, keys) if row[:2] in about]


def _remarks_of(kinds: Any, keys: Any) -> Any:
    """What is said of any record with one of the keys that is of one of the kinds, as Remark has it."""
    further = _remarks(
        FurtherSource.objects.published().filter(kind__in=kinds, record_key__in=keys),
        (Value(""), F("reading"), F("source__slug"), F("source__title"), Value(""), Value(""), Value(""), F("locator")),
    )
    disagreeing = _remarks(
        Discrepancy.objects.published().filter(kind__in=kinds, record_key__in=keys),
        (
            *(F("field"), F("reading_a"), F("source_a__slug"), F("source_a__title")),
            *(F("reading_b"), F("source_b__slug"), F("source_b__title"), F("note")),
        ),
    )
    return further.union(disagreeing, all=True).order_by("kind", "record_key", "remark_3")


def _remarks(rows: Any, columns: tuple[Any, ...]) -> Any:
    """`rows` with the kind and key of the record and the columns as Remark has them after these."""
    texts = {f"remark_{number}": _text(Coalesce(column, Value(""))) for number, column in enumerate(columns)}
    return rows.order_by().annotate(**texts).values_list("kind", "record_key", *texts)


REMARKS = Compiled(_remarks_of)
