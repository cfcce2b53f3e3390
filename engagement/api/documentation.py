"""The description of the API, for programs and for readers."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from engagement import freshness
from engagement.api.answering import ApiView
from engagement.api.asking import LIMIT, ask_only
from engagement.api.description import PROBLEMS, Description
from engagement.api.mirroring import Changes
from engagement.api.schemas import name_of_row
from engagement.api.views import Collection, OfCollection
from engagement.api.wording import shown, value_in_words
from engagement.directories import DIRECTORIES
from engagement.directories.questions import DirectoryFilterSet
from engagement.web.addresses import site_of


class Schema(ApiView):
    """OpenAPI 3.1, for programs."""

    schema = None

    def answer(self, request: Request, **kwargs: Any) -> Response:
        ask_only(request.query_params)
        return Response(Description().get_schema())


class Documentation(ApiView):
    """How the API is used."""

    schema = None
    renderer_classes = [TemplateHTMLRenderer]

    def answer(self, request: Request, **kwargs: Any) -> Response:
        ask_only(request.query_params)
        context = {
            "site": site_of(request),
            "collections": [(each, reverse(f"api:{each.name}-documentation")) for each in DIRECTORIES],
            "problems": [(status, description) for status, (_name, description) in PROBLEMS.items()],
            "limit": LIMIT,
            "most": settings.LIMITS["api"],
        }
        return Response(context, template_name="api/documentation.html")


class CollectionDocumentation(OfCollection):
    """What may be asked of one collection, and what is answered: its part of the description, with real answers."""

    schema = None
    renderer_classes = [TemplateHTMLRenderer]

    def answer(self, request: Request, **kwargs: Any) -> Response:
        ask_only(request.query_params)
        description = Description(directory=self.directory)
        document = description.get_schema()
        question = description.registry.question(self.directory)
        told = zip(document["paths"].items(), self.examples(request, question), strict=True)
        operations = [shown(path, methods["get"], document, *example) for (path, methods), example in told]
        rows = document["components"]["schemas"][name_of_row(self.directory)]["properties"]
        columns = [(name, value_in_words(schema), schema["description"]) for name, schema in rows.items()]
        context = {"directory": self.directory, "operations": operations, "columns": columns}
        return Response(context, template_name="api/collection.html")

    def examples(self, request: Request, question: DirectoryFilterSet) -> Iterator[tuple[str, Any]]:
        """Of each of the collection's operations a request and its answer, in the order of their addresses.

        Of what is kept out of search engines no answer is shown: it stands on its own page and nowhere else.
        """
        if not self.directory.in_index:
            yield from [("", None)] * 3
            return
        name, one = self.directory.name, QueryDict("limit=1")
        rows = Collection(directory=self.directory).page(request, question, ask_only(one, Collection.parameters)).data
        yield f"{reverse(f'api:{name}')}?limit=1", rows
        row = next(iter(rows["results"]), None)
        yield (reverse(f"api:{name}-record", args=[row["key"]]), row) if row else ("", None)
        own = ask_only(one, Changes.parameters)
        changes = Changes(directory=self.directory).changes(request, 0, freshness.revision(), own).data
        yield f"{reverse(f'api:{name}-changes', args=[0])}?limit=1", changes
