"""V4 API and web service: what an answer says of itself, whom a request is from, and where it ends."""

import ipaddress
import socket
from typing import Any

import pytest
from django.test import Client, RequestFactory

from engagement.directories import DIRECTORIES
from engagement.web.limits import client_address
from tests.asvs.deployed import Answer, Running

pytestmark = pytest.mark.once

TYPES = {
    "/": "text/html; charset=utf-8",
    "/no-such-page/": "text/html; charset=utf-8",
    "/organizations/?colour=red": "text/html; charset=utf-8",
    "/admin/login/": "text/html; charset=utf-8",
    "/organizations.csv": "text/csv; charset=utf-8",
    "/organizations.json": "application/json",
    "/organizations.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/organizations.atom": "application/atom+xml; charset=utf-8",
    "/organizations.csv?colour=red": "application/problem+json",
    "/api/v1/": "application/json",
    "/api/v1/nothing/": "application/problem+json",
    "/robots.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml",
    "/healthz": "application/json",
    "/data/register.zip": "application/zip",
    "/categories/by-year.csv": "text/csv; charset=utf-8",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*TYPES, *(f"/api/v1/{directory.name}/" for directory in DIRECTORIES)])
def test_asvs_4_1_1_every_answer_says_its_exact_type_and_texts_their_characters(client: Client, path: str) -> None:
    answer = client.get(path)
    said = answer["Content-Type"]
    assert said == TYPES.get(path, "application/json")
    if said.startswith("text/"):
        assert "charset=utf-8" in said
        b"".join(answer).decode("utf-8") if answer.streaming else answer.content.decode("utf-8")


@pytest.mark.django_db
def test_asvs_4_1_3_headers_that_anybody_can_send_change_neither_the_site_nor_who_asks(
    client: Client, settings: Any, deployed: dict[str, Answer]
) -> None:
    forged = {"x-forwarded-host": "evil.example", "x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7",
              "forwarded": "for=203.0.113.7;host=evil.example", "x-forwarded-proto": "https"}  # fmt: skip
    for path in ("/", "/sitemap.xml", "/robots.txt", "/organizations.atom", "/api/v1/"):
        said = client.get(path, headers=forged)
        assert "evil.example" not in said.content.decode() and "https://testserver" not in said.content.decode(), path
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in forged.items()}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **meta)) == "192.0.2.1"  # type: ignore[arg-type]
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("192.0.2.1/32")]
    chain = {"HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.4"}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **chain)) == "198.51.100.4"  # type: ignore[arg-type]
    assert deployed["elsewhere"].status == 400 and "evil.example" not in deployed["elsewhere"].body


# What two programs may take for requests of different lengths.
UNCLEAR = {
    "two lengths": ("Content-Length: 4", "Content-Length: 5"),
    "a length with a sign": ("Content-Length: +4",),
    "a length below nothing": ("Content-Length: -4",),
    "a length that is a list": ("Content-Length: 4, 5",),
    "a length in hexadecimal": ("Content-Length: 0x4",),
    "a blank before the colon": ("Content-Length : 4",),
    "a length on a line that goes on": ("X-A: b", " Content-Length: 4"),
    "an encoding that is none": ("Transfer-Encoding: xchunked",),
    "chunks that are not the last encoding": ("Transfer-Encoding: chunked, identity",),
}


@pytest.mark.parametrize("headers", UNCLEAR.values(), ids=UNCLEAR)
def test_asvs_4_2_1_a_request_whose_end_is_unclear_is_refused_and_nothing_behind_it_is_answered(
    running: Running, headers: tuple[str, ...]
) -> None:
    answers = sent(running.port, ("POST /healthz HTTP/1.1", "Host: 127.0.0.1", *headers), "0\r\n\r\n")
    assert answers.split(b" ")[1] in (b"400", b"501") and answers.count(b"HTTP/1.1") == 1


def test_asvs_4_2_1_of_chunks_and_a_length_the_chunks_count_or_neither(running: Running) -> None:
    """As RFC 9112 has it; nginx, which stands in front, refuses it (tests/test_deploy.py)."""
    both = ("Transfer-Encoding: chunked", "Content-Length: 60")
    answers = sent(running.port, ("POST /healthz HTTP/1.1", "Host: 127.0.0.1", *both), "0\r\n\r\n")
    assert answers.split(b" ")[1] in (b"400", b"403", b"405") and answers.count(b"HTTP/1.1") == 1


def sent(port: int, head: tuple[str, ...], body: str) -> bytes:
    """All that comes back within two seconds for a request with a second one behind it."""
    behind = "GET /behind HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    is_followed = "Transfer-Encoding: chunked" not in head
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall("\r\n".join([*head, "", body + (behind if is_followed else "")]).encode())
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
        except TimeoutError:
            pass
    return received
