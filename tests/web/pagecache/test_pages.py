"""A kept page is sent as it was, and all of them stay within their bytes."""

import gzip
import random
from typing import Any

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from engagement.freshness.glance import BEFORE_THE_LOG
from engagement.web.pagecache.pages import MOST_OF_ALL, Page, Pages, response_of, stored
from engagement.web.states import State

NOW = State(20000, 7, BEFORE_THE_LOG)
LONG = b"<p>word</p>" * 500
DATE = "Tue, 01 Dec 2026 00:00:00 GMT"


def page(body: bytes = LONG, **headers: str) -> Page:
    response = HttpResponse(
        body,
        headers={
            "ETag": 'W/"one"',
            "Last-Modified": DATE,
            "X-Frame-Options": "DENY",
            "Content-Security-Policy": "default-src",
            **headers,
        },
    )
    return Page.of(response, NOW)


def asking(method: str = "GET", **headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestFactory().generic(method, "/", headers=named)


def answer(kept: Page, request: HttpRequest) -> HttpResponse:
    encoding = kept.encoding_for(request)
    kept.body(encoding)
    return kept.answer(request, encoding)


@pytest.mark.parametrize(("accept", "decode"), [("", bytes), ("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_the_page_is_sent_in_the_encoding_that_is_accepted_with_its_length(accept: str, decode: Any) -> None:
    sent = answer(page(), asking(accept_encoding=accept))
    assert (sent.status_code, sent.get("Content-Encoding", ""), sent["Vary"]) == (200, accept, "Accept-Encoding")
    assert decode(sent.content) == LONG and int(sent["Content-Length"]) == len(sent.content)
    assert (sent["X-Frame-Options"], sent["ETag"]) == ("DENY", 'W/"one"')


def test_head_is_told_the_length_of_the_body_that_it_does_not_get() -> None:
    kept = page()
    sent, got = (answer(kept, asking(method, accept_encoding="br")) for method in ("HEAD", "GET"))
    assert sent.content == b"" and dict(sent.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        ({"if_none_match": 'W/"one"'}, True),
        ({"if_none_match": '"one"'}, True),
        ({"if_none_match": '"two", W/"one"'}, True),
        ({"if_none_match": "*"}, True),
        ({"if_none_match": '"two"'}, False),
        ({"if_none_match": '"two"', "if_modified_since": DATE}, False),
        ({"if_modified_since": DATE}, True),
        ({"if_modified_since": "Tue, 01 Dec 2026 00:00:01 GMT"}, False),
        ({}, False),
    ],
)
def test_whoever_has_the_page_gets_304_with_all_headers_but_those_of_a_body(headers: dict, known: bool) -> None:
    kept = page()
    sent = answer(kept, asking(**headers))
    assert sent.status_code == (304 if known else 200)
    if known:
        full = answer(kept, asking()).headers
        assert sent.content == b""
        assert set(full) - set(sent.headers) == {"Content-Type", "Content-Length"}
        assert {name: full[name] for name in sent.headers} == dict(sent.headers)


def test_a_short_or_binary_page_is_sent_plain_to_everybody() -> None:
    for kept in (page(b"short"), page(LONG, **{"Content-Type": "image/png"})):
        sent = answer(kept, asking(accept_encoding="br"))
        assert "Content-Encoding" not in sent and "Vary" not in sent


def test_an_answer_is_made_of_the_same_parts_as_any_other_of_django() -> None:
    made = response_of(200, stored({"Content-Type": "text/plain", "X": "y"}), b"body")
    plain = HttpResponse(b"body", headers={"Content-Type": "text/plain", "X": "y"})
    assert made.__dict__.keys() | {"status_code"} == plain.__dict__.keys() | {"status_code"}
    assert (made.content, dict(made.headers), str(made.cookies)) == (plain.content, dict(plain.headers), "")


def test_what_is_done_to_one_answer_is_not_done_to_the_next() -> None:
    kept = page()
    first = answer(kept, asking())
    first["X-Frame-Options"], first["Set-Cookie"] = "ALLOWALL", "a=b"
    second = answer(kept, asking())
    assert second["X-Frame-Options"] == "DENY" and "Set-Cookie" not in second


def test_a_walk_through_any_number_of_addresses_stays_within_the_bytes() -> None:
    pages, chosen = Pages(1_000_000), random.Random(5)
    for number in range(3_000):
        kept = page(chosen.randbytes(chosen.randrange(60_000)))
        pages.put(number, kept)
        if number % 3 == 0:
            kept.body(kept.encoding_for(asking(accept_encoding="gzip")))
            pages.put(number, kept)
        assert pages.bytes <= pages.most
        assert pages.bytes == sum(size for _page, size in pages._kept.values())
    assert len(pages) > 15
    assert pages.get(2_999) is not None or page(b"x" * 60_000).size <= pages.most // MOST_OF_ALL


def test_those_asked_for_longest_ago_go_first() -> None:
    pages = Pages(20 * page().size)
    for number in range(20):
        pages.put(number, page())
    assert pages.get(0) is not None
    pages.put("another", page())
    assert pages.get(0) is not None and pages.get(1) is None and pages.get("another") is not None


def test_a_page_that_would_take_more_than_its_part_is_not_kept_nor_one_that_grows_beyond() -> None:
    kept = page()
    pages = Pages(MOST_OF_ALL * kept.size)
    pages.put("it", kept)
    assert pages.get("it") is kept and pages.bytes == kept.size
    kept.body("gzip")
    pages.put("it", kept)
    assert pages.get("it") is None and pages.bytes == 0
