"""What is no HTTP, or too much of it, sent to the server itself byte by byte, past clients that would not send it."""

import socket
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.browser.site import Site, running_site
from tests.hostile.values import ELSEWHERE

pytestmark = pytest.mark.once

HOST, END = b"Host: 127.0.0.1\r\n", b"Connection: close\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
JSON = b"Content-Type: application/json\r\n"
NOTHING = "closed or waiting, without an answer"
WAITS = 0.7  # seconds

TARGETS = (
    b"/", b"//", b"/\xff\xfe", b"/\xc3\xa9", b"/organizations/?q=\xff", b"/organizations/?q=\xc3\xa9", b"/\x00",
    b"/a b", b"*",
    b"http://evil.example/", b"http://", b"?", b"", b"/%", b"/%zz", b"/\\evil", b"/#fragment",
    b"/static/../../etc/passwd",
    b"/static/%2e%2e/%2e%2e/settings.py", b"/" + b"a" * 5_000, b"/" + b"%00" * 500, b"/?" + b"&" * 5_000,
    b"/?" + b"a=1&" * 2_000,
    b"/" + b"a" * 60_000, b"/" + b"a" * 600_000, b"/;a=b", b"/\x7f", b"/\r/", b"/\xe2\x80\xae",
)  # fmt: skip
METHODS = (b"GET", b"get", b"HEAD", b"TRACE", b"CONNECT", b"PROPFIND", b"OPTIONS", b"PUT", b"G\x00T", b"\xff", b"",
           b"GET GET",
           b"A" * 5_000, b"PRI")  # fmt: skip
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"HTTP/1.1.1", b"http/1.1", b"HTTP",
            b"", b"FTP/1.1",
            b"HTTP/1.1 x")  # fmt: skip
VALUES = (b"\xff\xfe", b"\xc3\xa9", b"a\x00b", b"a\tb", b"\x7f", b"", b" ", b"a\r\n b", b"9" * 400, b"-1",
          b"a" * 70_000, b"a" * 700_000,
          b"<script>", b"*", b"%00", b";" * 2_000, b"," * 2_000)  # fmt: skip
CODECS = (b"zlib", b"undefined", b"utf-16", b"latin-1", b"nonesuch", b"rot13", b"\x7f", b"utf-8; charset=zlib", b"")
NAMES = (b"Host", b"Cookie", b"Content-Type", b"Content-Length", b"Transfer-Encoding", b"Accept-Encoding",
         b"If-None-Match",
         b"If-Modified-Since", b"Range", b"X-Forwarded-For", b"X-Forwarded-Proto", b"Forwarded", b"Expect",
         b"Upgrade",
         b"Origin", b"X-\xff", b"X Y", b"", b":")  # fmt: skip
# Where a request ends: two answers, or an answer to what is not yet sent, would let one visitor speak for another.
BOUNDARIES = (
    b"Content-Length: -1\r\n", b"Content-Length: abc\r\n", b"Content-Length: +3\r\n", b"Content-Length: 0x3\r\n",
    b"Content-Length: 1\r\nContent-Length: 2\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length: 9000000000000000000\r\n",
    b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: xyz\r\n",
    b"Transfer-Encoding: chunked, xyz\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding:\tchunked\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\nExpect: 100-continue\r\n",
    b"Content-Length: 3\r\nExpect: nonsense\r\n",
)  # fmt: skip
BODIES = (
    b"a=b",
    b"0\r\n\r\n",
    b"zz\r\nhello\r\n0\r\n\r\n",
    b"ffffffffffffffffff\r\n",
    b"3\r\na=b\r\n0\r\nX: \xff\r\n\r\n",
    b"{}",
)


