"""“Check the address I hold”: whether an e-mail address is one that the register holds of a body, and nothing more.

The answer is one sentence. Who may have how many, and that nobody learns more by asking more, is desk.checking; what
is refused says the same whether the address is held or not. Nothing of it stands in an address, a log or a cache.
"""

import datetime
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from engagement.desk import checking
from engagement.desk.checking import Body
from engagement.directories.questions import Question
from engagement.directories.recognizing import recognized
from engagement.directories.searching import PORTION
from engagement.freshness import catch_up
from engagement.models import Office, Organization
from engagement.search import normalise
from engagement.web.addresses import address, pairs_of, tidied
from engagement.web.limits import client_address

LONGEST_NAME = 300
SHOWN = 8  # bodies that a name may mean
KINDS: dict[str, Any] = {"organization": Organization, "office": Office}


class CheckQuestion(Question):
    """What the empty form may be asked: about which body."""

    organization = django_filters.ModelChoiceFilter(
        queryset=lambda _request: Organization.objects.published(), to_field_name="slug"
    )
    office = django_filters.ModelChoiceFilter(
        queryset=lambda _request: Office.objects.published(), to_field_name="slug"
    )

    def problems(self) -> dict[str, str]:
        found = super().problems()
        if not found and len(self.data) > 1:
            found["office"] = _("is given besides an organization: choose one of the two")
        return found

    def body(self) -> Body | None:
        told = self.form.cleaned_data
        return told["organization"] or told["office"]


class CheckForm(forms.Form):
    """`body` names one that was offered (`bodies`); else `name` is what was typed."""

    body = forms.CharField(required=False)
    name = forms.CharField(
        label=gettext_lazy("Organization or office"),
        help_text=gettext_lazy("Its name or its acronym."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("The e-mail address that you hold"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, preset: Body | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self.bodies: list[tuple[str, Body]] = []
        self.offer([preset] if preset else [])
        self.chosen = self.bodies[0][0] if preset else ""

    def offer(self, bodies: list[Body]) -> None:
        self.bodies = [(f"{body._meta.model_name}:{body.slug}", body) for body in bodies]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "body" not in self.errors and "name" not in self.errors:
            cleaned["about"] = self.named(cleaned["body"]) if cleaned["body"] else self.typed(cleaned["name"])
        return cleaned

    def named(self, told: str) -> Body | None:
        kind, _colon, slug = told.partition(":")
        body: Body | None = KINDS[kind].objects.published().filter(slug=slug).first() if kind in KINDS else None
        if body is None:
            self.add_error("name", _("This is none of those that were offered. Type its name."))
            return None
        self.offer([body])
        self.chosen = told
        return body

    def typed(self, name: str) -> Body | None:
        if not name:
            self.add_error("name", _("Name the organization or the office."))
            return None
        bodies, is_sure = bodies_named(name)
        if is_sure:
            return bodies[0]
        self.offer(bodies[:SHOWN])
        if bodies:
            self.add_error("name", _("It is not certain which one is meant: choose it, or type another name."))
        else:
            self.add_error("name", _("The register knows no organization and no office of this name."))
        return None


def bodies_named(name: str) -> tuple[list[Body], bool]:
    """Whom a name may mean, and whether that leaves no doubt."""
    catch_up(limit=PORTION)
    wanted = normalise(name)
    offices = [each for each in Office.objects.published() if wanted in map(normalise, (each.name, each.acronym))]
    (found,) = recognized([name])
    bodies: list[Body] = [*offices, *(each.organization for each in found.candidates)]
    return bodies, len(bodies) == 1 and (bool(offices) or found.candidates[0].is_sure)


@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_check(request: HttpRequest) -> HttpResponse:
    """The form; to a POST the one sentence, 400 with what is wrong (that counts as no check), or 429."""
    query = tidied(request.GET)
    question = CheckQuestion(query)
    if problems := question.problems():
        return page(request, "check", 400, form=CheckForm(), problems=problems)
    if address(request.path, pairs_of(query)) != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(address(request.path, pairs_of(query)))
    if request.method != "POST":
        return page(request, "check", form=CheckForm(preset=question.body()))
    form = CheckForm(request.POST)
    if not form.is_valid():
        return page(request, "check", 400, form=form)
    body: Body = form.cleaned_data["about"]
    if not checking.admit(client_address(request), body):
        response = page(request, "check_refused", 429)
        response["Retry-After"] = http_date(tomorrow().timestamp())
        return response
    held = checking.is_held(form.cleaned_data["email"], body)
    return page(request, "check_answer", body=body, record=f"{body._meta.model_name}:{body.slug}", held=held)


def tomorrow() -> datetime.datetime:
    """When a day of `desk.checking` ends."""
    day = timezone.localdate() + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"engagement/contacts/{name}.html", context, status=status)
