"""The answer of a file, a feed or the API to what it cannot answer: problem details (RFC 9457)."""

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from engagement.web.observing.identity import request_id

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **members: Any) -> JsonResponse:
    """`title` says what kind of problem it is, `detail` what is wrong this time; '' for no more than that.

    Of what is our fault it names the request, by which the log has it.
    """
    if status >= 500 and request_id():
        members["request"] = request_id()
    said = {
        "type": "about:blank",
        "title": title,
        "status": status,
        **({"detail": detail} if detail else {}),
        **members,
    }
    return JsonResponse(said, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def refused(problems: dict[str, str]) -> JsonResponse:
    """400 with what is wrong, by parameter."""
    detail = "; ".join(f"{name} {wrong}" for name, wrong in problems.items())
    return problem(400, _("Not understood"), detail, parameters=problems)
