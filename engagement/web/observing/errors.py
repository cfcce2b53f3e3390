"""What goes wrong, told to a server that speaks Sentry’s protocol, where SENTRY_DSN names one.

Told is the kind of error and where it was in the code. Not: what the error says, which may quote a row or what somebody
typed; the values of variables; the address, its query, headers, cookies and bodies; who asked. None of the integrations
that look into requests is switched on, and what is sent is picked by name.
"""

import logging
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from engagement.web.observing.identity import request_id
from engagement.web.observing.lines import worded
from ilo_portal.release import release

OF_EVENT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
OF_FRAME = ("filename", "function", "module", "lineno", "in_app", "context_line", "pre_context", "post_context")


def report(dsn: str) -> None:
    """From now on whatever this process logs as an error is told, in a thread of its own: no reader waits for it."""
    sentry_sdk.init(
        dsn,
        release=release(),
        before_send=picked,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        include_local_variables=False,
        send_default_pii=False,
        send_client_reports=False,
        auto_session_tracking=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
    )


def picked(event: Any, hint: dict[str, Any]) -> Any:
    """Of what would be sent, that which is of nobody."""
    said = {name: event[name] for name in OF_EVENT if name in event}
    said["tags"] = {"request": request_id()} if request_id() else {}
    if (record := hint.get("log_record")) is not None:
        said["logentry"] = {"message": worded(record) if record.name == "django.request" else str(record.msg)}
    if errors := event.get("exception", {}).get("values", []):
        said["exception"] = {"values": [kind_and_place(error) for error in errors]}
    return said


def kind_and_place(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    shown = [{name: frame[name] for name in OF_FRAME if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": shown}}
