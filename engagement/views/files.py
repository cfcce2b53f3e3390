"""The rows of a directory as a file: the same question, the same rows in the same order as its page, all of them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from engagement.directories import Directory
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.searching import PORTION
from engagement.exchange import shelves
from engagement.exchange.exporting import about, file_of_rows
from engagement.exchange.formats import FORMATS, Format
from engagement.freshness import Reading, catch_up, reading
from engagement.web.addresses import site_of, tidied
from engagement.web.conditional import etag_of, marked, unchanged
from engagement.web.limits import limited
from engagement.web.opening import open_to_all
from engagement.web.problems import refused
from engagement.web.streaming import Sent, Streamed


@method_decorator(limited("files"), name="dispatch")
class DirectoryFileView(View):
    """200 with the rows as they are read, 304, or 400 with problem details."""

    directory: Directory = None  # type: ignore[assignment]  # given to as_view() in engagement/file_urls.py
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, suffix: str) -> HttpResponseBase:
        query = tidied(request.GET, tracking=False)
        if query.get("q"):
            catch_up(limit=PORTION)
        state = reading()
        try:
            answer = self._answer(request, FORMATS[suffix], query, state)
        except BaseException:
            state.close()
            raise
        if not answer.streaming or isinstance(answer, FileResponse):
            state.close()
        return open_to_all(answer)

    def _answer(self, request: HttpRequest, form: Format, query: Any, state: Reading) -> HttpResponseBase:
        if (known := unchanged(request, state.newest)) is not None:
            return known
        question = self.directory.ask(query)
        problems = question.problems()
        problems |= {name: _("is not a parameter of a file") for name in question.page_parameters if name in query}
        if problems:
            return refused(problems)
        count = len(question.chosen)
        if form.most is not None and count > form.most:
            return refused({form.suffix: too_long(form, count)})
        return self._file(request, form, question, count, state)

    def _file(
        self, request: HttpRequest, form: Format, question: DirectoryFilterSet, count: int, state: Reading
    ) -> HttpResponseBase:
        response = self._kept(request, form, state) or self._made(request, form, question, count, state)
        response["Content-Disposition"] = f'attachment; filename="{self._name(question, state)}.{form.suffix}"'
        if not self.directory.in_index:
            response["X-Robots-Tag"] = "noindex"
        return marked(response, request, state.newest)

    def _made(
        self, request: HttpRequest, form: Format, question: DirectoryFilterSet, count: int, state: Reading
    ) -> HttpResponseBase:
        site = site_of(request)
        said = about(self.directory, question, count, state.revision, site)
        chunks = file_of_rows(form, said, self.directory, question, site)
        if (place := self._place(request, form, state)) is not None and request.method == "GET":
            chunks = shelves.Copied(chunks, place, self._series(form))
        return StreamingHttpResponse(Streamed(chunks, state), content_type=form.content_type)

    def _kept(self, request: HttpRequest, form: Format, state: Reading) -> HttpResponseBase | None:
        place = self._place(request, form, state)
        file = shelves.opened(place) if place is not None else None
        return Sent(file, content_type=form.content_type) if file is not None else None

    def _place(self, request: HttpRequest, form: Format, state: Reading) -> Path | None:
        """Where the file is kept for whoever asks next: that of all rows, which many load again and again. Not that of
        persons, who may be gone from the register before the next file of them is made."""
        if request.META.get("QUERY_STRING") or not (settings.PAGE_CACHE and self.directory.in_index):
            return None
        tag = etag_of(request, state.newest).strip('W/"')
        return shelves.folder() / f"{self._series(form)}{tag}.{form.suffix}"

    def _series(self, form: Format) -> str:
        return f"{self.directory.name}-{form.suffix}-"

    def _name(self, question: DirectoryFilterSet, state: Reading) -> str:
        day = f"-on-{question.day.isoformat()}" if question.day else ""
        return f"{self.directory.name}{day}-revision-{state.revision}"


def too_long(form: Format, count: int) -> str:
    said = _("holds at most %(most)s rows, these are %(count)s; CSV and JSON hold any number")
    return said % {"most": form.most, "count": count}
