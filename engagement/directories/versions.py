"""What records say and said before: present rows and the rows of their history, compared in what the public sees.

Rows of whatever models come as JSON of their public fields, so that one query reads the present of all of them and
one the history. History is written by the admin and by loads, not by `update()` nor by SQL: there the newest version
is what the record said before; after a save it says the same as the record, and the one before it is meant.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateField, DecimalField, F, ForeignKey, Model, Value, Window
from django.db.models.functions import JSONObject, RowNumber
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagement.models import Contact, PartialDate
from engagement.models.answers import AnswersField, in_words
from engagement.models.citations import LABEL_PARTS, Cited
from engagement.models.dates import PartialDateField, day_label

# A record is shown only while all of these that it has are true; docs/data-model.md, "published".
FLAGS = ("published", "public")
# Keys and what only orders or places a record.
INTERNAL = frozenset({*FLAGS, "key", "slug", "sort_name", "order", "tile_column", "tile_row"})
# Versions of a record that are looked at.
VERSIONS = 10
# A change that was noted this much later than the record began to say what it says was one of something else.
SAME_EDIT = datetime.timedelta(minutes=5)
# Characters of a text that are shown, and of what stands before the first difference.
SHORT, LEAD = 160, 40

Key = tuple[type[Model], int]
Said = dict[str, Any]


def flags_of(model: Any) -> list[str]:
    names = {field.name for field in model._meta.fields}
    return [flag for flag in FLAGS if flag in names]


def public_fields(model: Any) -> list[Any]:
    """Those whose values the public pages show; of a contact none, as its values are a person's."""
    if issubclass(model, Contact):
        return []
    concrete = [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    return [field for field in concrete if field.name not in INTERNAL]


# -- Reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A row of a record's history: when it was written, and what it says."""

    at: datetime.datetime
    said: Said

    @property
    def is_public(self) -> bool:
        return all(self.said[flag] for flag in FLAGS if flag in self.said)


def as_json(model: Any) -> JSONObject:
    """The public fields and the flags of a row of the model, or of its history."""
    names = [*(field.attname for field in public_fields(model)), *flags_of(model)]
    return JSONObject(**{name: F(name) for name in names})


def present(keys: Mapping[Any, Collection[int]]) -> dict[Key, Said]:
    """What the records say now."""
    parts = [
        model._base_manager.filter(pk__in=pks)
        .order_by()
        .annotate(version_of=Value(model._meta.model_name), version_says=as_json(model))
        .values_list("version_of", "pk", "version_says")
        for model, pks in keys.items()
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else []
    return {(apps.get_model("engagement", name), pk): said for name, pk, said in rows}


def past(keys: Mapping[Any, Collection[int]]) -> dict[Key, list[Version]]:
    """The newest versions of the records, newest first; all of the models have a history."""
    parts = []
    for model, pks in keys.items():
        pk = model._meta.pk.name
        place = Window(RowNumber(), partition_by=F(pk), order_by=F("history_id").desc())
        rows = model.history.model._base_manager.filter(**{f"{pk}__in": pks}).annotate(version_place=place)
        marked = rows.filter(version_place__lte=VERSIONS).order_by()
        marked = marked.annotate(version_of=Value(model._meta.model_name), version_says=as_json(model))
        parts.append(marked.values_list("version_of", pk, "version_place", "history_date", "version_says"))
    found: dict[Key, list[Version]] = {}
    rows = sorted(parts[0].union(*parts[1:], all=True), key=lambda row: row[2]) if parts else []
    for name, pk, _place, at, said in rows:
        found.setdefault((apps.get_model("engagement", name), pk), []).append(Version(at, said))
    return found


# -- Comparing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """What a change noted at a moment has changed. `said` is None where that is not known.

    `appeared`: the public could not see the record before.
    """

    said: Said | None = None
    appeared: bool = False


def before(now: Said, versions: list[Version], noted: datetime.datetime) -> Before:
    """What the record said before it came to say what it says now.

    A change of what is no field of the record (its links, what it is not compared in) is noted too, and told from one
    of a field by the time: the record then says the same for longer.
    """
    since = None
    for version in versions:
        if version.said == now:
            since = version.at
        elif since is not None and noted - since > SAME_EDIT:
            return Before()
        else:
            return Before(version.said) if version.is_public else Before(appeared=True)
    return Before()


def changed_fields(model: Any, now: Said, said: Said) -> list[Any]:
    return [field for field in public_fields(model) if now[field.attname] != said[field.attname]]


def named_in(model: Any, says: list[Said], fields: Collection[Any]) -> set[Key]:
    """The records to which these foreign keys, as the rows have them, lead."""
    keys = [field for field in fields if isinstance(field, ForeignKey)]
    return {(field.related_model, said[field.attname]) for said in says for field in keys if said[field.attname]}


# -- In words ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field that says something else than before; '' where it said or says nothing."""

    field: str
    before: str
    after: str


def difference(field: Any, said: Said, now: Said, names: Mapping[Key, Cited]) -> Difference:
    texts = [worded(field, row[field.attname], names) for row in (said, now)]
    return Difference(str(field.verbose_name), *excerpts(*texts))


def worded(field: Any, value: Any, names: Mapping[Key, Cited]) -> str:
    """A value for readers. Of records that the public may not see nothing is said but that there is one."""
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        named = names.get((field.related_model, value))
        return named.label if named else _("a record that is not public")
    if isinstance(field, PartialDateField):
        return str(PartialDate(value))
    if isinstance(field, AnswersField):
        return in_words(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, DateField):
        return day_label(field.to_python(value))
    if isinstance(field, DecimalField):
        return f"{field.to_python(value):f}"
    return str(value)


def excerpts(first: str, second: str) -> tuple[str, str]:
    """Two texts shortened, long ones from just before the first difference on."""
    if max(len(first), len(second)) <= SHORT:
        return first, second
    alike = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    start = max(0, alike - LEAD)
    return excerpt(first, start), excerpt(second, start)


def excerpt(text: str, start: int) -> str:
    shown = Truncator(text[start:]).chars(SHORT)
    return f"…{shown}" if start and shown else shown


def former_label(model: Any, said: Said, names: Mapping[Key, Cited]) -> str:
    """What a record that is gone was called, by its last version; '' where it was named by what is not public."""
    parts = []
    for lookup in model.label_from[:LABEL_PARTS]:
        name, _separator, rest = lookup.partition("__")
        field = model._meta.get_field(name)
        named = names.get((field.related_model, said[field.attname])) if rest else None
        if rest and named is None:
            return ""
        parts.append(named.label if named else str(said.get(field.attname) or ""))
    return " · ".join(filter(None, parts))
