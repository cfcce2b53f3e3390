"""Requests as the public sends them: the form, saved and continued by a mailed link. No account, no session.

Where requests are closed (REQUESTS, SITE_PUBLISHER) the page says whose door to knock on, and nothing else is there.
What is written and sent is not logged and in no address; an error report would not hold it, and no cache keeps it.
"""

from functools import partial
from typing import Any

import django_filters
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from engagement.desk import requests
from engagement.desk.models import DRAFT_KEPT, Request, RequestKind, Stage
from engagement.directories.questions import Question
from engagement.directories.searching import PORTION
from engagement.freshness import catch_up
from engagement.models import EligibilityCriterion, Meeting, Organization, SourceKind
from engagement.views import requests_missing
from engagement.views.requests_form import CHECK, SAVE, SEND, RequestForm, closed_window, initial_of
from engagement.views.requests_papers import keep, papers_in, places
from engagement.web.addresses import tidied
from engagement.web.limits import limited
from engagement.web.mailing import home_of
from engagement.web.opened import requests_open
from engagement.web.paperfiles import ACCEPT, Bounded
from engagement.web.requestmail import tell_link, tell_stage

TEMPLATES = "engagement/requests/"
REMOVE = "remove"
# Other sites are told nothing of an address that holds a secret. `no-referrer` would have browsers send
# `Origin: null` with the form, which the check of its token refuses.
REFERRER = "strict-origin"


class RequestQuestion(Question):
    """What the page may be asked: the kind of request, and the meeting or organization that it is about."""

    kind = django_filters.ChoiceFilter(choices=RequestKind.choices, empty_label=None)
    organization = django_filters.ModelChoiceFilter(
        queryset=lambda _request: Organization.objects.published(), to_field_name="slug"
    )
    meeting = django_filters.ModelChoiceFilter(
        queryset=lambda _request: Meeting.objects.published(), to_field_name="slug"
    )

    @property
    def kind_asked(self) -> str:
        """The kind; that of an invitation where a meeting alone is named."""
        self.form.is_valid()
        asked = self.form.cleaned_data
        return asked.get("kind") or (RequestKind.INVITATION.value if asked.get("meeting") else "")

    def asked(self, name: str) -> Any:
        return self.form.cleaned_data.get(name)


# -- The pages -------------------------------------------------------------------------------------------------------


