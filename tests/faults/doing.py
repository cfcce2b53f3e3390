"""Breaking things that belong to the test alone, and looking whether the register is whole afterwards."""

import http.client
import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlencode, urlsplit

import pytest

from tests import environment

Figure = Callable[[str], None]

# `make faults` does everything more often.
LONG = os.environ.get("FAULTS") == "long"
# The same at each run, so that what fails can be tried again.
CHANCE = random.Random(20261201)

SOUND = """
from django.db import connection
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        found = [row for check in ("integrity_check", "foreign_key_check")
                 for row in cursor.execute(f"PRAGMA {check}").fetchall() if row != ("ok",)]
        assert not found, found
    else:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
        assert cursor.fetchone() == (0,)
print("sound")
"""


def often(short: int, long: int) -> int:
    """How often in this run: in one of CI, or in that of `make faults`."""
    return long if LONG else short


def manage(settings: Mapping[str, str], *command: str) -> str:
    done = environment.manage(*command, settings=settings, seconds=600)
    assert done.returncode == 0, f"{command[:3]}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def python(settings: Mapping[str, str], code: str) -> str:
    return manage(settings, "shell", "--no-imports", "-c", code)


def require_whole(settings: Mapping[str, str]) -> None:
    """The database finds itself sound, no key leads nowhere, and what is searched is in step with the register."""
    assert python(settings, SOUND) == "sound"
    manage(settings, "rebuild_search", "--check")


def killed_after(seconds: float, *command: str, settings: Mapping[str, str]) -> tuple[bool, str]:
    """Start a command of the portal and kill it after so long, unless it has ended: whether it did end well, and what
    it had said."""
    with environment.managing(*command, settings=settings) as process:
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        said = process.stdout.read() if process.stdout else ""
    return process.returncode == 0, said


def killed_once_it_says(words: str, seconds: float, *command: str, settings: Mapping[str, str]) -> bool:
    """Start a command of the portal and kill it so long after it has said the words: whether it had ended by then."""
    said = b""
    with environment.managing(*command, settings=settings) as process:
        assert process.stdout is not None
        while words.encode() not in said and (more := os.read(process.stdout.fileno(), 4096)):
            said += more
        assert words.encode() in said, said
        time.sleep(seconds)
        ended = process.poll() is not None
        process.kill()
    return ended


def moments(number: int, seconds: float) -> list[float]:
    """So many moments at random in the last two thirds of what takes so long: before that Python is still loading."""
    return [CHANCE.uniform(seconds / 3, seconds) for _each in range(number)]


# -- Those who write -------------------------------------------------------------------------------------------------


@dataclass
class Writers:
    """Readers who send corrections by the public form, in threads, and go on whatever the server answers.

    acknowledged: the references that were answered. refused: answers that were errors, or none.
    """

    url: str
    record: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.place = f"/corrections/new/?{urlencode({'record': self.record})}"
        status, headers, body = self.asked("GET", self.place)
        assert status == 200, body[:500]
        cookie = re.search(r"csrftoken=([^;]+)", headers.get("Set-Cookie", ""))
        self.cookie = f"csrftoken={cookie[1]}"
        self.form = dict(re.findall(r'name="(csrfmiddlewaretoken|shown_at)" value="([^"]+)"', body))
        assert set(self.form) == {"csrfmiddlewaretoken", "shown_at"}

    def asked(self, method: str, path: str, data: Mapping[str, str] | None = None) -> tuple[int, Message, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            sent = urlencode(data) if data else None
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"} if data else {}
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def write(self, number: int) -> None:
        count = 0
        while not self.ended.is_set():
            count += 1
            said = {"field": "-", "proposed": f"Proposal {number}.{count}", "evidence": "An invented document"}
            try:
                status, headers, body = self.asked("POST", self.place, {**self.form, **said})
            except (OSError, http.client.HTTPException) as error:
                self.refused.append(repr(error))
                time.sleep(0.05)
                continue
            if status == 302:
                self.acknowledged.append(headers["Location"].rstrip("/").rpartition("/")[2])
            else:
                self.refused.append(f"{status}: {body[:300]}")
                time.sleep(0.05)

    @contextmanager
    def at_work(self, number: int) -> Iterator[None]:
        """So many of them, for as long as the block lasts."""
        time.sleep(3.5)  # the form takes nobody for a person who fills it in less than three seconds
        threads = [threading.Thread(target=self.write, args=(each,)) for each in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more: int, seconds: float = 60) -> None:
        """Until so many more are acknowledged."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {wanted}: {self.refused[-3:]}"
            time.sleep(0.02)


A_RECORD = """
from engagement.directories.correctable import name_of
from engagement.models import Organization
print(name_of(Organization.objects.published().order_by("pk").first()))
"""
CORRECTIONS = """
from engagement.desk.models import Correction
print(*Correction.objects.values_list("reference", flat=True))
"""


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill_one_worker(process: "Popen[bytes]") -> None:
    """One of those that answer; which of them, chance says."""
    if workers := children(process.pid):
        os.kill(CHANCE.choice(workers), signal.SIGKILL)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers in Linux's /proc")
