"""The files of snapshots: what was kept, byte for byte or in another format, and never anything else."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from engagement.exchange.formats import FORMATS
from engagement.exchange.keeping import ARCHIVE, AS_KEPT, file_name, file_of
from engagement.models import Snapshot
from engagement.models.snapshots import WHOLE
from engagement.views.files import too_long
from engagement.views.snapshot_addresses import Asked, Moment
from engagement.web.addresses import tidied
from engagement.web.limits import limited
from engagement.web.opening import open_to_all
from engagement.web.problems import problem, refused

TYPES = {suffix: form.content_type for suffix, form in FORMATS.items()} | {ARCHIVE: "application/zip"}
FOR_GOOD = "public, max-age=31536000, immutable"


@limited("files")
@require_safe
def snapshot_file(request: HttpRequest, moment: Moment, collection: str, suffix: str) -> HttpResponseBase:
    """200 with the rows, 304, a redirect from a day; problem details for 400, 404 and 410."""
    asked = Asked(moment, collection, tidied(request.GET, tracking=False))
    if (suffix == ARCHIVE) is not (collection == WHOLE):
        answer: HttpResponseBase = problem(404, "Not found", f"{collection} is not kept as {suffix.upper()}.")
    elif asked.kept is None:
        answer = missing(request, asked, suffix)
    elif not isinstance(moment, int):
        answer = HttpResponseRedirect(asked.kept.file_path(suffix))
    else:
        answer = file(request, asked.kept, suffix)
    answer["X-Robots-Tag"] = "noindex"
    return open_to_all(answer)


def file(request: HttpRequest, kept: Snapshot, suffix: str) -> HttpResponseBase:
    if kept.is_withdrawn:
        detail = f"Withdrawn on {kept.withdrawn_at:%Y-%m-%d}: {kept.withdrawn_reason}"
        return problem(410, "Withdrawn", detail, sha256=kept.sha256)
    form = FORMATS.get(suffix)
    if form and form.most is not None and kept.rows > form.most:
        return refused({suffix: too_long(form, kept.rows)})
    etag = f'"{kept.sha256}"' if suffix in AS_KEPT else f'W/"{kept.sha256}-{suffix}"'
    response = get_conditional_response(request, etag=etag) or sent(kept, suffix)
    response["ETag"], response["Cache-Control"] = etag, FOR_GOOD
    response["X-Data-Revision"] = str(kept.revision)
    return response


def sent(kept: Snapshot, suffix: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(file_of(kept, suffix), content_type=TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="{file_name(kept, suffix)}"'
    if suffix in AS_KEPT:
        response["Content-Length"] = str(kept.size)
    return response


def missing(request: HttpRequest, asked: Asked, suffix: str) -> HttpResponse:
    """404 with the addresses of the nearest that were kept; 400 for a query that no rows can answer."""
    if asked.title is None:
        return problem(404, "Not found", f"No snapshots are kept of “{asked.collection}”.")
    if asked.problems:
        return refused(asked.problems)
    nearest = [request.build_absolute_uri(each.file_path(suffix)) for each in asked.nearest]
    detail = "These rows were not kept. " + (
        "The nearest that were stand in “nearest”." if nearest else f"What is kept: {reverse('engagement:snapshots')}"
    )
    return problem(404, "Not kept", detail, nearest=nearest)
