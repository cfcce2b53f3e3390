"""What whoever keeps a copy asks from time to time: what has changed since."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from engagement import freshness
from engagement.api.asking import LIMIT, ROW, ask_only
from engagement.api.views import OfCollection, links
from engagement.directories.changing import LAST, changed_since
from engagement.web.addresses import address


class Changes(OfCollection):
    """The keys of what has changed since a revision."""

    parameters = (LIMIT, ROW)
    filters: ClassVar[frozenset[str]] = frozenset()

    def answer(self, request: Request, revision: int = 0, **kwargs: Any) -> Response:
        own = ask_only(request.query_params, self.parameters)
        present = freshness.revision()
        if revision > present:
            raise Http404(f"There is no revision {revision} yet: the present one is {present}.")
        return self.changes(request, revision, present, own)

    def changes(self, request: Request, since: int, present: int, own: dict[str, Any]) -> Response:
        limit = own["limit"]
        # One more than is told, to know whether any follow.
        found = changed_since(self.directory, since, limit + 1, own["row"] or LAST)
        told = found[:limit]
        following = None
        if len(found) > limit:
            path = request.build_absolute_uri(reverse(f"api:{self.directory.name}-changes", args=[told[-1].number]))
            following = address(path, self.said(own | {"row": told[-1].row}))
        results = [{"key": each.key, "number": each.number, "gone": each.gone} for each in told]
        said = {"since": since, "revision": present, "more": following is not None, "next": following}
        return Response(said | {"results": results}, headers=links(next=following))
