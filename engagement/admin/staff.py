"""Accounts: Django's own pages, with the second factor, which an administrator can reset and nobody can read."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from engagement.accounts import second_factor
from engagement.admin.pickers import OfKeys, OfRows

# Importing their admin registers them; the pages would show the keys.
for secret in (StaticDevice, TOTPDevice):
    admin.site.unregister(secret)
admin.site.unregister((User, Group))


@admin.register(Group)
class RoleAdmin(OfKeys, OfRows, GroupAdmin):
    """Django's own pages."""


@admin.register(User)
class StaffAdmin(OfKeys, OfRows, UserAdmin):
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active", "has_second_factor")
    actions = ("reset_second_factor",)

    def get_queryset(self, request: HttpRequest) -> Any:
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(with_device=Exists(devices))

    @admin.display(description=_("second factor"), boolean=True, ordering="with_device")
    def has_second_factor(self, user: Any) -> bool:
        return bool(user.with_device)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description=_("Reset the second factor of selected accounts"), permissions=["reset"])
    def reset_second_factor(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Asks first, since whoever knows the password may then set up a second factor."""
        if request.POST.get("sure") != "yes":
            shown = {"title": _("Reset the second factor?"), "accounts": queryset, "opts": self.opts}
            context = {**self.admin_site.each_context(request), **shown}
            return TemplateResponse(request, "admin/accounts/reset.html", context)
        done = [user for user in queryset if second_factor.remove(user)]
        for user in done:
            self.log_change(request, user, "Second factor reset.")
        said = ngettext("%(count)d second factor reset.", "%(count)d second factors reset.", len(done))
        self.message_user(request, said % {"count": len(done)}, messages.SUCCESS)
        return None
