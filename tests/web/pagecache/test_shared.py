"""Pages in a Redis: what one process has rendered the others send, and nothing that someone else has put there."""

import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import caches
from django.test import Client, override_settings
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from engagement.web import states
from engagement.web.pagecache import middleware
from engagement.web.pagecache.shared import LEFT_ALONE_FOR, shared
from tests import environment

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/?category=general"


def settings_for(port: int) -> dict[str, Any]:
    options = {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5}
    backend = {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{port}/0",
        "OPTIONS": options,
    }
    return {"PAGE_CACHE": True, "CACHES": {"default": backend}}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed")
    number, var = environment.free_port(), tmp_path_factory.mktemp("redis")
    options = ["--port", str(number), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(var)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    wait_for(number)
    yield number
    server.terminate()
    server.wait(timeout=20)


def wait_for(number: int) -> None:
    client = redis.Redis(port=number, retry=Retry(ConstantBackoff(0.1), 100))
    assert client.ping()
    client.close()


@pytest.fixture
def held(port: int) -> Iterator[redis.Redis]:
    """The Redis, empty, as the cache of the portal."""
    client = redis.Redis(port=port)
    client.flushall()
    with override_settings(**settings_for(port)):
        yield client
    caches["default"].close()
    client.close()


def names_in(held: redis.Redis) -> list[bytes]:
    return list(held.scan_iter("page:*"))


def test_a_page_that_one_process_has_rendered_is_sent_by_another(
    held: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Client().get(ADDRESS, headers={"accept-encoding": "br"})
    [name] = names_in(held)
    assert 0 < held.ttl(name) <= 3600
    monkeypatch.setattr(middleware.Page, "of", None)  # whoever renders fails
    for accept in ("br", "gzip", ""):
        other = Client().get(ADDRESS, headers={"accept-encoding": accept})
        assert (other.status_code, other["ETag"]) == (200, first["ETag"])
        assert other.get("Content-Encoding", "") == accept
        assert set(dict(other.headers)) | {"Content-Encoding"} == set(dict(first.headers))


def test_a_page_of_another_process_is_counted_too(held: redis.Redis) -> None:
    address = "/api/v1/offices/?limit=2"
    with override_settings(LIMITS={"api": 3}):
        first, other = Client(), Client()
        assert first.get(address).status_code == 200 and names_in(held)
        assert [other.get(address).status_code for _time in range(4)] == [200, 200, 429, 429]


def test_another_release_and_another_day_find_nothing_there(held: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Client().get(ADDRESS)
    monkeypatch.setattr(states, "release", lambda: "another release")
    assert Client().get(ADDRESS)["ETag"] != first["ETag"]
    assert len(names_in(held)) == 2


@pytest.mark.parametrize(
    "change", [lambda found: found[:-1] + b"!", lambda found: b"!" + found[1:], lambda _: b"", bytes.upper]
)
def test_what_was_tampered_with_is_rendered_anew(held: redis.Redis, change: Any) -> None:
    first = Client().get(ADDRESS)
    [name] = names_in(held)
    held.set(name, change(held.get(name)))
    assert Client().get(ADDRESS).content == first.content


def test_a_page_is_not_taken_for_another(held: redis.Redis) -> None:
    Client().get(ADDRESS)
    [first] = names_in(held)
    body: Any = held.get(first)
    other = Client().get("/about/").content
    [second] = [name for name in names_in(held) if name != first]
    held.set(second, body)
    assert Client().get("/about/").content == other


def test_a_redis_that_is_down_keeps_nobody_waiting_twice() -> None:
    with override_settings(**settings_for(1)):
        client = Client()
        assert [client.get(path).status_code for path in (ADDRESS, ADDRESS, "/about/")] == [200, 200, 200]
        cache = client.handler._middleware_chain.__wrapped__  # type: ignore[attr-defined]
        assert cache.shared._left_alone_until > 0 and len(cache.pages) == 2
    assert LEFT_ALONE_FOR >= 1


def test_without_a_redis_nothing_is_shared() -> None:
    assert shared("fingerprint") is None
