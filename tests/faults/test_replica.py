"""Two portals, a primary and a streaming replica: who reads which, and what of a late or lost replica is seen."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.environment import TEST_DATABASE_URL
from tests.faults.clusters import NOT_HERE, can_make_clusters
from tests.faults.doing import Figure
from tests.faults.replicas import LOGGED_IN, PAGE, Answer, Pair, ask, is_ready, pair, until

pytestmark = [
    pytest.mark.skipif(not TEST_DATABASE_URL, reason="the register for it is copied from TEST_DATABASE_URL"),
    pytest.mark.skipif(not can_make_clusters(), reason=NOT_HERE),
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with pair(tmp_path_factory.mktemp("var")) as made:
        yield made


@pytest.fixture
def servers(two: Pair) -> Iterator[Pair]:
    """As they should be: every process of the portals has found the replica."""
    two.delay(0)
    until(lambda: all(is_ready(each) for each in two.portals), 20)
    for _each in range(16):
        assert {ask(portal).status for portal in two.portals} == {200}
    time.sleep(1.5)
    yield two


def test_the_public_reads_the_replica_and_staff_the_primary(servers: Pair) -> None:
    servers.delay(3)
    former, name = ask(servers.portals[0]).name, "Renamed for the public"
    began, revision = time.monotonic(), servers.rename(name)
    for portal in servers.portals:
        late, now = ask(portal), ask(portal, headers=LOGGED_IN)
        assert (late.name, now.name) == (former, name)
        assert late.revision < now.revision == revision
    assert time.monotonic() - began < 3, "this machine is too slow for what is to be seen here"
    for portal in servers.portals:
        until(lambda portal=portal: ask(portal).name == name, 6)  # type: ignore[misc]
        assert ask(portal).revision == revision


def test_who_has_written_reads_it_at_once_and_gets_the_only_cookie(servers: Pair) -> None:
    servers.delay(3)
    portal, other = servers.portals
    assert "set-cookie" not in ask(portal).headers
    name = "Renamed by another hand"
    servers.rename(name)
    cookie = cookie_of_a_write(portal)
    mine = {"Cookie": cookie}
    assert ask(portal, headers=mine).name == ask(other, headers=mine).name == name
    assert ask(portal).name != name
    forged = f"{cookie[:-1]}{'a' if cookie[-1] != 'a' else 'b'}"
    assert ask(portal, headers={"Cookie": forged}).name != name


def cookie_of_a_write(portal: str) -> str:
    """Of one who has kept a list for citing."""
    kept = ask(portal, "/snapshots/", b"collection=organizations&query=category%3Dgeneral")
    assert kept.status in (302, 303), kept.body
    cookie = kept.headers["set-cookie"]
    assert "HttpOnly" in cookie and "Max-Age=10" in cookie and "SameSite=Lax" in cookie
    return cookie.partition(";")[0]


def test_a_replica_that_is_more_than_five_seconds_behind_is_not_read(servers: Pair) -> None:
    servers.delay(60)
    name = "Renamed far ahead"
    servers.rename(name)
    assert ask(servers.portals[0]).name != name
    seconds = [until(lambda portal=each: ask(portal).name == name, 9) for each in servers.portals]  # type: ignore[misc]
    assert max(seconds) < 8
    until(lambda: "too far behind" in ask(servers.portals[0], "/readyz").body, 3)
    assert ask(servers.portals[0], "/healthz").status == 200


def test_no_page_says_another_revision_than_that_of_its_rows(servers: Pair, figure: Figure) -> None:
    servers.delay(0.7)
    named = {servers.rename("The first of them"): "The first of them"}
    time.sleep(1.5)
    with asking(servers, LOGGED_IN) as answers:
        for number in range(25):
            name = f"Renamed number {number}"
            named[servers.rename(name)] = name
            time.sleep(0.1)
        time.sleep(1)
    assert len(answers) > 100 and {each.status for each in answers} == {200}
    wrong = [each for each in answers if each.revision in named and named[each.revision] != each.name]
    assert wrong == []
    assert len({each.revision for each in answers}) > 20
    figure(f"{len(answers)} answers of {len({each.revision for each in answers})} revisions")


@contextmanager
def asking(servers: Pair, *more: dict[str, str]) -> Iterator[list[Answer]]:
    """Readers of both portals, with these headers and without any, for as long as the block lasts."""
    answers: list[Answer] = []
    over = threading.Event()

    def read(portal: str, headers: dict[str, str]) -> None:
        while not over.is_set():
            answers.append(ask(portal, PAGE, headers=headers))

    asked = [(portal, headers) for portal in servers.portals for headers in ({}, *more)]
    threads = [threading.Thread(target=read, args=each) for each in asked]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_readers_notice_nothing_when_the_replica_is_killed_and_it_is_read_again_when_it_is_back(
    servers: Pair, figure: Figure
) -> None:
    with asking(servers) as answers:
        time.sleep(0.5)
        servers.replica.kill()
        red = until(lambda: "the replica does not answer" in ask(servers.portals[0], "/readyz").body, 5)
        assert ask(servers.portals[0], "/healthz").status == 200
        time.sleep(1)
        servers.replica.start()
        green = until(lambda: is_ready(servers.portals[0]), 10)
    slowest = max(each.seconds for each in answers)
    figure(f"{len(answers)} answers, slowest {slowest * 1000:.0f} ms; red after {red:.1f} s, green after {green:.1f} s")
    assert {each.status for each in answers} == {200} and len(answers) > 50
    servers.delay(3)
    until(lambda: is_behind(servers), 10)


def is_behind(servers: Pair) -> bool:
    """What is written now is not read at once: it is the replica that answers."""
    name = f"Renamed at {time.monotonic()}"
    servers.rename(name)
    return ask(servers.portals[0]).name != name


def test_nobody_waits_for_a_replica_that_has_stopped(servers: Pair, figure: Figure) -> None:
    with asking(servers) as answers:
        time.sleep(0.5)
        servers.stop_replica(signal.SIGSTOP)
        try:
            red = until(lambda: not is_ready(servers.portals[0]), 5)
            time.sleep(2)
        finally:
            servers.stop_replica(signal.SIGCONT)
    slowest = max(each.seconds for each in answers)
    figure(f"{len(answers)} answers, slowest {slowest:.1f} s; red after {red:.1f} s")
    assert {each.status for each in answers} == {200} and slowest < 5
