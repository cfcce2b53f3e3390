"""The hostile texts of values.py in what is sent: the fields of every form as its page shows it, bodies that are no
form, headers, methods. Nothing here names the fields of a form: whoever adds one need not think of this place."""

import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from django.test import Client
from lxml.html import fromstring

from tests.hostile.values import CLASSES, ELSEWHERE, mixed

FORM, JSON, PARTS = "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"
RECONCILE = "/api/v1/reconcile"
PLACES = ("/about/", "/offices/?q=a", "/offices.csv", "/api/v1/offices/", "/admin/login/", "/static/css/site.css")
METHODS = ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "CONNECT", "get", "FOO", "ÄÖ", "")
HEADERS = (
    "HTTP_HOST", "HTTP_COOKIE", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
    "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_REFERER",
    "HTTP_ORIGIN",
    "HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT", "HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL",
    "CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR",
)  # fmt: skip
HOSTS = (ELSEWHERE, f"user@{ELSEWHERE}", "testserver:99999", "testserver:x", "[::1", "[::1]:80", "[fe80::1%25eth0]",
"a" * 300,
         "", " ", ".", "testserver.", "..", "xn--", "127.0.0.1:80:80", f"testserver\\@{ELSEWHERE}")  # fmt: skip
# Half a character in JSON, and shapes that are nothing.
BODIES = (
    b"", b"{", b"[]", b"null", b"1e999", b"NaN", b'"\\ud800"', b'{"q0": {"query": "\\ud800"}}',
    b'{"q0": {"query": "\\u0000"}}',
    b'{"queries": {"q": {"query": "a\\u0000b", "type": "organization"}}}', b'{"q0": {"query": 1}}', b'{"q0": []}',
    b'{"q0": {"query": "a", "limit": 1e400}}', b'{"q0": {"query": "a", "limit": -1}}', b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"extend": {"ids": ["\\u0000", "organization:\\u0000", ""], "properties": [{"id": "name"}]}}',
    b'{"extend": {"ids": ["organization:' + b"9" * 5000 + b'"], "properties": [{"id": "name"}]}}',
    b'{"q0": {"query": "a", "properties": [{"pid": "country", "v": "\\u0000"}]}}',
    b'{"q0": {"query": "a", "properties": [{"pid": "founded", "v": "9999999999"}, {"pid": "website", "v": "http://["}]}}',
    b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"9" * 5000, b'{"q0": {"query": "' + b"a" * 100_000 + b'"}}',
)  # fmt: skip


def pairs(values: list[tuple[str, str]]) -> str:
    """As a browser sends them; the values are encoded already."""
    return "&".join(f"{quote_plus(name)}={value}" for name, value in values)


def forms_at(client: Client, address: str) -> list[dict[str, str]]:
    """What each form of the page that is sent by POST holds as it is shown, by the names of its fields, encoded."""
    content = client.get(address).content
    forms = [form for form in fromstring(content).forms if form.method == "POST"]
    shown = [dict.fromkeys(form.inputs.keys(), "") | dict(form.form_values()) for form in forms]
    return [{str(name): quote_plus(str(value)) for name, value in fields.items() if name} for fields in shown]


def each_field(fields: dict[str, str], chance: random.Random, count: int) -> Iterator[str]:
    """The form with one field at a time that is hostile, and with all of them, as bodies."""
    for name in fields:
        for kind in chance.sample(sorted(CLASSES), count):
            yield pairs([*(fields | {name: chance.choice(CLASSES[kind])}).items()])
    yield from all_fields(fields, chance, 4)


def all_fields(fields: dict[str, str], chance: random.Random, kinds: int) -> Iterator[str]:
    for kind in chance.sample(sorted(CLASSES), kinds):
        value = chance.choice(CLASSES[kind])
        yield pairs([(name, shown if name == "csrfmiddlewaretoken" else value) for name, shown in fields.items()])


def actions_at(client: Client, address: str, chance: random.Random, count: int) -> Iterator[str]:
    """What a list of the admin offers to do with the rows that are ticked, done with rows that cannot be, as bodies."""
    content = client.get(address).content
    for form in (form for form in fromstring(content).forms if "action" in dict(form.inputs.items())):
        offered = [each for each in form.inputs["action"].value_options if each]
        for action in offered:
            for kind in ("NUL", "numbers", "SQL", "names")[:count]:
                rows = chance.choice(CLASSES[kind])
                yield f"action={action}&index=0&select_across=0&_selected_action={rows}&_selected_action=1&post=yes"


def of_headers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address, and what else the request says."""
    chance = random.Random(11)
    for header in HEADERS:
        values = [chance.choice(values) for values in CLASSES.values()] + mixed(12, 6)
        for value in values:
            text = unquote_to_bytes(value).decode("latin-1").replace("\r", "").replace("\n", "")
            yield "GET", chance.choice(PLACES), {header: text[:4000]}
    for host in HOSTS:
        yield "GET", chance.choice(PLACES), {"HTTP_HOST": host}
    for method in METHODS:
        yield from ((method, place, {}) for place in PLACES)
    yield "GET", "/admin/", {"HTTP_COOKIE": "; ".join(f"c{number}=v" for number in range(2000))}
    yield "GET", "/", {"HTTP_X_LONG": "a" * 70_000}


# Forms that anybody may send, and what is said of a body that is none.
FORMS = ("/contacts/check/", "/meeting-check/", "/admin/login/", "/requests/new/?kind=status", "/snapshots/", RECONCILE)
KINDS_OF_BODIES = (
    "multipart/form-data", f"{FORM}; charset=nonesuch", f"{FORM}; charset=utf-16", "multipart/form-data; boundary=é",
    f"{PARTS}; charset=idna", f"{PARTS}; charset=utf-7", "text/plain", "a/b/c;;;=", ";",
    "application/xml",
)  # fmt: skip
PART = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\nx\r\n'
LARGE = (
    (b"&".join(b"a%d=1" % number for number in range(20_000)), FORM),
    (b"a=" + b"x" * 4_000_000, FORM),
    (b"".join(PART % (b"f%d" % number, b"") for number in range(500)) + b"--b--", PARTS),
    (PART % (b"papers", b'; filename="\x00.pdf"') + b"--b--", PARTS),
    (b"--b\r\n\r\n", PARTS),
)


def of_bodies() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Bodies that are no form, or more of one than anybody fills in."""
    for body in BODIES:
        yield "POST", RECONCILE, {"data": body, "content_type": JSON}
        yield "POST", RECONCILE, {"data": b"queries=" + quote_plus(body).encode(), "content_type": FORM}
    for address in FORMS:
        for body, kind in LARGE:
            yield "POST", address, {"data": body, "content_type": kind}
        for kind in KINDS_OF_BODIES:
            for body in (b"a=%FF&b=%00&c=1", PART % (b"kind", b"") + b"--b--"):
                yield "POST", address, {"data": body, "content_type": kind}


def described(said: dict[str, Any]) -> str:
    """Short enough to be read in a report of what failed."""
    return json.dumps({name: str(value)[:80] for name, value in said.items()})
