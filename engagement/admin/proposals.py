"""Proposals: what waits for a second person, what it would change, and the decision on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.deskpages import WithItsPage, page_of, turning
from engagement.admin.foureyes import address
from engagement.admin.operations import APPROVING, obstacles
from engagement.admin.proposed import seal_of, shown
from engagement.admin.rights import RECORDS, hidden_from, may
from engagement.desk import decisions, proposals
from engagement.desk.journal import Overtaken
from engagement.desk.models import Action, Correction, DecisionSet, Proposal, ProposalState, ProposedChange
from engagement.desk.proposals import Decided
from engagement.web.correctionmail import tell_outcome
from engagement.web.mailing import home_of
from engagement.web.requestmail import tell_stage

RIGHTS = {Action.CREATED: "add", Action.CHANGED: "change", Action.DELETED: "delete"}


class DecisionForm(forms.Form):
    """What is said with a decision. `shown`: what the page said of the proposal."""

    shown = forms.CharField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=gettext_lazy("A word with the approval"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(DecisionForm):
    answer = forms.CharField(label=gettext_lazy("Why it is declined"), widget=forms.Textarea(attrs={"rows": 3}))


class StateFilter(admin.SimpleListFilter):
    """Those that wait, unless others are asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"
    ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [*ProposalState.choices, (self.ALL, _("All"))]

    def value(self) -> str:
        return super().value() or ProposalState.WAITING.value

    def choices(self, changelist: Any) -> Any:
        for value, title in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": self.value() == value, "query_string": query, "display": title}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() in ProposalState.values else queryset


@admin.register(Proposal)
class ProposalAdmin(WithItsPage):
    """Its page says all that it would change. Each decision is a POST of its own."""

    list_display = ("title", "records", "by", "proposed_at", "state", "decider", "decided_at")
    list_filter = (StateFilter,)
    search_fields = ("title", "actor_name", "decided_by_name")
    date_hierarchy = "proposed_at"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without those about records that the account may not see."""
        found = super().get_queryset(request).select_related("operation", "decision_set")
        about = ProposedChange.objects.filter(proposal=OuterRef("pk"), model__in=hidden_from(request.user))
        return found.exclude(Exists(about)).annotate(number=Count("changes"))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        steps = {"approve": self.approve, "decline": self.decline, "withdraw": self.withdraw}
        routes = [
            path(f"<path:object_id>/{name}/", view(step), name=f"desk_proposal_{name}") for name, step in steps.items()
        ]
        return [*routes, *super().get_urls()]

    @admin.display(description=gettext_lazy("records"), ordering="number")
    def records(self, proposal: Any) -> int:
        return int(proposal.number)

    @admin.display(description=gettext_lazy("decided by"), ordering="decided_by_name", empty_value="–")
    def decider(self, proposal: Proposal) -> str | None:
        return proposal.decided_by_name or None

    # -- Its page --------------------------------------------------------------------------------------------

    def shown(
        self, request: HttpRequest, proposal: Proposal, status: int = 200, in_the_way: Any = None, **context: Any
    ) -> HttpResponse:
        page = page_of(request, proposal.changes.all())
        waits = proposal.state == ProposalState.WAITING
        if in_the_way is None and waits:
            in_the_way = obstacles(request, Overtaken(proposals.in_the_way(proposal)))
        seal = {"shown": self.seal(proposal)}
        return self.page(
            request,
            "proposal",
            status,
            title=proposal.title,
            proposal=proposal,
            decision_set=decision_set_of(proposal),
            corrections=Correction.objects.filter(proposal=proposal),
            changes=shown(list(page)),
            **turning(page),
            in_the_way=in_the_way,
            is_own=is_own(request, proposal),
            may_decide=waits and may_decide(request, proposal),
            may_withdraw=waits and proposal.actor_id == request.user.pk,
            **{
                "approve_form": DecisionForm(initial=seal, auto_id="approve_%s"),
                "decline_form": DeclineForm(initial=seal, auto_id="decline_%s"),
                **context,
            },
        )

    def seal(self, proposal: Proposal) -> str:
        return seal_of(proposal, shown(list(proposal.changes.all())))

    # -- Deciding --------------------------------------------------------------------------------------------

    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Apply what the page showed, all of it or nothing."""
        proposal = self.open(request, object_id, may_decide)
        form = DecisionForm(request.POST)
        if not form.is_valid() or form.cleaned_data["shown"] != self.seal(proposal):
            return self.shown(request, proposal, 409, is_stale=True)
        applied = decisions.approve if decision_set_of(proposal) else proposals.approve
        said = _("Approved. It stands in the register, and can be undone for 30 days on the page of its operation.")
        step = partial(applied, proposal, request.user, form.cleaned_data["answer"])
        return self.decided(request, proposal, step, said)

    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        proposal = self.open(request, object_id, may_decide)
        form = DeclineForm(request.POST, auto_id="decline_%s")
        if not form.is_valid():
            return self.shown(request, proposal, 400, decline_form=form)
        step = partial(declined, proposal, request.user, form.cleaned_data["answer"])
        return self.decided(request, proposal, step, _("Declined. Nothing has changed in the register."))

    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        proposal = self.open(request, object_id, is_own)
        step = partial(withdrawn, proposal, request.user)
        return self.decided(request, proposal, step, _("Withdrawn. Nothing has changed in the register."))

    def open(self, request: HttpRequest, object_id: str, allowed: Callable[..., bool]) -> Proposal:
        """The proposal of a POST by somebody who may do this."""
        if request.method != "POST":
            raise PermissionDenied
        proposal: Proposal = self.found(request, object_id)
        if not allowed(request, proposal):
            raise PermissionDenied
        return proposal

    def decided(self, request: HttpRequest, proposal: Proposal, step: Callable[[], Any], said: str) -> HttpResponse:
        """Do it in one transaction with what follows from it; of two at one moment the second is told."""
        corrections = list(Correction.objects.filter(proposal=proposal))
        try:
            with transaction.atomic():
                step()
                transaction.on_commit(partial(tell, proposal, corrections, home_of(request)))
        except Decided:
            proposal.refresh_from_db()
            already = _("This was decided before: %(state)s. Nothing was changed now.")
            self.message_user(request, already % {"state": proposal.get_state_display()}, messages.WARNING)
            return HttpResponseRedirect(address(proposal.pk))
        except Overtaken as overtaken:
            return self.shown(request, proposal, 409, obstacles(request, overtaken))
        except IntegrityError:
            refused = _("Another record now has a name or key that one of these would get, or something is gone.")
            return self.shown(request, proposal, 409, [{"says": refused}])
        self.log_change(request, proposal, [{"changed": {"fields": ["state"]}}])
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(proposal.pk))


