"""From a source to what stands on it, and from records to what else is said of them: one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, Model, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from engagement.models.base import Place, Record, Sourced
from engagement.models.sources import Discrepancy, FurtherSource, Source

LABEL_PARTS = 3
NOWHERE = (Place(""),)

# -- Where records stand -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cited:
    """A record as others point at it: what kind it is, how it is called, where it stands ('' for nowhere)."""

    model: type[Model]
    key: str
    label: str
    url: str

    @property
    def kind(self) -> str:
        return str(self.model._meta.verbose_name)


def facts_from(source: Source) -> Any:
    """Rows for `cited`, one for each published fact with a place that names `source`, by kind and label."""
    models = [model for model in _models() if issubclass(model, Sourced) and model.places]
    parts = [part for model in models for part in _rows(model, model.objects.published().filter(source=source))]
    return parts[0].union(*parts[1:], all=True).order_by("cited_model", "cited_label_0", "cited_label_1", "cited_key")


def records_of(spoken_of: Iterable[Any]) -> dict[tuple[str, str], Cited]:
    """The published records that rows with `kind` and `record_key` speak of, by these two."""
    keys: dict[str, set[str]] = {}
    for each in spoken_of:
        keys.setdefault(each.kind, set()).add(each.record_key)
    parts = [
        part
        for model in _models()
        if model._meta.model_name in keys
        for part in _rows(model, _with_keys(model, keys[model._meta.model_name]))
    ]
    found = [cited(row) for row in parts[0].union(*parts[1:], all=True)] if parts else []
    return {(str(each.model._meta.model_name), each.key): each for each in found}


def cited(row: tuple[Any, ...]) -> Cited:
    """What a row of `facts_from` stands for."""
    name, number, argument, search, key, *labels = row
    model: Any = apps.get_model("engagement", name)
    url = model.places[int(number)].url(argument, key, search) if model.places else ""
    return Cited(model, key, " · ".join(filter(None, labels)) or key, url)


def _models() -> list[Any]:
    return [model for model in apps.get_app_config("engagement").get_models() if issubclass(model, Record)]


def _with_keys(model: Any, keys: set[str]) -> Any:
    return model.objects.published().filter(**{f"{model.key_field}__in": keys})


def _rows(model: Any, records: Any) -> list[Any]:
    """For each place of `model`, those of `records` that stand there: the first whose argument is not null."""
    parts, elsewhere = [], Q()
    labels: list[Any] = [Coalesce(F(lookup), Value("")) for lookup in model.label_from[:LABEL_PARTS]]
    labels += [Value("")] * (LABEL_PARTS - len(labels))
    for number, place in enumerate(model.places or NOWHERE):
        here = Q(**{f"{place.argument}__isnull": False}) if place.argument else Q()
        columns = {
            "cited_model": Value(model._meta.model_name),
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
        return reverse("engagement:source", args=[self.slug_a]) if self.slug_a else ""

    @property
    def url_b(self) -> str:
        return reverse("engagement:source", args=[self.slug_b]) if self.slug_b else ""


def remarks_about(records: Iterable[Record]) -> list[Remark]:
    """What further sources and discrepancies say of `records`."""
    records = list(records)
    further = _remarks(
        FurtherSource.objects.published().about(*records),
        (Value(""), F("reading"), F("source__slug"), F("source__title"), Value(""), Value(""), Value(""), F("locator")),
    )
    disagreeing = _remarks(
        Discrepancy.objects.published().about(*records),
        (
            *(F("field"), F("reading_a"), F("source_a__slug"), F("source_a__title")),
            *(F("reading_b"), F("source_b__slug"), F("source_b__title"), F("note")),
        ),
    )
    return [Remark(*row) for row in further.union(disagreeing, all=True).order_by("kind", "record_key", "remark_3")]


def _remarks(rows: Any, columns: tuple[Any, ...]) -> Any:
    """`rows` with the kind and key of the record and the columns as Remark has them after these."""
    texts = {f"remark_{number}": _text(Coalesce(column, Value(""))) for number, column in enumerate(columns)}
    return rows.order_by().annotate(**texts).values_list("kind", "record_key", *texts)
