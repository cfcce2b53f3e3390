"""The forms by which staff decide on a correction: the field of the record as its own form has it, and the reason."""

from copy import copy
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from engagement.admin.conflict import VERSION, entered
from engagement.desk.journal import Edit
from engagement.desk.models import Correction
from engagement.desk.states import State, different, states_of
from engagement.desk.versions import names_in_state, seal, unseal
from engagement.directories.correctable import field_named
from engagement.models.base import Record, Sourced
from engagement.search import normalise

# The parts of the evidence that a correction may change with the field.
CITED = ("source", "locator", "as_of")
LONGEST = 2_000
# Columns by which a reader may name what a field leads to.
NAMES = ("name", "name_fr", "name_es", "title", "label")
PROPOSED = "proposed"  # the prefix of the fields of the record


class ReasonForm(forms.Form):
    """Why a correction is published or declined, for everybody to read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Public, and told to the sender."),
    )


def reason_form(step: str, data: Any = None) -> ReasonForm:
    """Each on the page has its own names."""
    return ReasonForm(data, prefix=step, auto_id="%s")


class FieldForm(forms.ModelForm):
    """The field of a record that a correction is about, with what proves it. It carries what it was filled in for."""

    def _post_clean(self) -> None:
        """Also constraints over fields that are not on the form: else the database refuses it."""
        super()._post_clean()  # type: ignore[misc]
        whole = copy(self.instance)
        try:
            whole.complete()
            whole.full_clean()
        except ValidationError as error:
            for name, messages in error.update_error_dict({}).items():
                if name in (NON_FIELD_ERRORS, *self.fields) and name not in self.errors:
                    self.add_error(None if name == NON_FIELD_ERRORS else name, messages)

    def edit(self, record: Record, before: State) -> Edit:
        """What a valid form makes of the record, which is not the one that the form was filled into."""
        names = names_in_state(type(record), self.fields)
        after = {name: entered(self, field, name) for field, name in names.items()}
        return Edit(record, before, {**before, **after})


def field_form(
    admin: Any, request: HttpRequest, correction: Correction, record: Record, data: Any = None
) -> FieldForm | None:
    """The form; None for a correction that names no field. Where it fits, the field holds what was proposed."""
    field = field_named(correction.kind, correction.field)
    if field is None:
        return None
    model = type(record)
    names = dict.fromkeys((field.name, *(CITED if issubclass(model, Sourced) else ())))
    callback = partial(admin.formfield_for_dbfield, request=request)
    form_class: Any = forms.modelform_factory(
        model, form=FieldForm, fields=list(names), formfield_callback=lambda each, **options: bare(callback(each))
    )
    form: FieldForm = form_class(data, instance=copy(record), prefix=PROPOSED)
    if data is None and (value := proposed(form.fields[field.name], field, correction.proposed)) is not None:
        form.initial[field.name] = value
    return form


def bare(field: Any) -> Any:
    """Without the links by which the admin's own forms make and change what is chosen: the page has one field."""
    if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    return field


def proposed(field: Any, of_model: Any, text: str) -> Any:
    """What was proposed, as the form's field takes it, and the model's; None where they do not."""
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField | forms.BooleanField):
        return None
    offered: Any = field
    if isinstance(field, forms.ModelChoiceField):
        fits = list(offered.queryset.filter(is_called(offered.queryset.model, text)).values_list("pk", flat=True)[:2])
        return fits[0] if len(fits) == 1 else None
    if isinstance(field, forms.ChoiceField):
        wanted = normalise(text)
        fits = [code for code, label in offered.choices if code and (text == code or wanted == normalise(str(label)))]
        return fits[0] if len(fits) == 1 else None
    try:
        of_model.clean(field.clean(text), None)
    except ValidationError:
        return None
    return text


def is_called(model: Any, text: str) -> Q:
    """The condition that a record has this name, in whichever language, or this key."""
    names = {field.name for field in model._meta.fields} & {*NAMES, model.key_field}
    condition = Q(pk__in=[])
    for name in sorted(names):
        condition |= Q(**{f"{name}__iexact": text})
    return condition


# -- Which version it was filled in for ------------------------------------------------------------------------


def page_of(correction: Correction) -> str:
    return f"desk.correction:{correction.pk}"


def version_of(correction: Correction, record: Record) -> str:
    """What the record says, sealed, for the form to carry."""
    return seal(page_of(correction), states_of([record])[record.pk])


def version_read(correction: Correction, data: Any) -> State:
    """What the record said when the form was shown. Raises Unreadable."""
    state: State = unseal(page_of(correction), data.get(VERSION, ""))
    return state


def is_stale(record: Record, read: State) -> bool:
    return bool(different(read, states_of([record])[record.pk]))
