"""Figures for Prometheus, for whoever knows the token."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from engagement.web.observing.metrics import exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without METRICS_TOKEN, and for anyone whose `Authorization: Bearer …` is not that: nobody need know of it."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    is_right = scheme.lower() == "bearer" and constant_time_compare(given, settings.METRICS_TOKEN)
    if not settings.METRICS_TOKEN or not is_right:
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
