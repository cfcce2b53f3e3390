"""Citations as files for programs that keep references: `/cite.bib?page=/organizations/…`, `.ris`, `.json`."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement.desk.models import Signpost
from engagement.directories import DIRECTORIES, Directory
from engagement.directories.questions import AsOf, Question
from engagement.exchange.citing import STYLES, Citation
from engagement.freshness import revision
from engagement.models import (
    ActorGroup,
    ConsultativeCategory,
    Country,
    Instrument,
    Meeting,
    Organization,
    Programme,
    Project,
    Source,
)
from engagement.views.citing import of_list, of_record, of_register, of_snapshot
from engagement.views.snapshot_addresses import Asked
from engagement.web.addresses import site_of, tidied
from engagement.web.conditional import NOT_KEPT, by_revision
from engagement.web.limits import limited
from engagement.web.opening import open_to_all
from engagement.web.problems import problem, refused


class SourceQuestion(Question):
    """A source's page lists its facts page by page."""

    page_parameters = ("page",)


# By the route of their pages: the records that are cited, and what their pages may be asked.
RECORDS: dict[str, tuple[Any, type[Question]]] = {
    "engagement:organization": (Organization, AsOf),
    "engagement:category": (ConsultativeCategory, AsOf),
    "engagement:country": (Country, AsOf),
    "engagement:project": (Project, Question),
    "engagement:programme": (Programme, Question),
    "engagement:instrument": (Instrument, Question),
    "engagement:meeting": (Meeting, Question),
    "engagement:actor-group": (ActorGroup, Question),
    "engagement:source": (Source, SourceQuestion),
}
LISTS: dict[str, Directory] = {f"engagement:{directory.name}": directory for directory in DIRECTORIES}


# -- From the address of a page --------------------------------------------------------------------------------------


class NotCited(Exception):
    """It says why, as what is said of the page; `status` is the answer's."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def citation_of(page: str, site: str) -> Citation:
    """Of the page with this path and query, in the active language; NotCited says what is wrong with it."""
    path, _mark, query = page.partition("#")[0].partition("?")
    match, asked = page_at(path), tidied(QueryDict(query))
    if match.view_name in RECORDS:
        model, question = RECORDS[match.view_name]
        return of_asked_record(model, match, question(asked), site)
    if match.view_name in LISTS:
        directory = LISTS[match.view_name]
        rows = directory.ask(asked)
        refuse(rows)
        return of_list(directory, rows, site, revision())
    if match.view_name == "engagement:data":
        refuse(Question(asked))
        return of_register(site, revision())
    if match.view_name == "engagement:snapshot":
        wanted = Asked(**match.kwargs, query=asked)
        if wanted.kept is None or wanted.kept.is_withdrawn:
            raise NotCited(404, _("Nothing is kept at this address."))
        return of_snapshot(wanted.kept, wanted.question, site)
    raise NotCited(400, _("is neither a record nor a list of records"))


def page_at(path: str) -> ResolverMatch:
    try:
        return resolve(path)
    except Resolver404 as error:
        raise NotCited(404, _("There is no such page.")) from error


def of_asked_record(model: Any, match: ResolverMatch, question: Question, site: str) -> Citation:
    refuse(question)
    (key,) = match.kwargs.values()
    records = model.objects.published()
    record = records.filter(**{model.key_field: key}).first()
    if record is None and model is Organization:
        record = records.filter(slug=Signpost.objects.target_of(key)).first()
    if record is None:
        raise NotCited(404, _("There is no such page."))
    return of_record(record, site, revision(), question.day)


def refuse(question: Question) -> None:
    if problems := question.problems():
        listed = "; ".join(f"{name} {wrong}" for name, wrong in problems.items())
        raise NotCited(400, _("is asked wrongly: %(problems)s") % {"problems": listed})


# -- The files -------------------------------------------------------------------------------------------------------


@limited("files")
@require_safe
@by_revision
def cite(request: HttpRequest, suffix: str) -> HttpResponse:
    """The citation of `page` in the language of that page; problem details where it cannot be cited."""
    if problems := problems_of(request.GET):
        return open_to_all(refused(problems))
    page, style = request.GET["page"], STYLES[suffix]
    with override(get_language_from_path(page) or settings.LANGUAGE_CODE):
        try:
            citation = citation_of(page, site_of(request))
        except NotCited as why:
            return open_to_all(not_cited(why))
        response = HttpResponse(style.write(citation), content_type=style.content_type)
    response["Content-Disposition"] = f'attachment; filename="{citation.key}.{suffix}"'
    response["X-Robots-Tag"] = "noindex"
    if "/snapshots/" in page:  # may be withdrawn, which the revision does not tell
        response["Cache-Control"] = NOT_KEPT
    return open_to_all(response)


def problems_of(query: QueryDict) -> dict[str, str]:
    found = {name: _("is not a parameter of this file") for name in query if name != "page"}
    pages = query.getlist("page")
    if len(pages) > 1:
        found["page"] = _("is given more than once")
    elif not pages or not pages[0].startswith("/") or pages[0].startswith("//"):
        found["page"] = _("is to be the path of a page, as /organizations/")
    return found


def not_cited(why: NotCited) -> HttpResponse:
    return refused({"page": str(why)}) if why.status == 400 else problem(404, _("Not found"), str(why))
