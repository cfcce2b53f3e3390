"""A primary and a streaming replica of it that belong to the tests alone, and two portals in front of them."""

import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import psycopg2

from tests import environment
from tests.browser.site import served, wait_until_it_answers
from tests.faults.clusters import Cluster, cluster, made_by
from tests.faults.test_servers import copy

RECORD = "amnesty-international"
PAGE = f"/organizations/{RECORD}/"
RENAME = "UPDATE engagement_organization SET name = %s WHERE slug = %s"
REVISION = "SELECT max(number) FROM freshness_change"
LOGGED_IN = {"Cookie": "sessionid=whatever"}


@dataclass
class Answer:
    status: int
    body: str
    headers: dict[str, str]
    seconds: float

    @property
    def name(self) -> str:
        """The record's, as its page has it."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.body, re.S)
        return re.sub(r"<[^>]*>", "", found[1]).strip() if found else ""

    @property
    def revision(self) -> int:
        return int(self.headers["x-data-revision"])


@dataclass(frozen=True)
class Pair:
    """The two servers, and the addresses of the two portals."""

    primary: Cluster
    replica: Cluster
    portals: tuple[str, str]

    def rename(self, name: str) -> int:
        """Give the record another name, past the portals; the revision of that."""
        self.asked(self.primary, RENAME, name, RECORD)
        return int(self.asked(self.primary, REVISION)[0][0])

    def delay(self, seconds: float) -> None:
        """From now on the replica does everything so much later."""
        self.asked(self.replica, f"ALTER SYSTEM SET recovery_min_apply_delay = '{int(seconds * 1000)}ms'")
        self.asked(self.replica, "SELECT pg_reload_conf()")

    @staticmethod
    def asked(server: Cluster, statement: str, *parameters: str) -> list[Any]:
        connection = psycopg2.connect(server.url("register"))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def stop_replica(self, how: signal.Signals) -> None:
        """SIGSTOP all its processes, or SIGCONT them."""
        postmaster = self.replica.postmaster
        found = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, found)):
            os.kill(pid, how)


class Staying(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *arguments: Any, **more: Any) -> None:
        return None


asking = urllib.request.build_opener(Staying)


def ask(portal: str, path: str = PAGE, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    began = time.monotonic()
    request = urllib.request.Request(portal + path, data, dict(headers or {}))
    try:
        answer: HTTPResponse | urllib.error.HTTPError = asking.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        body = answer.read().decode()
        said = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status or 0, body, said, time.monotonic() - began)


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Seconds until it holds; fails where it does not in that time."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"not within {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - began


def replica_of(primary: Cluster) -> AbstractContextManager[Cluster]:
    source = f"host=127.0.0.1 port={primary.port} user=postgres"
    return made_by("pg_basebackup", "-d", source, "-R", "-X", "stream", "-c", "fast")


@contextmanager
def pair(var: Path) -> Iterator[Pair]:
    """With the register, both portals answering and the replica in use."""
    with ExitStack() as stack:
        primary = stack.enter_context(cluster())
        primary.execute("CREATE DATABASE register")
        copy(environment.url_of(environment.made(environment.REGISTER)), primary.url("register"))
        settings = environment.portal(var, DATABASE_URL=primary.url("register"), PAGE_CACHE="1", RATE_LIMITS="0")
        settings |= {"PGOPTIONS": ""}
        done = environment.manage("prepare", settings=settings)
        assert done.returncode == 0, done.stderr
        replica = stack.enter_context(replica_of(primary))
        settings |= {"DATABASE_REPLICA_URL": replica.url("register")}
        portals = tuple(stack.enter_context(portal(var, settings, each)) for each in ("one", "two"))
        both = Pair(primary, replica, (portals[0], portals[1]))
        until(lambda: all(is_ready(each) for each in portals), 20)
        yield both


@contextmanager
def portal(var: Path, settings: dict[str, str], name: str) -> Iterator[str]:
    port, log = environment.free_port(), var / f"{name}.log"
    with log.open("w") as file, served({**settings, "PORT": str(port)}, file.fileno()) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until_it_answers(url, process, log)
        yield url


def is_ready(portal: str) -> bool:
    return ask(portal, "/readyz").status == 200
