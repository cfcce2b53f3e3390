"""What is public is compressed as the client wishes, what stands beside a secret is not."""

import gzip

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from engagement.web.compression import LEAST_BYTES, accepted, compressed, is_textual

LONG = b"word " * LEAST_BYTES


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("gzip, deflate, br", "br"),
        ("BR;q=0.1, gzip;q=0", "br"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0, br;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("br;q=nonsense, gzip;q=0.2", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_the_encoding_is_the_one_that_the_client_likes_best_and_brotli_of_two(header: str, chosen: str) -> None:
    assert accepted(header) == chosen


@pytest.mark.parametrize(("accept", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_compressed_body_says_so_and_is_the_same_when_it_is_opened(accept: str, decode: object) -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": accept})
    answer = compressed(request, HttpResponse(LONG))
    assert (answer["Content-Encoding"], answer["Vary"]) == (accept, "Accept-Encoding")
    assert int(answer["Content-Length"]) == len(answer.content) < len(LONG)
    assert decode(answer.content) == LONG  # type: ignore[operator]


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(LONG[: LEAST_BYTES - 1]),
        HttpResponse(LONG, content_type="image/png"),
        HttpResponse(LONG, headers={"Content-Encoding": "zstd"}),
    ],
)
def test_what_is_short_no_text_or_encoded_already_is_left_as_it_is(response: HttpResponse) -> None:
    before = (response.content, response.get("Content-Encoding"))
    after = compressed(RequestFactory().get("/", headers={"accept-encoding": "br"}), response)
    assert (after.content, after.get("Content-Encoding")) == before and "Vary" not in after


def test_pages_data_and_pictures_in_words_are_text() -> None:
    kinds = ["text/html; charset=utf-8", "application/problem+json", "application/atom+xml", "application/json"]
    assert all(map(is_textual, [*kinds, "image/svg+xml", "text/calendar"]))
    assert not any(map(is_textual, ["application/zip", "image/png", "", "font/woff2"]))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/corrections/new/", "/contacts/check/", "/meeting-check/", "/admin/login/"])
def test_a_page_with_a_form_is_neither_compressed_nor_kept_by_anyone(client: Client, path: str) -> None:
    answer = client.get(path, headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200 and "Content-Encoding" not in answer
    assert "no-store" in answer["Cache-Control"] and "ETag" not in answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/fr/organizations/", "/api/v1/offices/", "/organizations.atom", "/corrections/"]
)
def test_a_page_for_everybody_is_compressed(client: Client, path: str) -> None:
    plain = client.get(path)
    answer = client.get(path, headers={"accept-encoding": "br"})
    assert answer["Content-Encoding"] == "br" and brotli.decompress(answer.content) == plain.content
    assert answer.get("ETag") == plain.get("ETag")
