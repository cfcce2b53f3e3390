"""The answer of a file whose address is not understood."""

from django.http import JsonResponse
from django.utils.translation import gettext as _


def refused(problems: dict[str, str]) -> JsonResponse:
    """400 with what is wrong, by parameter, as problem details (RFC 9457)."""
    details = {"title": _("Not understood"), "status": 400, "parameters": problems}
    return JsonResponse(details, status=400, content_type="application/problem+json")
