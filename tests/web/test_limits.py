"""How often an address may ask, and whose address it is."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client, RequestFactory, override_settings

from engagement.web import limits

pytestmark = pytest.mark.django_db

FEW = {"api": 3, "files": 3, "forms": 2}
BEHIND_A_PROXY = {"TRUSTED_PROXIES": [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1")]}


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@override_settings(LIMITS=FEW)
def test_who_asks_too_often_is_told_when_to_come_back(client: Client) -> None:
    answers = [client.get("/offices.json") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    last = answers[-1]
    assert 0 < int(last["Retry-After"]) <= 60
    assert last["Content-Type"] == "application/problem+json"
    assert "At most 3 such requests a minute" in last.json()["detail"]


@override_settings(LIMITS=FEW)
def test_one_address_does_not_use_up_the_requests_of_another(client: Client) -> None:
    for _ in range(4):
        client.get("/offices.json", REMOTE_ADDR="198.51.100.7")
    assert client.get("/offices.json", REMOTE_ADDR="198.51.100.7").status_code == 429
    assert client.get("/offices.json", REMOTE_ADDR="198.51.100.8").status_code == 200


@override_settings(LIMITS=FEW)
def test_the_next_minute_begins_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        client.get("/offices.json")

    class Later(limits.datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return limits.datetime.datetime.fromtimestamp(super().now(tz).timestamp() + 60, tz)

    monkeypatch.setattr(limits, "datetime", type("module", (), {"datetime": Later, "UTC": limits.datetime.UTC}))
    assert client.get("/offices.json").status_code == 200


@override_settings(LIMITS=FEW, CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}})
def test_a_cache_that_keeps_nothing_turns_nobody_away(client: Client) -> None:
    assert {client.get("/offices.json").status_code for _ in range(6)} == {200}


def redis(port: int) -> dict[str, Any]:
    options = {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 2}
    return {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": f"redis://127.0.0.1:{port}/9", "OPTIONS": options}


def listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(not listens(6379), reason="no Redis listens on 127.0.0.1:6379")
@override_settings(LIMITS=FEW, CACHES={"default": redis(6379)})
def test_with_a_redis_all_processes_count_together(client: Client) -> None:
    cache.clear()
    assert [client.get("/offices.json").status_code for _ in range(4)] == [200, 200, 200, 429]
    caches["default"].close()
    assert client.get("/offices.json").status_code == 429
    cache.clear()


@override_settings(LIMITS=FEW, CACHES={"default": redis(1)})
def test_a_redis_that_is_down_turns_nobody_away(client: Client) -> None:
    assert {client.get("/offices.json").status_code for _ in range(6)} == {200}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),  # no proxy of ours: what it says of itself counts nothing
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.1", "203.0.113.1"),  # the first is what the client made up
        ("10.0.0.1", "203.0.113.1, 10.9.9.9", "203.0.113.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "", ""),
        ("10.0.0.1", "nonsense", "nonsense"),
    ],
)
def test_the_address_is_the_last_one_that_is_no_proxy_of_ours(peer: str, forwarded: str, address: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    with override_settings(**BEHIND_A_PROXY):
        assert limits.client_address(request) == (address or peer)
