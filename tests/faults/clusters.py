"""Servers that belong to a test alone: a PostgreSQL made by initdb, a Redis; never those of the machine."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests import environment
from tests.backups.amcheck import postgresql_program
from tests.faults.doing import children

IS_ROOT = os.geteuid() == 0
STARTS_WITHIN = 60
NOT_HERE = "no initdb and pg_ctl of PostgreSQL were found, or it is root without a user `postgres` and runuser"


def can_make_clusters() -> bool:
    """The server refuses to run as root."""
    there = postgresql_program("initdb") and postgresql_program("pg_ctl")
    return bool(there) and (not IS_ROOT or bool(shutil.which("runuser")))


def as_its_user(*command: str) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if IS_ROOT else list(command)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL of its own."""

    directory: Path
    port: int

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    @property
    def postmaster(self) -> int:
        return int((self.directory / "postmaster.pid").read_text().splitlines()[0])

    def kill(self) -> None:
        """All its processes at once. What they had handed to the system is still written: it is no failing power."""
        postmaster = self.postmaster
        each = children(postmaster)
        for pid in (postmaster, *each):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in (postmaster, *each)) and time.monotonic() < deadline:
            time.sleep(0.05)

    def start(self) -> None:
        (self.directory / "postmaster.pid").unlink(missing_ok=True)
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.directory}"
        log = str(self.directory / "log")
        self.control("-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    def control(self, *arguments: str) -> None:
        run(*as_its_user(str(postgresql_program("pg_ctl")), "-D", str(self.directory), *arguments))

    def execute(self, statement: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()


def cluster() -> AbstractContextManager[Cluster]:
    """A new PostgreSQL with checksums."""
    options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "-N")
    return made_by("initdb", "--data-checksums", *options)


@contextmanager
def made_by(program: str, *options: str) -> Iterator[Cluster]:
    """What a program of PostgreSQL makes in a directory that its user may enter, started."""
    with tempfile.TemporaryDirectory(prefix="register-cluster-") as made:
        if IS_ROOT:
            shutil.chown(made, "postgres")
        directory = Path(made) / "data"
        run(*as_its_user(str(postgresql_program(program)), "-D", str(directory), *options))
        one = Cluster(directory, environment.free_port())
        one.start()
        try:
            yield one
        finally:
            one.stop()


@contextmanager
def own_redis(directory: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A Redis that keeps nothing on the disk."""
    command: Sequence[str] = (
        "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)
    )  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            yield process
        finally:
            process.kill()


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")
