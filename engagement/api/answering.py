"""How the API answers, whatever it is asked: open to all, within the limits, what goes wrong as problem details."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.log import log_response
from rest_framework.exceptions import APIException
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from engagement.api.asking import Refused
from engagement.directories.searching import PORTION
from engagement.freshness import catch_up
from engagement.web.conditional import by_revision
from engagement.web.limits import limited
from engagement.web.opening import open_to_all, preflight
from engagement.web.problems import problem, refused

View = Callable[..., HttpResponseBase]


def as_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to what a view raises; None for what was not foreseen (settings.REST_FRAMEWORK)."""
    if isinstance(error, Refused):
        return refused(error.problems)
    if isinstance(error, Http404):
        return problem(404, "Not found", str(error))
    if isinstance(error, APIException):
        return problem(error.status_code, HTTPStatus(error.status_code).phrase, str(error.detail))
    return None


def opened(view: View) -> View:
    """Whatever the view answers, a script of another site may read it."""

    @wraps(view)
    def readable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return open_to_all(view(request, *args, **kwargs))

    return readable


def never_failing(view: View) -> View:
    """What was not foreseen is noted as Django notes it, and answered as problem details and not as a page."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except SuspiciousOperation:
            return problem(400, "Not understood", "The request cannot be read.")
        except Exception as error:  # noqa: BLE001  (it is logged, as Django logs it)
            got_request_exception.send(sender=None, request=request)
            failed = problem(500, "Internal server error", "The fault is on our side and has been noted.")
            said = ("%s: %s", "Internal Server Error", request.path)
            log_response(*said, response=failed, request=request, exception=error)
            return failed

    return answering


class ByParameter(BaseContentNegotiation):
    """The form of an answer is in its address (`format`), so that one address has one answer, whatever is accepted."""

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str | None = None) -> Any:
        wanted = request.query_params.get("format")
        chosen = next((each for each in renderers if each.format == wanted), renderers[0])
        return chosen, chosen.media_type


@method_decorator([opened, never_failing, limited("api")], name="dispatch")
class ApiView(APIView):
    """A view that is read. What `answer()` gives is of one state of the data; a 304 where that has not changed."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = ByParameter

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Without the `Vary: Accept` of REST framework: the format is asked for by a parameter."""
        return {"Allow": ", ".join(self.allowed_methods)}

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        if request.query_params.get("q"):
            catch_up(limit=PORTION)
        return by_revision(self.answer)(request, **kwargs)

    def answer(self, request: Request, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError

    def options(self, request: Request, **kwargs: Any) -> HttpResponse:
        return preflight(self.allowed_methods)
