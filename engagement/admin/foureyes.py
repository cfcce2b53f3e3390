"""Four eyes in the admin: whoever adds, changes or deletes a status or a right proposes it, and saves nothing.

A proposal is approved or declined on its own page (admin/proposals.py). Nobody is exempt.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from engagement.admin.bulkplans import Action as BulkAction
from engagement.admin.bulkplans import Plan
from engagement.admin.differing import Names
from engagement.admin.reverting import Refused, Return, Reversion, links, new
from engagement.admin.rights import RECORDS
from engagement.desk import deleting, proposals
from engagement.desk.models import Action, Proposal
from engagement.desk.proposals import FOUR_EYES, AlreadyProposed, Draft
from engagement.desk.states import State, state_of, states_of
from engagement.desk.versions import comparable
from engagement.models.base import Record

PERMISSION = "desk.propose_change"
# Beside the record's own fields.
REASON = "reason"
VERBS = {Action.CREATED: "Add", Action.CHANGED: "Change", Action.DELETED: "Delete"}

TO_BE_APPROVED = gettext_lazy("Proposed. Nothing has changed yet: another person is to approve it.")


class ProposalForm(forms.ModelForm):
    """A record's form that proposes. What waits for approval is settled first."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("For the person who approves: why, and what proves it"),
    )

    def clean(self) -> Any:
        for proposal in proposals.waiting_on(type(self.instance), [self.instance.pk or 0]).values():
            self.add_error(None, forms.ValidationError(waits_already(proposal)))
        return super().clean()


