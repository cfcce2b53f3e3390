"""What a request's page and its mails say of where it stands: who acts next, and which sitting decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from engagement.desk.models import DecisionSet, Request, RequestKind, SetState, Stage
from engagement.models.answers import Paper


@dataclass(frozen=True)
class Next:
    """Who acts next, and a sentence on how."""

    who: str
    what: str


def next_of(request: Request) -> Next:
    """Names neither the organization nor a person."""
    publisher, body = str(settings.SITE_PUBLISHER) or _("The publisher of this site"), _("The Governing Body")
    by_stage = {
        Stage.RECEIVED: Next(publisher, _("The request is checked for completeness.")),
        Stage.INCOMPLETE: Next(
            _("The organization that sent it"),
            _("The missing papers are to be sent, by the link in the mail that asked for them."),
        ),
        Stage.COMPLETE: Next(publisher, _("The request is brought before the body that decides.")),
        Stage.SCHEDULED: Next(body, _("It decides on the request.")),
        Stage.DEFERRED: Next(body, _("It decides at a later sitting.")),
    }
    if request.kind == RequestKind.DETAILS:
        taken_over = _("The change is taken over into the register, or it is said why not.")
        by_stage[Stage.COMPLETE] = Next(publisher, taken_over)
    return by_stage.get(Stage(request.stage), Next(_("Nobody"), _("The request is closed.")))


def sitting_of(request: Request) -> DecisionSet | None:
    """The decision set in which it stands, the newest of those that were not reversed."""
    sets = DecisionSet.objects.filter(items__request=request).exclude(state=SetState.REVERSED)
    return sets.order_by("-date", "-pk").first()


def papers_in_words(codes: Iterable[str]) -> list[str]:
    return [str(Paper(code).label) for code in codes if code in Paper.values]
