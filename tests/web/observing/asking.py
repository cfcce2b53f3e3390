"""The portal as a server calls it, in this process, and what it logs meanwhile."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from engagement.web.observing import lines
from engagement.web.observing.requests import Observed


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def id(self) -> str:
        return self.headers["X-Request-ID"]


class Portal:
    """`environ` of each request beside what PEP 3333 wants: REMOTE_ADDR, HTTP_…"""

    def __init__(self, application: Any = None) -> None:
        self.application = Observed(application or WSGIHandler())

    def ask(self, path: str, method: str = "GET", data: bytes | dict[str, str] = b"", **environ: Any) -> Answer:
        answer = Answer()
        body = data if isinstance(data, bytes) else urlencode(data).encode()
        bare, _mark, query = path.partition("?")
        given = {
            "REQUEST_METHOD": method,
            "PATH_INFO": bare,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "192.0.2.77",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            **environ,
        }

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> None:
            answer.status, answer.headers = int(line[:3]), dict(headers)

        with keeping_connections():
            sent = self.application(given, start)
            try:
                answer.body = b"".join(sent)
            finally:
                if (close := getattr(sent, "close", None)) is not None:
                    close()
        return answer


@contextmanager
def keeping_connections() -> Iterator[None]:
    """The test’s transaction outlives its requests, as with Django’s own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What a process that serves would write to standard output. Afterwards everything is logged as before."""
    root = logging.getLogger()
    former, written = (list(root.handlers), root.level), io.StringIO()
    configuration = lines.configuration()
    configuration["handlers"]["lines"]["stream"] = written
    granian = configuration["loggers"].pop("_granian")
    assert granian["propagate"]
    logging.config.dictConfig(configuration)
    try:
        yield written
    finally:
        root.handlers[:], root.level = former
        logging.getLogger(lines.REQUESTS).setLevel(logging.NOTSET)
        logging.getLogger("django.request").filters.clear()


def records(written: io.StringIO, of: str = "") -> list[dict[str, Any]]:
    """The lines, those of one logger where it is named."""
    found = [json.loads(line) for line in written.getvalue().splitlines()]
    return [each for each in found if not of or each["from"] == of]
