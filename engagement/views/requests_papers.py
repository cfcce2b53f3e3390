"""The papers of a request on its pages: a place for each that may be asked for, and what came of the files sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from engagement.desk import requests
from engagement.desk.models import OTHER_PAPER, Request, RequestKind, RequestPaper, Stage
from engagement.guide.wording import PAPERS
from engagement.models import ConsultativeCategory
from engagement.models.answers import Paper
from engagement.web.paperfiles import NotTaken, clean_name, paper_of, too_large

# Before the code of a paper, in the names of the fields.
PREFIX = "paper-"


@dataclass(frozen=True)
class Place:
    """A paper that may be sent: whether the rules ask for it here, and what is there of it."""

    code: str
    label: str
    what_it_is: str
    is_needed: bool
    kept: list[RequestPaper]

    @property
    def field(self) -> str:
        return f"{PREFIX}{self.code}"

    @property
    def is_missing(self) -> bool:
        return self.is_needed and not self.kept


def places(like: Request, kept: Iterable[RequestPaper]) -> list[Place]:
    """Of a request that says what `like` does: every paper that one of its kind may need, and room for others."""
    needed, there = requests.required(like), list(kept)
    codes = [code for code in Paper.values if code in possible(like.kind) or any(code == each.kind for each in there)]
    return [*(place(code, code in needed, there) for code in codes), place(OTHER_PAPER, False, there)]


def place(code: str, is_needed: bool, kept: Iterable[RequestPaper]) -> Place:
    of_it = [each for each in kept if each.kind == code]
    if code == OTHER_PAPER:
        return Place(code, _("Another paper"), _("Whatever else is to be read with the request."), is_needed, of_it)
    return Place(code, str(Paper(code).label), str(PAPERS[Paper(code)]), is_needed, of_it)


def possible(kind: str) -> set[str]:
    """The papers that the rules may ask of a request of the kind, whatever it says."""
    named = requests.naming_papers()
    asked = ConsultativeCategory.objects.published().exclude(slug=requests.INVITED)
    categories = [None, *asked] if kind == RequestKind.STATUS else [None]
    every = (Request(kind=kind, category=category, first_time=True) for category in categories)
    return {code for each in every for code in requests.required(each, named)}


def papers_in(request: Request | None) -> list[RequestPaper]:
    """Those that are there, without the files themselves."""
    return list(request.papers.defer("body")) if request else []


@dataclass(frozen=True)
class Refused:
    """A file that was not kept, and why."""

    field: str
    name: str
    why: str


def keep(request: Request, files: Any, skipped: Iterable[tuple[str, str]]) -> list[Refused]:
    """Keep what was sent, each file by itself; those that were not. `skipped`: too large to be read at all."""
    refused = [Refused(field, name, f"{too_large()} {together()}") for field, name in skipped]
    for field in files:
        code = field.removeprefix(PREFIX)
        if not field.startswith(PREFIX) or code not in (*Paper.values, OTHER_PAPER):
            continue
        for file in files.getlist(field):
            try:
                paper = paper_of(code, file.name, file.read())
            except NotTaken as error:
                refused.append(Refused(field, clean_name(file.name), error.says))
                continue
            if not requests.add_paper(request, paper):
                refused.append(Refused(field, paper.file_name, together()))
    return refused


def together() -> str:
    most = {"papers": requests.MOST_PAPERS, "size": requests.MOST_TOGETHER // (1024 * 1024)}
    return _("A request takes %(papers)d files, of %(size)d MB together.") % most


def is_taken(request: Request) -> bool:
    """Whether papers are still taken for it."""
    return request.stage in (Stage.DRAFT, Stage.INCOMPLETE)
