"""What the page of a request shows: what was asked, by whom, what lacks, and whom of the register it may be."""

import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from engagement.admin.merging import summary
from engagement.admin.requestforms import labels
from engagement.desk import details, inbox, requests
from engagement.desk.models import DecisionSet, Request, RequestPaper
from engagement.directories.alike import Entry, alike
from engagement.models import ConsultativeStatus, Country, Organization, PartialDate, Seat
from engagement.models.answers import Paper

# The endings of the kinds of file that are taken; whatever else a file is called, it ends so.
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
LONGEST_NAME = 100
# A paper is only ever saved, and nothing in it runs or loads anything if a browser opens it all the same.
SEALED_OFF = "sandbox; default-src 'none'"
Lines = list[tuple[str, Any]]


def shown_of(asked: Request) -> dict[str, Any]:
    """What everybody who sees requests sees of one. Look-alikes only as long as it is not known whose it is."""
    last = requests.deadline(asked)
    is_open = asked.organization_id is None and asked.stage in inbox.IN_HAND
    return {
        "lines": asked_for(asked),
        "papers": papers_of(asked),
        "steps": asked.steps.order_by("at", "pk"),
        "deadline": last,
        "is_past": bool(last and last < timezone.localdate() and asked.is_open),
        "body": held(bodies_of([asked.organization_id])[asked.organization_id]) if asked.organization_id else None,
        "candidates": candidates_of(asked) if is_open else [],
        "others": [{"request": each, "about": about_in_words(each)} for each in others_of(asked)],
        "sets": DecisionSet.objects.filter(items__request=asked).order_by("-begun_at"),
    }


def about_in_words(asked: Request) -> str:
    """The category or the meeting that it is about."""
    return str(asked.category or asked.meeting or "")


def asked_for(asked: Request) -> Lines:
    """Field by field what was asked; what was not said is left out."""
    first = {True: _("Yes"), False: _("No"), None: ""}[asked.first_time]
    lines = [
        ("kind", asked.get_kind_display()),
        ("name", asked.name),
        ("acronym", asked.acronym),
        ("country", asked.country),
        ("website", asked.website),
        ("category", asked.category),
        ("meeting", asked.meeting),
        ("first_time", first),
        ("language", dict(settings.LANGUAGES).get(asked.language, asked.language)),
    ]
    field: Any = Request._meta.get_field
    return [(str(capfirst(field(name).verbose_name)), said) for name, said in lines if said]


def papers_of(asked: Request) -> list[dict[str, Any]]:
    """Each paper that is asked for or there, with its files, in the order of Paper; the files' bodies are not read."""
    sent: dict[str, list[RequestPaper]] = {}
    for file in asked.papers.defer("body").order_by("pk"):
        sent.setdefault(file.kind, []).append(file)
    required, missing = requests.required(asked), requests.missing(asked)
    return [
        {"label": paper.label, "files": sent.get(paper, []), "required": paper in required, "missing": paper in missing}
        for paper in Paper
        if paper in sent or paper in required or paper in missing
    ]


def candidates_of(asked: Request) -> list[dict[str, Any]]:
    """The organizations, public or not, that it may be: the one that it says it is, then the likeliest; with why, and
    what each holds. What it says is for staff to believe."""
    country = asked.country.iso2 if asked.country else ""
    found = alike([Entry(asked.name, asked.acronym, asked.website, country)])[0] if asked.name else []
    whys = {one.organization_id: (one.score, one.why) for one in found}
    said = [asked.claimed_id] if asked.claimed_id else []
    bodies = bodies_of([*said, *whys])
    order = [key for key in dict.fromkeys((*said, *whys)) if key in bodies]
    return [
        {**held(bodies[key]), "score": score, "why": why, "is_claimed": key == asked.claimed_id}
        for key in order
        for score, why in [whys.get(key, (None, ""))]
    ]


def bodies_of(keys: Collection[int]) -> dict[int, Organization]:
    found = Organization.objects.select_related("source").prefetch_related(
        "seats__country", "statuses__category", "names", "invitations__meeting"
    )
    return found.in_bulk(keys)


def held(body: Organization) -> dict[str, Any]:
    """What tells it from others, and its statuses and invitations."""
    told = summary(body)
    rest = [line for line in told["lines"] if line[0] != capfirst(_("Status"))]
    statuses = "; ".join(map(in_words, body.statuses.all()))
    invitations = "; ".join(str(each.meeting) for each in body.invitations.all())
    lines = [*rest, (capfirst(_("Status")), statuses), (capfirst(_("Invitations")), invitations)]
    return {"organization": body, "lines": [line for line in lines if line[1]]}


def in_words(status: ConsultativeStatus) -> str:
    dates = "–".join(str(PartialDate(date)) if date else "" for date in (status.granted, status.ended))
    return f"{status.category} ({dates})" if dates != "–" else str(status.category)


def others_of(asked: Request) -> list[Request]:
    """Other requests of the organization, or, as long as it is not known, of its name."""
    same = Q(name__iexact=asked.name) if asked.name else Q(pk__in=[])
    if asked.organization_id:
        same = Q(organization=asked.organization_id) | same & Q(organization=None)
    found = Request.objects.sent().filter(same).exclude(pk=asked.pk)
    return list(found.select_related("category", "meeting").order_by("-sent_at", "-pk")[:10])


def changes_of(asked: Request, seats: list[Seat]) -> Iterator[dict[str, Any]]:
    """Of a change of details, what the register says and what is wanted, field by field."""
    body, words = asked.organization, labels()
    assert body is not None
    for name, wanted in details.asked(asked).items():
        bare = name.removeprefix(details.OF_SEAT)
        says: list[Any] = [getattr(seat, bare) for seat in seats] if bare != name else [getattr(body, bare)]
        if bare == "country":
            wanted = str(Country.objects.filter(iso2=wanted).first() or wanted)
        before = "; ".join(str(each) for each in says if each)
        yield {"name": name, "label": words[name], "before": before, "after": wanted, "same": before == wanted}


# -- Files -----------------------------------------------------------------------------------------------------------


def download(paper: RequestPaper) -> HttpResponse:
    """A paper to be saved, as what it was found to be when it was sent; never to be shown as a page of this site."""
    known = paper.content_type in ENDINGS
    response = HttpResponse(bytes(paper.body), content_type=paper.content_type if known else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file_name(paper))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SEALED_OFF
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def file_name(paper: RequestPaper) -> str:
    """The name that it came with, without paths and characters that are not seen, ending as what it is."""
    last = paper.file_name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if unicodedata.category(each)[0] not in "CZ" or each == " ")
    ending = ENDINGS.get(paper.content_type, ".bin")
    bare = seen.strip(" .")
    if bare.lower().endswith(ending):
        bare = bare[: -len(ending)]
    bare = "".join("_" if each in '<>:"|?*%;' else each for each in bare).strip(" .")
    return f"{bare[:LONGEST_NAME] or paper.kind}{ending}"


def address(asked: Request, step: str = "change", *more: Any) -> str:
    return reverse(f"admin:desk_request_{step}", args=[asked.pk, *more])
