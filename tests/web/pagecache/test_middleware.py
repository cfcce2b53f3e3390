"""Pages from the cache: the same bytes and headers, nobody's secrets, never an hour or a revision too late."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from django.core.cache import caches
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.cache import patch_vary_headers

from engagement.directories.searching import PORTION
from engagement.freshness import catch_up
from engagement.models import Organization
from engagement.web import states
from engagement.web.pagecache.middleware import PageCache
from engagement.web.publicity import beside_the_log, marking_itself, private, public
from ilo_portal.urls import urlpatterns as site_routes
from tests.web.clocks import at_another_time

pytestmark = pytest.mark.django_db

RENDERED: list[str] = []
GATE = threading.Event()
WORD = "word " * 200


def noted(view: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    def rendering(request: HttpRequest) -> Any:
        RENDERED.append(request.path)
        return view(request)

    return rendering


@noted
def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORD)


@noted
def slow(request: HttpRequest) -> HttpResponse:
    assert GATE.wait(timeout=30)
    return HttpResponse(WORD)


@noted
def with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(WORD)
    response.set_cookie("who", "you")
    return response


@noted
def by_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(WORD)
    patch_vary_headers(response, ["Cookie"])
    return response


@noted
def by_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.session.get('who')} {WORD}")


@noted
def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORD, status=404)


@noted
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([WORD.encode()])


@noted
def saying_otherwise(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORD, headers={"Cache-Control": "no-cache"})


def failing(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("plain/", public(plain)),
    path("slow/", public(slow)),
    path("with-cookie/", public(with_cookie)),
    path("by-cookie/", public(by_cookie)),
    path("by-session/", public(by_session)),
    path("broken/", public(broken)),
    path("streamed/", public(streamed)),
    path("otherwise/", public(saying_otherwise)),
    path("private/", private(plain)),
    path("beside/", beside_the_log(plain)),
    path("unmarked/", marking_itself(plain)),
    path("undeclared/", plain),
    path("failing/", public(failing)),
    *site_routes,
]
with_these_routes = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    RENDERED.clear()
    GATE.clear()
    with override_settings(PAGE_CACHE=True):
        yield


def cache_of(client: Client) -> PageCache:
    """The outermost middleware, once the client has asked for something."""
    return client.handler._middleware_chain.__wrapped__  # type: ignore[attr-defined]


# -- What is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/", "/fr/organizations/?category=general", "/organizations/amnesty-international/", "/organizations.atom",
     "/api/v1/organizations/?limit=2", "/cite.ris?page=/organizations/", "/sitemap.xml", "/organizations/?q=rights"],
)  # fmt: skip
def test_a_page_asked_again_is_the_same_with_the_same_headers_and_costs_no_query(
    client: Client, address: str, django_assert_num_queries: Any
) -> None:
    first = client.get(address)
    with django_assert_num_queries(0):
        second = client.get(address)
    assert first.status_code == 200 and second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "ETag"} <= set(second.headers)


def test_without_the_cache_the_answer_is_the_same_but_for_the_one_header_that_says_how_long_it_is(
    client: Client,
) -> None:
    kept = [client.get("/about/"), client.get("/about/")]
    with override_settings(PAGE_CACHE=False):
        other = Client()
        rendered = other.get("/about/")
        assert len(cache_of(other).pages) == 0
    for answer in kept:
        assert answer.content == rendered.content and dict(answer.headers) == dict(rendered.headers)


def test_a_page_is_sent_compressed_plain_and_as_head_from_one_rendering(client: Client) -> None:
    with with_these_routes:
        first = client.get("/plain/", headers={"accept-encoding": "br"})
        assert brotli.decompress(first.content) == WORD.encode()
        assert client.get("/plain/").content == WORD.encode()
        head = client.head("/plain/")
        assert (head.content, int(head["Content-Length"])) == (b"", len(WORD))
        known = client.get("/plain/", headers={"if-none-match": first["ETag"]})
        assert known.status_code == 304 and known["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert RENDERED == ["/plain/"]


@with_these_routes
@pytest.mark.parametrize(
    "address",
    ["/with-cookie/", "/by-cookie/", "/by-session/", "/broken/", "/streamed/", "/otherwise/", "/private/", "/beside/",
     "/unmarked/", "/undeclared/"],
)  # fmt: skip
def test_what_may_be_personal_or_is_not_public_or_no_200_is_rendered_each_time(client: Client, address: str) -> None:
    for _time in range(2):
        answer = client.get(address)
        assert b"".join(answer) if answer.streaming else answer.content
    assert RENDERED.count(address) == 2
    assert len(cache_of(client).pages) == 0


@with_these_routes
def test_a_request_with_an_authorization_neither_finds_nor_leaves_anything(client: Client) -> None:
    asked = {"authorization": "Bearer secret"}
    client.get("/plain/", headers=asked)
    client.get("/plain/")
    client.get("/plain/", headers=asked)
    assert len(RENDERED) == 3 and len(cache_of(client).pages) == 1


@with_these_routes
def test_another_host_scheme_query_or_method_is_another_question(client: Client) -> None:
    client.get("/plain/")
    client.get("/plain/", headers={"host": "localhost"})
    client.get("/plain/?a=b")
    client.get("/plain/", secure=True)
    client.post("/plain/")
    assert len(RENDERED) == 5 and len(cache_of(client).pages) == 4
    assert client.get("/plain/", headers={"host": "elsewhere.example"}).status_code == 400


def test_staff_and_strangers_are_sent_the_same_bytes_and_no_cookie(client: Client, admin_client: Client) -> None:
    address = "/organizations/amnesty-international/"
    admin_client.get(address)
    client.handler = admin_client.handler
    of_staff, of_others = admin_client.get(address), client.get(address)
    assert of_staff.content == of_others.content and not of_staff.cookies and not of_others.cookies
    assert len(cache_of(client).pages) == 1


def test_a_crawler_of_endless_questions_stays_within_the_bytes() -> None:
    with override_settings(PAGE_CACHE_BYTES=2_000_000):
        crawler = Client()
        for year in range(1920, 1990):
            crawler.get(f"/organizations/?on={year}-01-01", headers={"accept-encoding": "br"})
            assert cache_of(crawler).pages.bytes <= 2_000_000
        assert 5 < len(cache_of(crawler).pages) < 70


@override_settings(LIMITS={"api": 3, "files": 2})
@pytest.mark.parametrize(
    ("address", "most"), [("/api/v1/organizations/?limit=2", 3), ("/organizations.atom", 2), ("/about/", 9)]
)
def test_a_page_that_is_kept_counts_as_any_other_answer_and_is_refused_with_the_same_headers(
    client: Client, address: str, most: int
) -> None:
    caches["default"].clear()
    client.get("/organizations/")
    answers = [client.get(address) for _time in range(9)]
    assert [answer.status_code for answer in answers] == [200] * most + [429] * (9 - most)
    for refusal in answers[most:]:
        assert refusal["Retry-After"] and refusal["Content-Security-Policy"] == answers[0]["Content-Security-Policy"]
    assert len(cache_of(client).pages) == 2


# -- Never too late --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_seen_by_the_next_request(client: Client) -> None:
    address = "/organizations/amnesty-international/"
    before = [client.get(address) for _time in range(2)]
    Organization.objects.filter(slug="amnesty-international").update(acronym="QXZ")
    after = client.get(address)
    assert b"QXZ" in after.content and b"QXZ" not in before[1].content
    assert client.get(address, headers={"if-none-match": before[0]["ETag"]}).status_code == 200
    assert len(cache_of(client).pages) == 1


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_an_answer_of_search_documents_that_lag_behind_is_not_kept(client: Client) -> None:
    address = "/organizations/?country=FR"
    client.get(address)
    Organization.objects.all()[:1].get().save()
    Organization.objects.filter(slug="amnesty-international").update(acronym="QXZ")
    behind = client.get(address)
    assert behind["Cache-Control"] == "no-cache" and "ETag" not in behind
    catch_up(limit=PORTION)
    assert "ETag" in client.get(address) and "ETag" in client.get("/organizations/?q=QXZ")


def test_at_midnight_a_page_is_rendered_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with with_these_routes:
        first = client.get("/plain/")
        at_another_time(monkeypatch, days=1)
        second = client.get("/plain/")
        assert len(RENDERED) == 2 and first["ETag"] != second["ETag"]
        client.get("/plain/")
    assert len(RENDERED) == 2 and len(cache_of(client).pages) == 1


def test_a_page_that_was_begun_before_midnight_is_not_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def until_midnight(request: HttpRequest) -> HttpResponse:
        at_another_time(monkeypatch, days=1)
        return HttpResponse(WORD)

    routes = type("routes", (), {"urlpatterns": [path("late/", public(until_midnight))]})
    with override_settings(ROOT_URLCONF=routes):
        late = client.get("/late/")
    assert "ETag" not in late and late["Cache-Control"] == "no-cache" and len(cache_of(client).pages) == 0


def test_a_database_that_does_not_answer_is_asked_by_the_view_and_not_hidden(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_these_routes:
        client.get("/plain/")
        monkeypatch.setattr(states.freshness, "newest_entry", lambda: None)
        client.get("/plain/")
    assert len(RENDERED) == 2


# -- Once for all ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("committed_register")
@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_for_a_page_have_it_rendered_once(client: Client) -> None:
    def ask(_number: int) -> bytes:
        try:
            asking = Client()
            asking.handler = client.handler
            return asking.get("/slow/").content
        finally:
            connections.close_all()

    with with_these_routes:
        client.get("/plain/")
        cache = cache_of(client)
        with ThreadPoolExecutor(4) as threads:
            answers = [threads.submit(ask, number) for number in range(4)]
            GATE.wait(timeout=0.5)
            GATE.set()
            assert {each.result(timeout=60) for each in answers} == {WORD.encode()}
    assert RENDERED.count("/slow/") == 1
    assert len(cache.turns) == 0
    assert connection.vendor in ("sqlite", "postgresql")


def test_one_that_fails_leaves_the_turn_to_the_next(client: Client) -> None:
    with with_these_routes, pytest.raises(ZeroDivisionError):
        client.get("/failing/")
    assert len(cache_of(client).turns) == 0
