"""Snapshots: to read, and to withdraw where personal data or the law ask for it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from engagement.admin.pickers import OfRows
from engagement.models import Snapshot


class WithReason(ActionForm):
    """The reason stands at the snapshot's address from then on, for everyone to read."""

    reason = forms.CharField(label=_("Reason, shown to the public"), max_length=500, required=False)


@admin.register(Snapshot)
class SnapshotAdmin(OfRows):
    """Nothing is added, changed or deleted here: an address that was cited has to answer."""

    list_display = ("__str__", "rows", "size", "kept_at", "kept_by", "withdrawn_at")
    list_filter = (
        "collection",
        "kept_by",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("query", "revision", "sha256", "withdrawn_reason")
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False  # its address stands among its fields
    fields = (
        "page", "revision", "collection", "query", "rows", "size", "sha256", "site", "kept_at", "kept_by",
        "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip
    readonly_fields = ("page",)
    actions = ("withdraw",)
    action_form = WithReason

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("engagement.withdraw_snapshot")

    @admin.display(description=_("address"))
    def page(self, snapshot: Snapshot) -> str:
        return format_html('<a href="{0}">{0}</a>', snapshot.cited_path)

    @admin.action(description=_("Withdraw selected snapshots for good"), permissions=["withdraw"])
    @transaction.atomic
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        """One by one, so that the log says of each who did it and why. Those withdrawn before keep their reason."""
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("Give the reason: it stands at the address from then on."), messages.ERROR)
            return
        kept = list(queryset.filter(withdrawn_at=None))
        for snapshot in kept:
            snapshot.withdraw(reason)
            self.log_change(request, snapshot, reason)
        said = ngettext("%(count)d snapshot withdrawn.", "%(count)d snapshots withdrawn.", len(kept))
        self.message_user(request, said % {"count": len(kept)}, messages.SUCCESS)
