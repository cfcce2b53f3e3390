"""Asking contacts by mail whether what is held is still right, and the answers that wait for staff."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.desk import confirming
from engagement.desk.confirming import Hindrance
from engagement.desk.models import ContactConfirmation
from engagement.models import Contact
from engagement.web.contactmail import ask_to_confirm
from engagement.web.mailing import home_of

MOST_AT_ONCE = 200  # mails are sent one by one while staff wait
NOT_SENT = "not-sent"
LAST_SHOWN = 5


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES)


class ConfirmingAdmin(admin.ModelAdmin):
    """For the admin of contacts: the action, the button, the page that both lead to, and the answers."""

    change_form_template: ClassVar[Any] = "admin/engagement/contact_change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("ask/", view(self.ask_view), name="engagement_contact_ask"),
            path("answers/<int:pk>/close/", view(self.close_view), name="engagement_contact_close"),
        ]
        return [*own, *super().get_urls()]

    @admin.action(description=gettext_lazy("Ask selected contacts to confirm"), permissions=["change"])
    def ask_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return self.ask_page(request, list(queryset.values_list("pk", flat=True)), request.get_full_path())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the answers that wait, and when the contact was asked last."""
        contact = self.get_object(request, unquote(object_id)) if self.has_view_or_change_permission(request) else None
        asked = list(ContactConfirmation.objects.filter(contact=contact)[:LAST_SHOWN]) if contact else []
        context = {
            "waiting": ContactConfirmation.objects.filter(contact=contact).waiting() if asked else (),
            "asked": asked,
            "may_ask": self.has_change_permission(request),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    # -- Asking ----------------------------------------------------------------------------------------------

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """GET with `?contact=` says who would be asked; POST asks them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            one = request.GET.get("contact", "")
            pks = [int(one)] if re.fullmatch("[0-9]{1,18}", one) else []
            return self.ask_page(request, pks, reverse("admin:engagement_contact_change", args=pks) if pks else "")
        pks, back = self.selection(request)
        form = LanguageForm(request.POST)
        if not form.is_valid():
            return self.ask_page(request, pks, back, form, status=400)
        asked, skipped = self.ask_all(request, pks, form.cleaned_data["language"])
        self.tell(request, asked, skipped)
        return HttpResponseRedirect(back)

    def ask_page(
        self, request: HttpRequest, pks: Sequence[int], back: str, form: LanguageForm | None = None, status: int = 200
    ) -> HttpResponse:
        contacts = list(self.get_queryset(request).filter(pk__in=pks).order_by("name", "pk"))
        hindrances = confirming.hindrances(contacts)
        askable = [contact for contact in contacts if contact.pk not in hindrances][:MOST_AT_ONCE]
        skipped = [(contact, hindrances[contact.pk].label) for contact in contacts if contact.pk in hindrances]
        back = back or reverse("admin:engagement_contact_changelist")
        return self.page(  # type: ignore[attr-defined]  # of HistoryPages
            request,
            "contact_ask",
            status,
            title=_("Ask to confirm"),
            form=form or LanguageForm(initial={"language": settings.LANGUAGE_CODE}),
            askable=askable,
            more=len(contacts) - len(hindrances) - len(askable),
            skipped=skipped[:MOST_AT_ONCE],
            skipped_in_all=len(skipped),
            selection=signing.dumps([[each.pk for each in askable], back], salt=salt(request), compress=True),
            back=back,
        )

    def selection(self, request: HttpRequest) -> tuple[list[int], str]:
        try:
            pks, back = signing.loads(request.POST.get("selection", ""), salt=salt(request))
        except signing.BadSignature as error:
            raise BadRequest("selection: this is not what a page of the site sent to this account") from error
        return pks, back

    def ask_all(self, request: HttpRequest, pks: Sequence[int], language: str) -> tuple[int, Counter[str]]:
        """How many were asked, and how many not, by the reason. What was noted is written before a mail is sent."""
        asked, skipped = 0, Counter[str]()
        for contact in self.get_queryset(request).filter(pk__in=pks).order_by("pk"):
            try:
                told = confirming.ask(contact, request.user)
            except confirming.NotAsked as refused:
                skipped[refused.hindrance] += 1
                continue
            except Contact.DoesNotExist:
                continue
            if ask_to_confirm(contact, told, language, home_of(request)):
                asked += 1
            else:
                confirming.take_back(told)
                skipped[NOT_SENT] += 1
        return asked, skipped

    def tell(self, request: HttpRequest, asked: int, skipped: Counter[str]) -> None:
        said = ngettext("%(n)s contact was asked.", "%(n)s contacts were asked.", asked) % {"n": asked}
        self.message_user(request, said, messages.SUCCESS if asked else messages.WARNING)
        for reason, count in skipped.items():
            why = Hindrance(reason).label if reason != NOT_SENT else _("The mail could not be sent")
            not_asked = ngettext("%(n)s was not asked: %(why)s.", "%(n)s were not asked: %(why)s.", count)
            self.message_user(request, not_asked % {"n": count, "why": why}, messages.WARNING)

    # -- The answers -----------------------------------------------------------------------------------------

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The answer was dealt with."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = ContactConfirmation.objects.filter(pk=pk).first()
        if request.method != "POST" or found is None:
            return HttpResponseRedirect(reverse("admin:engagement_contact_changelist"))
        try:
            confirming.close(found, request.user)
        except confirming.Answered:
            self.message_user(request, _("The answer was dealt with before."), messages.WARNING)
        else:
            self.message_user(request, _("Noted: the answer was dealt with."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:engagement_contact_change", args=[found.contact_id]))


def salt(request: HttpRequest) -> str:
    """A selection is good for the account that saw its page."""
    return f"confirming:{request.user.pk}"
