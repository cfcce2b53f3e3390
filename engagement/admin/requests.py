"""The inbox: what organizations asked for, whose each request is, what it lacks, and the way to whoever decides."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.admin.deskpages import WithItsPage, require
from engagement.admin.operations import linked
from engagement.admin.requestforms import (
    AskForm,
    CompleteForm,
    CreateForm,
    DeclineForm,
    DetailsForm,
    StepForm,
    WithdrawForm,
    taken_over_in_words,
)
from engagement.admin.requestlists import ABOUT, ORDER, Attention, Linked, StageFilter, for_list, papers_in_words
from engagement.admin.requestpages import (
    about_in_words,
    address,
    bodies_of,
    changes_of,
    download,
    held,
    shown_of,
)
from engagement.admin.requestsets import Putting
from engagement.desk import details, inbox, requests
from engagement.desk.journal import Overtaken
from engagement.desk.models import Request, RequestKind, Stage
from engagement.desk.versions import Unreadable, seal, unseal
from engagement.models import Organization
from engagement.web.mailing import home_of
from engagement.web.requestmail import preview_of_stage, tell_stage

STALE = gettext_lazy("Somebody else changed the request since you opened it. Nothing was done: look again.")
STEPS = ("link", "unlink", "create", "ask", "complete", "decline", "withdraw", "take_over", "tell")


@admin.register(Request)
class RequestAdmin(Putting, WithItsPage):
    """Each step is a POST of its own; the page of a request shows where it stands. No staff see drafts."""

    list_display = ("receipt", "name", "what", "stage", "papers", "deadline", "received", "organization")
    list_filter = (("stage", StageFilter), "kind", Linked, Attention)
    search_fields = ("receipt", "name", "acronym", "organization__name")

    def get_queryset(self, request: HttpRequest) -> Any:
        return for_list(Request.objects.sent()).order_by(*ORDER)

    def get_ordering(self, request: HttpRequest) -> Any:
        return ORDER

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Request | None:
        """One alone, with all that is known of it and without what only the list counts."""
        found = Request.objects.sent().select_related(*ABOUT, "operation")
        return found.filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            *(
                path(f"<path:object_id>/{name}/", view(getattr(self, name)), name=f"desk_request_{name}")
                for name in STEPS
            ),
            path("<path:object_id>/papers/<int:paper>/", view(self.paper), name="desk_request_paper"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("what is asked"), ordering="kind")
    def what(self, row: Request) -> str:
        return ": ".join(filter(None, (str(row.get_kind_display()), about_in_words(row))))

    @admin.display(description=gettext_lazy("received"), ordering="sent_at")
    def received(self, row: Request) -> Any:
        return inbox.received_on(row)

    @admin.display(description=gettext_lazy("papers"), ordering="lacking")
    def papers(self, row: Any) -> str:
        return papers_in_words(row)

    @admin.display(description=gettext_lazy("deadline"), ordering="until")
    def deadline(self, row: Request) -> Any:
        return requests.deadline(row)

    # -- Its page ----------------------------------------------------------------------------------------------

    def shown(self, request: HttpRequest, asked: Request, status: int = 200, **forms: Any) -> HttpResponse:
        """`forms`: those that came back with errors, by name, in place of fresh ones."""
        may_act = self.may_act(request)
        context = {"title": str(asked), "asked": asked, "may_act": may_act, **shown_of(asked)}
        if may_act and asked.stage in inbox.IN_HAND:
            context |= self.steps(request, asked, forms) | forms
        return self.page(request, "request", status, **context)

    def steps(self, request: HttpRequest, asked: Request, forms: dict[str, Any]) -> dict[str, Any]:
        """The forms for what can be done with it next."""
        found: dict[str, Any] = {"in_hand": True}
        for form in (CompleteForm, DeclineForm, WithdrawForm):
            found[form.name()] = form(asked)
        if asked.organization is None:
            found["create"] = CreateForm(asked) if asked.name else None
        elif asked.kind == RequestKind.DETAILS and asked.details:
            found |= self.taking_over(asked)
        found["may_put"] = (
            asked.organization_id and asked.kind != RequestKind.DETAILS and self.has_put_permission(request)
        )
        return found

    def taking_over(self, asked: Request) -> dict[str, Any]:
        assert asked.organization
        seats = details.seats_of(asked.organization)
        state = seal(page_of(asked), details.said(asked.organization, seats))
        return {"changes": list(changes_of(asked, seats)), "details": DetailsForm(asked, seats, state=state)}

    def may_act(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.change_request")

    def opened(self, request: HttpRequest, object_id: str) -> Request:
        """The request of a POST by somebody who may act on it."""
        asked: Request = self.found(request, object_id)
        require(request.method == "POST" and self.may_act(request))
        return asked

    def paper(self, request: HttpRequest, object_id: str, paper: int) -> HttpResponse:
        """A file, to be saved. One that was forgotten is no longer there."""
        found = self.found(request, object_id).papers.filter(pk=paper).first()
        if found is None or not found.body:
            raise Http404(_("There is nothing here, or your account may not see it."))
        return download(found)

    # -- Whose it is -------------------------------------------------------------------------------------------

    def link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.opened(request, object_id)
        key = request.POST.get("organization", "")
        body = Organization.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if body is None:
            return self.back(request, asked, _("The organization is no longer there. Nothing was done."))
        try:
            inbox.link(asked, body)
        except inbox.Stale:
            return self.back(request, asked, STALE)
        self.log_change(request, asked, _("Linked to an organization"))
        return self.forward(request, asked, _("The request is linked to %(organization)s.") % {"organization": body})

    def unlink(self, request: HttpRequest, object_id: str) -> HttpResponse:
        asked = self.opened(request, object_id)
        try:
            inbox.unlink(asked)
        except inbox.Stale:
            return self.back(request, asked, STALE)
        self.log_change(request, asked, _("No longer linked"))
        return self.forward(request, asked, _("The request is no longer linked to an organization."))

    def create(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make the organization that the form shows, and link the request to it."""
        asked = self.opened(request, object_id)
        require(request.user.has_perms(("engagement.add_organization", "engagement.add_seat")))
        form = CreateForm(asked, request.POST)
        if not form.is_valid():
            return self.shown(request, asked, 400, create=form)
        try:
            made = inbox.create(asked, form.instance, form.cleaned_data["country"], request.user, form.known_keys())
        except inbox.Doubles as doubles:
            return self.shown(request, asked, 409, create=form, doubles=doubles_of(doubles.found))
        except (inbox.Stale, IntegrityError):
            return self.back(request, asked, STALE)
        self.log_change(request, asked, _("Organization created"))
        said = _("Created and linked: {operation}. It can be undone within 30 days, there.")
        return self.forward(request, asked, format_html(said, operation=linked(made)))

    # -- Its stage ---------------------------------------------------------------------------------------------

    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.step(request, object_id, CompleteForm, Stage.COMPLETE)

    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.step(request, object_id, DeclineForm, Stage.DECLINED)

    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.step(request, object_id, WithdrawForm, Stage.WITHDRAWN)

    def step(self, request: HttpRequest, object_id: str, form_class: type[StepForm], stage: Stage) -> HttpResponse:
        asked = self.opened(request, object_id)
        form = form_class(asked, request.POST)
        if not form.is_valid():
            return self.shown(request, asked, 400, **{form.name(): form})
        said = form.cleaned_data
        try:
            inbox.settle(asked, stage, request.user, said["note"], said["seen"])
        except inbox.Stale:
            return self.back(request, asked, STALE)
        return self.settled(request, asked, said["tell"])

    def ask(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for papers. The mail is shown before it is sent: one that was not shown so is shown first."""
        asked: Request = self.found(request, object_id)
        require(self.may_act(request))
        if asked.stage not in inbox.IN_HAND:
            return self.back(request, asked, STALE)
        if request.method != "POST":
            form = AskForm(asked)
            return self.ask_page(request, asked, form, self.mail(request, asked, form.initial["papers"], ""))
        form = AskForm(asked, request.POST)
        if not form.is_valid():
            return self.ask_page(request, asked, form, None, 400)
        said = form.cleaned_data
        mail = self.mail(request, asked, said["papers"], said["note"])
        if "preview" in request.POST or said["shown"] != seal_of(mail):
            return self.ask_page(request, asked, form, mail)
        try:
            inbox.settle(asked, Stage.INCOMPLETE, request.user, said["note"], said["seen"], said["papers"])
        except inbox.Stale:
            return self.back(request, asked, STALE)
        return self.settled(request, asked, said["tell"])

    def mail(self, request: HttpRequest, asked: Request, papers: list[str], note: str) -> tuple[str, str]:
        """The mail as it would be: the step is taken for that, and taken back."""
        would_be = Request.objects.get(pk=asked.pk)
        with transaction.atomic():
            requests.advance(would_be, Stage.INCOMPLETE, request.user, note)
            would_be.missing = papers
            shown = preview_of_stage(would_be, home_of(request))
            transaction.set_rollback(True)
        return shown

    def ask_page(
        self, request: HttpRequest, asked: Request, form: AskForm, mail: Any, status: int = 200
    ) -> HttpResponse:
        context = {"title": _("Ask for missing papers"), "asked": asked, "form": form, "mail": mail}
        if mail:
            context["shown"] = seal_of(mail)
        return self.page(request, "request_ask", status, **context)

    def take_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write what is ticked of a change of details into the register."""
        asked = self.opened(request, object_id)
        require(request.user.has_perms(f"engagement.change_{name}" for name in ("organization", "seat")))
        if asked.organization is None or asked.kind != RequestKind.DETAILS:
            return self.back(request, asked, STALE)
        form = DetailsForm(asked, details.seats_of(asked.organization), request.POST)
        if not form.is_valid():
            return self.shown(request, asked, 400, details=form)
        note = form.cleaned_data["note"] or taken_over_in_words(asked, form.cleaned_data["names"])
        try:
            seen = unseal(page_of(asked), form.cleaned_data["state"])
            made = details.take_over(asked, form.choice(), seen, request.user, note)
        except details.Refused as refused:
            for name, problems in refused.problems.items():
                form.add_problems(name, problems)
            return self.shown(request, asked, 400, details=form)
        except (inbox.Stale, Overtaken, Unreadable, IntegrityError):
            said = _("The register says something else since you opened the page. Nothing was written: look again.")
            return self.back(request, asked, said)
        self.message_user(
            request, format_html(_("Taken over: {operation}. It can be undone within 30 days, there."),
                                 operation=linked(made)), messages.SUCCESS,
        )  # fmt: skip
        return self.settled(request, asked, form.cleaned_data["tell"])

    # -- Telling -----------------------------------------------------------------------------------------------

    def tell(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the mail about the stage once more."""
        asked = self.opened(request, object_id)
        self.told(request, asked)
        return HttpResponseRedirect(address(asked))

    def settled(self, request: HttpRequest, asked: Request, tell: bool) -> HttpResponse:
        self.log_change(request, asked, str(Stage(asked.stage).label))
        self.message_user(request, _("The request stands at: %(stage)s.") % {"stage": Stage(asked.stage).label})
        if tell:
            self.told(request, asked)
        return HttpResponseRedirect(address(asked))

    def told(self, request: HttpRequest, asked: Request) -> None:
        if not asked.email:
            self.message_user(request, _("There is no address: nobody was told by mail."), messages.WARNING)
        elif tell_stage(asked, home_of(request)):
            self.message_user(request, _("The organization was told by mail."), messages.SUCCESS)
        else:
            said = _("The mail could not be sent. What you did stands: send the mail again, below.")
            self.message_user(request, said, messages.ERROR)

    def forward(self, request: HttpRequest, asked: Request, said: str) -> HttpResponse:
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(address(asked))

    def back(self, request: HttpRequest, asked: Request, said: Any) -> HttpResponse:
        self.message_user(request, said, messages.ERROR)
        return HttpResponseRedirect(address(asked))


def page_of(asked: Request) -> str:
    """What a seal of what the register says is good for."""
    return f"{Request._meta.label_lower}:{asked.pk}:{asked.organization_id}"


def seal_of(mail: tuple[str, str]) -> str:
    return salted_hmac("engagement.admin.requests", "\n".join(mail)).hexdigest()


def doubles_of(keys: list[int]) -> list[dict[str, Any]]:
    bodies = bodies_of(keys)
    return [held(bodies[key]) for key in keys if key in bodies]
