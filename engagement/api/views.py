"""What the API answers. One class for all collections; what they are is theirs to say (engagement/directories/)."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from engagement import freshness
from engagement.api.answering import ApiView
from engagement.api.asking import FORMAT, LIMIT, OFFSET, SINCE, Parameter, ask, ask_only
from engagement.directories import DIRECTORIES, Directory
from engagement.directories.questions import CANONICAL_ORDER, DirectoryFilterSet
from engagement.exchange.exporting import objects
from engagement.exchange.formats import FORMATS, About
from engagement.models import Organization
from engagement.web.addresses import address, site_of
from engagement.web.signposts import led_on

# Of itself a CSV file says nothing.
NOTHING = About("", 0, 0)


class CSVRenderer(BaseRenderer):
    """The rows of a page of a collection as the collection's file has them."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        columns = renderer_context["view"].directory.columns
        return b"".join(FORMATS["csv"].write(NOTHING, columns, [list(row.values()) for row in data["results"]]))


class Index(ApiView):
    """Where everything is."""

    def answer(self, request: Request, **kwargs: Any) -> Response:
        ask_only(request.query_params)
        return Response(
            {
                "revision": freshness.revision(),
                "documentation": request.build_absolute_uri(reverse("api:documentation")),
                "schema": request.build_absolute_uri(reverse("api:schema")),
                "reconciliation": request.build_absolute_uri(reverse("api:reconcile")),
                "collections": [
                    {
                        "name": each.name,
                        "title": str(each.title),
                        "url": request.build_absolute_uri(reverse(f"api:{each.name}")),
                        "page": request.build_absolute_uri(reverse(f"engagement:{each.name}")),
                    }
                    for each in DIRECTORIES
                ],
            }
        )


class OfCollection(ApiView):
    """A view of one collection. `filters`: which of its filters may be asked here, None for all."""

    directory: Directory = None  # type: ignore[assignment]  # given to as_view() in engagement/api/urls.py
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    filters: ClassVar[frozenset[str] | None] = None

    @property
    def default_response_headers(self) -> dict[str, str]:
        robots = {} if self.directory.in_index else {"X-Robots-Tag": "noindex"}
        return {**super().default_response_headers, **robots}

    @property
    def asked_by(self) -> list[str]:
        """The filters that may be asked here, in their canonical order."""
        names = self.directory.filterset.base_filters
        taken = names if self.filters is None else self.filters & set(names)
        return sorted(taken, key=CANONICAL_ORDER.index)

    def asked(self, request: Request) -> tuple[DirectoryFilterSet, dict[str, Any]]:
        return ask(self.directory, request.query_params, self.parameters, self.asked_by)

    def said(self, own: dict[str, Any]) -> list[tuple[str, str]]:
        """The own parameters in their canonical form: in order, defaults left out."""
        return [(each.name, str(own[each.name])) for each in self.parameters if own[each.name] != each.default]


class Collection(OfCollection):
    """The rows that answer a question: those of the page, in its order."""

    parameters = (LIMIT, OFFSET, FORMAT)
    renderer_classes = [JSONRenderer, CSVRenderer]

    def answer(self, request: Request, **kwargs: Any) -> HttpResponse:
        if SINCE.name in request.query_params:
            return self.changes(request)
        question, own = self.asked(request)
        return self.page(request, question, own)

    def changes(self, request: Request) -> HttpResponse:
        """Asked `?since=` a revision, with at most a `limit` beside it: led to the address of the changes."""
        own = ask_only(request.query_params, (SINCE, LIMIT))
        path = reverse(f"api:{self.directory.name}-changes", args=[own[SINCE.name]])
        beside = [(LIMIT.name, str(own[LIMIT.name]))] if own[LIMIT.name] != LIMIT.default else []
        return HttpResponseRedirect(address(path, beside))

    def page(self, request: Request, question: DirectoryFilterSet, own: dict[str, Any]) -> Response:
        count, limit, offset = len(question.chosen), own["limit"], own["offset"]

        def at(offset: int) -> str:
            pairs = question.canonical() + self.said(own | {"offset": offset})
            return address(request.build_absolute_uri(reverse(f"api:{self.directory.name}")), pairs)

        following = at(offset + limit) if offset + limit < count else None
        preceding = at(max(0, min(offset, count) - limit)) if offset and count else None
        results = objects(self.directory, question, question.page(offset, offset + limit), site_of(request))
        said = {"count": count, "next": following, "previous": preceding, "results": results}
        return Response(said, headers=links(next=following, prev=preceding))


class Record(OfCollection):
    """One row by its key."""

    filters = frozenset({"on"})

    def answer(self, request: Request, key: str = "", **kwargs: Any) -> HttpResponse:
        question, _own = self.asked(request)
        rows = question.qs
        keys = rows.filter(**{rows.model.key_field: key}).values_list("pk", flat=True)[:1]
        found = objects(self.directory, question, keys, site_of(request))
        if not found:
            if rows.model is Organization and (leading := led_on(request, "key")):
                return leading
            day = f" on {question.day.isoformat()}" if question.day else ""
            raise Http404(f"There is no “{key}” among the {self.directory.name}{day}.")
        return Response(found[0])


class Unknown(ApiView):
    """Any other address."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404(f"There is nothing at this address. What there is stands at {reverse('api:index')}.")


def links(**addresses: str | None) -> dict[str, str]:
    """The Link header (RFC 8288) with the addresses that there are, by relation."""
    found = [f'<{url}>; rel="{relation}"' for relation, url in addresses.items() if url]
    return {"Link": ", ".join(found)} if found else {}
