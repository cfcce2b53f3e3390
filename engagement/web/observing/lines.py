"""What is logged as lines, JSON or text, and without what an error may quote of somebody's words."""

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import OperationalError

from engagement.web.observing.identity import request_id

REQUESTS = "register.requests"
# On a record: what is said of a request, by name.
SAID = "said"
# Made once: dumps() makes one for each call that says how to write what JSON does not know.
encoded = json.JSONEncoder(default=str).encode


class OfRequest(logging.LogRecord):
    """A record of a request, without looking for the code, thread and process that made it: of a page that is kept that
    would take longer than to answer it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.__dict__.update(PLAIN, created=time.time(), said=said)


# What any formatter may ask of a record.
PLAIN = vars(logging.LogRecord(REQUESTS, logging.INFO, "", 0, "request", (), None))


class Lines(logging.Formatter):
    """One line a record, with the id of the request."""

    def format(self, record: logging.LogRecord) -> str:
        line = " ".join(f"{name}={value}" for name, value in self.said(record).items())
        return line.encode("unicode_escape").decode()  # it stays one line, whatever stands in it

    def said(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "from": record.name}
        if known := request_id():
            said["request"] = known
        if (details := getattr(record, SAID, None)) is not None:
            return {**said, **details}
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            return {**said, "message": worded(record), **failure(record.exc_info[1], record.exc_info[2])}
        return {**said, "message": worded(record)}


class JsonLines(Lines):
    def format(self, record: logging.LogRecord) -> str:
        return encoded(self.said(record))


class Faults(logging.Filter):
    """Of what Django says of answers, that which went wrong in the code: a 503 that was meant is no fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def worded(record: logging.LogRecord) -> str:
    """On one line. Django ends its words about a request with the path, which may hold a secret: that is left out."""
    if record.name == "django.request" and isinstance(record.args, tuple) and record.args:
        return str(record.args[0])
    return " ".join(record.getMessage().split())


def failure(error: BaseException, at: TracebackType | None) -> dict[str, Any]:
    """Its kind and where it was, in the order in which it was reached. What it says is left out, for it may quote what
    somebody typed or a row; what a database says of its own state is not."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(at)]
    kind = type(error)
    said = {"error": f"{kind.__module__}.{kind.__qualname__}", "where": frames}
    return {**said, "detail": " ".join(str(error).split())} if isinstance(error, OperationalError) else said


def configuration() -> dict[str, Any]:
    """Of a process that serves: to standard output, as LOG_FORMAT has it, each request included. What granian says of
    its processes too; its own lines about requests are off.

    While debugging requests are left out: Django's own server, which is used then, has lines of its own.
    """
    kind = JsonLines if settings.LOG_FORMAT == "json" else Lines
    to_output = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": kind}},
        "filters": {"faults": {"()": Faults}},
        "handlers": {"lines": to_output},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            REQUESTS: {"level": "WARNING" if settings.DEBUG else "INFO"},
            "django.request": {"level": "ERROR", "filters": ["faults"]},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
