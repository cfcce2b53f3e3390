"""A row of any model, with what its constraints ask for and nothing more; and a form's values to send back."""

from itertools import count
from string import ascii_uppercase
from typing import Any

from django.apps import apps
from django.contrib.admin import site
from django.db import models
from django.urls import reverse

from engagement.models import (
    Attendance,
    ConsultativeCategory,
    Country,
    EligibilityCriterion,
    Instrument,
    InstrumentAmendment,
    ParticipationRight,
    ProjectResult,
)
from engagement.models.base import Record
from engagement.models.dates import PartialDateField

_numbers = count(1)

MODELS = [model for model in apps.get_app_config("engagement").get_models() if issubclass(model, Record)]
# What the fields alone do not tell: formats, and constraints over several fields.
ALSO = {
    InstrumentAmendment: ("date",),
    Attendance: ("organization",),
    EligibilityCriterion: ("category",),
    ParticipationRight: ("category",),
    ProjectResult: ("project", "finding"),
}


def make(model: Any, **fields: Any) -> Any:
    """A new row. Its relations are new rows too, so that a list of them cannot live on one cached object."""
    values = {
        field.name: fields[field.name] if field.name in fields else value_of(field)
        for field in model._meta.fields
        if field.name in fields or is_needed(model, field)
    }
    if model is Country:
        code = free_codes()[0]
        values |= {"iso2": code, "iso3": f"{code}X"}
    if model is ConsultativeCategory:
        values["group"] = 1
    if model is Instrument:
        values["code"] = f"TEST{next(_numbers)}"
    return model.objects.create(**values)


def free_codes() -> list[str]:
    """Codes that no country has, those first that ISO 3166-1 leaves to its users."""
    taken = set(Country.objects.values_list("iso2", flat=True))
    pairs = (first + second for first in "XQZ" + ascii_uppercase for second in ascii_uppercase)
    return [pair for pair in dict.fromkeys(pairs) if pair not in taken]


def is_needed(model: Any, field: Any) -> bool:
    optional = field.blank or field.null or field.has_default() or not field.editable or field.primary_key
    return not optional or field.name in ALSO.get(model, ())


def value_of(field: Any) -> Any:
    if field.is_relation:
        return make(field.related_model)
    if isinstance(field, PartialDateField):
        return str(next(_numbers) % 9000 + 1000)
    if field.choices:
        return field.choices[0][0]
    return f"Invented {field.name} {next(_numbers)}" if isinstance(field, models.CharField | models.TextField) else 1


def address(record: Any, page: str = "change") -> str:
    """An admin page of a record, or of a model (`changelist`, `add`)."""
    arguments = [record.pk] if isinstance(record, models.Model) else []
    return reverse(f"admin:engagement_{record._meta.model_name}_{page}", args=arguments)


def admin_of(model: Any) -> Any:
    return site.get_model_admin(model)


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What the form on a page sends back, with `changes`."""
    bounds = list(response.context["adminform"].form)
    for rows in response.context["inline_admin_formsets"]:
        bounds += rows.formset.management_form
        for form in rows.formset:
            # Rows that are only read send nothing but their ids.
            bounds += form if rows.has_change_permission or not form.instance.pk else form.hidden_fields()
    sent = {bound.html_name: as_sent(bound.value()) for bound in bounds}
    return without_blanks({**sent, **changes})


def without_blanks(sent: dict[str, Any]) -> dict[str, Any]:
    """As a browser does: a box that is not ticked is not sent."""
    return {name: value for name, value in sent.items() if value is not None and value is not False}


def as_sent(value: Any) -> Any:
    return [getattr(item, "pk", item) for item in value] if isinstance(value, list) else value
