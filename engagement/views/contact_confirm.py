"""A contact looks at what is held of it, by a link that was mailed to it, and says whether that is right.

Programs that look through mail open links: a GET changes nothing. The address holds a secret, so that no page that it
leads on to is told it, no cache keeps the page, and nothing of it is logged.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from engagement.desk import confirming
from engagement.desk.models import Confirmed
from engagement.models import Contact

LONGEST_MESSAGE = 2_000
# The origin alone: with `no-referrer` browsers send forms with `Origin: null`, which counts as forged.
REFERRER_POLICY = "strict-origin"


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("What do you say to it?"),
        choices=[
            (Confirmed.RIGHT.value, gettext_lazy("It is still right")),
            (Confirmed.WRONG.value, gettext_lazy("Something is wrong, as I say below")),
            (Confirmed.REMOVE.value, gettext_lazy("It is to be removed")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    message = forms.CharField(
        label=gettext_lazy("What is to be changed?"),
        help_text=gettext_lazy("Only those who keep the register read it, and it is deleted once it is dealt with."),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") == Confirmed.WRONG and not cleaned.get("message") and "message" not in self.errors:
            self.add_error("message", _("Say what is wrong, so that it can be put right."))
        return cleaned


@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """What is held, with the three answers; to a POST the thanks, or 400 with what is wrong. 404 for a dead link."""
    confirmation = confirming.find(secret)
    if confirmation is None:
        return page(request, "confirm_gone", 404)
    if request.method != "POST":
        return entry(request, confirmation.contact, AnswerForm(auto_id="%s"))
    form = AnswerForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return entry(request, confirmation.contact, form, 400)
    said = Confirmed(form.cleaned_data["answer"])
    try:
        confirming.answer(confirmation, said, form.cleaned_data["message"])
    except confirming.Answered:
        return page(request, "confirm_gone", 404)
    return page(request, "confirm_done", said=said.value)


def entry(request: HttpRequest, contact: Contact, form: AnswerForm, status: int = 200) -> HttpResponse:
    return page(request, "confirm", status, contact=contact, form=form)


def page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, f"engagement/contacts/{name}.html", context, status=status)
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the address, secret and all
    return response
