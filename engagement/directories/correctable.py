"""What readers may say is wrong: a record that the public sees, and in it the fields whose values pages show.

A record is named as `organization:international-trade-union-confederation`: its kind and its key. Whatever else is
named so, be it that there is none or that it is withheld, gets the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import ForeignKey
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from engagement.directories.editing import about_hidden, kinds
from engagement.directories.questions import Question
from engagement.directories.versions import public_fields, worded
from engagement.models import Contact, Discrepancy
from engagement.models.base import KEY_LENGTH, Record, Sourced
from engagement.models.citations import Cited, in_public, public_keys, records_by_pk, records_of
from engagement.models.languages import OTHERS
from engagement.models.sources import AboutRecord

SEPARATOR = ":"
LONGEST = 40 + len(SEPARATOR) + KEY_LENGTH
WHOLE = ""  # the name of no field: something else on the page


def name_of(record: Record) -> str:
    return f"{record._meta.model_name}{SEPARATOR}{record.natural_key()[0]}"


# -- Records -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A field of a record: its name, its label, and its value as pages word it ('' where it says nothing)."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Subject:
    """A record that the public sees."""

    record: Record
    cited: Cited

    @property
    def name(self) -> str:
        return name_of(self.record)

    @property
    def kind(self) -> str:
        return str(self.record._meta.model_name)

    @property
    def is_personal(self) -> bool:
        return isinstance(self.record, Contact)

    def fields(self) -> list[Shown]:
        """What pages show of it, in the language of the page."""
        model = type(self.record)
        return [
            Shown(field.name, label_in(self.kind, field.name), value_of(self.record, field))
            for field in fields_of(model)
        ]


def find(name: str) -> Subject | None:
    """The record with this name, if the public sees it."""
    kind, _separator, key = name.partition(SEPARATOR)
    model = kinds().get(kind)
    if model is None or not key:
        return None
    record = model.objects.published().filter(in_public(model), **{model.key_field: key}).first()
    if record is None or (model is Discrepancy and about_hidden([record.pk])):
        return None
    return Subject(record, records_by_pk({model: [record.pk]})[model, record.pk])


def still_public(spoken_of: Iterable[Any]) -> dict[tuple[str, str], Cited]:
    """The records that rows with `kind` and `record_key` speak of, by these two: those that the public sees by now."""
    found = records_of(spoken_of)
    keys: dict[Any, list[int]] = {}
    for each in found.values():
        keys.setdefault(each.model, []).append(each.pk)
    public = public_keys(keys) if keys else set()
    public -= about_hidden(keys.get(Discrepancy, ()))
    return {name: each for name, each in found.items() if (each.model, each.pk) in public}


class RecordField(forms.CharField):
    """The name of a record that the public sees; clean() gives the record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> Subject | None:
        name = super().clean(value)
        if not name:
            return None
        if subject := find(name):
            return subject
        raise ValidationError(_("names no record that this register shows"))


class RecordFilter(django_filters.Filter):
    field_class = RecordField


class RecordQuestion(Question):
    """Which record is spoken of."""

    record = RecordFilter()

    @property
    def subject(self) -> Subject | None:
        """Of a question without problems."""
        found: Subject | None = self.form.cleaned_data.get("record")
        return found


class OutcomesQuestion(Question):
    """The list of what came of corrections is asked for nothing but a page of it."""

    page_parameters = ("page",)


# -- Fields --------------------------------------------------------------------------------------------------------


def fields_of(model: Any) -> list[Any]:
    """The fields whose values pages show, in English and the language of the page, those of the evidence last; of a
    contact an allow-list. Not what addresses go by."""
    if issubclass(model, Contact):
        return [model._meta.get_field(name) for name in Contact.PUBLIC_FIELDS]
    left_out = {model.key_field, *({"kind", "record_key"} if issubclass(model, AboutRecord) else ())}
    fields = [
        field
        for field in (*public_fields(model), *model._meta.many_to_many)
        if field.editable and field.name not in left_out and not is_in_another_language(model, field)
    ]
    evidence = {field.name for field in Sourced._meta.get_fields()} if issubclass(model, Sourced) else set()
    return sorted(fields, key=lambda field: field.name in evidence)


def is_in_another_language(model: Any, field: Any) -> bool:
    """Whether it is a column that says what another one does, in a language that is not the page's."""
    base, _underscore, language = field.name.rpartition("_")
    if language not in OTHERS or language == get_language():
        return False
    return any(each.name == base for each in model._meta.fields)


def field_named(kind: str, name: str) -> Any:
    """The field of a kind of record, None for the record as a whole and for what is no field any more."""
    model = kinds().get(kind)
    if model is None or not name:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def label_in(kind: str, name: str) -> str:
    """How readers know the field of a kind of record."""
    field = field_named(kind, name)
    if field is not None:
        return str(capfirst(field.verbose_name))
    return name or _("Another thing on this page")


def label_of_kind(kind: str) -> str:
    model = kinds().get(kind)
    return str(capfirst(model._meta.verbose_name)) if model else kind


def value_of(record: Record, field: Any) -> str:
    """What a field says, as pages word it. Of records that the public may not see nothing is said but that there is
    one."""
    if field.many_to_many:
        related = getattr(record, field.name).published()
        return "; ".join(sorted(str(each) for each in related))
    if not isinstance(field, ForeignKey):
        return worded(field, getattr(record, field.attname), {})
    related = getattr(record, field.name)
    if related is None:
        return ""
    model: Any = type(related)
    is_public = (model, related.pk) in public_keys({model: [related.pk]})
    return str(related) if is_public else _("a record that is not public")


def value_now(record: Record, name: str, language: str) -> str:
    """What the field of this name says now, in the words of a language, to be compared with what it said."""
    field = field_named(str(record._meta.model_name), name)
    with override(language):
        return value_of(record, field) if field else ""
