"""Snapshots: what is kept for citing, at addresses that never answer with other rows (docs/adr/0009-snapshots.md)."""

from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from engagement.directories.columns import Kind
from engagement.directories.filters import Vocabulary
from engagement.directories.questions import Question
from engagement.directories.searching import PORTION
from engagement.exchange.encodings import cell
from engagement.exchange.formats import FORMATS
from engagement.exchange.keeping import KEPT, KeptOtherwise, NotKept, keep_for_reader, rows_in
from engagement.freshness import catch_up, revision
from engagement.models import Snapshot
from engagement.models.dates import day_label
from engagement.models.snapshots import with_query
from engagement.views.citing import of_snapshot, to_cite
from engagement.views.facets import chips_of, facets_of
from engagement.views.paging import page_of, pager_of
from engagement.views.snapshot_addresses import TITLES, Asked, Moment, problems_of, title_of
from engagement.web.addresses import address, pairs_of, site_of, tidied
from engagement.web.limits import limited

# Rows and columns that a page shows of a snapshot; its files have them all.
SHOWN_ROWS, SHOWN_COLUMNS = 25, 5
OF_ADDRESSES = (Kind.PAGE, Kind.URL)
# Of the form that keeps.
FIELDS = ("collection", "query")
LIST = "engagement/snapshots/list.html"


# -- One snapshot ----------------------------------------------------------------------------------------------------


@require_safe
def snapshot(request: HttpRequest, moment: Moment, collection: str) -> HttpResponse:
    """Its page; a redirect from a day or from another order of parameters; 400, 404 or 410 in words."""
    asked = Asked(moment, collection, tidied(request.GET))
    kept = asked.kept
    if kept is None:
        return missing(request, asked)
    if request.get_full_path() != kept.get_absolute_url():
        return HttpResponseRedirect(kept.get_absolute_url())
    context = {"snapshot": kept, "title": title_of(kept)}
    if kept.is_withdrawn:
        return render(request, "engagement/snapshots/withdrawn.html", context, status=410)
    cite = to_cite(of_snapshot(kept, asked.question, site_of(request)), get_language() or "")
    return render(request, "engagement/snapshots/detail.html", context | shown(kept) | {"cite": cite})


def shown(kept: Snapshot) -> dict[str, Any]:
    """What the page shows of its content, and where the same question is answered today."""
    rows = [] if kept.is_whole else [[str(cell(value)) for value in row] for row in islice(rows_in(kept), SHOWN_ROWS)]
    places = telling(kept, rows)
    return {
        "files": files_of(kept),
        "head": [kept.columns[place][0] for place in places],
        "rows": [[row[place] for place in places] for row in rows],
        "today": today_of(kept.collection, kept.query),
    }


def telling(kept: Snapshot, rows: list[list[str]]) -> list[int]:
    """The first columns in which these rows say something to readers: neither addresses nor languages."""
    found = (
        place
        for place, (name, kind, _says) in enumerate(kept.columns)
        if kind not in OF_ADDRESSES and not name.endswith("_lang") and any(row[place] for row in rows)
    )
    return list(islice(found, SHOWN_COLUMNS))


def files_of(kept: Snapshot) -> list[tuple[str, str]]:
    if kept.is_whole:
        return [("register.zip", kept.file_path())]
    return [(suffix.upper(), kept.file_path(suffix)) for suffix in FORMATS]