@csrf_exempt  # until the files are bounded: `bounded` checks it
@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Which kind of request, then its form. Closed: whose door to knock on."""
    if not requests_open():
        return closed(request)
    question = RequestQuestion(tidied(request.GET))
    if problems := question.problems():
        return render(request, f"{TEMPLATES}new.html", {"problems": problems, "kinds": RequestKind}, status=400)
    if not question.kind_asked:
        if request.method == "POST":
            raise Http404
        body = question.asked("organization")
        return render(request, f"{TEMPLATES}new.html", {"kinds": RequestKind, "organization": body})
    if request.method == "POST":
        return bounded(request, partial(answer, kind=question.kind_asked))
    return bounded(request, partial(empty, question=question))


@csrf_exempt
@sensitive_variables()
@sensitive_post_parameters()
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def continued(request: HttpRequest, told: str) -> HttpResponseBase:
    """What a mailed link leads to: the draft; where papers are missing, a place for them; else the receipt."""
    found = requests.continued(told) if requests_open() else None
    if found is None or (found.stage == Stage.DRAFT and found.begun_at < timezone.now() - DRAFT_KEPT):
        raise Http404
    if found.stage == Stage.INCOMPLETE:
        return bounded(request, partial(requests_missing.page, found=found))
    if found.stage != Stage.DRAFT:
        return HttpResponseRedirect(receipt_of(found))
    if request.method == "POST":
        return bounded(request, partial(answer, kind=found.kind, told=told))
    catch_up(limit=PORTION)
    form = RequestForm(found.kind, initial=initial_of(found), told=told)
    return bounded(request, lambda request, bound: page(request, form, draft=found))


def closed(request: HttpRequest) -> HttpResponse:
    """Requests are not taken here. No form and no cookie: nobody can believe that they applied to the ILO."""
    if request.method == "POST":
        raise Http404
    criteria = EligibilityCriterion.objects.published().select_related("source")
    sources = {each.source_id: each.source for each in criteria.filter(source__kind=SourceKind.OFFICIAL_PAGE)}
    pages = sorted((each for each in sources.values() if each.published), key=lambda each: each.title)
    return render(request, f"{TEMPLATES}closed.html", {"pages": pages})


def bounded(request: HttpRequest, view: Any) -> HttpResponseBase:
    """The view, as often as forms may be sent; of files no more is read than may be kept. Then the token is checked."""
    if request.method != "POST":
        response: HttpResponseBase = csrf_protect(view)(request, bound=None)
    else:
        bound = Bounded(request)
        request.upload_handlers.insert(0, bound)
        response = limited("forms")(csrf_protect(view))(request, bound=bound)
    response.headers["Referrer-Policy"] = REFERRER
    return response


# -- The form --------------------------------------------------------------------------------------------------------


def empty(request: HttpRequest, bound: Any, question: RequestQuestion) -> HttpResponse:
    """With what the address says of it already."""
    catch_up(limit=PORTION)
    kind, meeting, body = question.kind_asked, question.asked("meeting"), question.asked("organization")
    initial: dict[str, Any] = {}
    closed = closed_window(meeting, timezone.localdate()) if meeting else None
    if meeting:
        initial["meeting"] = meeting.slug
    if body:
        initial |= {"name": body.name, "same": body.slug, "acronym": body.acronym, "website": body.website}
    return page(request, RequestForm(kind, initial=initial), window=closed)


def answer(request: HttpRequest, bound: Bounded, kind: str, told: str = "") -> HttpResponse:
    """Check, save for later, or send. Files that are in order are kept whatever else is wrong."""
    catch_up(limit=PORTION)
    mode = mode_of(request.POST)
    form = RequestForm(kind, request.POST, mode=mode, told=told)
    form.is_valid()
    brought = bool(request.FILES or bound.skipped)
    if form.is_trapped:
        return page(request, form, status=400, lost=brought)
    draft = requests.continued(form.told)
    if draft and draft.stage != Stage.DRAFT:  # the form came twice
        return HttpResponseRedirect(receipt_of(draft))
    if draft is None and (brought or mode != CHECK):
        draft, _told = requests.begin(kind, get_language() or "en", form.told)
    if draft and draft.kind != kind:
        raise Http404
    if draft and (number := request.POST.get(REMOVE, "")).isdecimal() and len(number) < 19:
        draft.papers.filter(pk=int(number)).delete()
    refused = keep(draft, request.FILES, bound.skipped) if draft else []
    if refused or not form.is_valid():
        return page(request, form, status=400, draft=draft, refused=refused)
    if draft is None or mode == CHECK:
        return page(request, form, draft=draft, checked=True)
    return save(request, form, draft) if mode == SAVE else send(request, form, draft)


def mode_of(data: QueryDict) -> str:
    said = data.get("do", CHECK)
    return said if said in (SAVE, SEND) else CHECK


def save(request: HttpRequest, form: RequestForm, draft: Request) -> HttpResponse:
    """Keep it, and mail the link; the page that says so is the one to which it leads."""
    if not requests.fill(draft, {**form.values(), "language": get_language() or "en"}):
        return HttpResponseRedirect(receipt_of(draft))
    if not tell_link(draft, form.told, home_of(request)):
        return page(request, form, draft=draft, link=reverse("engagement:request-continue", args=[form.told]))
    return HttpResponseRedirect(reverse("engagement:request-continue", args=[form.told]))


def send(request: HttpRequest, form: RequestForm, draft: Request) -> HttpResponse:
    """The draft becomes a request, once: whoever sends it again gets the same receipt."""
    with transaction.atomic():
        is_sent = requests.fill(draft, {**form.values(), "language": get_language() or "en"}) and requests.send(draft)
        if is_sent:
            home = home_of(request)
            transaction.on_commit(lambda: tell_stage(draft, home))
    return HttpResponseRedirect(receipt_of(draft))


def receipt_of(found: Request) -> str:
    return reverse("engagement:request", args=[found.receipt])


def page(request: HttpRequest, form: RequestForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form with the papers; `draft`: what is kept of it so far."""
    draft: Request | None = more.get("draft")
    like = like_it(form, draft)
    context = {
        "form": form,
        "kind": form.kind,
        "accept": ACCEPT,
        "places": places(like, papers_in(draft)),
        "until": draft.begun_at + DRAFT_KEPT if draft else None,
        "is_secret": True,
        **more,
    }
    return render(request, f"{TEMPLATES}form.html", context, status=status)


def like_it(form: RequestForm, draft: Request | None) -> Request:
    """A request that says what the form says, as far as the papers depend on it."""
    if not form.is_bound:
        return draft or Request(kind=form.kind)
    said = {name: form.cleaned_data.get(name) for name in ("category", "first_time")}
    return Request(kind=form.kind, **said)