def lines() -> Iterator[bytes]:
    """Whole requests, malformed in one place each."""
    yield from (b"GET " + target + b" HTTP/1.1\r\n" + HOST + END for target in TARGETS)
    yield from (method + b" /about/ HTTP/1.1\r\n" + HOST + END for method in METHODS)
    yield from (b"GET /about/ " + version + b"\r\n" + HOST + END for version in VERSIONS)
    for name in NAMES:
        host = b"" if name == b"Host" else HOST
        yield from (b"GET /about/ HTTP/1.1\r\n" + host + name + b": " + value + b"\r\n" + END for value in VALUES)
    yield from (
        method
        + b" /about/?q=%C3%A9 HTTP/1.1\r\n"
        + HOST
        + b"Content-Type: text/plain; charset="
        + codec
        + b"\r\n"
        + END
        for method in (b"GET", b"POST")
        for codec in CODECS
    )
    for address, kind in ((b"/meeting-check/", FORM), (b"/api/v1/reconcile", JSON)):
        for boundary in BOUNDARIES:
            yield from (b"POST " + address + b" HTTP/1.1\r\n" + HOST + kind + boundary + END + body for body in BODIES)
    yield from (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"SSH-2.0-x\r\n",
        b"\x00" * 2_000,
        b"GET /\r\n",
        b"\xff" * 100 + b"\r\n\r\n",
    )
    yield b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: v\r\n" % number for number in range(500)) + END
    yield (
        b"GET / HTTP/1.1\r\n"
        + HOST
        + b"Cookie: "
        + b"; ".join(b"c%d=v" % number for number in range(2_000))
        + b"\r\n"
        + END
    )
    yield b"GET / HTTP/1.1\r\n" + HOST + b"Host: " + ELSEWHERE.encode() + b"\r\n" + END
    yield b"GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("lines")) as running:
        yield running


def answer_to(site: Site, sent: bytes) -> bytes:
    """What comes back until the server closes; where it waits for more of the request, until that is clear."""
    host, port = site.url.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=WAITS) as connection:
        try:
            connection.sendall(sent)
            while piece := connection.recv(65_536):
                received += piece
        except OSError:  # it waits for more, or closed before it had read all
            return received
    return received


def statuses_in(received: bytes) -> list[int]:
    """Of the answers; one to a request, and none but "continue" beside it."""
    firsts = [line for line in received.split(b"\r\n") if line.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))]
    return [int(line.split()[1]) for line in firsts]


def test_no_line_header_or_body_brings_the_server_to_a_fault_or_to_two_answers(
    site: Site, figure: Callable[[object], None]
) -> None:
    found: dict[object, int] = {}
    wrong, slowest = [], 0.0
    for sent in lines():
        began = time.monotonic()
        received = answer_to(site, sent)
        slowest = max(slowest, time.monotonic() - began)
        statuses = [status for status in statuses_in(received) if status != 100]
        kind: object = statuses[0] if statuses else NOTHING
        found[kind] = found.get(kind, 0) + 1
        if len(statuses) > 1 or any(status >= 500 and status != 501 for status in statuses):
            wrong.append((f"{statuses}", sent[:200]))
        if ELSEWHERE.encode() in received or b"root:" in received:
            wrong.append(("came back", sent[:200]))
    told = ", ".join(f"{kind}: {count}" for kind, count in sorted(found.items(), key=str))
    figure(f"raw lines: {sum(found.values())} inputs ({told}); slowest {slowest:.2f} s")
    assert wrong == [] and sum(found.values()) >= 500
    with urllib.request.urlopen(f"{site.url}/about/", timeout=5) as answer:
        assert answer.status == 200


def test_who_never_ends_the_head_of_a_request_keeps_nobody_waiting(site: Site) -> None:
    host, port = site.url.removeprefix("http://").split(":")
    held = [socket.create_connection((host, int(port)), timeout=5) for _ in range(40)]
    try:
        for connection in held:
            connection.sendall(b"GET / HTTP/1.1\r\n" + HOST)
        with urllib.request.urlopen(f"{site.url}/about/", timeout=5) as answer:
            assert answer.status == 200
    finally:
        for connection in held:
            connection.close()
