"""The life of a request: begun as a draft, sent, taken from stage to stage, and forgotten when its time is over."""

import calendar
import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.desk.models import (
    CLOSED,
    CLOSED_KEPT,
    DRAFT_KEPT,
    UNTOLD_KEPT,
    Request,
    RequestKind,
    RequestPaper,
    RequestStep,
    Stage,
)
from engagement.desk.secrets import digest, number, secret
from engagement.models import CriterionScope, EligibilityCriterion, PartialDate
from engagement.models.answers import PAPERS, First, Paper, Want, condition

# The category whose criteria are those of an invitation.
INVITED = "invited"
# What a request of the kind DETAILS may ask to be said otherwise: fields of the organization and, with a prefix, of
# its seat. Country as its two letters.
DETAILS = ("name", "acronym", "website", "seat.city", "seat.country")

# Papers of a request, and their bytes.
MOST_PAPERS, MOST_TOGETHER = 10, 20 * 1024 * 1024


# -- From the draft to the end ---------------------------------------------------------------------------------------


def begin(kind: str, language: str, told: str = "") -> tuple[Request, str]:
    """The draft that is continued with a secret, and the secret. `told`: one that a form was given, so that the form
    that comes twice finds what it began the first time."""
    told = told or secret()
    found, _made = Request.objects.get_or_create(
        digest=digest(told), defaults={"receipt": number("R"), "kind": RequestKind(kind), "language": language}
    )
    return found, told


def continued(told: str) -> Request | None:
    """The request whose link holds this secret."""
    return Request.objects.filter(digest=digest(told)).first()


@transaction.atomic
def fill(request: Request, values: Mapping[str, Any]) -> bool:
    """Write into a draft what its form says; False where it was sent meanwhile, and nothing is done."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if is_draft := locked.stage == Stage.DRAFT:
        for name, value in values.items():
            setattr(locked, name, value)
            setattr(request, name, value)
        locked.save(update_fields=list(values))
    copy_state(locked, request)
    return is_draft


@transaction.atomic
def send(request: Request) -> bool:
    """The draft becomes a request; False where it is one already, and nothing is done."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if sent := locked.stage == Stage.DRAFT:
        locked.sent_at = timezone.now()
        locked.save(update_fields=["sent_at"])
        take_step(locked, Stage.RECEIVED)
    copy_state(locked, request)
    return sent


