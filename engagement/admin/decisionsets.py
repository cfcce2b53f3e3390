"""Decision sets: begun, gathered, previewed, put forward. Another approves them, on the page of the proposal."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from engagement.admin.decisionforms import HeadingForm
from engagement.admin.decisiongathering import Gathering, address
from engagement.admin.decisionpapers import (
    ANNEX,
    LETTERS,
    annex_cells,
    grouped,
    letter_cells,
    lines_of,
    title_of,
)
from engagement.admin.decisionpreview import preview
from engagement.admin.deskpages import require
from engagement.admin.foureyes import PERMISSION
from engagement.admin.versions import GuardedAdmin
from engagement.desk import decisions
from engagement.desk.decisions import NotReady
from engagement.desk.models import DecisionSet, SetState
from engagement.exchange.tables import csv_response

# Pages and steps, by the name in their address.
PAGES = ("details", "preview", "organizations", "requests", "items", "forward", "reopen")
TABLES: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "annex": (ANNEX, annex_cells),
    "letters": (LETTERS, letter_cells),
}


@admin.register(DecisionSet)
class DecisionSetAdmin(GuardedAdmin, Gathering):
    """Each step that changes a set is a POST of its own; its page shows where it stands."""

    form = HeadingForm
    fields = ("session", "date", "decided_by", ("document", "paragraph"), "source", "note")
    list_display = ("session", "document", "date", "count", "state", "by", "begun_at")
    list_filter = ("state",)
    search_fields = ("session", "document")
    date_hierarchy = "begun_at"

    @admin.display(description=gettext_lazy("decisions"))
    def count(self, decision_set: DecisionSet) -> int:
        return int(decision_set.number)  # type: ignore[attr-defined]  # annotated by get_queryset

    # -- Its heading -------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: DecisionSet, form: Any, change: bool) -> None:
        """Whoever begins it is noted; what somebody put forward meanwhile is not edited under their hands."""
        if not change:
            obj.actor, obj.actor_name = request.user, request.user.get_username()  # type: ignore[assignment]
        else:
            decisions.draft(obj)
        obj.save()

    def response_post_save_add(self, request: HttpRequest, obj: DecisionSet) -> HttpResponseRedirect:
        return HttpResponseRedirect(address(obj))

    response_post_save_change = response_post_save_add

    def details(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The form of the heading: Django's own."""
        return super().change_view(request, str(object_id))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotReady as reason:
            self.message_user(request, reason.says, messages.ERROR)
            return HttpResponseRedirect(address(self.found(request, object_id)))

    def delete_model(self, request: HttpRequest, obj: DecisionSet) -> None:
        decisions.drop(obj, request.user)

    # -- Its page ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.step
        routes = [
            path(f"<int:object_id>/{name}/", view(getattr(self, name)), name=f"desk_decisionset_{name}")
            for name in PAGES
        ]
        papers = [
            path("<int:object_id>/items/<int:item_id>/", view(self.item), name="desk_decisionset_item"),
            path("<int:object_id>/annex/<slug:language>/", view(self.annex), name="desk_decisionset_annex"),
            path("<int:object_id>/annex/<slug:language>.html", view(self.annex), {"save": True},
                 name="desk_decisionset_annex_file"),
            path("<int:object_id>/<slug:table>/<slug:language>.csv", view(self.table), name="desk_decisionset_table"),
        ]  # fmt: skip
        return [*routes, *papers, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The set's page: what is decided stands on it, and what can be done next."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self.shown(request, self.found(request, object_id))

    def shown(self, request: HttpRequest, decision_set: DecisionSet, status: int = 200) -> HttpResponse:
        items = decisions.items_of(decision_set)
        is_draft = decision_set.state == SetState.DRAFT
        wrong = decisions.problems(decision_set, items) if is_draft else []
        by_item: dict[Any, list[str]] = {}
        for problem in wrong:
            by_item.setdefault(problem.item.pk if problem.item else None, []).append(problem.says)
        may_edit = self.has_change_permission(request, decision_set)
        return self.page(
            request,
            "decision_set",
            status,
            title=str(decision_set),
            set=decision_set,
            rows=[(item, by_item.get(item.pk, [])) for item in items],
            problems=by_item.get(None, []) if items else [],
            wrong=sum(1 for problem in wrong if problem.item),
            may_edit=may_edit,
            may_reopen=decision_set.state == SetState.REVERSED and self.has_add_permission(request),
            may_delete=self.has_delete_permission(request, decision_set),
            waiting=self.waiting(request).count() if may_edit else 0,
            languages=settings.LANGUAGES,
        )

    # -- Four eyes ---------------------------------------------------------------------------------------------

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What the public will see; once the set is applied, the public pages say it."""
        decision_set = self.found(request, str(object_id))
        if decision_set.state not in (SetState.DRAFT, SetState.PROPOSED):
            return HttpResponseRedirect(address(decision_set))
        return self.preview_page(request, decision_set)

    def preview_page(self, request: HttpRequest, decision_set: DecisionSet, status: int = 200) -> HttpResponse:
        may_propose = decision_set.state == SetState.DRAFT and self.may_propose(request, decision_set)
        return self.page(
            request,
            "decision_preview",
            status,
            title=_("Preview: %(set)s") % {"set": decision_set},
            set=decision_set,
            preview=preview(decision_set),
            may_propose=may_propose,
        )

    def may_propose(self, request: HttpRequest, decision_set: DecisionSet) -> bool:
        return request.user.has_perm(PERMISSION) and self.has_change_permission(request, decision_set)

    def forward(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Put forward what the preview showed, and nothing else."""
        decision_set = self.open(request, object_id)
        require(request.user.has_perm(PERMISSION))
        if not constant_time_compare(request.POST.get("seal", ""), preview(decision_set).seal):
            said = _("The set has changed since you opened the preview. Nothing was put forward: look again.")
            self.message_user(request, said, messages.ERROR)
            return self.preview_page(request, decision_set, status=409)
        try:
            decisions.put_forward(decision_set, request.user)
        except NotReady as reason:
            self.message_user(request, reason.says, messages.ERROR)
            return self.preview_page(request, decision_set, status=409)
        self.log_change(request, decision_set, _("Put forward"))
        said = _("Put forward. Nothing has changed in the register yet: another person has to approve it.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(decision_set))

    def reopen(self, request: HttpRequest, object_id: int) -> HttpResponse:
        decision_set = self.found(request, str(object_id))
        require(request.method == "POST" and self.has_add_permission(request))
        decisions.reopen(decision_set)
        self.log_change(request, decision_set, _("A draft again"))
        return HttpResponseRedirect(address(decision_set))

    # -- Papers ------------------------------------------------------------------------------------------------

    def annex(self, request: HttpRequest, object_id: int, language: str, save: bool = False) -> HttpResponse:
        """The annex in a language, to print or to open in a word processor."""
        decision_set = self.found(request, str(object_id))
        require_language(language)
        with override(language):
            context = {
                "set": decision_set,
                "title": title_of(decision_set),
                "language": language,
                "groups": list(grouped(lines_of(decision_set))),
                "home": request.build_absolute_uri("/").rstrip("/"),
            }
            response = render(request, "admin/desk/decision_annex.html", context)
        place = "attachment" if save else "inline"
        response["Content-Disposition"] = f'{place}; filename="{file_name(decision_set, "annex", language)}.html"'
        return response

    def table(self, request: HttpRequest, object_id: int, table: str, language: str) -> HttpResponse:
        """The annex, or the rows for letters, as a file."""
        decision_set = self.found(request, str(object_id))
        require_language(language)
        if table not in TABLES:
            raise Http404
        header, cells = TABLES[table]
        home = request.build_absolute_uri("/").rstrip("/")
        with override(language):
            return csv_response(f"{file_name(decision_set, table, language)}.csv", header, cells(decision_set, home))


def require_language(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404


def file_name(decision_set: DecisionSet, paper: str, language: str) -> str:
    return f"decision-set-{decision_set.pk}-{paper}-{language}"
