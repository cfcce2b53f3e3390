"""Nothing that another wrote is silently overwritten: a form carries what it showed, and is saved only over that.

A form shows a record as it was read. What was read stands in it, signed: of the record in a hidden field, of rows
(inlines, list_editable) in a hidden field of their management form, which every template renders. When it comes back,
the records are locked and say again what they say. Where that is something else in a field of the form, nothing is
written: a page (409) asks field by field whose is to stay, sends all that was entered along, and its answer goes the
same way.

A view of one's own that saves a record's form puts `carry(form, record)` into the form that it shows, and first calls
`overtaken(request, object_id, rows=False)` in the transaction in which it saves: a response is to be given back as it
is; None means that `request.POST` holds what may be saved.
"""

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from engagement.admin.conflict import SEEN, VERSION, Conflict, Part, Rows, shown_by
from engagement.admin.conflictpages import changes, conflict_page, forms_sent, lost
from engagement.desk.states import State, states_of
from engagement.desk.versions import Unreadable, locked, said_by, seal, unseal

CONFLICT = 409

NOT_SAID = _("The form does not say which version of the record it was filled in for. Nothing was saved.")
IS_GONE = _("The record was deleted while you had it open. Nothing was saved.")


def page_of(model: Any, pk: Any, part: str = "") -> str:
    """What a seal is good for: the form of one record, or a part of it."""
    return f"{model._meta.label_lower}:{pk}:{part}"


def carry(form: Any, record: Any = None) -> None:
    """Put into a form what it shows, or what `record` says, where the form was filled otherwise than from it."""
    said = said_by([record], form.base_fields)[record.pk] if record else shown_by(form)
    form.fields[VERSION] = hidden(seal(page_of(form._meta.model, form.instance.pk), said))


def hidden(value: str) -> forms.CharField:
    return forms.CharField(initial=value, required=False, widget=forms.HiddenInput)


class RowsAsRead:
    """A formset whose management form carries what its rows said when they were read."""

    page = ""  # what its seal is good for
    can_change = can_add = True

    @cached_property
    def management_form(self) -> Any:
        form = super().management_form  # type: ignore[misc]
        form.fields[VERSION] = hidden("" if self.is_bound else seal(self.page, self.shown()))  # type: ignore[attr-defined]
        return form

    def shown(self) -> dict[str, State]:
        return {str(form.instance.pk): shown_by(form) for form in self.initial_forms}  # type: ignore[attr-defined]


def as_read(formset: Any, **about: Any) -> Any:
    return type(formset.__name__, (RowsAsRead, formset), about)


