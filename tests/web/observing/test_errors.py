"""Errors are told to a server of Sentry's protocol: their kind and place, and nothing that is anybody's."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests import environment

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
CANARY = "zanzibar-canary"
# A portal of its own, in a process of its own: what reports errors is switched on for the whole process.
FAILING = f"""
import logging
from django.test import override_settings
from ilo_portal.wsgi import application
from tests.web.observing.asking import Portal
from tests.web.observing.failing import failing
with override_settings(ROOT_URLCONF="tests.web.observing.failing"):
    portal = Portal()
    environ = dict(HTTP_COOKIE="sessionid={CANARY}", HTTP_USER_AGENT="{CANARY}", HTTP_X_FORWARDED_FOR="203.0.113.7")
    answer = portal.ask("/failing/?typed={CANARY}", "GET", b"secret={CANARY}", **environ)
    portal.ask("/{CANARY}/", **environ)
logging.getLogger("engagement").error("The parrot %s has flown", "{CANARY}")
import sentry_sdk
sentry_sdk.flush(timeout=10)
print(answer.status, answer.id)
"""


class Receiving(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[bytes] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiving

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append(DECODERS[self.headers["Content-Encoding"]](body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""


@contextmanager
def receiving() -> Iterator[Receiving]:
    with Receiving() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def events(envelopes: list[bytes]) -> list[dict[str, Any]]:
    """What stands in the envelopes: a line about each, a line about its one item, the item."""
    return [json.loads(envelope.split(b"\n")[2]) for envelope in envelopes]


@pytest.mark.once
def test_an_error_reaches_the_server_that_is_named_and_nothing_of_the_request_does(tmp_path: Path) -> None:
    with (
        receiving() as server,
        environment.own_database(tmp_path, "register_errors", environment.TABLES) as database,
    ):
        dsn = f"http://public@127.0.0.1:{server.server_port}/7"
        settings = environment.portal(tmp_path, DATABASE_URL=database, SENTRY_DSN=dsn, LOG_FORMAT="json")
        done = environment.manage("shell", "--no-imports", "-c", FAILING, settings=settings)
    assert done.returncode == 0, done.stderr
    status, number = done.stdout.strip().splitlines()[-1].split()
    assert status == "500"
    of_request, by_hand = sorted(events(server.sent), key=lambda event: str(event["logger"]))
    assert (of_request["logger"], by_hand["logger"]) == ("django.request", "engagement")
    [error] = of_request["exception"]["values"]
    assert error["type"] == "ValueError" and "value" not in error
    last = error["stacktrace"]["frames"][-1]
    assert last["function"] == "failing" and last["lineno"] > 0 and "vars" not in last
    assert of_request["tags"] == {"request": number} and of_request["logentry"]["message"] == "Internal Server Error"
    assert by_hand["logentry"]["message"] == "The parrot %s has flown"
    for event in (of_request, by_hand):
        assert not {"request", "user", "breadcrumbs", "extra", "server_name", "contexts"} & set(event)
    sent = b"".join(server.sent).decode()
    assert CANARY not in sent and "203.0.113" not in sent and "127.0.0.1/7" not in sent
    assert "parrot" in sent


@pytest.mark.once
def test_without_a_dsn_what_reports_is_not_even_loaded(tmp_path: Path) -> None:
    code = "import sys; from ilo_portal.wsgi import application; print('sentry_sdk' in sys.modules)"
    done = environment.manage("shell", "--no-imports", "-c", code, settings=environment.portal(tmp_path))
    assert done.stdout.strip().splitlines()[-1] == "False", done.stderr
