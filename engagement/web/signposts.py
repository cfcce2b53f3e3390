"""Addresses of organizations that were merged into others: they lead on, for good as far as anybody can tell."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from engagement.desk.models import Signpost

View = Callable[..., HttpResponse]


def signposted(view: View) -> View:
    """Where the view finds no organization with the slug, lead to the one that it was merged into."""

    @wraps(view)
    def leading(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except Http404:
            if answer := led_on(request, "slug"):
                return answer
            raise

    return leading


def led_on(request: HttpRequest, argument: str) -> HttpResponse | None:
    """The same address of the one that the organization named by `argument` was merged into; None if it was not."""
    match = request.resolver_match
    assert match is not None
    target = Signpost.objects.target_of(match.kwargs[argument])
    if not target:
        return None
    query = request.META.get("QUERY_STRING", "")
    path = reverse(match.view_name, kwargs={**match.kwargs, argument: target})
    answer = HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
    answer["Cache-Control"] = "no-cache"  # a merge may be undone, and then the address is its own again
    return answer