class FourEyesAdmin(admin.ModelAdmin):
    """For the ModelAdmins of statuses and rights, before RecordAdmin. See desk.proposals.FOUR_EYES."""

    form = ProposalForm
    change_form_template = "admin/engagement/foureyes_form.html"
    delete_confirmation_template = "admin/engagement/foureyes_delete.html"
    # Their pages of versions, deletions and bulk actions ask for a reason, and say that this is proposed.
    proposes = True

    model: Any

    # -- Who may, and what waits -----------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and request.user.has_perm(PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and request.user.has_perm(PERMISSION)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the proposal that waits, for the column of the list."""
        waits = proposals.waiting_changes(self.model).filter(record_pk=OuterRef("pk")).values("proposal")[:1]
        return super().get_queryset(request).annotate(proposal_pk=Subquery(waits))

    def get_list_display(self, request: HttpRequest) -> Any:
        first, *others = super().get_list_display(request)
        return (first, "waiting", *others)

    @admin.display(description=gettext_lazy("proposed"), empty_value="–")
    def waiting(self, record: Any) -> str | None:
        if record.proposal_pk is None:
            return None
        return format_html('<a href="{}">{}</a>', address(record.proposal_pk), _("Waiting for approval"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_propose = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        asked = [(_("Proposal"), {"fields": (REASON,)})] if may_propose else []
        return [*super().get_fieldsets(request, obj), *asked]

    # -- Adding and changing ---------------------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        waits = proposal_on(self.model, unquote(object_id)) if object_id else None
        context = {**(extra_context or {}), "waiting_proposal": waits}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except AlreadyProposed as found:
            return self.refused(request, found.proposal)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Propose what the form says, if it says anything new."""
        drafts = [changed(obj)] if change else [proposals.created(obj)]
        if not change or drafts[0].after != drafts[0].before:
            self.propose(request, drafts, form.cleaned_data[REASON])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Statuses and rights have neither rows nor links."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing was added."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing was changed."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.to_the_proposal(request)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if made_by(request):
            return self.to_the_proposal(request)
        self.message_user(request, _("Nothing was proposed: the record says all of it already."), messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())

    # -- Deleting --------------------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        waits = proposal_on(self.model, unquote(object_id))
        try:
            return super().delete_view(request, object_id, {**(extra_context or {}), "waiting_proposal": waits})
        except AlreadyProposed as found:
            return self.refused(request, found.proposal)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.propose(request, [proposals.deleted(obj)], reason_in(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing was deleted."""

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        return self.to_the_proposal(request)

    # -- Many at once, earlier versions, what was deleted ------------------------------------------------------

    def planned(self, request: HttpRequest, action: BulkAction, pks: Sequence[int], lock: bool = False) -> Plan:
        plan = super().planned(request, action, pks, lock)  # type: ignore[misc]  # of BulkActions
        if waits := proposals.waiting_on(self.model, pks):
            plan.refusals.append(_("For some of these a proposal waits already. It is decided or withdrawn first."))
            plan.in_the_way += [linked(proposal) for proposal in dict.fromkeys(waits.values())]
        return plan

    def carried_out(self, request: HttpRequest, action: BulkAction, plan: Plan, back: str) -> str:
        title = self.bulk_title(action, plan)  # type: ignore[attr-defined]
        made = propose(request, title, plan.drafts(), reason_in(request))
        self.message_user(request, TO_BE_APPROVED, messages.SUCCESS)
        return address(made.pk)

    def revert(self, request: HttpRequest, plan: Reversion) -> HttpResponse:
        if plan.obstacles:
            raise Refused(plan.obstacles)
        title = f"Back to the version of {plan.version.row.history_date:%Y-%m-%d %H:%M:%S} UTC: {english(plan.record)}"
        draft = proposals.changed(plan.record, plan.now, plan.then)
        return propose_page(self, request, title, [draft])

    # -- What they share -------------------------------------------------------------------------------------

    def propose(self, request: HttpRequest, drafts: Sequence[Draft], reason: str) -> None:
        draft = drafts[0]
        propose(request, f"{VERBS[draft.action]} {english(draft.record)}", drafts, reason)

    def to_the_proposal(self, request: HttpRequest) -> HttpResponse:
        made = made_by(request)
        assert made is not None
        self.message_user(request, TO_BE_APPROVED, messages.SUCCESS)
        return HttpResponseRedirect(address(made.pk))

    def refused(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        self.message_user(request, waits_already(proposal), messages.ERROR)
        return HttpResponseRedirect(address(proposal.pk))


class BesideFourEyes(admin.ModelAdmin):
    """For the ModelAdmins of all records: no status and no right falls with another record."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[Any], list[Any]]:
        """What Django says, and the statuses that would fall among what protects the record."""
        listed, counts, lacking, protecting = super().get_deleted_objects(objs, request)
        names = {RECORDS[name]._meta.verbose_name_plural for name in FOUR_EYES if RECORDS[name] is not self.model}
        if names & set(counts):
            guarded = proposals.guarded_in(deleting.plan(list(objs)))
            protecting = [*protecting, *(linked_record(each) for each in guarded)]
        return listed, counts, lacking, protecting


def needs_approval(plan: Return) -> bool:
    """Is what comes back a status or a right, or did some fall with it?"""
    return any(proposals.is_guarded(each.model) for each in plan.versions)


def propose_return(admin_of: Any, request: HttpRequest, plan: Return) -> HttpResponse:
    """Propose to bring back the record with all that fell with it."""
    if plan.obstacles:
        raise Refused(plan.obstacles)
    names = Names((each.model, each.state) for each in plan.versions)
    drafts = [proposals.created(new(each), links(each), names.label(each)) for each in plan.versions]
    return propose_page(admin_of, request, f"Bring back {english(drafts[0].record, plan.name)}", drafts)


def propose_page(admin_of: Any, request: HttpRequest, title: str, drafts: Sequence[Draft]) -> HttpResponse:
    """Propose, and lead to the proposal; Refused where one waits."""
    try:
        made = propose(request, title, drafts, reason_in(request))
    except AlreadyProposed as found:
        raise Refused([waits_already(found.proposal)]) from found
    admin_of.message_user(request, TO_BE_APPROVED, messages.SUCCESS)
    return HttpResponseRedirect(address(made.pk))


def propose(request: HttpRequest, title: str, drafts: Sequence[Draft], reason: str) -> Proposal:
    made = proposals.propose(title, drafts, request.user, reason.strip())
    request.proposal_made = made  # type: ignore[attr-defined]
    return made


def made_by(request: HttpRequest) -> Proposal | None:
    """The proposal that the request has made."""
    return getattr(request, "proposal_made", None)


def reason_in(request: HttpRequest) -> str:
    return request.POST.get(REASON, "")


def changed(record: Any) -> Draft:
    """From what the register has to what the record, which a form has filled, says. Ends of lines are no change."""
    stands = type(record)._base_manager.get(pk=record.pk)
    before, said = states_of([stands])[record.pk], state_of(record, {})
    after: State = {
        name: value if comparable(said.get(name, value)) == comparable(value) else said[name]
        for name, value in before.items()
    }
    return proposals.changed(record, before, after)


def english(record: Any, name: str = "") -> str:
    """The kind and the name of a record, as titles of operations have them."""
    with override("en"):
        return f"{record._meta.verbose_name}: {name or record}"


# -- Words and links -----------------------------------------------------------------------------------------------


def proposal_on(model: type[Record], pk: str) -> Proposal | None:
    waits = proposals.waiting_on(model, [int(pk)]) if pk.isdecimal() and len(pk) < 19 else {}
    return next(iter(waits.values()), None)


def address(pk: int) -> str:
    return reverse("admin:desk_proposal_change", args=[pk])


def linked(proposal: Proposal) -> SafeString:
    return format_html('<a href="{}">{}</a>', address(proposal.pk), proposal)


def linked_record(record: Any) -> SafeString:
    url = reverse(f"admin:engagement_{record._meta.model_name}_change", args=[record.pk])
    return format_html('{}: <a href="{}">{}</a>', capfirst(record._meta.verbose_name), url, record)


def waits_already(proposal: Proposal) -> SafeString:
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Nothing was proposed: another proposal for this record waits already. It is decided or withdrawn first."),
        address(proposal.pk),
        proposal,
    )
