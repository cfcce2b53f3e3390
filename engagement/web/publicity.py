"""What each route says of its answers: whom they are for, and who may keep them.

Every route is declared, be it as `private`; `tests/web/test_publicity.py` goes through all of them. Those of the admin
are private without a word.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from engagement.directories.searching import PORTION
from engagement.freshness import catch_up
from engagement.web.conditional import NOT_KEPT, by_revision

View = Callable[..., HttpResponseBase]

ATTRIBUTE = "publicity"
PUBLIC, BESIDE_THE_LOG, PRIVATE = "public", "beside the log", "private"
NO_STORE = "no-store"


def public(view: View) -> View:
    """The answer is a function of the release, the settings, the day, the register and the address, of nothing else.

    It is made of one state of the data; nothing may be written meanwhile, so what is searched catches up before.
    """
    answering = by_revision(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("q"):
            catch_up(limit=PORTION)
        return answering(request, *args, **kwargs)

    return declared(answer, PUBLIC)


def marking_itself(view: View) -> View:
    """Public too, and the view answers by revision itself: files, feeds, the API."""
    return declared(view, PUBLIC)


def beside_the_log(view: View) -> View:
    """For everybody, but of tables whose changes the revision does not tell: it is asked for anew each time."""
    return saying(view, NOT_KEPT, BESIDE_THE_LOG)


def private(view: View) -> View:
    """With a form, a secret, something of one person, or the state of this very moment: nobody may keep it."""
    return saying(view, NO_STORE, PRIVATE)


def saying(view: View, cache_control: str, publicity: str) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", cache_control)
        return response

    return declared(answer, publicity)


def declared(view: View, publicity: str) -> View:
    setattr(view, ATTRIBUTE, publicity)
    return view


def publicity_of(request: HttpRequest) -> str:
    """What the route of the request was declared; PRIVATE without a declaration, '' where no route answered."""
    match = request.resolver_match
    return getattr(match.func, ATTRIBUTE, PRIVATE) if match else ""
