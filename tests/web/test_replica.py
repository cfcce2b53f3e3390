"""Who is answered from the replica and who from the primary. With real servers: tests/faults/test_replica.py."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve

from engagement.freshness import replica
from engagement.web import replica as web

READING = RequestFactory()
PRIMARY, REPLICA = "primary", "replica"


class Answering:
    """What stands within the middleware: notes which database it would read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.made: Callable[[], HttpResponseBase] = HttpResponse

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.resolver_match = resolve(request.path_info)
        self.middleware.process_view(request)
        self.read.append(REPLICA if replica.is_entered() else PRIMARY)
        return self.made()

    @property
    def middleware(self) -> web.FromReplica:
        return web.FromReplica(self)

    def to(self, request: HttpRequest) -> tuple[str, HttpResponseBase]:
        """Which of the two the request was answered from, in the end, and the answer."""
        response = self.middleware(request)
        return self.read[-1], response


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    monkeypatch.setitem(connections.settings, replica.ALIAS, settings.DATABASES[DEFAULT_DB_ALIAS])
    made: Any = connections.create_connection(replica.ALIAS)
    made.connection = SimpleNamespace(closed=0)
    connections[replica.ALIAS] = made
    monkeypatch.setattr(web, "watch", SimpleNamespace(is_near=lambda: True))
    yield Answering()
    replica.leave()
    del connections[replica.ALIAS]


def test_a_public_page_is_read_from_the_replica_and_a_private_one_is_not(answering: Answering) -> None:
    asked = {path: answering.to(READING.get(path))[0] for path in ("/", "/organizations/", "/api/v1/", "/about/")}
    assert set(asked.values()) == {REPLICA}
    for path in ("/corrections/", "/snapshots/", "/requests/new/", "/meeting-check/", "/admin/", "/readyz"):
        assert answering.to(READING.get(path))[0] == PRIMARY, path
    assert not replica.is_entered()


def test_whoever_is_logged_in_reads_the_primary(answering: Answering) -> None:
    request = READING.get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "any"
    request.META["HTTP_COOKIE"] = "sessionid=any"
    assert answering.to(request)[0] == PRIMARY


def test_a_replica_that_is_far_behind_is_not_read(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "watch", SimpleNamespace(is_near=lambda: False))
    assert answering.to(READING.get("/"))[0] == PRIMARY


def cookie_of(response: HttpResponseBase) -> str:
    return response.cookies["wrote"].value


@pytest.mark.parametrize(("later", "read"), [(0, PRIMARY), (9, PRIMARY), (11, REPLICA)])
def test_who_has_written_reads_the_primary_for_ten_seconds(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, later: int, read: str
) -> None:
    asked, response = answering.to(READING.post("/corrections/new/"))
    assert asked == PRIMARY
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + later)
    request = READING.get("/", headers={"cookie": f"wrote={cookie_of(response)}"})
    assert answering.to(request)[0] == read


@pytest.mark.parametrize("forged", ["", "1", "1:aaaaaa:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "ü"])
def test_a_cookie_that_is_not_ours_says_nothing(answering: Answering, forged: str) -> None:
    assert answering.to(READING.get("/", headers={"cookie": f"wrote={forged}"}))[0] == REPLICA


def test_the_cookie_is_set_where_something_was_written_and_nowhere_else(answering: Answering) -> None:
    for request in (READING.get("/"), READING.head("/"), READING.options("/"), READING.post("/meeting-check/")):
        assert not answering.to(request)[1].cookies, request.path
    answering.made = lambda: HttpResponse(status=403)
    assert not answering.to(READING.post("/corrections/new/"))[1].cookies


def test_an_answer_that_the_replica_failed_to_give_is_given_by_the_primary(answering: Answering) -> None:
    def failing_once() -> HttpResponse:
        if answering.read[-1] == PRIMARY:
            return HttpResponse("well")
        connections[DEFAULT_DB_ALIAS].errors_occurred = True
        return HttpResponse(status=500)

    answering.made = failing_once
    read, response = answering.to(READING.get("/"))
    assert (answering.read, response.status_code) == ([REPLICA, PRIMARY], 200) and read == PRIMARY
    assert not replica.is_entered()


def test_a_fault_that_is_not_of_the_replica_is_not_tried_again(answering: Answering) -> None:
    answering.made = lambda: HttpResponse(status=500)
    assert answering.to(READING.get("/"))[1].status_code == 500 and answering.read == [REPLICA]


@pytest.mark.django_db
def test_what_is_sent_while_it_is_read_is_read_from_the_replica_to_its_end(answering: Answering) -> None:
    answering.made = lambda: StreamingHttpResponse(str(replica.is_entered()).encode() for _each in range(2))
    response = answering.to(READING.get("/organizations.csv"))[1]
    assert list(response) == [b"True", b"True"]
    connections[replica.ALIAS].connection = None  # nothing that Django could look after at the end of a request
    response.close()
    assert not replica.is_entered()


def test_without_a_replica_there_is_nothing_to_choose() -> None:
    with pytest.raises(MiddlewareNotUsed):
        web.FromReplica(lambda request: HttpResponse())
