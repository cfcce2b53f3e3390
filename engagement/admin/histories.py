"""The history of every record: its versions with what each changed, the way back to one, and what was deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models, transaction
from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from engagement.admin import reverting
from engagement.admin.bulkplans import counted
from engagement.admin.differing import Difference, Names, differences
from engagement.admin.foureyes import needs_approval, propose_return
from engagement.desk import deleting, histories
from engagement.desk.former import Version, deletions, record_of, rows_of, versions
from engagement.desk.journal import Journal
from engagement.models.base import Record

ON_A_PAGE = 25
CHANGED_SINCE = 409


@dataclass(frozen=True)
class Entry:
    """A version on a page. differences: to the version before it, or, of a first one, all that it said."""

    version: Version
    differences: list[Difference]
    by: str
    kind: str = ""
    label: str = ""
    history_url: str = ""

    @property
    def is_first(self) -> bool:
        return self.version.before is None


class HistoryPages(SimpleHistoryAdmin):
    """The pages, in place of the package's own: that one reverts by a form and knows no rows nor links."""

    change_list_template: Any = "admin/engagement/deleted_change_list.html"

    model: type[Record]
    # What these pages do is done by a proposal (admin/foureyes.py).
    proposes = False

    def get_urls(self) -> list[Any]:
        name, view = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        own = [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path("deleted/<int:pk>/", view(self.return_view), name=f"{name}_return"),
        ]
        return [*own, *super().get_urls()]

    def url(self, page: str, *arguments: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=arguments)

    def page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "may_change": self.has_change_permission(request),
            "may_add": self.has_add_permission(request),
            "proposes": self.proposes,
            **context,
        }
        return TemplateResponse(request, f"admin/engagement/{template}.html", whole, status=status)

    # -- The versions ----------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The record's own versions, or with `?rows=1` those of the rows that belong to it."""
        self.require_to_see(request)
        record, name = self.known(request, object_id)
        rows = self.rows_of(request)
        of_rows = bool(rows) and "rows" in request.GET
        parts = [(model, {f"{link}_id": record.pk}) for model, link in rows] if of_rows else [(self.model, own(record))]
        shown = timeline(request, parts)
        return self.page(
            request,
            "history",
            title=_("History: %(name)s") % {"name": name},
            record=record,
            is_there=not record._state.adding,
            page_obj=shown,
            entries=self.entries(list(shown.object_list)),
            of_rows=of_rows,
            page_query="rows=1&" if of_rows else "",
            kinds_of_rows=[model._meta.verbose_name_plural for model, _link in rows],
        )

    def require_to_see(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied

    def known(self, request: HttpRequest, object_id: str) -> tuple[Record, str]:
        """The record and its name; of one that is deleted, what the history has of it."""
        pk = unquote(object_id)
        record = self.get_object(request, pk)
        if record is not None:
            return record, str(record)
        last = None
        if pk.isdecimal():
            mine = rows_of(self.model).filter(**{self.model._meta.pk.attname: pk})
            last = mine.values_list("history_id", flat=True).first()
        if last is None:
            raise Http404(_("There is no such record, and there was none."))
        (version,) = versions(self.model, [last])
        return record_of(version), Names([(self.model, version.state)]).label(version)

    def rows_of(self, request: HttpRequest) -> list[tuple[type[Record], str]]:
        """The models whose rows are edited inside a record's form, each with its link to it; those the account sees."""
        return [
            (inline.model, inline.fk_name or link_to(self.model, inline.model))
            for inline in self.get_inline_instances(request)
            if inline.has_view_or_change_permission(request)
        ]

    def entries(self, listed: Sequence[tuple[str, int]]) -> list[Entry]:
        """The versions of a page in words. The queries follow the kinds of record, not their number."""
        kinds = {model._meta.model_name: model for model in (self.model, *(each.model for each in self.inlines))}
        numbers: dict[str, list[int]] = {}
        for kind, number in listed:
            numbers.setdefault(kind, []).append(number)
        found = [version for kind in numbers for version in versions(kinds[kind], numbers[kind])]
        states = [(each.model, state) for each in found for state in (each.state, each.before) if state is not None]
        names = Names(states)
        by_number = {(each.model._meta.model_name, each.row.history_id): each for each in found}
        return [self.entry(by_number[kind, number], names) for kind, number in listed]

    def entry(self, version: Version, names: Names) -> Entry:
        told = differences(version.model, version.before or {}, version.state, names)
        if version.model is self.model:
            return Entry(version, told, by(version.row))
        address = reverse(f"admin:engagement_{version.model._meta.model_name}_history", args=[version.record_pk])
        return Entry(
            version,
            told,
            by(version.row),
            str(capfirst(version.model._meta.verbose_name)),
            names.label(version),
            address,
        )

    # -- Back to a version -----------------------------------------------------------------------------------

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """GET says what going back to the version would change, POST goes back, if that still holds."""
        self.require_to_see(request)
        version = self.version(object_id, version_id)
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            record: Any = (
                self.model._base_manager.select_for_update().filter(pk=version.record_pk).order_by("pk").first()
            )
            if record is None:
                return HttpResponseRedirect(self.url("history", version.record_pk))
            if not self.has_view_or_change_permission(request, record):
                raise PermissionDenied
            name, plan = str(record), reverting.reversion(record, version)
            if request.method == "POST" and plan.differences and request.POST.get("seal") == plan.seal:
                try:
                    return self.revert(request, plan)
                except reverting.Refused as refused:
                    return self.reversion_page(request, name, plan, CHANGED_SINCE, refused.obstacles)
        overtaken = request.method == "POST"
        return self.reversion_page(
            request, name, plan, CHANGED_SINCE if overtaken else 200, plan.obstacles, overtaken=overtaken
        )

    def version(self, object_id: str, version_id: str) -> Version:
        pk = unquote(object_id)
        if pk.isdecimal() and version_id.isdecimal():
            mine = rows_of(self.model).filter(history_id=version_id, **{self.model._meta.pk.attname: pk})
            for version in versions(self.model, list(mine.values_list("history_id", flat=True))):
                return version
        raise Http404(_("There is no such version of this record."))

    def revert(self, request: HttpRequest, plan: reverting.Reversion) -> HttpResponse:
        reverting.revert(plan, request.user)
        self.log_change(request, plan.record, [{"changed": {"fields": [each.label for each in plan.differences]}}])
        self.message_user(
            request, _("“%(name)s” says again what it said then.") % {"name": plan.record}, messages.SUCCESS
        )
        return HttpResponseRedirect(self.url("history", plan.record.pk))

    def reversion_page(
        self,
        request: HttpRequest,
        name: str,
        plan: reverting.Reversion,
        status: int,
        obstacles: list[str],
        overtaken: bool = False,
    ) -> HttpResponse:
        return self.page(
            request,
            "revert",
            status,
            title=_("Back to an earlier version: %(name)s") % {"name": name},
            name=name,
            plan=plan,
            by=by(plan.version.row),
            obstacles=obstacles,
            overtaken=overtaken,
        )

    # -- What was deleted ------------------------------------------------------------------------------------

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The records that the history knows as deleted, the last one first."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown = Paginator(deletions(self.model).values_list("history_id", flat=True), ON_A_PAGE).get_page(
            page_asked(request)
        )
        found = versions(self.model, list(shown.object_list))
        names = Names((self.model, each.state) for each in found)
        return self.page(
            request,
            "deleted",
            title=_("Deleted: %(kind)s") % {"kind": self.opts.verbose_name_plural},
            page_obj=shown,
            found=[(each, names.label(each), by(each.row)) for each in found],
        )

    def return_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what would be brought back, POST brings it back, if that still holds."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            plan = self.homecoming(pk)
            if plan is None:
                return HttpResponseRedirect(self.url("history", pk))
            lacking = self.lacking(request, plan)
            is_overtaken = request.method == "POST" and request.POST.get("seal") != plan.seal
            if request.method == "POST" and lacking:
                raise PermissionDenied
            if request.method == "POST" and not is_overtaken:
                try:
                    return self.bring_back(request, plan)
                except reverting.Refused as refused:
                    plan.obstacles = refused.obstacles
        return self.return_page(request, plan, lacking, is_overtaken)

    def homecoming(self, pk: int) -> reverting.Return | None:
        last = deletions(self.model).filter(**{self.model._meta.pk.attname: pk})
        found = versions(self.model, list(last.values_list("history_id", flat=True)))
        return reverting.homecoming(found[0]) if found else None

    def lacking(self, request: HttpRequest, plan: reverting.Return) -> list[str]:
        """The kinds of the rows that fell with it which the account may not add: then it brings nothing back."""
        admins = {model: self.admin_site.get_model_admin(model) for model in plan.fallen}
        return [
            str(model._meta.verbose_name_plural)
            for model, admin in admins.items()
            if not admin.has_add_permission(request)
        ]

    def bring_back(self, request: HttpRequest, plan: reverting.Return) -> HttpResponse:
        if needs_approval(plan):
            return propose_return(self, request, plan)
        reverting.bring_back(plan, request.user)
        record = self.model._base_manager.get(pk=plan.version.record_pk)
        self.log_addition(request, record, [{"added": {}}])
        self.message_user(request, _("“%(name)s” is back.") % {"name": record}, messages.SUCCESS)
        return HttpResponseRedirect(self.url("history", record.pk))

    def return_page(
        self, request: HttpRequest, plan: reverting.Return, lacking: list[str], is_overtaken: bool
    ) -> HttpResponse:
        return self.page(
            request,
            "deleted_return",
            CHANGED_SINCE if request.method == "POST" else 200,
            title=_("Bring back: %(name)s") % {"name": plan.name},
            plan=plan,
            by=by(plan.version.row),
            fallen=[counted(len(found), model) for model, found in plan.fallen.items()],
            lacking=lacking,
            overtaken=is_overtaken,
            proposes=needs_approval(plan),
        )

    # -- What saving and deleting write ----------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A version for each save that changes something: one, where links change with the fields, none for nothing."""
        links = {field.name for field in self.model._meta.many_to_many}
        later = links & set(form.changed_data)
        if later or (change and not form.changed_data):
            obj.skip_history_when_saving = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        record = form.instance
        if hasattr(record, "skip_history_when_saving"):
            del record.skip_history_when_saving
            if form.changed_data:
                histories.note([record], "~" if change else "+", user=request.user, reason="")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """So that the history knows of all that falls and that it fell together, and of references that are emptied."""
        reason = f"Deleted: {self.opts.verbose_name} {obj.natural_key()[0]}"
        deleting.carry_out(deleting.plan([obj]), Journal(None, reason=reason, user=request.user))


