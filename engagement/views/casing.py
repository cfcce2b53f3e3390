"""Slugs are lower case and codes upper case; the other case redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

View = Callable[..., HttpResponse]


def written(fold: Callable[[str], str]) -> Callable[[View], View]:
    """Redirect to the address whose arguments are folded, if they are not; keep the query."""

    def decorate(view: View) -> View:
        @wraps(view)
        def folded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            right = {name: fold(value) for name, value in kwargs.items()}
            if right == kwargs:
                return view(request, **kwargs)
            match = request.resolver_match
            assert match is not None
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(
                reverse(match.view_name, kwargs=right) + (f"?{query}" if query else "")
            )

        return folded

    return decorate


lower_case = written(str.lower)
upper_case = written(str.upper)
