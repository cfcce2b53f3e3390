"""Asking and counting: against a small server of Python's own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench.client import Target, ask, by_own_client, loaded, path_of, percentile, read_wrk, times_over

pytestmark = pytest.mark.once


class Handler(BaseHTTPRequestHandler):
    """/plain has a length, /chunked comes in pieces, anything else is not found."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"6\r\none\ntw\r\n2\r\no\n\r\n0\r\n\r\n")
            return
        body = b"one\ntwo\n"
        self.send_response(200 if self.path == "/plain" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.mark.parametrize("path", ["/plain", "/chunked"])
def test_an_answer_is_read_to_its_end_and_its_lines_are_counted(server: str, path: str) -> None:
    answer = ask(Target(server + path))
    assert (answer.status, answer.body, answer.size, answer.lines) == (200, b"one\ntwo\n", 8, 2)
    assert ask(Target(server + path), keep=False).body == b""


@pytest.mark.parametrize("path", ["/plain", "/chunked"])
def test_the_own_client_asks_on_each_connection_and_waits_for_every_answer(server: str, path: str) -> None:
    assert len(times_over(Target(server + path), 0, connections=3)) == 3
    load = by_own_client(Target(server + path), 2, 0.05)
    assert load.failed == 0 and load.per_second and load.p50 <= load.p95


def test_answers_that_are_errors_are_counted_as_failed(server: str) -> None:
    assert by_own_client(Target(f"{server}/missing"), 4, 0).failed == 4


def test_asked_for_no_time_each_connection_asks_once(server: str) -> None:
    load = loaded(Target(f"{server}/plain"), 0)
    assert load.failed == 0 and load.per_second is not None


def test_a_percentile_is_a_value_that_occurs() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 3.0
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0


def test_what_wrk_says_is_read_in_milliseconds_and_answers_a_second() -> None:
    load = read_wrk("Running 2s test @ http://127.0.0.1\nmeasured 250.000 1500.000 4000 2000000 3\n")
    assert (load.p50, load.p95, load.per_second, load.failed) == (0.25, 1.5, 2000.0, 3)


def test_what_wrk_says_otherwise_is_no_figure() -> None:
    with pytest.raises(ValueError, match="unable to connect"):
        read_wrk("unable to connect to 127.0.0.1:1 Connection refused\n")


def test_the_path_of_an_address_keeps_its_query() -> None:
    assert path_of("http://127.0.0.1:1/organizations/?q=rights") == "/organizations/?q=rights"
