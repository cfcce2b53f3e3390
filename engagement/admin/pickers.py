"""Django's ways of naming records in a form by their keys, for whatever is sent.

A form that is shown again names what was chosen. Django looks that up before anybody has asked whether it could be a
key, and fails where it could not; the field itself says beside the picker that there is no such choice. A field for
several has to be asked that itself, too, and so do the rows of a list that are ticked.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest

# One digit less than the largest number that a key can be.
MOST_DIGITS = 18


def is_key(text: object) -> bool:
    said = str(text)
    return said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS


def keys_in(value: Iterable[Any]) -> list[Any]:
    return [each for each in value if is_key(each)]


class Picker(AutocompleteSelect):
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, keys_in(value), attr)


class Pickers(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, keys_in(value), attr)


class SeveralField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for each in value or ():
            if not is_key(each):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": each})
        return super().clean(value)


class OfKeys(admin.options.BaseModelAdmin):
    """For ModelAdmins: fields that name several records."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, form_class=SeveralField, **kwargs)


class OfRows(admin.ModelAdmin):
    """For lists in which something is done with rows."""

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        if not all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise SuspiciousOperation("A row is named by what is no key.")
        return super().response_action(request, queryset, *args, **kwargs)
