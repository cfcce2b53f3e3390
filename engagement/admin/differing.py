"""What differs between two states of a record, field by field in words: names in place of keys, a query a model."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.desk.former import Version, record_of, rows_of
from engagement.desk.states import State
from engagement.models.answers import AnswersField, in_words
from engagement.models.base import Record

# Texts longer than this are shown once, with the words marked that went and came.
LONG = 80
# Below this likeness the marks would say less than the two texts do.
ALIKE = 0.4


@dataclass(frozen=True)
class Part:
    """A stretch of a text: `how` is "same", "gone" or "new"."""

    how: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that says something else. Of a long text also `parts`, of links what was `added` and `removed`."""

    label: str
    before: str = ""
    after: str = ""
    parts: tuple[Part, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Names:
    """The records that states point to, read with one query a model, and those that are gone by their histories."""

    def __init__(self, said: Iterable[tuple[type[Record], State]]) -> None:
        wanted: defaultdict[type[Record], set[Any]] = defaultdict(set)
        for model, state in said:
            for field in relations(model):
                wanted[field.related_model].update(keys_in(field, state))
        self.records = {model: with_relations(model, pks) for model, pks in wanted.items()}
        self.gone = {model: gone(model, pks - self.records[model].keys()) for model, pks in wanted.items()}

    def is_there(self, model: Any, pk: Any) -> bool:
        return pk in self.records.get(model, {})

    def of(self, model: Any, pk: Any) -> str:
        record = self.records.get(model, {}).get(pk)
        if record is not None:
            return str(record)
        known = self.gone.get(model, {}).get(pk, f"#{pk}")
        return _("%(name)s (deleted)") % {"name": known}

    def label(self, version: Version) -> str:
        """How the record was called by a version; its key where what it was named after is gone."""
        record = record_of(version)
        for field in relations(version.model):
            if not field.many_to_many and self.is_there(field.related_model, getattr(record, field.attname)):
                setattr(record, field.name, self.records[field.related_model][getattr(record, field.attname)])
        try:
            return str(record)
        except (ObjectDoesNotExist, AttributeError):
            return str(record.natural_key()[0])


def gone(model: Any, pks: set[Any]) -> dict[Any, str]:
    """How records that are no longer there were called last."""
    if not pks:
        return {}
    names = {field.name for field in model._meta.fields}
    called = next(name for name in (*model.label_from, "name", model.key_field) if name in names)
    pk = model._meta.pk.attname
    return dict(rows_of(model).filter(**{f"{pk}__in": pks}).order_by("history_id").values_list(pk, called))


def with_relations(model: Any, pks: Iterable[Any]) -> dict[Any, Any]:
    """The records by primary key, with those that they are named after."""
    names = [field.name for field in model._meta.fields if field.is_relation]
    wanted = list(pks)
    return model._base_manager.select_related(*names).in_bulk(wanted) if wanted else {}


def relations(model: type[models.Model]) -> list[Any]:
    return [field for field in fields_told(model) if field.is_relation]


def fields_told(model: type[models.Model]) -> list[Any]:
    """The fields that people fill in: not what is generated, nor what follows from others (sort_name)."""
    fields = (*model._meta.fields, *model._meta.many_to_many)
    return [field for field in fields if field.editable and not field.primary_key and not field.generated]


def name_in_state(field: Any) -> str:
    return str(field.name if field.many_to_many else field.attname)


def keys_in(field: Any, state: State) -> list[Any]:
    value = state.get(name_in_state(field))
    keys = value if isinstance(value, list) else [value]
    return [key for key in keys if key is not None]


# -- Comparing -----------------------------------------------------------------------------------------------


def differences(model: type[Record], before: State, after: State, names: Names) -> list[Difference]:
    """What says something else, in the order of the fields."""
    return [difference(field, before, after, names) for field in fields_told(model) if differs(field, before, after)]


def differs(field: Any, before: State, after: State) -> bool:
    """Nothing said is the same as nothing said, whichever way: a version's state may lack a field that was added."""
    then, now = (state.get(name_in_state(field)) for state in (before, after))
    return bool(then != now and not (is_nothing(then) and is_nothing(now)))


def is_nothing(value: Any) -> bool:
    return value is None or value in ("", [])


def difference(field: Any, before: State, after: State, names: Names) -> Difference:
    label = str(capfirst(field.verbose_name))
    if field.many_to_many:
        then, now = set(keys_in(field, before)), set(keys_in(field, after))
        added, removed = (
            sorted(names.of(field.related_model, key) for key in keys) for keys in (now - then, then - now)
        )
        return Difference(label, added=tuple(added), removed=tuple(removed))
    old, new = (worded(field, state.get(field.attname), names) for state in (before, after))
    return Difference(label, old, new, tuple(marked(old, new)))


def worded(field: Any, value: Any, names: Names) -> str:
    """A value for staff; dates as they are entered."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.of(field.related_model, value)
    if isinstance(field, AnswersField):
        return in_words(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)


def marked(before: str, after: str) -> Iterator[Part]:
    """The differences of two long texts word by word; nothing where the two say it better."""
    if not before or not after or max(len(before), len(after)) <= LONG:
        return
    old, new = (re.findall(r"\s*\S+", text) for text in (before, after))
    matcher = SequenceMatcher(None, old, new)
    if matcher.ratio() < ALIKE:
        return
    for how, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if how == "equal":
            yield Part("same", "".join(old[old_from:old_to]))
        else:
            yield from (Part("gone", "".join(old[old_from:old_to])),) if old_to > old_from else ()
            yield from (Part("new", "".join(new[new_from:new_to])),) if new_to > new_from else ()
