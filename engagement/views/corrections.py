"""Corrections: readers say what is wrong in the register, and everybody sees what came of it.

What they send comes by POST and stands in no address, log or error report. Of the sender nothing is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from engagement.desk.corrections import receive
from engagement.desk.models import Correction, CorrectionState
from engagement.directories.correctable import (
    OutcomesQuestion,
    RecordQuestion,
    Subject,
    field_named,
    label_in,
    label_of_kind,
    still_public,
)
from engagement.models import Contact
from engagement.models.citations import Cited
from engagement.models.languages import ENGLISH
from engagement.views.casing import upper_case
from engagement.views.correctionforms import CorrectionForm
from engagement.views.paging import page_of, pager_of
from engagement.views.related import impersonally
from engagement.web.addresses import address, pairs_of, tidied
from engagement.web.correctionmail import tell_receipt
from engagement.web.limits import seconds_to_wait
from engagement.web.mailing import home_of

NEW, ONE, LIST = (f"engagement/corrections/{name}.html" for name in ("new", "detail", "list"))
TOO_MANY = 429


# -- Sending one ---------------------------------------------------------------------------------------------------


@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form for a record; without one, where to find it. To a POST its page, or what is wrong beside the fields."""
    query = tidied(request.GET)
    question = RecordQuestion(query)
    if problems := question.problems():
        return render(request, NEW, {"problems": problems}, status=400)
    if address(request.path, pairs_of(query)) != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(address(request.path, pairs_of(query)))
    subject = question.subject
    if subject is None:
        problems = {"record": _("names no record that this register shows")} if request.method == "POST" else {}
        return render(request, NEW, {"problems": problems}, status=400 if problems else 200)
    if request.method != "POST":
        return form_page(request, subject, CorrectionForm(subject))
    return sent(request, subject, CorrectionForm(subject, request.POST))


def sent(request: HttpRequest, subject: Subject, form: CorrectionForm) -> HttpResponse:
    """Keep a valid form once, and lead to its page."""
    if wait := seconds_to_wait(request, "forms"):
        form.add_error(None, _("Too many forms came from your address. Send this one again in a minute."))
        response = form_page(request, subject, form, TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    if not form.is_valid():
        return form_page(request, subject, form, 400)
    correction, is_new = receive(
        kind=subject.kind,
        record_key=subject.record.natural_key()[0],
        label=label_of(subject),
        language=get_language() or ENGLISH,
        **form.said,
    )
    if is_new:
        home = home_of(request)
        transaction.on_commit(lambda: tell_receipt(correction, home))
    return HttpResponseRedirect(reverse("engagement:correction", args=[correction.reference]))


def label_of(subject: Subject) -> str:
    """How the record is called from now on, be it that it goes; of a contact without the name."""
    return (_("A published contact") if subject.is_personal else subject.cited.label)[:300]


def form_page(request: HttpRequest, subject: Subject, form: CorrectionForm, status: int = 200) -> HttpResponse:
    return render(request, NEW, {"subject": subject, "form": form}, status=status)


# -- What came of them ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A correction as the public sees it. `record` is None where the public does not see that by now."""

    correction: Correction
    record: Cited | None

    @property
    def kind(self) -> str:
        return label_of_kind(self.correction.kind)

    @property
    def field(self) -> str:
        return label_in(self.correction.kind, self.correction.field)

    @property
    def is_published(self) -> bool:
        return self.correction.state == CorrectionState.PUBLISHED

    @property
    def is_declined(self) -> bool:
        return self.correction.state == CorrectionState.DECLINED

    @property
    def is_proposed(self) -> bool:
        return self.correction.state == CorrectionState.PROPOSED

    @property
    def shows_texts(self) -> bool:
        """Whether what it said and what was proposed is shown: of a published field of a record that is no person."""
        named = field_named(self.correction.kind, self.correction.field) is not None
        return self.is_published and named and self.record is not None and self.record.model is not Contact


def told(corrections: Iterable[Correction]) -> list[Told]:
    found = list(corrections)
    records = impersonally(still_public(found)) if found else {}
    return [Told(each, records.get((each.kind, each.record_key))) for each in found]


@require_safe
@upper_case
@cache_control(no_cache=True)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """How a correction stands."""
    (shown,) = told([get_object_or_404(Correction, reference=reference)])
    return render(request, ONE, {"told": shown})


@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """What came of them, newest first; a 400 that names what is wrong, or a redirect to the canonical address."""
    query = tidied(request.GET)
    question = OutcomesQuestion(query)
    if problems := question.problems():
        return render(request, LIST, {"problems": problems}, status=400)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    page, problem = page_of(Correction.objects.decided().order_by("-decided_at", "-pk"), query)
    if problem:
        return render(request, LIST, {"problems": {"page": problem}}, status=400)
    context: dict[str, Any] = {
        "page": page,
        "total": page.paginator.count,
        "pager": pager_of(page, ""),
        "rows": told(page),
        "waiting": Correction.objects.exclude(pk__in=Correction.objects.decided()).count(),
    }
    return render(request, LIST, context)