def own(record: Record) -> dict[str, Any]:
    return {record._meta.pk.attname: record.pk}


def link_to(model: type[Record], rows: Any) -> str:
    return next(field.name for field in rows._meta.fields if field.related_model is model)


def page_asked(request: HttpRequest) -> Any:
    return request.GET.get("page")


def timeline(request: HttpRequest, parts: Sequence[tuple[Any, dict[str, Any]]]) -> Page[Any]:
    """A page of (kind, number of the version), newest first: the histories of these models, narrowed."""
    told = [
        rows_of(model)
        .filter(**narrowed)
        .order_by()
        .annotate(version_of=Value(model._meta.model_name, output_field=models.CharField()))
        .values_list("version_of", "history_id", "history_date")
        for model, narrowed in parts
    ]
    merged = told[0].union(*told[1:], all=True) if len(told) > 1 else told[0]
    order = ("-history_date", "-history_id") if len(told) > 1 else ("-history_id",)
    page = Paginator(merged.order_by(*order), ON_A_PAGE).get_page(page_asked(request))
    page.object_list = [(kind, number) for kind, number, _date in page.object_list]
    return page


def by(row: Any) -> str:
    """Who wrote a row of a history; of what no account wrote, what did."""
    if row.history_user is not None:
        return str(row.history_user.get_username())
    return _("import") if (row.history_change_reason or "").startswith("Import") else _("command")
