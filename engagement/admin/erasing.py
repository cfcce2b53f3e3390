"""Erasing a contact in the admin: the page that says what goes, and the list of when somebody erased."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from engagement.admin.deskpages import MadeByTheSite
from engagement.desk import erasing
from engagement.desk.models import Erasure
from engagement.desk.traces import Subject


class KeyOfNobodyErased(forms.ModelForm):
    """Part of the form of a contact: a new one does not get the key of one that was erased."""

    def clean_key(self) -> Any:
        key = self.cleaned_data["key"]
        if key and erasing.is_erased(key):
            raise ValidationError(_("The contact with this key was erased and is not brought back."))
        return key


class ErasingAdmin(admin.ModelAdmin):
    """For the admin of contacts. Whoever may delete contacts may erase them, also those that were deleted before."""

    change_form_template: ClassVar[Any] = "admin/engagement/contact_erasing_form.html"
    delete_confirmation_template: ClassVar[Any] = "admin/engagement/contact_delete.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<int:pk>/erase/", view, name="engagement_contact_erase"), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return form if obj else type(form.__name__, (KeyOfNobodyErased, form), {})

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET says what would be cleared; POST clears it, for good."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        subject = erasing.of_number(pk)
        if subject is None:
            raise Http404(_("There is no such record, and there was none."))
        if request.method != "POST" or request.POST.get("sure") != "yes":
            return self.erase_page(request, pk, subject, unsure=request.method == "POST")
        try:
            done = erasing.erase(subject, request.user)
        except erasing.Unknown:
            raise Http404(_("There is no such record, and there was none.")) from None
        except OSError as error:
            why = f"{error.strerror}: {error.filename}"
            return self.erase_page(request, pk, subject, status=503, why=why)
        self.tell_erased(request, done)
        return HttpResponseRedirect(reverse("admin:engagement_contact_changelist"))

    def erase_page(
        self, request: HttpRequest, pk: int, subject: Subject, status: int = 200, why: str = "", unsure: bool = False
    ) -> HttpResponse:
        return self.page(  # type: ignore[attr-defined]  # of HistoryPages
            request,
            "contact_erase",
            400 if unsure else status,
            title=_("Erase a contact"),
            pk=pk,
            is_there=subject.rows.exists(),
            name=" · ".join(sorted(subject.said["name"])),
            plan=erasing.plan(subject),
            why=why,
            unsure=unsure,
        )

    def tell_erased(self, request: HttpRequest, done: erasing.Erased) -> None:
        """Messages wait in a cookie or in the session: no name is in them."""
        self.message_user(request, _("The contact was erased."), messages.SUCCESS)
        if done.imports:
            said = _("The files of these imports were dropped: %(numbers)s.")
            self.message_user(request, said % {"numbers": ", ".join(map(str, done.imports))}, messages.INFO)
        for kind, numbers in done.elsewhere.items():
            said = _("Look through by hand, texts of others that hold the same: %(kind)s %(numbers)s.")
            told = {"kind": kind, "numbers": ", ".join(map(str, numbers))}
            self.message_user(request, said % told, messages.WARNING)


@admin.register(Erasure)
class ErasureAdmin(MadeByTheSite):
    """When, and by whom: whose it was nobody can say."""

    list_display = ("erased_at", "by")
    list_display_links = None
    fields = ("erased_at", "actor_name")
    date_hierarchy = "erased_at"