@transaction.atomic
def advance(request: Request, stage: str, actor: Any = None, note: str = "") -> bool:
    """Bring a request that was sent to a stage; False where it is there and nothing is to be noted. `actor`: of staff,
    None for the organization itself or the site. `note` is told to whoever holds the receipt."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    if moved := bool(note) or locked.stage != stage:
        take_step(locked, Stage(stage), actor, note)
    copy_state(locked, request)
    return moved


def take_step(locked: Request, stage: Stage, actor: Any = None, note: str = "") -> None:
    now = timezone.now()
    if locked.stage != stage:
        locked.stage, locked.stage_since = stage, now
        locked.save(update_fields=["stage", "stage_since"])
    name = actor.get_username() if actor else ""
    RequestStep.objects.create(request=locked, stage=stage, at=now, actor=actor, actor_name=name, note=note)


def copy_state(locked: Request, request: Request) -> None:
    """What the caller holds says what is written."""
    for name in ("stage", "stage_since", "sent_at"):
        setattr(request, name, getattr(locked, name))


def new_link(request: Request) -> str:
    """A fresh secret for the link of a request; the one before leads nowhere any more."""
    told = secret()
    request.digest = digest(told)
    request.save(update_fields=["digest"])
    return told


# -- Papers ----------------------------------------------------------------------------------------------------------


def required(request: Request, named: Iterable[EligibilityCriterion] | None = None) -> list[str]:
    """The papers that the rules of the register ask of such a request, in the order of Paper. `named`: the criteria
    that `naming_papers` found, where they are wanted of many requests."""
    asked = {paper for criterion in criteria(request, named) for paper in condition(criterion.met_by).get(PAPERS, ())}
    return [paper for paper in Paper.values if paper in asked]


def criteria(request: Request, named: Iterable[EligibilityCriterion] | None = None) -> Iterator[EligibilityCriterion]:
    """The criteria that ask such a request for papers. Of what it does not say, none is taken to be asked.

    As the guide does, one that was published for another meeting counts too: sources speak of few meetings.
    """
    answers: dict[str, str] = {"want": Want.STANDING if request.kind == RequestKind.STATUS else Want.ONE_MEETING}
    if request.first_time is not None:
        answers["first"] = First.YES if request.first_time else First.NO
    for criterion in criteria_of(request, named):
        asked_of = condition(criterion.asked_of)
        if all(answers.get(question) in codes for question, codes in asked_of.items()):
            yield criterion


def criteria_of(request: Request, named: Iterable[EligibilityCriterion] | None = None) -> list[EligibilityCriterion]:
    """Those of the category that it is about, and of every category, that name papers."""
    if request.kind == RequestKind.DETAILS:
        return []
    slug = request.category.slug if request.category else ""
    slug = INVITED if request.kind == RequestKind.INVITATION else slug
    return [
        each
        for each in (naming_papers() if named is None else named)
        if each.scope == CriterionScope.ALL_CATEGORIES or (each.category and each.category.slug == slug)
    ]


def naming_papers() -> list[EligibilityCriterion]:
    """All criteria that name papers, as they apply today."""
    now = EligibilityCriterion.objects.published().applying(datetime.date.today())
    return list(now.filter(met_by__contains=f"{PAPERS}:").select_related("category", "source", "meeting"))


def missing(request: Request) -> list[str]:
    """The papers that are required and not there, and those that staff asked for that have not come since."""
    there = set(request.papers.values_list("kind", flat=True))
    wanted = ({*required(request)} - there) | {*request.missing}
    return [paper for paper in Paper.values if paper in wanted]


@transaction.atomic
def add_paper(request: Request, paper: RequestPaper) -> bool:
    """Keep a paper; False where there is no room for it, or the request takes none any more. The same one twice is kept
    once. What staff asked for is no longer missing once it has come."""
    locked = Request.objects.select_for_update().get(pk=request.pk)
    there = list(locked.papers.values_list("kind", "sha256", "size"))
    if (paper.kind, paper.sha256) not in [(kind, sha256) for kind, sha256, _size in there]:
        # What staff ask for has room of its own.
        times = {Stage.DRAFT: 1, Stage.INCOMPLETE: 2}.get(Stage(locked.stage), 0)
        together = sum(size for *_rest, size in there) + paper.size
        if len(there) >= times * MOST_PAPERS or together > times * MOST_TOGETHER:
            return False
        paper.request = request
        paper.save()
    locked.missing = [each for each in locked.missing if each != paper.kind]
    locked.save(update_fields=["missing"])
    request.missing = locked.missing
    return True


def deadline(request: Request) -> datetime.date | None:
    """The last day on which requests for its meeting are taken, where a source publishes one."""
    until = request.meeting.requests_until if request.meeting else ""
    year, month, day = map(int, PartialDate(until).latest.split("-")) if until else (datetime.MAXYEAR, 1, 1)
    if year == datetime.MAXYEAR:
        return None
    # “The 31st” stands for the end of any month.
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


# -- Forgetting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def forget() -> dict[str, int]:
    """Drop drafts that nobody continues, and what is personal in requests that were closed long ago."""
    now = timezone.now()
    drafts = Request.objects.filter(stage=Stage.DRAFT)
    old = drafts.filter(begun_at__lt=now - DRAFT_KEPT) | drafts.filter(email="", begun_at__lt=now - UNTOLD_KEPT)
    dropped = old.count()
    old.delete()
    closed = Request.objects.filter(stage__in=CLOSED, stage_since__lt=now - CLOSED_KEPT)
    papers = RequestPaper.objects.filter(request__in=closed).exclude(file_name="")
    emptied = papers.update(body=b"", file_name="")
    personal = closed.exclude(contact_name="", email="", statement="")
    forgotten = personal.update(contact_name="", email="", statement="")
    return {"drafts": dropped, "requests": forgotten, "papers": emptied}
