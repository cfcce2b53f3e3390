"""Files that staff bring: a file is read, its plan is looked at and decided on, and only then written or dropped."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from engagement.admin.deskpages import WithItsPage, page_of, require, turning
from engagement.admin.importforms import LEFT_OUT, Bounded, BringForm, MappingForm, OptionsForm, saying
from engagement.admin.importrows import (
    count_of,
    decided,
    done,
    effects,
    planned,
    said_for_the_whole,
    seal,
    shown_rows,
    tabs,
)
from engagement.admin.operations import APPROVING
from engagement.admin.operations import address as address_of_operation
from engagement.admin.rights import hidden_kinds, importable_kinds, may_import, visible_kinds
from engagement.desk import proposals
from engagement.desk.journal import Overtaken
from engagement.desk.models import ImportRun, Outcome, RunState
from engagement.exchange.importing import runs
from engagement.exchange.importing.runs import KINDS, Kind, NotReady, Options

# What of an address leads back to the same rows of a plan.
PLACE = ("outcome", "page")
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
COMMAND = "manage.py"  # the name of who brings a file by a command
OPEN = (RunState.STOPPED, RunState.PLANNED)


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(kind.name, kind.title) for kind in visible_kinds(request.user)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(ImportRun)
class ImportRunAdmin(WithItsPage):
    """Each step that changes a run is a POST of its own; its page shows where it stands."""

    list_display = ("file_name", "kind_title", "state", "counts_in_words", "by", "brought_at")
    list_filter = ("state", KindFilter)
    search_fields = ("file_name", "sha256")
    date_hierarchy = "brought_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(importable_kinds(request.user))

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the files themselves, and without kinds whose records the account may not see."""
        found = super().get_queryset(request).defer("body").select_related("operation")
        return found.exclude(kind__in=hidden_kinds(request.user))

    def get_urls(self) -> list[Any]:
        steps = {name: getattr(self, name) for name in ("mapping", "options", "decide", "confirm", "drop", "rejects")}
        routes = [
            path("files/<slug:kind>/<slug:what>.<slug:form>", self.wrapped(self.file), name="desk_importrun_file"),
            *(
                path(f"<path:object_id>/{name}/", self.wrapped(step), name=f"desk_importrun_{name}")
                for name, step in steps.items()
            ),
        ]
        return [*routes, *super().get_urls()]

    def wrapped(self, view: Callable[..., Any]) -> Callable[..., Any]:
        return self.admin_site.admin_view(view)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_title(self, run: ImportRun) -> str:
        return str(KINDS[run.kind].title) if run.kind in KINDS else run.kind

    @admin.display(description=gettext_lazy("rows"))
    def counts_in_words(self, run: ImportRun) -> str:
        return ", ".join(f"{tab.label} {tab.count}" for tab in tabs(run)[1:])

    # -- Bringing a file ---------------------------------------------------------------------------------------

    @method_decorator(csrf_exempt)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The check of the form's token reads what was sent: before it, what is too large is not kept."""
        bound = Bounded(request)
        request.upload_handlers.insert(0, bound)
        return csrf_protect(self.bring)(request, bound)

    def bring(self, request: HttpRequest, bound: Bounded) -> HttpResponse:
        """GET: what to bring, and how it looks. POST: keep and plan the file."""
        kinds = importable_kinds(request.user)
        require(bool(kinds))
        name = request.GET.get("kind", kinds[0].name)
        kind = next((kind for kind in kinds if kind.name == name), None)
        if kind is None:
            raise (PermissionDenied if name in KINDS else Http404)
        before = self.before(request)
        if request.method != "POST":
            said = saying(runs.options_of(before) if before else Options())
            return self.bring_page(request, kind, kinds, BringForm(initial=said))
        form = BringForm(request.POST, request.FILES, too_large=bound.too_large)
        if not form.is_valid():
            return self.bring_page(request, kind, kinds, form, status=400)
        file = form.cleaned_data["file"]
        mapping = before.mapping if before else None
        run = runs.bring(kind.name, file.name, form.data_of_file, form.options(), request.user, mapping=mapping)
        self.log_addition(request, run, [{"added": {}}])
        self.tell(request, run)
        return HttpResponseRedirect(address(run))

    def before(self, request: HttpRequest) -> ImportRun | None:
        """The run whose file is brought again, mended: what was said of that one holds for this one."""
        again = request.GET.get("again", "")
        found = self.get_queryset(request).filter(kind=request.GET.get("kind"))
        return found.filter(pk=int(again)).first() if again.isdecimal() and len(again) < 19 else None

    def bring_page(
        self, request: HttpRequest, kind: Kind, kinds: list[Kind], form: BringForm, status: int = 200
    ) -> HttpResponse:
        context = {"title": _("Import a file"), "kind": kind, "kinds": kinds, "needed": needed(kind)}
        return self.page(request, "bring", status, **context, form=form, media=form.media)

    def file(self, request: HttpRequest, kind: str, what: str, form: str) -> HttpResponseBase:
        """A blank file of the kind, or what the register has in that form: to begin with."""
        if kind not in KINDS or form not in FORMATS or what not in ("blank", "register"):
            raise Http404
        require(may_import(request.user, KINDS[kind]))
        chunks = runs.blank_file(kind, form) if what == "blank" else runs.own_file(kind, form)
        return download(chunks, f"{kind}-{what}", form)

    # -- Its page ----------------------------------------------------------------------------------------------

    def shown(self, request: HttpRequest, run: ImportRun, status: int = 200, **forms: Any) -> HttpResponse:
        kind = KINDS.get(run.kind)
        context: dict[str, Any] = {"title": run.file_name, "run": run, "kind": kind, "place": place(request)}
        if kind:
            may = may_import(request.user, kind)
            context |= self.steps(run, kind, forms) if may and run.state in OPEN else {}
            context |= {"may_import": may, "before": runs.brought_before(run), **self.rows(request, run, kind)}
            context |= self.eyes(request, run, kind)
        return self.page(request, "run", status, **context)

    def steps(self, run: ImportRun, kind: Kind, forms: dict[str, Any]) -> dict[str, Any]:
        """The forms for what can be done with it next."""
        options = OptionsForm(initial=saying(runs.options_of(run)))
        steps = {"mapping_form": self.mapping_form(run, kind), "options_form": options, **forms}
        ready = run.state == RunState.PLANNED and not count_of(run, Outcome.ALIKE)
        if ready and count_of(run, Outcome.NEW) + count_of(run, Outcome.CHANGED):
            steps |= {"effects": effects(run), "seal": seal(run), "leaves_out": count_of(run, Outcome.REJECTED)}
        told = {"undecided": count_of(run, Outcome.ALIKE), "every_new": runs.EVERY in run.decisions}
        return {**steps, **told, "media": options.media}

    def eyes(self, request: HttpRequest, run: ImportRun, kind: Kind) -> dict[str, Any]:
        """Who may do what with it: of statuses the plan is made by who brought them, and confirmed by another."""
        settles = may_settle(request, run, kind)
        forms = {} if settles else {"mapping_form": None, "deciding": False}
        return {
            **forms,
            "four_eyes": is_guarded(kind),
            "may_settle": settles,
            "may_confirm": may_confirm(request, run, kind),
        }

    def mapping_form(self, run: ImportRun, kind: Kind, sent: Any = None) -> MappingForm | None:
        """For the headers that are not known, and those of which staff said before what they are."""
        headers = {header: column or LEFT_OUT for header, column in run.mapping.items()}
        if run.state == RunState.STOPPED:
            headers |= dict(runs.unknown_headers(run))
        return MappingForm(kind, headers, sent) if headers else None

    def rows(self, request: HttpRequest, run: ImportRun, kind: Kind) -> dict[str, Any]:
        outcome = request.GET.get("outcome", "")
        rows = run.rows.filter(outcome=outcome) if outcome else run.rows.all()
        page = page_of(request, rows)
        shown = shown_rows(run, kind, list(page))
        deciding = run.state == RunState.PLANNED and any(row.candidates or row.decision for row in shown)
        told = {"deciding": deciding, "for_the_whole": any(said_for_the_whole(row.row) for row in shown)}
        return {"outcome": outcome, "tabs": tabs(run), "rows": shown, **told, **turning(page)}

    # -- What is done with it ----------------------------------------------------------------------------------

    def open(self, request: HttpRequest, object_id: str) -> tuple[ImportRun, Kind]:
        """The run of a POST by somebody who may import its kind."""
        if request.method != "POST":
            raise PermissionDenied
        run = self.found(request, object_id)
        kind = KINDS.get(run.kind)
        if kind is None or not may_import(request.user, kind):
            raise PermissionDenied
        return run, kind

    def to_be_settled(self, request: HttpRequest, object_id: str) -> tuple[ImportRun, Kind]:
        """The run of a POST that changes its plan."""
        run, kind = self.open(request, object_id)
        require(may_settle(request, run, kind))
        return run, kind

    def mapping(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run, kind = self.to_be_settled(request, object_id)
        form = self.mapping_form(run, kind, request.POST)
        if form is None:
            return HttpResponseRedirect(address(run))
        if not form.is_valid():
            return self.shown(request, run, 400, mapping_form=form)
        return self.planned_anew(request, run, mapping=form.mapping())

    def options(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run, _kind = self.to_be_settled(request, object_id)
        form = OptionsForm(request.POST)
        if not form.is_valid():
            return self.shown(request, run, 400, options_form=form)
        return self.planned_anew(request, run, options=form.options())

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What rows are: each one of its candidates, or new."""
        run, _kind = self.to_be_settled(request, object_id)
        try:
            decisions = decided(run, request.POST)
        except ValueError:
            messages.error(request, _("The plan has changed since you opened it. Nothing was decided: look again."))
            return HttpResponseRedirect(address(run, request))
        if not decisions:
            messages.warning(request, _("Nothing was chosen."))
            return HttpResponseRedirect(address(run, request))
        return self.planned_anew(request, run, decisions=decisions)

    def planned_anew(self, request: HttpRequest, run: ImportRun, **changed: Any) -> HttpResponse:
        try:
            runs.replan(run, **changed)
        except NotReady as reason:
            messages.error(request, reason.says)
        else:
            self.tell(request, run)
        return HttpResponseRedirect(address(run, request))

    def tell(self, request: HttpRequest, run: ImportRun) -> None:
        """What reading the file came to, in numbers."""
        stopped = run.state == RunState.STOPPED
        messages.add_message(request, messages.WARNING if stopped else messages.SUCCESS, planned(run))

    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write the plan that the page showed. Sent twice, it is written once."""
        run, kind = self.open(request, object_id)
        if run.state == RunState.APPLIED and run.operation:
            messages.info(request, _("This file was imported before. Nothing was written now."))
            return HttpResponseRedirect(address_of_operation(run.operation))
        require(may_confirm(request, run, kind))
        if not constant_time_compare(request.POST.get("plan", ""), seal(run)):
            messages.error(request, _("The plan has changed since you opened it. Nothing was written: look again."))
            return HttpResponseRedirect(address(run))
        try:
            operation = runs.apply(run, request.user, leave_out_rejected="leave_out" in request.POST)
        except NotReady as reason:
            messages.error(request, reason.says)
            return HttpResponseRedirect(address(run))
        except Overtaken:
            messages.error(request, _("Records were edited at the same moment. Nothing was written: confirm again."))
            return HttpResponseRedirect(address(run))
        self.log_change(request, run, [{"changed": {"fields": ["state"]}}])
        messages.success(request, done(run))
        return HttpResponseRedirect(address_of_operation(operation))

    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        run, _kind = self.open(request, object_id)
        try:
            runs.drop(run)
        except NotReady as reason:
            messages.error(request, reason.says)
        else:
            messages.success(request, _("Dropped. Nothing was written to the register."))
        return HttpResponseRedirect(address(run))

    def rejects(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        run = self.found(request, object_id)
        if not run.rows.filter(outcome=Outcome.REJECTED).exists():
            raise Http404
        return download(runs.rejects_file(run), f"{run.kind}-{run.pk}-rejected", "csv")


def is_guarded(kind: Kind) -> bool:
    """Does it hold statuses or rights, which nobody changes alone?"""
    return any(proposals.is_guarded(model) for model in kind.permissions)


def is_own(request: HttpRequest, run: ImportRun) -> bool:
    return run.actor_id == request.user.pk or run.actor_name == request.user.get_username()


def may_settle(request: HttpRequest, run: ImportRun, kind: Kind) -> bool:
    """Who confirms statuses confirms what another has planned, and plans nothing of it. What the operator has brought
    by a command anybody plans."""
    by_command = run.actor_id is None and run.actor_name == COMMAND
    return not is_guarded(kind) or by_command or is_own(request, run)


def may_confirm(request: HttpRequest, run: ImportRun, kind: Kind) -> bool:
    return not is_guarded(kind) or (request.user.has_perm(APPROVING) and not is_own(request, run))


def needed(kind: Kind) -> list[str]:
    """The columns that a new record has to have filled: those of which a blank cell means nothing."""
    fields = {field.attname: field for field in kind.model._meta.concrete_fields}
    required = [column for column in kind.columns if column.required]
    return [column.name for column in required if column.to not in fields or not fields[column.to].get_default()]


def place(request: HttpRequest) -> str:
    """The part of the address that leads to the same rows of the plan."""
    kept = request.GET.copy()
    for name in [name for name in kept if name not in PLACE]:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def address(run: ImportRun, request: HttpRequest | None = None) -> str:
    return reverse("admin:desk_importrun_change", args=[run.pk]) + (place(request) if request else "")


def download(chunks: Iterator[bytes], name: str, form: str) -> HttpResponseBase:
    response = StreamingHttpResponse(chunks, content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
