"""What the admin of every model shares: pickers, evidence and publication, partial dates by decade, history."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import flatten
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Substr
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from engagement.admin.bulk import BulkActions
from engagement.admin.foureyes import BesideFourEyes
from engagement.admin.histories import HistoryPages
from engagement.admin.pickers import OfKeys, OfRows, Picker, Pickers
from engagement.admin.versions import GuardedAdmin
from engagement.models.base import Record, Sourced

EVIDENCE = ("source", ("locator", "as_of"), "note")
# What an inline shows of it; the whole of it stands on the record's own form.
EVIDENCE_IN_ROWS = ("source", ("locator", "as_of"), "published")

# What django-simple-history, which has no Spanish, calls its kinds of version: here, so that the catalogs hold it.
SAID_BY_THE_HISTORY = (
    gettext_noop("Created"),
    gettext_noop("Changed"),
    gettext_noop("Deleted"),
)

# Names of fields; those in a tuple of their own stand side by side.
Layout = tuple[Any, ...]


class PickerMixin(OfKeys):
    """Relations are chosen by typing: a select would hold, and ask the database for, every record there is."""

    model: type[models.Model]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The record's public page: there is none while it is withdrawn, nor for models that stand on no page."""
        return (obj and obj.published and obj.get_absolute_url()) or None

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        fields = (*self.model._meta.fields, *self.model._meta.many_to_many)
        return [field.name for field in fields if field.is_relation]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Left blank, a key is made on saving. As '' it would break the constraint that keys are filled, and two
        # blank ones in a form would be duplicates of each other.
        if isinstance(db_field, models.SlugField) and db_field.blank:
            kwargs["empty_value"] = None
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", Picker(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", Pickers(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


# -- Forms ---------------------------------------------------------------------------------------------------


class RecordAdmin(PickerMixin, GuardedAdmin, BesideFourEyes, HistoryPages, BulkActions, OfRows):
    """A record's own form, with its history and what is done to many at once.

    `main` lays out the form's first part; fields that it leaves out follow in the model's order.
    """

    main: ClassVar[Layout] = ()

    model: type[Record]
    list_per_page = 50
    list_max_show_all = 500

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        evidence: Layout = EVIDENCE if issubclass(self.model, Sourced) else ()
        publication = tuple(name for name in ("published", self.model.key_field) if name not in flatten(self.main))
        rest = [name for name in self.editable() if name not in flatten((*self.main, *evidence, *publication))]
        sections = ((None, (*self.main, *rest)), (_("Evidence"), evidence), (_("Publication"), publication))
        return [(title, {"fields": fields}) for title, fields in sections if fields]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """The address of a list asks about records that the account sees: not which offices have contacts."""
        asked = (f"{model._meta.app_label}.view_{model._meta.model_name}" for model in models_on(self.model, lookup))
        return request.user.has_perms(asked) and super().lookup_allowed(lookup, value, request)

    def editable(self) -> Iterator[str]:
        """Names of the fields that people fill in, in the model's order."""
        for field in (*self.model._meta.fields, *self.model._meta.many_to_many):
            if field.editable and not field.primary_key:
                yield field.name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        # Addresses, exports and other people's links go by it.
        return (*fixed, self.model.key_field) if obj else fixed

    @admin.display(description=_("source"), ordering="source__title")
    def cited(self, record: Any) -> str:
        """The source and the place in it, short enough for a column. Needs `source` in list_select_related."""
        return Truncator(", ".join(filter(None, (str(record.source), record.locator)))).chars(60)


def models_on(model: Any, lookup: str) -> Iterator[Any]:
    """The other models over which a lookup goes."""
    for part in lookup.split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return
        if not field.is_relation:
            return
        model = field.related_model
        yield model


# -- Rows inside a parent's form -----------------------------------------------------------------------------


class ChosenSelect(Picker):
    """Names a row's chosen record without a query, if the row was read together with it."""

    chosen: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if self.chosen is None or value != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        option = self.create_option(name, self.chosen.pk, str(self.chosen), True, len(blank))
        return [(None, [*blank, option], 0)]


class RowForm(forms.ModelForm):
    """Hands to each ChosenSelect the related record that the row's query joined in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, ChosenSelect):
                widget.chosen = self.instance._state.fields_cache.get(name)


class RowsSent(BaseInlineFormSet):
    """Of the rows that a form says it sends, those of which anything came. A browser sends at least the key of each; by
    the number alone, a hidden field would have thousands of rows built and shown again."""

    def total_form_count(self) -> int:
        said: int = super().total_form_count()
        if not self.is_bound:
            return said
        sent = re.compile(rf"{re.escape(self.prefix or '')}-(\d{{1,4}})-")
        numbers = (int(found[1]) for name in (*self.data, *self.files) if (found := sent.match(name)))
        return min(said, max(numbers, default=-1) + 1)


class RowsBase(PickerMixin, InlineModelAdmin):
    """Existing rows are read in one query with their relations, whatever their number."""

    form = RowForm
    formset = RowsSent
    extra = 0
    show_change_link = True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", ChosenSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        relations = [field.name for field in self.model._meta.fields if field.is_relation]
        return super().get_queryset(request).select_related(*relations)


class Rows(RowsBase, admin.StackedInline):
    """For the few: all are edited in place."""


class RowsToRead(RowsBase, admin.StackedInline):
    """Rows of what is only proposed (admin/foureyes.py): each has a link to its own form, and so has a new one."""

    template = "admin/engagement/rows_to_read.html"
    can_delete = False
    proposing: Any = ""  # the words of that link
    propose_url = ""

    def filled_with(self, record: Any) -> dict[str, Any]:
        """What the form for a new one is filled with."""
        return {}

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Django makes an inline anew for each request."""
        if obj is not None and self.admin_site.get_model_admin(self.model).has_add_permission(request):
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_add"
            self.propose_url = reverse(name, query=self.filled_with(obj))
        return super().get_formset(request, obj, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LongRows(RowsBase, admin.TabularInline):
    """For the many: existing rows are a table to read, each with a link to its own form; new ones are added below.

    A form of hundreds of rows would pass DATA_UPLOAD_MAX_NUMBER_FIELDS (C182 has 187 ratifications) and fail on saving.
    """

    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# -- Filters -------------------------------------------------------------------------------------------------


class DecadeFilter(admin.SimpleListFilter):
    """By the decade in which a partial date begins. See `by_decade`."""

    UNKNOWN = "unknown"
    OPEN = "000"  # of ../2022: the first day there is

    column: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = model_admin.get_queryset(request).order_by().annotate(decade=Substr(self.column, 1, 3))
        decades = sorted(set(rows.values_list("decade", flat=True).distinct()), reverse=True)
        return [self.choice(decade or "") for decade in decades]

    def choice(self, decade: str) -> tuple[str, Any]:
        if not decade:
            return self.UNKNOWN, _("not recorded")
        return decade, _("beginning open") if decade == self.OPEN else f"{decade}0–{decade}9"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        unknown = self.value() == self.UNKNOWN
        return queryset.filter(**{self.column: ""} if unknown else {f"{self.column}__startswith": self.value()})


def by_decade(field: str, label: Any) -> type[DecadeFilter]:
    """The list filter for the partial date called `field` (a lookup, as `meeting__start`)."""

    class ByDecade(DecadeFilter):
        title = label
        parameter_name = f"{field}_decade"
        column = f"{field}_earliest"

    return ByDecade
