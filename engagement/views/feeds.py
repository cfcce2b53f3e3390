"""Atom feeds: what changed last among the rows that answer a question, and what changed on the page of one record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from engagement.directories import Directory
from engagement.directories.editing import edits
from engagement.directories.page_edits import entries_about
from engagement.directories.searching import PORTION
from engagement.exchange.feeds import Feed, atom, items_about, items_of
from engagement.freshness import Newest, catch_up, reading
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
from engagement.models.base import Record
from engagement.models.paths import path_of
from engagement.web.addresses import address, site_of, tidied
from engagement.web.conditional import marked, unchanged
from engagement.web.limits import limited
from engagement.web.opening import open_to_all
from engagement.web.problems import problem, refused
from engagement.web.signposts import led_on

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
# Entries of a feed.
MOST = 100
# The models whose records have a page of their own.
WITH_FEEDS = (
    Organization, Country, Project, Programme, Instrument, Meeting, Source, ConsultativeCategory, ActorGroup,
)  # fmt: skip


@method_decorator(limited("files"), name="dispatch")
class FeedView(View):
    """200 with the feed, 304, or problem details."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        if request.GET.get("q"):
            catch_up(limit=PORTION)
        with reading() as state:
            known = unchanged(request, state.newest)
            return open_to_all(known or self.answer(request, state.newest, **kwargs))

    def answer(self, request: HttpRequest, newest: Newest, **kwargs: str) -> HttpResponseBase:
        raise NotImplementedError

    def written(self, request: HttpRequest, newest: Newest, feed: Feed) -> HttpResponse:
        return marked(HttpResponse(atom(feed), content_type=CONTENT_TYPE), request, newest)


class DirectoryFeedView(FeedView):
    """The rows that answer the question of a list, those that changed last first, whatever its order."""

    directory: Directory = None  # type: ignore[assignment]  # given to as_view() in engagement/file_urls.py

    def answer(self, request: HttpRequest, newest: Newest, **kwargs: str) -> HttpResponseBase:
        query = tidied(request.GET, tracking=False)
        question = self.directory.ask(query)
        problems = question.problems()
        problems |= {name: "is not a parameter of a feed" for name in question.page_parameters if name in query}
        if problems:
            return refused(problems)
        site, asked = site_of(request), [pair for pair in question.of_rows() if pair[0] != "sort"]
        feed = Feed(
            f"{self.directory.title}: what changed last",
            site + address(request.path, asked),
            site + address(reverse(f"engagement:{self.directory.name}"), asked),
            newest.at,
            tuple(items_of(self.directory, question, MOST, site)),
        )
        response = self.written(request, newest, feed)
        if not self.directory.in_index:
            response["X-Robots-Tag"] = "noindex"
        return response


class RecordFeedView(FeedView):
    """The edits of a record and of the facts that stand on its page."""

    model: Any = None  # given to as_view() in engagement/file_urls.py

    def answer(self, request: HttpRequest, newest: Newest, **kwargs: str) -> HttpResponseBase:
        if request.GET:
            return refused(dict.fromkeys(request.GET, "is not a parameter of this feed"))
        [key] = kwargs.values()
        record = self.model.objects.published().filter(**{self.model.key_field: key}).first()
        if record is None:
            if self.model is Organization and (leading := led_on(request, "slug")):
                return leading
            return problem(404, "Not found", f"There is no {self.model._meta.verbose_name} “{key}”.")
        site = site_of(request)
        page = site + record.get_absolute_url()
        items = tuple(items_about(edits(entries_about(record, MOST)), page, site))
        feed = Feed(f"{record}: changes of the record", site + request.path, page, newest.at, items)
        return self.written(request, newest, feed)


def feed_url_of(record: Record) -> str:
    """Where the edits of a record are a feed; '' for one without."""
    if not isinstance(record, WITH_FEEDS):
        return ""
    return path_of(f"files:{record.places[0].route}-feed", *record.natural_key())