def missing(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What was not kept: 404 with what was, and the way to keep it while the register still says it.

    404 on the page too: nothing can be cited by this address yet, and whoever checks citations should see that.
    """
    if asked.title is None:
        raise Http404(_("No snapshots are kept under this name."))
    if asked.problems:
        return render(request, "engagement/refusal.html", {"problems": asked.problems}, status=400)
    present = revision()
    context = {
        "asked": asked,
        "is_present": asked.moment == present,
        "why": why_missing(asked.moment, present),
        "directory": KEPT.get(asked.collection),
        "query": asked.canonical,
        "today": today_of(asked.collection, asked.canonical),
        "nearest": [(each, title_of(each)) for each in asked.nearest],
    }
    return render(request, "engagement/snapshots/missing.html", context, status=404)


def why_missing(moment: Moment, present: int) -> str:
    if not isinstance(moment, int):
        return _("These rows were not kept on %(day)s or before it.") % {"day": day_label(moment)}
    numbers = {"asked": moment, "present": present}
    if moment > present:
        return _("The register has not come to revision %(asked)s: it is at %(present)s.") % numbers
    if moment == present:
        return _("Nobody has kept these rows at revision %(asked)s, which is the present one.") % numbers
    return _("These rows were not kept at revision %(asked)s, and what was not kept cannot be given back.") % numbers


def today_of(collection: str, query: str) -> str:
    """Where the same question is answered today; '' where the collection is no more."""
    return with_query(reverse(f"engagement:{collection}"), query) if collection in KEPT else ""


# -- What is kept, and keeping ---------------------------------------------------------------------------------------


class SnapshotsQuestion(Question):
    """What is asked of the list: snapshots of which collections, all if none is named."""

    collection = Vocabulary(choices=tuple(TITLES.items()), label=gettext_lazy("Collection"))

    page_parameters = ("page",)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, Snapshot.objects.listed())
        self.filters["collection"].read_vocabulary()


# Exempt, as nothing is done in anyone's name: who keeps needs no account and no cookie, and to keep twice is to keep
# once. A form of another site can do no more with a reader's browser than it could without one.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def snapshots(request: HttpRequest) -> HttpResponseBase:
    return keep(request) if request.method == "POST" else listed(request)


def listed(request: HttpRequest) -> HttpResponse:
    """A page of what is kept, a 400 that names what is wrong, or a redirect to the canonical address."""
    query = tidied(request.GET)
    question = SnapshotsQuestion(query)
    if problems := question.problems():
        return refusal(request, question, problems)
    canonical = address(request.path, question.canonical())
    if canonical != address(request.path, pairs_of(request.GET)):
        return HttpResponseRedirect(canonical)
    page, wrong = page_of(question.qs, query)
    if wrong:
        return refusal(request, question, {"page": wrong})
    context = {
        "page": page,
        "total": page.paginator.count,
        "pager": pager_of(page, urlencode([pair for pair in question.canonical() if pair[0] != "page"])),
        "rows": [(each, title_of(each)) for each in page],
    }
    return render(request, LIST, context | asked_of(request, question))


def refusal(request: HttpRequest, question: SnapshotsQuestion, problems: dict[str, str]) -> HttpResponse:
    return render(request, LIST, {"problems": problems, "total": 0, **asked_of(request, question)}, status=400)


def asked_of(request: HttpRequest, question: SnapshotsQuestion) -> dict[str, Any]:
    return {"facets": facets_of(question, {}), "chips": chips_of(question, request.path)}


@limited("forms")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the rows of `collection` that answer `query`; then to the snapshot, or the reason why there is none."""
    directory = KEPT.get(request.POST.get("collection", ""))
    problems = problems_of_form(request)
    if directory is None or problems:
        return render(request, "engagement/refusal.html", {"problems": problems}, status=400)
    question = directory.ask(tidied(QueryDict(request.POST.get("query", "")), tracking=False))
    if problems := problems_of(question):
        return render(request, "engagement/refusal.html", {"problems": problems}, status=400)
    if question.data.get("q"):
        catch_up(limit=PORTION)
    try:
        kept = keep_for_reader(directory, question, site_of(request))
    except NotKept as why:
        return render(request, "engagement/snapshots/refused.html", {"why": why}, status=why.status)
    except KeptOtherwise as other:
        context = {"snapshot": other.kept, "has_day": "on" in question.filters}
        return render(request, "engagement/snapshots/refused.html", context, status=409)
    return HttpResponseRedirect(kept.get_absolute_url(), status=303)


def problems_of_form(request: HttpRequest) -> dict[str, str]:
    found = {name: _("is not a field of this form") for name in (*request.GET, *request.POST) if name not in FIELDS}
    found |= {name: _("is given more than once") for name in FIELDS if len(request.POST.getlist(name)) > 1}
    collection = request.POST.get("collection", "")
    if collection not in KEPT:
        found["collection"] = _("“%(name)s” is none of which snapshots are kept") % {"name": collection}
    return found
