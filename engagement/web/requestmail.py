"""The mails to whoever sent a request, in the language in which it was sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from engagement.desk import requests
from engagement.desk.models import DRAFT_KEPT, Request, Stage
from engagement.web import mailing
from engagement.web.requestwords import next_of, papers_in_words, sitting_of


def tell_link(request: Request, told: str, home: str) -> bool:
    """The link by which a draft is continued. `told`: the secret in it."""
    until = (request.begun_at + DRAFT_KEPT).date()
    link = address(request, home, "request-continue", told)
    return mailing.send("request_link", request.email, request.language, link=link, until=until)


def tell_stage(request: Request, home: str) -> bool:
    """Where the request stands now. Where papers are missing, with a fresh link to send them; the one before dies."""
    link = ""
    if request.stage == Stage.INCOMPLETE and request.email:
        link = address(request, home, "request-continue", requests.new_link(request))
    return mailing.send("request_stage", request.email, request.language, **said_of_stage(request, home, link))


def preview_of_stage(request: Request, home: str) -> tuple[str, str]:
    """Subject and body of that mail, for staff to read before: without the secret that the link will hold."""
    link = address(request, home, "request-continue", "***") if request.stage == Stage.INCOMPLETE else ""
    return mailing.rendered("request_stage", request.language, **said_of_stage(request, home, link))


def said_of_stage(request: Request, home: str, link: str) -> dict[str, Any]:
    last = request.steps.order_by("-at", "-pk").first()
    with override(request.language):
        said = {
            "stage": str(Stage(request.stage).label),
            "next": next_of(request),
            "missing": papers_in_words(requests.missing(request)) if request.is_open else [],
        }
    return {
        "receipt": request.receipt,
        "is_new": request.stage == Stage.RECEIVED,
        "note": last.note if last else "",
        "decision": sitting_of(request),
        "page": address(request, home, "request", request.receipt),
        "link": link,
        **said,
    }


def address(request: Request, home: str, name: str, argument: str) -> str:
    """Of a page in the language of the request."""
    with override(request.language):
        return home + reverse(f"engagement:{name}", args=[argument])
