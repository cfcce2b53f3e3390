"""What readers say is wrong: beside each other what it said, says and should say, and the decision with its reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import site
from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.admin.conflict import VERSION
from engagement.admin.correctionforms import (
    FieldForm,
    field_form,
    is_stale,
    reason_form,
    version_of,
    version_read,
)
from engagement.admin.deskpages import WithItsPage, require
from engagement.admin.rights import RECORDS, hidden_from, may
from engagement.desk import correcting, corrections
from engagement.desk.corrections import Settled
from engagement.desk.journal import Edit, Overtaken
from engagement.desk.models import Correction, CorrectionState
from engagement.desk.proposals import changed
from engagement.desk.versions import Unreadable
from engagement.directories.correctable import label_in, label_of_kind, value_now
from engagement.models.base import Record
from engagement.web.correctionmail import tell_outcome
from engagement.web.mailing import home_of

PUBLISH, BY_HAND, DECLINE, DROP = "publish", "by-hand", "decline", "drop"
WITH_REASON = (PUBLISH, BY_HAND, DECLINE)


class KindOfRecord(admin.SimpleListFilter):
    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        kinds = model_admin.get_queryset(request).order_by().values_list("kind", flat=True).distinct()
        return sorted(((kind, label_of_kind(kind)) for kind in kinds), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Correction)
class CorrectionAdmin(WithItsPage):
    """Whoever may not see a record does not see what is said of it; whoever may not change it does not decide."""

    list_display = ("reference", "state", "label", "kind_label", "field_label", "age", "sent_at", "decided_at")
    list_filter = ("state", KindOfRecord)
    search_fields = ("reference", "label")
    date_hierarchy = "sent_at"
    ordering = (Case(When(state=CorrectionState.WAITING, then=Value(0)), default=Value(1)).asc(), "sent_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).exclude(kind__in=hidden_from(request.user))

    def get_urls(self) -> list[Any]:
        steps = {PUBLISH: self.publish, BY_HAND: self.by_hand, DECLINE: self.decline, DROP: self.drop}
        routes = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(step), name=f"desk_correction_{name}")
            for name, step in steps.items()
        ]
        return [*routes, *super().get_urls()]

    @admin.display(description=gettext_lazy("kind of record"), ordering="kind")
    def kind_label(self, correction: Correction) -> str:
        return label_of_kind(correction.kind)

    @admin.display(description=gettext_lazy("field"), ordering="field")
    def field_label(self, correction: Correction) -> str:
        return label_in(correction.kind, correction.field)

    @admin.display(description=gettext_lazy("has waited"), ordering="sent_at")
    def age(self, correction: Correction) -> str:
        if correction.state != CorrectionState.WAITING:
            return ""
        days = (timezone.now() - correction.sent_at).days
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}

    # -- The page ----------------------------------------------------------------------------------------------

    def shown(self, request: HttpRequest, correction: Correction, status: int = 200, **bound: Any) -> HttpResponse:
        """bound: a form that came back with errors, in place of the one that would stand there."""
        record = record_of(correction)
        decides = correction.state == CorrectionState.WAITING and self.may_decide(request, correction)
        now = value_now(record, correction.field, correction.language) if record else ""
        context = {
            "title": correction.reference,
            "correction": correction,
            "record": record,
            "kind": label_of_kind(correction.kind),
            "field": label_in(correction.kind, correction.field),
            "record_url": address_of(correction.kind, record) if record else "",
            "now": now,
            "is_changed": bool(correction.field and record and now != correction.current),
            "decides": decides,
            "others": self.get_queryset(request).filter(
                kind=correction.kind, record_key=correction.record_key
            ).exclude(pk=correction.pk),
            "needs_second_person": correcting.needs_second_person(correction),
            **(self.forms(request, correction, record, bound) if decides else {}),
        }  # fmt: skip
        return self.page(request, "correction", status, **context)

    def forms(
        self, request: HttpRequest, correction: Correction, record: Record | None, bound: dict[str, Any]
    ) -> dict[str, Any]:
        """The form of the field, if the record is there and the correction names one, and a reason for each step."""
        form = bound.get("form") or (self.form_for(request, correction, record) if record else None)
        reasons = {f"{step.replace('-', '_')}_form": bound.get(step) or reason_form(step) for step in WITH_REASON}
        version = version_of(correction, record) if record and form else ""
        return {
            "form": form,
            "media": form.media if form else "",
            "version_name": VERSION,
            "version": version,
            "problem": bound.get("problem", ""),
            **reasons,
        }

    def form_for(self, request: HttpRequest, correction: Correction, record: Record, data: Any = None) -> Any:
        return field_form(site.get_model_admin(type(record)), request, correction, record, data)

    def may_decide(self, request: HttpRequest, correction: Correction) -> bool:
        model = RECORDS.get(correction.kind)
        may_change = model is None or may(request.user, "change", [model])
        return request.user.has_perm("desk.change_correction") and may_change

    def to_decide(self, request: HttpRequest, object_id: str) -> Correction:
        """The correction that a step is about, if the account may decide on it."""
        correction: Correction = self.found(request, object_id)
        require(request.method == "POST" and self.may_decide(request, correction))
        return correction

    # -- The steps ---------------------------------------------------------------------------------------------

    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write the field as the form has it, or propose that where a second person is to agree."""
        correction = self.to_decide(request, object_id)
        record = record_of(correction)
        form = self.form_for(request, correction, record, request.POST) if record else None
        reason = reason_form(PUBLISH, request.POST)
        if record is None or form is None:
            return self.shown(request, correction, 409, problem=_("The record or its field is no longer there."))
        try:
            read = version_read(correction, request.POST)
        except Unreadable:
            return self.shown(request, correction, 400, problem=NOT_SAID)
        if is_stale(record, read):
            return self.shown(request, correction, 409, form=form, publish=reason, problem=CHANGED)
        if not (form.is_valid() & reason.is_valid()):
            return self.shown(request, correction, 400, form=form, publish=reason)
        edit = form.edit(record, read)
        if edit.after == edit.before:
            return self.shown(request, correction, 400, form=form, publish=reason, problem=SAYS_THAT)
        return self.write(request, correction, edit, form, reason)

    def write(
        self, request: HttpRequest, correction: Correction, edit: Edit, form: FieldForm, reason: Any
    ) -> HttpResponse:
        kept: dict[str, Any] = {"form": form, "publish": reason}
        why = reason.cleaned_data["reason"]
        try:
            if not correcting.needs_second_person(correction):
                correcting.publish(correction, edit, request.user, why)
                return self.decided(request, correction, _("Published: the register was corrected."))
            require(request.user.has_perm("desk.propose_change"))
            draft = changed(edit.record, edit.before, edit.after)
            correcting.propose(correction, draft, request.user, why)
        except Settled:
            return self.too_late(request, correction)
        except Overtaken:
            return self.shown(request, correction, 409, **kept, problem=CHANGED)
        except correcting.Proposed:
            return self.shown(request, correction, 409, **kept, problem=PROPOSED_BEFORE)
        except IntegrityError:
            return self.shown(request, correction, 409, **kept, problem=_("Another record has that already."))
        self.log_change(request, correction, "Proposed")
        said = _("Proposed: another person is to approve it. Then it is published, and the sender is told.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(correction))

    def by_hand(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that the register was put right by its own forms."""
        said = _("Published: the register was corrected by hand.")
        return self.with_reason(request, object_id, BY_HAND, corrections.publish_by_hand, said)

    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("Declined: the register stays as it is.")
        return self.with_reason(request, object_id, DECLINE, corrections.decline, said)

    def with_reason(
        self, request: HttpRequest, object_id: str, step: str, service: Callable[..., None], said: str
    ) -> HttpResponse:
        correction = self.to_decide(request, object_id)
        reason = reason_form(step, request.POST)
        if not reason.is_valid():
            return self.shown(request, correction, 400, **{step: reason})
        try:
            service(correction, request.user, reason.cleaned_data["reason"])
        except Settled:
            return self.too_late(request, correction)
        return self.decided(request, correction, said)

    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Delete what is no correction, without an outcome."""
        correction = self.to_decide(request, object_id)
        try:
            with transaction.atomic():
                self.log_deletions(request, Correction.objects.filter(pk=correction.pk))
                corrections.drop(correction)
        except Settled:
            return self.too_late(request, correction)
        self.message_user(request, _("Deleted. Nobody is told, and no outcome is shown."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:desk_correction_changelist"))

    def decided(self, request: HttpRequest, correction: Correction, said: str) -> HttpResponse:
        """Tell the sender, once that is sure, and say so."""
        correction.refresh_from_db()
        sent: list[bool] = []
        home = home_of(request)
        transaction.on_commit(lambda: sent.append(tell_outcome(correction, home)))
        self.log_change(request, correction, said)
        told = ""
        if correction.email and sent:
            told = _("The sender was told by mail.") if sent[0] else _("The mail to the sender could not be sent.")
        level = messages.WARNING if sent == [False] and correction.email else messages.SUCCESS
        self.message_user(request, f"{said} {told}".strip(), level)
        return HttpResponseRedirect(address(correction))

    def too_late(self, request: HttpRequest, correction: Correction) -> HttpResponse:
        self.message_user(request, _("It was decided on meanwhile. Nothing was changed."), messages.ERROR)
        found = Correction.objects.filter(pk=correction.pk).first()
        return HttpResponseRedirect(address(found) if found else reverse("admin:desk_correction_changelist"))


NOT_SAID = gettext_lazy("The form does not say which version of the record it was filled in for. Nothing was saved.")
CHANGED = gettext_lazy(
    "The record was changed meanwhile. Nothing was saved: look at what it says now, then send again."
)
SAYS_THAT = gettext_lazy("The register says that already. If it was corrected elsewhere, publish it by hand.")
PROPOSED_BEFORE = gettext_lazy("A change of this record waits for a second person already: that is decided first.")


def record_of(correction: Correction) -> Record | None:
    """The record, be it public or not; None where it is gone."""
    model = RECORDS.get(correction.kind)
    if model is None:
        return None
    found: Record | None = model._base_manager.filter(**{model.key_field: correction.record_key}).first()
    return found


def address(correction: Correction) -> str:
    return reverse("admin:desk_correction_change", args=[correction.pk])


def address_of(kind: str, record: Record) -> str:
    return reverse(f"admin:engagement_{kind}_change", args=[record.pk])
