"""A portal as a user runs it: its own directory and database, `prepare`, then `serve` in a process of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import environment

STARTS_WITHIN = 60


@dataclass(frozen=True)
class Site:
    """A running portal: its address and the environment that its commands need."""

    url: str
    settings: dict[str, str] = field(repr=False)

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a command on the running portal's database; its output."""
        done = environment.manage(*arguments, settings=self.settings, stdin=stdin)
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout


@contextmanager
def running_site(var: Path, **more: str) -> Iterator[Site]:
    """A prepared portal on a free port, ended when the block ends. `more` are settings, as in the environment."""
    port = environment.free_port()
    with environment.own_database(var, "register_site", environment.REGISTER) as database:
        settings = environment.portal(var, DATABASE_URL=database, PORT=str(port), **more)
        site = Site(f"http://127.0.0.1:{port}", settings)
        site.manage("prepare")
        with (var / "serve.log").open("w") as log, served(settings, log.fileno()) as process:
            wait_until_it_answers(site.url, process, var / "serve.log")
            yield site


@contextmanager
def served(settings: dict[str, str], log: int) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py serve` with its workers in a process group of their own, so that none outlives the block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=environment.ROOT,
        env=environment.shell(settings),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if answers(f"{url}/healthz"):
            return
        time.sleep(0.1)
    raise AssertionError(f"The portal did not start within {STARTS_WITHIN} s:\n{log.read_text()}")


def answers(url: str) -> bool:
    """Whether anything but an error of the server comes back (a 404 does too: then the server is up)."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
