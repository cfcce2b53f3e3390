"""Putting requests on a decision set: from the list, many at once, or from the page of one."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.admin.deskpages import require
from engagement.admin.requestforms import PutForm
from engagement.desk import decisions
from engagement.desk.models import Request
from engagement.web.mailing import home_of
from engagement.web.requestmail import tell_stage


class Putting(admin.ModelAdmin):
    """For the requests' admin."""

    actions: Any = ("put_on_set",)

    def has_put_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(("desk.change_request", "desk.view_decisionset", "desk.change_decisionset"))

    def get_urls(self) -> list[Any]:
        return [path("put/", self.admin_site.admin_view(self.put), name="desk_request_put"), *super().get_urls()]

    @admin.action(description=gettext_lazy("Put on a decision set…"), permissions=["put"])
    def put_on_set(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.put_page(request, list(queryset), PutForm())

    def put(self, request: HttpRequest) -> HttpResponse:
        """GET: requests that the address names, to be looked at. POST: those ticked go on a draft, all or none."""
        require(self.has_put_permission(request))
        if request.method != "POST":
            asked = self.named(request.GET.getlist("request"))
            return self.put_page(request, asked, PutForm()) if asked else HttpResponseRedirect(inbox_address())
        form = PutForm(request.POST)
        shown = self.named(request.POST.getlist("shown"))
        if not form.is_valid():
            return self.put_page(request, shown, form, 400)
        chosen = list(form.cleaned_data["requests"])
        decision_set = form.cleaned_data["decision_set"]
        try:
            decisions.take_in(decision_set, chosen, actor=request.user)
        except decisions.NotReady as reason:
            return self.put_page(request, shown, form, 409, in_the_way=[str(each) for each in reason.problems])
        said = ngettext(
            "%(count)d request is on the decision set now.", "%(count)d requests are on the decision set now.",
            len(chosen),
        )  # fmt: skip
        self.message_user(request, said % {"count": len(chosen)}, messages.SUCCESS)
        if form.cleaned_data["tell"]:
            tell_all(request, chosen)
        return HttpResponseRedirect(reverse("admin:desk_decisionset_change", args=[decision_set.pk]))

    def named(self, keys: Iterable[str]) -> list[Request]:
        numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
        found: list[Request] = list(self.get_queryset_of(numbers))
        return found

    def get_queryset_of(self, numbers: list[int]) -> Any:
        return Request.objects.sent().filter(pk__in=numbers).select_related("organization", "category", "meeting")

    def put_page(
        self, request: HttpRequest, shown: list[Request], form: PutForm, status: int = 200, **context: Any
    ) -> HttpResponse:
        require(self.has_put_permission(request))
        if not shown:
            raise PermissionDenied
        ticked = {str(key) for key in request.POST.getlist("requests")} if form.is_bound else None
        rows: list[dict[str, Any]] = [{"request": each, "why": decisions.why_not(each)} for each in shown]
        for row in rows:
            row["ticked"] = not row["why"] if ticked is None else str(row["request"].pk) in ticked
        return self.page(  # type: ignore[attr-defined]  # of MadeByTheSite
            request,
            "request_put",
            status,
            title=_("Put on a decision set"),
            rows=rows,
            form=form,
            may_begin=request.user.has_perm("desk.add_decisionset"),
            **context,
        )


def inbox_address() -> str:
    return reverse("admin:desk_request_changelist")


def tell_all(request: HttpRequest, told: Iterable[Request]) -> None:
    """Mail each where it stands now, and say which could not be told."""
    home = home_of(request)
    failed = [each.receipt for each in told if not tell_stage(each, home)]
    if failed:
        said = _("The mail could not be sent for: %(receipts)s. Their pages offer to send it again.")
        messages.error(request, said % {"receipts": ", ".join(failed)})
