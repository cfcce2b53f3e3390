"""The addresses of the reconciliation service. All are read: a POST is only a long question."""

from typing import Any, ClassVar

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from engagement import freshness
from engagement.api.answering import ApiView
from engagement.api.reconciliation import suggesting
from engagement.api.reconciliation.asked import (
    Batch,
    Extension,
    of_form,
    of_json,
    parameters,
    types_of,
    whole,
    wrong,
)
from engagement.api.reconciliation.entities import TYPES, Type, identified, merged
from engagement.api.reconciliation.extending import extended
from engagement.api.reconciliation.manifest import manifest
from engagement.api.reconciliation.matching import answers
from engagement.api.reconciliation.previewing import facts
from engagement.api.reconciliation.properties import ALL, OF_TYPE
from engagement.directories.searching import PORTION
from engagement.web.addresses import site_of

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# What OpenRefine's input sends along from the days of Freebase; it changes nothing.
OF_THE_INPUT = frozenset(
    {"key", "filter", "spell", "exact", "lang", "scoring", "prefixed", "stemmed", "format", "mql_output", "output"}
)


class TooLarge(APIException):
    status_code = 413
    default_detail = f"A request may hold at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes."


class Reconcile(ApiView):
    """The endpoint: the manifest, or the answer to a batch of queries or to an extension."""

    schema = None
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: Request, **kwargs: Any) -> Any:
        if request.query_params:
            freshness.catch_up(limit=PORTION)
        return super().get(request, **kwargs)

    def answer(self, request: Request, **kwargs: Any) -> Response:
        asked = of_form(request.query_params)
        return Response(manifest(site_of(request)) if asked is None else answer_to(asked, site_of(request)))

    def post(self, request: Request) -> Response:
        asked = of_body(request)
        freshness.catch_up(limit=PORTION)
        with freshness.reading() as reading:
            said = answer_to(asked, site_of(request))
        return Response(said, headers={"X-Data-Revision": str(reading.revision)})


def of_body(request: Request) -> Batch | Extension:
    kind = request.content_type.partition(";")[0].strip().lower()
    if kind not in (FORM, JSON):
        raise UnsupportedMediaType(kind, f"The body is {kind or 'of no type'}; it may be {FORM} or {JSON}.")
    try:
        body: bytes = request.body
    except RequestDataTooBig as error:
        raise TooLarge from error
    asked = of_json(body) if kind == JSON else of_form(QueryDict(body))
    if asked is None:
        raise wrong("queries", "is not given, nor is extend")
    return asked


def answer_to(asked: Batch | Extension, site: str) -> dict[str, Any]:
    return extended(asked, site) if isinstance(asked, Extension) else answers(asked)


# -- Suggestions ----------------------------------------------------------------------------------------------------


class Suggesting(ApiView):
    """What begins with `prefix`, of the type if one is asked for, after the first `cursor`."""

    schema = None
    asked: ClassVar[frozenset[str]] = frozenset({"prefix", "cursor", "type", "type_strict"})

    def answer(self, request: Request, **kwargs: Any) -> Response:
        given = parameters(request.query_params, self.asked | OF_THE_INPUT)
        if "prefix" not in given:
            raise wrong("prefix", "is not given")
        cursor = whole(given.get("cursor") or 0, "cursor", 0)
        types = types_of(given["type"], "type") if given.get("type") else ()
        return Response({"result": self.suggested(given["prefix"], types, cursor)})

    def suggested(self, prefix: str, types: tuple[Type, ...], cursor: int) -> list[Any]:
        raise NotImplementedError


class SuggestEntity(Suggesting):
    def get(self, request: Request, **kwargs: Any) -> Any:
        freshness.catch_up(limit=PORTION)
        return super().get(request, **kwargs)

    def suggested(self, prefix: str, types: tuple[Type, ...], cursor: int) -> list[Any]:
        return suggesting.entities(prefix, types or tuple(TYPES.values()), cursor)


class SuggestType(Suggesting):
    def suggested(self, prefix: str, types: tuple[Type, ...], cursor: int) -> list[Any]:
        return suggesting.types(prefix, cursor)


class SuggestProperty(Suggesting):
    def suggested(self, prefix: str, types: tuple[Type, ...], cursor: int) -> list[Any]:
        known = OF_TYPE[types[0].id] if types else ALL
        return suggesting.properties(prefix, known, cursor)


class Properties(ApiView):
    """The properties proposed for extension: all of a type, or the first `limit`; of all types where none is named."""

    schema = None

    def answer(self, request: Request, **kwargs: Any) -> Response:
        given = parameters(request.query_params, ("type", "limit"))
        of_type = given.get("type", "")
        types = types_of(of_type, "type") if of_type else ()
        known = OF_TYPE[types[0].id] if types else ALL
        limit = whole(given["limit"], "limit", 1) if given.get("limit") else None
        said = {"type": of_type, "properties": [each.said for each in known.values()][:limit]}
        return Response(said if limit is None else said | {"limit": limit})


# -- One record -----------------------------------------------------------------------------------------------------


class OfRecord(ApiView):
    """What is asked of one record, by its identifier."""

    schema = None

    def found(self, request: Request) -> tuple[Type, Any]:
        given = parameters(request.query_params, ("id",))
        if not given.get("id"):
            raise wrong("id", "is not given")
        asked = given["id"]
        found = identified([asked]).get(asked) or next(iter(identified(merged([asked]).values()).values()), None)
        if found is None:
            raise Http404("The register has no record with this identifier.")
        return found


class View(OfRecord):
    """To the page of the record."""

    def answer(self, request: Request, **kwargs: Any) -> HttpResponse:
        _of_type, record = self.found(request)
        return HttpResponseRedirect(record.get_absolute_url())


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"], "script-src": [NONE]})], "dispatch")
class Preview(OfRecord):
    """A small page to be shown in a frame of the client: the only one of the site that may."""

    renderer_classes = [TemplateHTMLRenderer]

    def answer(self, request: Request, **kwargs: Any) -> Response:
        of_type, record = self.found(request)
        (row,) = of_type.in_full(pk=record.pk)
        url = site_of(request) + record.get_absolute_url()
        name = of_type.names_of(record)[0][1]
        context = {"type": of_type.name, "name": name, "url": url, "facts": facts(of_type, row)}
        return Response(context, template_name="api/reconciliation/preview.html")