def is_own(request: HttpRequest, proposal: Proposal) -> bool:
    return proposal.actor_id == request.user.pk or proposal.actor_name == request.user.get_username()


def may_decide(request: HttpRequest, proposal: Proposal) -> bool:
    """Another than who proposed it, who may do to the records what it would do to them."""
    return not is_own(request, proposal) and request.user.has_perm(APPROVING) and may_do(request.user, proposal)


def may_do(user: Any, proposal: Proposal) -> bool:
    asked = set(proposal.changes.order_by().values_list("model", "action"))
    return all(name in RECORDS and may(user, RIGHTS[Action(action)], [RECORDS[name]]) for name, action in asked)


def decision_set_of(proposal: Proposal) -> DecisionSet | None:
    return DecisionSet.objects.filter(proposal=proposal).first()


def declined(proposal: Proposal, actor: Any, answer: str) -> None:
    proposals.decline(proposal, actor, answer)
    if decision_set_of(proposal):
        decisions.declined(proposal)


def withdrawn(proposal: Proposal, actor: Any) -> None:
    proposals.withdraw(proposal, actor)
    if decision_set_of(proposal):
        decisions.withdrawn(proposal)


def tell(proposal: Proposal, corrections: list[Correction], home: str) -> None:
    """Mail those who asked for it what became of it, once it is approved."""
    proposal.refresh_from_db(fields=["state"])
    if proposal.state != ProposalState.APPROVED:
        return
    decided = decision_set_of(proposal)
    for request in decisions.requests_of(decided) if decided else ():
        tell_stage(request, home)
    for correction in Correction.objects.filter(pk__in=[each.pk for each in corrections]):
        tell_outcome(correction, home)
