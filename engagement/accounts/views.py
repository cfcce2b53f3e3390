"""The pages of the second factor, in the admin's look; and the one that says how long to wait."""

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordResetView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import login as note_in_session

from engagement.accounts import second_factor
from engagement.accounts.forms import CodeForm, ForgottenPasswordForm
from engagement.web.limits import seconds_to_wait

# In the session: the key of the authenticator that is being set up, and until when another may take the place of one.
NEW_KEY, MAY_REPLACE = "second_factor_key", "second_factor_may_replace"
TIME_TO_REPLACE = datetime.timedelta(minutes=10)

View = Callable[..., HttpResponseBase]


# -- Who comes in, and where to next -------------------------------------------------------------------------


def with_password(view: View) -> View:
    """For staff who have given their password, whatever the second factor says."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_active and request.user.is_staff:
            return view(request, *args, **kwargs)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    return never_cache(checked)


def with_code(view: View) -> View:
    """For staff who have set up the second factor and given a code in this session."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not second_factor.has_device(request.user):
            return HttpResponseRedirect(reverse("second_factor_set_up"))
        if not second_factor.is_passed(request):
            return redirect_to_login(request.get_full_path(), reverse("second_factor_code"))
        return view(request, *args, **kwargs)

    return with_password(checked)


def next_page(request: HttpRequest) -> str:
    """Where the request wants to go next, if that is a page of this site; else the first page of the admin."""
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    hosts = {request.get_host()}
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse("admin:index")


def where_owed(request: HttpRequest) -> str:
    """The page on which an account that gave its password gives what is still missing; '' if nothing is."""
    if not (request.user.is_active and request.user.is_staff) or second_factor.is_passed(request):
        return ""
    page = "second_factor_code" if second_factor.has_device(request.user) else "second_factor_set_up"
    return f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: next_page(request)})}"


def show(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"admin/accounts/{template}", {**admin.site.each_context(request), **context}, status=status)


def accepted(form: CodeForm, check: Callable[[str], Any]) -> Any:
    """What `check` makes of the code; None, with the reason in the form, if it does not take it."""
    if not form.is_valid():
        return None
    try:
        return check(form.cleaned_data["code"])
    except second_factor.NotAcceptedError as refused:
        form.add_error("code", str(refused))
        return None


# -- The pages -----------------------------------------------------------------------------------------------


@with_password
def code(request: HttpRequest) -> HttpResponseBase:
    """After the password: a code. A new session key, as at the login itself."""
    if not second_factor.has_device(request.user) or second_factor.is_passed(request):
        return HttpResponseRedirect(where_owed(request) or next_page(request))
    form = CodeForm(request.POST or None)
    if device := accepted(form, lambda given: second_factor.accept(request.user, given)):
        request.session.cycle_key()
        note_in_session(request, device)
        return HttpResponseRedirect(next_page(request))
    form.fields["code"].widget.attrs["autofocus"] = True
    return show(request, "code.html", title=_("Second factor"), form=form, next=next_page(request))


@with_password
def set_up(request: HttpRequest) -> HttpResponseBase:
    """The key as a picture and as text, until the authenticator has shown a code; then the recovery codes, once.

    The key waits in the session, not in the account: who opens this page first must not know the key of who ends it.
    """
    if second_factor.has_device(request.user) and not may_replace(request):
        return HttpResponseRedirect(where_owed(request) or reverse("second_factor"))
    key = request.session.setdefault(NEW_KEY, second_factor.new_key())
    form = CodeForm(request.POST or None)
    if device := accepted(form, lambda given: second_factor.confirm(request.user, key, given)):
        for passed in (NEW_KEY, MAY_REPLACE):
            request.session.pop(passed, None)
        request.session.cycle_key()
        note_in_session(request, device)
        return show_recovery_codes(request)
    new = second_factor.candidate(request.user, key)
    return show(
        request, "set_up.html", title=_("Set up the second factor"), form=form, next=next_page(request),
        picture=picture(new.config_url), key=second_factor.in_groups(new), required=settings.HTTPS,
    )  # fmt: skip


def may_replace(request: HttpRequest) -> bool:
    until = request.session.get(MAY_REPLACE, 0)
    return second_factor.is_passed(request) and timezone.now().timestamp() < until


def picture(text: str) -> str:
    """As SVG without a style: an authenticator reads dark on light, whatever the page's colours are."""
    drawn = segno.make(text, error="l", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, border=4, dark="#000", light="#fff"))


def show_recovery_codes(request: HttpRequest) -> HttpResponse:
    codes = second_factor.new_recovery_codes(request.user)
    return show(request, "recovery_codes.html", title=_("Recovery codes"), codes=codes, next=next_page(request))


@with_password
def overview(request: HttpRequest) -> HttpResponseBase:
    if owed := where_owed(request):
        return HttpResponseRedirect(owed)
    has_device = second_factor.has_device(request.user)
    left = second_factor.recovery_codes_left(request.user)
    return show(request, "second_factor.html", title=_("Second factor"), has_device=has_device, left=left)


@dataclass(frozen=True)
class Step:
    """What only a fresh code allows."""

    title: str | Promise
    text: str | Promise
    button: str | Promise
    then: Callable[[HttpRequest], HttpResponseBase]


@with_code
def step(request: HttpRequest, name: str) -> HttpResponseBase:
    form = CodeForm(request.POST or None)
    if accepted(form, lambda given: second_factor.accept(request.user, given)):
        return STEPS[name].then(request)
    return show(request, "step.html", title=STEPS[name].title, step=STEPS[name], form=form)


def begin_replacing(request: HttpRequest) -> HttpResponseBase:
    request.session[MAY_REPLACE] = (timezone.now() + TIME_TO_REPLACE).timestamp()
    request.session.pop(NEW_KEY, None)
    return HttpResponseRedirect(reverse("second_factor_set_up"))


def end_using(request: HttpRequest) -> HttpResponseBase:
    second_factor.remove(request.user)
    messages.success(request, _("The second factor was removed from your account."))
    return HttpResponseRedirect(reverse("admin:index"))


STEPS = {
    "recovery-codes": Step(
        gettext_lazy("New recovery codes"),
        gettext_lazy("The recovery codes that you have now stop working."),
        gettext_lazy("Make new codes"),
        show_recovery_codes,
    ),
    "replace": Step(
        gettext_lazy("Another authenticator"),
        gettext_lazy("The one that you have now works until the other has shown its first code."),
        gettext_lazy("Continue"),
        begin_replacing,
    ),
    "remove": Step(
        gettext_lazy("Remove the second factor"),
        gettext_lazy("Authenticator and recovery codes stop working."),
        gettext_lazy("Remove"),
        end_using,
    ),
}


# -- Waiting -------------------------------------------------------------------------------------------------


def too_many(request: HttpRequest, until: datetime.datetime) -> HttpResponse:
    """429 in the admin's look. It says the same whatever the name was."""
    shown = until.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
    response = show(request, "too_many.html", 429, title=_("Too many attempts"), until=shown)
    response["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    response["Cache-Control"] = "no-store"
    return response


def locked_out(request: Any, response: HttpResponseBase, credentials: Any = None) -> HttpResponse:
    """For django-axes (`AXES_LOCKOUT_CALLABLE`), in place of the login page."""
    return too_many(request, request.locked_until)


class ForgottenPassword(PasswordResetView):
    """Django's page, as often as any form here that does something for a stranger."""

    form_class = ForgottenPasswordForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait := seconds_to_wait(request, "forms"):
            return too_many(request, timezone.now() + datetime.timedelta(seconds=wait))
        return super().post(request, *args, **kwargs)
