"""Actions on many records: a page says what each would change, and what was shown is what is done, as one operation.

What was selected travels as one signed field: the primary keys, and a seal of all that the page said.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from engagement.admin.bulkplans import ACTIONS, Action, Asked, Plan
from engagement.desk.journal import Overtaken, batches, operation
from engagement.desk.models import Operation, OperationKind
from engagement.models.base import Record

# Records that the page lists; of the rest it gives the number.
LISTED = 200


class BulkActions(admin.ModelAdmin):
    """Publish, withdraw and delete, each with its page, in place of Django's own deletion."""

    actions: Any = ("publish", "withdraw", "delete_selected")

    model: type[Record]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_bulk"
        return [path("bulk/", self.admin_site.admin_view(self.bulk_view), name=name), *super().get_urls()]

    @admin.action(description=gettext_lazy("Publish selected %(verbose_name_plural)s"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.first_page(request, "publish", queryset)

    @admin.action(
        description=gettext_lazy("Withdraw selected %(verbose_name_plural)s from the public"), permissions=["change"]
    )
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.first_page(request, "withdraw", queryset)

    @admin.action(description=gettext_lazy("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.first_page(request, "delete_selected", queryset)

    def first_page(self, request: HttpRequest, name: str, queryset: Any) -> HttpResponse:
        pks = list(dict.fromkeys(queryset.values_list("pk", flat=True)))
        plan = self.planned(request, ACTIONS[name], pks)
        return self.bulk_page(request, name, plan, pks, back=request.get_full_path())

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Do what the page said, if it would still say the same; else show it again."""
        if request.method != "POST":
            return HttpResponseRedirect(self.changelist_url())
        name, pks, sealed, back = self.unpacked(request)
        action = ACTIONS[name]
        if not getattr(self, f"has_{action.permission}_permission")(request):
            raise PermissionDenied
        try:
            with transaction.atomic():
                plan = self.planned(request, action, pks, lock=True)
                still_so = plan.seal == sealed and plan.can_be_applied
                address = self.carried_out(request, action, plan, back) if still_so else ""
        except (Overtaken, IntegrityError, models.ProtectedError):
            address, plan = "", self.planned(request, action, pks)
        if not address:
            return self.bulk_page(request, name, plan, pks, back, overtaken=True)
        return HttpResponseRedirect(address)

    def planned(self, request: HttpRequest, action: Action, pks: Sequence[int], lock: bool = False) -> Plan:
        return action.plan(self.asked(request, pks, lock))

    def asked(self, request: HttpRequest, pks: Sequence[int], lock: bool = False) -> Asked:
        """The records that are there, in the order of the keys, with those that they are named after."""
        relations = [field.name for field in self.model._meta.fields if field.is_relation]
        found: dict[int, Record] = {}
        for batch in batches(pks):
            rows = self.get_queryset(request).order_by().select_related(*relations)
            found |= (rows.select_for_update(of=("self",)) if lock else rows).in_bulk(batch)
        return Asked(request, self.admin_site, self.model, [found[pk] for pk in pks if pk in found])

    def carried_out(self, request: HttpRequest, action: Action, plan: Plan, back: str) -> str:
        """Do it, say so, and give the address that follows."""
        with operation(OperationKind.BULK, self.bulk_title(action, plan), request.user, savepoint=False) as journal:
            plan.apply(journal)
        assert journal.operation is not None
        self.message_user(request, self.success(request, journal.operation), messages.SUCCESS)
        return back

    def bulk_title(self, action: Action, plan: Plan) -> str:
        with override("en"):
            kind = self.opts.verbose_name if len(plan.changes) == 1 else self.opts.verbose_name_plural
            return f"{action.title}: {len(plan.changes):,} {kind}"

    def success(self, request: HttpRequest, done: Operation) -> str:
        said = _("Done: %(title)s.") % {"title": done.title}
        if not request.user.has_perm("desk.view_operation"):
            return said
        address = reverse("admin:desk_operation_change", args=[done.pk])
        return format_html('{} <a href="{}">{}</a>', said, address, _("See the operation, and undo it"))

    def bulk_page(
        self, request: HttpRequest, name: str, plan: Plan, pks: Sequence[int], back: str, overtaken: bool = False
    ) -> HttpResponse:
        selection = signing.dumps([name, list(pks), plan.seal, back], salt=self.salt(request), compress=True)
        return self.page(  # type: ignore[attr-defined]  # of HistoryPages
            request,
            "bulk",
            409 if overtaken else 200,
            title=plan.title,
            kind=capfirst(self.opts.verbose_name_plural),
            action=name,
            label=ACTIONS[name].label,
            plan=plan,
            changes=plan.changes[:LISTED],
            more_changes=max(0, len(plan.changes) - LISTED),
            staying=plan.staying[:LISTED],
            more_staying=max(0, len(plan.staying) - LISTED),
            in_the_way=plan.in_the_way[:LISTED],
            more_in_the_way=max(0, len(plan.in_the_way) - LISTED),
            selection=selection,
            back=back,
            overtaken=overtaken,
            bulk_url=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_bulk"),
        )

    def unpacked(self, request: HttpRequest) -> tuple[str, list[int], str, str]:
        try:
            name, pks, sealed, back = signing.loads(request.POST.get("selection", ""), salt=self.salt(request))
        except signing.BadSignature as error:
            raise BadRequest("selection: this is not what a page of the site sent to this account") from error
        return name, pks, sealed, back

    def salt(self, request: HttpRequest) -> str:
        """A selection is of one kind of record, and of the account that saw its page."""
        return f"bulk:{self.opts.label}:{request.user.pk}"

    def changelist_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
