"""The register as a whole: the page about its data, and the two files that hold all of it."""

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Value
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement.directories import DIRECTORIES, Directory
from engagement.directories.following import remembered
from engagement.exchange import iati, packages
from engagement.exchange.formats import FORMATS, MOST_XLSX_ROWS
from engagement.exchange.linked import dataset
from engagement.exchange.relations import tables
from engagement.freshness import Change, Reading, changes, reading
from engagement.models.languages import ENGLISH
from engagement.views.citing import of_register, to_cite
from engagement.web.addresses import site_of
from engagement.web.conditional import NOT_KEPT, marked, unchanged
from engagement.web.limits import limited
from engagement.web.opening import open_to_all
from engagement.web.problems import problem, refused
from engagement.web.streaming import Sent, Streamed

# -- The page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Collection:
    """A directory, how many rows it has, and where they are to be had: names and addresses of files, the API's."""

    directory: Directory
    rows: int
    files: list[tuple[str, str]]
    api: str


@dataclass(frozen=True)
class Archive:
    """What is known of register.zip: `rows` and `size` are None until somebody has asked for it at this revision."""

    tables: int
    rows: int | None = None
    size: int | None = None


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    with reading() as state:
        context = shown(request, state.revision)
        response = render(request, "engagement/data.html", context)
    if context["archive"].rows is None:  # its numbers come with no other revision
        response["Cache-Control"] = NOT_KEPT
    return response


def shown(request: HttpRequest, revision: int) -> dict[str, Any]:
    site = site_of(request)
    day = today()
    told, projects = remembered("activities told", lambda: iati.counts(day), day)
    return {
        "collections": collections(),
        "archive": archive(packages.place(site, revision)),
        "activities": told,
        "projects": projects,
        "revision": revision,
        "newest": newest(revision),
        "limits": settings.LIMITS,
        "most_rows": MOST_XLSX_ROWS,
        "cite": to_cite(of_register(site, revision), get_language() or ENGLISH),
        "linked": dataset(site, revision, packages.introduction(), files_of_all(site)),
    }


def collections() -> list[Collection]:
    rows = remembered("rows of each collection", rows_of_each, datetime.date.today())
    return [
        Collection(each, rows.get(each.name, 0), files_of(each), english(f"api:{each.name}")) for each in DIRECTORIES
    ]


def rows_of_each() -> dict[str, int]:
    """How many rows the directories have, asked for nothing more, by name; one query. An empty one is missing."""
    parts = [
        each.ask(QueryDict())
        .qs.order_by()
        .annotate(data_name=Value(each.name, output_field=CharField()))
        .values("data_name")
        .annotate(data_rows=Count("pk"))
        .values_list("data_name", "data_rows")
        for each in DIRECTORIES
    ]
    return dict(parts[0].union(*parts[1:], all=True))


def files_of(directory: Directory) -> list[tuple[str, str]]:
    files = [(suffix.upper(), english(f"files:{directory.name}", suffix=suffix)) for suffix in FORMATS]
    return [*files, ("Atom", english(f"files:{directory.name}-feed"))]


def files_of_all(site: str) -> list[tuple[str, str, str]]:
    """Name, address and media type of what holds the whole register."""
    return [
        ("Data Package", f"{site}{english('files:register')}", packages.CONTENT_TYPE),
        ("IATI 2.03", f"{site}{english('files:iati-activities')}", iati.CONTENT_TYPE.partition(";")[0]),
    ]


def english(route: str, **arguments: str) -> str:
    """The address of what has no language, on a page in any."""
    with override(ENGLISH):
        return reverse(route, kwargs=arguments)


def archive(path: Path) -> Archive:
    described = packages.described(path)
    if described is None:
        return Archive(number_of_tables())
    resources = described["resources"]
    return Archive(len(resources), sum(each["rows"] for each in resources), path.stat().st_size)


@cache
def number_of_tables() -> int:
    """The models have them: it is the same as long as this process lives."""
    return len(tables())


def newest(revision: int) -> Change | None:
    """The newest change of the register, None where nothing was ever noted."""
    return next(iter(changes(after=revision - 1, limit=1)), None)


# -- The files -------------------------------------------------------------------------------------------------------


@require_safe
@limited("files")
def register(request: HttpRequest) -> HttpResponseBase:
    """The Data Package. HEAD has none made: it says the length where one is kept."""
    if (refusal := refusal_of(request)) is not None:
        return refusal
    with reading() as state:
        if (known := unchanged(request, state.newest)) is not None:
            return open_to_all(known)
        site = site_of(request)
        answer: HttpResponseBase
        if request.method == "HEAD" and not packages.place(site, state.revision).is_file():
            # Streamed, so that no length is claimed.
            answer = StreamingHttpResponse([], content_type=packages.CONTENT_TYPE)
        else:
            answer = Sent(packages.opened(site, state.revision), content_type=packages.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="register-revision-{state.revision}.zip"'
    return open_to_all(marked(answer, request, state.newest))


@require_safe
@limited("files")
def iati_activities(request: HttpRequest) -> HttpResponseBase:
    if (refusal := refusal_of(request)) is not None:
        return refusal
    state = reading()
    try:
        answer = unchanged(request, state.newest) or activities(request, state)
    except BaseException:
        state.close()
        raise
    if not answer.streaming:
        state.close()
    return open_to_all(answer)


def activities(request: HttpRequest, state: Reading) -> HttpResponseBase:
    """The file, or 404: in the standard there is no file without an activity."""
    told, projects = iati.counts(today())
    if not told:
        return problem(404, _("Nothing to tell"), iati.none_told(projects))
    chunks = Streamed(iati.activities(site_of(request), today()), state)
    answer = StreamingHttpResponse(chunks, content_type=iati.CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="iati-activities-revision-{state.revision}.xml"'
    return marked(answer, request, state.newest)


def refusal_of(request: HttpRequest) -> HttpResponseBase | None:
    """400 for a parameter: these files have none."""
    unknown = {name: _("is not a parameter of this file") for name in request.GET}
    return open_to_all(refused(unknown)) if unknown else None


def today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