class GuardedAdmin:
    """For ModelAdmins: the forms of a record, of its rows and of a list, and its deletion."""

    # -- What forms carry ------------------------------------------------------------------------------------

    def render_change_form(self: Any, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        form, record = context["adminform"].form, context["original"]
        if options.get("change") and self.has_change_permission(request, record):
            carry(form)
            context["adminform"].fieldsets.append((None, {"fields": (VERSION,)}))
        return super().render_change_form(request, context, *args, **options)  # type: ignore[misc]

    def get_formsets_with_inlines(self: Any, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        for formset, inline in super().get_formsets_with_inlines(request, obj):  # type: ignore[misc]
            can_change = obj is not None and inline.has_change_permission(request, obj)
            if obj is not None and (can_change or formset.can_delete):
                page = page_of(self.model, obj.pk, formset.get_default_prefix())
                can_add = inline.has_add_permission(request, obj)
                yield as_read(formset, page=page, can_change=can_change, can_add=can_add), inline
            else:
                yield formset, inline

    def get_changelist_formset(self: Any, request: HttpRequest, **options: Any) -> Any:
        formset = super().get_changelist_formset(request, **options)  # type: ignore[misc]
        return as_read(formset, page=page_of(self.model, "", "list"), can_add=False)

    def render_delete_form(self: Any, request: HttpRequest, context: Any) -> Any:
        falls = self.what_falls(context["object"], context["deleted_objects"])
        context |= {"version_name": VERSION, "version": seal(self.deletion_of(context["object"]), falls)}
        return super().render_delete_form(request, context)  # type: ignore[misc]

    delete_confirmation_template: Any = "admin/engagement/conflict_delete.html"

    # -- Saving a record and its rows ------------------------------------------------------------------------

    def changeform_view(
        self: Any, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        view = super().changeform_view  # type: ignore[misc]
        if request.method != "POST" or object_id is None or "_saveasnew" in request.POST:
            return view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            answer = self.overtaken(request, object_id)
            return answer or view(request, object_id, form_url, extra_context)

    def overtaken(self: Any, request: HttpRequest, object_id: str, rows: bool = True) -> HttpResponse | None:
        """What to answer instead of saving; None where `request.POST` may be saved. Within the saving transaction."""
        record = self.get_object(request, unquote(object_id), asked_by(self, request))
        if not self.has_change_permission(request, record):
            return None  # as Django refuses it
        pk = record.pk if record else unquote(object_id)
        try:
            read = unseal(page_of(self.model, pk), request.POST.get(VERSION, ""))
            stands = locked(self.model, pk=record.pk).get(record.pk) if record else None
            if stands is None:
                return lost(self, request, IS_GONE, CONFLICT, forms_sent(self, request), pk)
            of_rows = list(self.rows_sent(request, stands)) if rows else []
            seen = unseal(page_of(self.model, pk, SEEN), request.POST[SEEN]) if SEEN in request.POST else {}
        except Unreadable:
            return lost(self, request, NOT_SAID, 400, forms_sent(self, request)) if record else None
        return self.settle_versions(request, stands, read, of_rows, seen)

    def settle_versions(
        self: Any, request: HttpRequest, record: Any, read: State, of_rows: list[Rows], seen: State
    ) -> HttpResponse | None:
        """The page of what is open; where nothing is, the form's data become what is to be saved."""
        fieldsets = flatten_fieldsets(self.get_fieldsets(request, record))
        form_class = self.get_form(request, record, change=True, fields=fieldsets)
        now = said_by([record], form_class.base_fields)[record.pk]
        if read == now and not seen and not any(rows.are_stale for rows in of_rows):
            return None
        form = form_class(request.POST, request.FILES, instance=copy(record))  # what is there now is still needed
        form.page = page_of(self.model, record.pk)
        parts = [Part(form, read, now, record), *(part for rows in of_rows for part in rows.parts())]
        return self.page_or_merge(request, Conflict(request.POST, parts, seen), record)

    def page_or_merge(self: Any, request: HttpRequest, conflict: Conflict, record: Any) -> HttpResponse | None:
        if conflict.is_open:
            shown = page_of(self.model, record.pk if record else "", SEEN)
            return conflict_page(self, request, conflict, record, shown)
        request.POST = conflict.merged()  # type: ignore[assignment]
        return None

    def rows_sent(self: Any, request: HttpRequest, record: Any) -> Iterator[Rows]:
        """The rows that the form may change, locked."""
        prefixes: dict[str, int] = {}
        for formset_class, inline in self.get_formsets_with_inlines(request, record):
            prefix = formset_class.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] != 1:  # as Django numbers two inlines of one model
                prefix = f"{prefix}-{prefixes[prefix]}"
            if issubclass(formset_class, RowsAsRead):
                formset = formset_class(**self.get_formset_kwargs(request, record, inline, prefix))
                yield rows_of(formset, locked(formset.model, **{formset.fk.name: record}))

    # -- Saving a list ---------------------------------------------------------------------------------------

    def changelist_view(self: Any, request: HttpRequest, extra_context: Any = None) -> Any:
        view = super().changelist_view  # type: ignore[misc]
        if request.method != "POST" or "_save" not in request.POST or not self.has_change_permission(request):
            return view(request, extra_context)
        with transaction.atomic():
            answer = self.list_overtaken(request) if self.list_editable else None
            return answer or view(request, extra_context)

    def list_overtaken(self: Any, request: HttpRequest) -> HttpResponse | None:
        formset_class = self.get_changelist_formset(request)
        edited = self._get_list_editable_queryset(request, formset_class.get_default_prefix())
        formset = formset_class(request.POST, request.FILES, queryset=edited)
        try:
            pks = [pk for _number, pk in Rows(formset, {}).posted if pk.isdecimal()]
            rows = rows_of(formset, locked(self.model, pk__in=pks))
            seen = unseal(page_of(self.model, "", SEEN), request.POST[SEEN]) if SEEN in request.POST else {}
        except Unreadable:
            return lost(self, request, NOT_SAID, 400, formset.forms)
        if not seen and not rows.are_stale:
            return None
        return self.page_or_merge(request, Conflict(request.POST, list(rows.parts()), seen), None)

    # -- Deleting --------------------------------------------------------------------------------------------

    def delete_view(self: Any, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        view = super().delete_view  # type: ignore[misc]
        if request.method != "POST":
            return view(request, object_id, extra_context)
        with transaction.atomic():
            record = self.get_object(request, unquote(object_id), asked_by(self, request))
            if record is None or not self.has_delete_permission(request, record):
                return view(request, object_id, extra_context)
            try:
                changes = self.changes_before_deleting(request, record)
            except Unreadable:
                return lost(self, request, NOT_SAID, 400, [])
            if changes is None:
                return view(request, object_id, extra_context)
            request.POST = QueryDict()  # Django then asks once more
            answer = view(request, object_id, {**(extra_context or {}), **changes})
            answer.status_code = CONFLICT
            return answer

    def changes_before_deleting(self: Any, request: HttpRequest, record: Any) -> dict[str, Any] | None:
        """What is no longer as the page said that asked for confirmation."""
        read = unseal(self.deletion_of(record), request.POST.get(VERSION, ""))
        stands = locked(self.model, pk=record.pk).get(record.pk, record)
        falls = self.what_falls(stands, self.get_deleted_objects([stands], request)[0])
        return None if read == falls else changes(stands, read["said"], falls["said"])

    def deletion_of(self: Any, record: Any) -> str:
        return page_of(self.model, record.pk, "deletion")

    def what_falls(self: Any, record: Any, listed: Any) -> dict[str, Any]:
        """What the record says, and, by its digest, the list of all that is deleted with it."""
        return {"said": states_of([record])[record.pk], "listed": sha256(repr(listed).encode()).hexdigest()}


def asked_by(admin: Any, request: HttpRequest) -> str | None:
    """The field by which a popup asks for the record, as Django has it."""
    name = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
    return name if name and admin.to_field_allowed(request, name) else None


def rows_of(formset: Any, records: dict[int, Any]) -> Rows:
    """What was read of the rows, and what they say now."""
    read = unseal(formset.page, formset.data.get(f"{formset.prefix}-{VERSION}", ""))
    now = said_by(list(records.values()), formset.form.base_fields)
    rows = Rows(formset, read, {str(pk): now[pk] for pk in now}, {str(pk): records[pk] for pk in records})
    rows.require_known()
    return rows
