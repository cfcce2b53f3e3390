"""Gathering a decision set: organizations by their names, requests that wait, and what is done to chosen items."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.admin.decisionforms import GatherForm, ItemForm, choices_in, read
from engagement.admin.deskpages import MadeByTheSite, require
from engagement.admin.requestsets import tell_all
from engagement.desk import decisions
from engagement.desk.decisions import NotReady, Problem
from engagement.desk.models import DecisionAction, DecisionSet, Request, SetState
from engagement.directories.searching import PORTION
from engagement.freshness import catch_up

REMOVE, AS_ASKED = "remove", "asked"
OTHERWISE = {AS_ASKED: "", "defer": DecisionAction.DEFER, "decline": DecisionAction.DECLINE}


class Gathering(MadeByTheSite):
    """Only a draft is gathered: what was put forward is read."""

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).select_related("source", "proposal", "proposal__operation")
        return found.annotate(number=Count("items"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.add_decisionset")

    def has_change_permission(self, request: HttpRequest, obj: DecisionSet | None = None) -> bool:
        may = request.user.has_perm("desk.change_decisionset")
        return may and (obj is None or obj.state == SetState.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: DecisionSet | None = None) -> bool:
        may = request.user.has_perm("desk.delete_decisionset")
        return may and (obj is None or obj.state == SetState.DRAFT)

    def may_see_requests(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.view_request")

    def waiting(self, request: HttpRequest) -> Any:
        """The requests that can be taken in, if the account may see requests."""
        return decisions.waiting_requests() if self.may_see_requests(request) else Request.objects.none()

    def step(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """A view of one set: where it cannot be done now, the page of the set says why."""

        def told(request: HttpRequest, object_id: int, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, object_id, **kwargs)
            except NotReady as reason:
                self.message_user(request, reason.says, messages.ERROR)
                return HttpResponseRedirect(address(self.found(request, str(object_id))))

        view_of_admin: Callable[..., HttpResponse] = self.admin_site.admin_view(told)
        return view_of_admin

    def draft(self, request: HttpRequest, object_id: int) -> DecisionSet:
        """The set, if the account may change it. Raises NotReady where nobody may any more."""
        decision_set: DecisionSet = self.found(request, str(object_id))
        require(request.user.has_perm("desk.change_decisionset"))
        decisions.require_draft(decision_set)
        return decision_set

    def open(self, request: HttpRequest, object_id: int) -> DecisionSet:
        """The set of a POST by somebody who may change it."""
        require(request.method == "POST")
        return self.draft(request, object_id)

    def noted(self, request: HttpRequest, decision_set: DecisionSet, said: str) -> HttpResponseRedirect:
        """In the history of the set, and to whoever did it, on the page of the set."""
        self.log_change(request, decision_set, said)
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(decision_set))

    # -- Organizations by their names --------------------------------------------------------------------------

    def organizations(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What is sure is added; what is not stays in the form, with whom it may mean."""
        decision_set = self.draft(request, object_id)
        if request.method != "POST":
            return self.gather_page(request, decision_set, GatherForm())
        form = GatherForm(request.POST)
        if not form.is_valid():
            return self.gather_page(request, decision_set, form, status=400)
        catch_up(limit=PORTION)
        found = read(form.cleaned_data["names"], choices_in(request.POST))
        made, refused = decisions.add(decision_set, list(found.lines), form.cleaned_data["action"], **form.said())
        done = self.noted(request, decision_set, added(len(made))) if made else None
        if not found.open and not refused:
            return done or HttpResponseRedirect(address(decision_set))
        about = {problem.about for problem in refused}
        left = [line for body, line in found.lines.items() if str(body) in about]
        again = request.POST.copy()
        again["names"] = "\n".join([*(each.text for each in found.open), *left])
        return self.gather_page(request, decision_set, GatherForm(again), lines=found.open, refused=refused)

    def gather_page(
        self,
        request: HttpRequest,
        decision_set: DecisionSet,
        form: GatherForm,
        status: int = 200,
        refused: Iterable[Problem] = (),
        **more: Any,
    ) -> HttpResponse:
        title = _("Add organizations")
        context = {"title": title, "set": decision_set, "form": form, "refused": refused}
        return self.page(request, "decision_organizations", status, **context, **more)

    # -- Requests that wait ------------------------------------------------------------------------------------

    def requests(self, request: HttpRequest, object_id: int) -> HttpResponse:
        decision_set = self.draft(request, object_id)
        require(self.may_see_requests(request))
        waiting = self.waiting(request)
        if request.method != "POST":
            return self.requests_page(request, decision_set)
        if "all" not in request.POST:
            waiting = waiting.filter(pk__in=numbers(request, "request"))
        chosen = list(waiting)
        if not chosen:
            self.message_user(request, _("Nothing was chosen."), messages.WARNING)
            return self.requests_page(request, decision_set, status=400)
        action = OTHERWISE.get(request.POST.get("as", AS_ASKED), "")
        try:
            made = decisions.take_in(decision_set, chosen, action, request.user)
        except NotReady as reason:
            self.message_user(request, reason.says, messages.ERROR)
            return self.requests_page(request, decision_set, status=409)
        if "tell" in request.POST:
            tell_all(request, decisions.requests_of(decision_set, made))
        return self.noted(request, decision_set, added(len(made)))

    def requests_page(self, request: HttpRequest, decision_set: DecisionSet, status: int = 200) -> HttpResponse:
        title, waiting = _("Take in requests"), list(self.waiting(request))
        return self.page(request, "decision_requests", status, title=title, set=decision_set, waiting=waiting)

    # -- Items -------------------------------------------------------------------------------------------------

    def items(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Remove the chosen ones or, of those that decide on a request, decide otherwise."""
        decision_set = self.open(request, object_id)
        chosen, wanted = decision_set.items.filter(pk__in=numbers(request, "item")), request.POST.get("do", "")
        if wanted == REMOVE:
            said = removed(decisions.remove(decision_set, chosen, request.user))
        elif wanted in OTHERWISE:
            said = changed(decisions.change_action(decision_set, chosen, OTHERWISE[wanted]))
        else:
            raise Http404
        return self.noted(request, decision_set, said)

    def item(self, request: HttpRequest, object_id: int, item_id: int) -> HttpResponse:
        """What one item says besides its organization."""
        decision_set = self.draft(request, object_id)
        item = next((each for each in decisions.items_of(decision_set) if each.pk == item_id), None)
        if item is None:
            raise Http404
        form = ItemForm(request.POST or None, instance=item)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                decisions.draft(decision_set)
                form.save()
            return self.noted(request, decision_set, changed(1))
        status = 400 if form.is_bound else 200
        return self.page(request, "decision_item", status, title=str(item), set=decision_set, item=item, form=form)


def address(decision_set: DecisionSet) -> str:
    return reverse("admin:desk_decisionset_change", args=[decision_set.pk])


def numbers(request: HttpRequest, name: str) -> list[int]:
    """The keys of the boxes that are ticked."""
    return [int(sent) for sent in request.POST.getlist(name) if sent.isdecimal() and len(sent) < 19]


def added(count: int) -> str:
    return ngettext("%(count)s decision added.", "%(count)s decisions added.", count) % {"count": count}


def changed(count: int) -> str:
    return ngettext("%(count)s decision changed.", "%(count)s decisions changed.", count) % {"count": count}


def removed(count: int) -> str:
    return ngettext("%(count)s decision removed.", "%(count)s decisions removed.", count) % {"count": count}
