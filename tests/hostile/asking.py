"""Asks the site what it does not want to be asked, and notes what it should not have answered."""

import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client

from tests.hostile.values import SCRIPT

HERE = "http://testserver"


@dataclass
class Tally:
    """What became of many inputs. `faults` is to stay empty; `slowest` in seconds."""

    asked: int = 0
    slowest: tuple[float, str] = (0.0, "")
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def note(self, said: str, response: Any, seconds: float) -> None:
        self.asked += 1
        self.slowest = max(self.slowest, (seconds, said[:120]))
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        if wrong := wrong_with(response):
            self.faults.append(f"{wrong}: {said[:320]}")

    def __str__(self) -> str:
        seconds, said = self.slowest
        counted = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{self.asked} inputs ({counted}); slowest {seconds:.2f} s: {said}"


def wrong_with(response: Any) -> str:
    """What should not have been answered; '' for nothing."""
    # The client has closed it. To do so again would close the connection under the test, where it has had an error.
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code >= 500:
        return f"{response.status_code}{raised_by(response)}"
    if response.get("Content-Type", "").startswith("text/html") and SCRIPT.encode() in body:
        return "a script came back as it was sent"
    if leads_away(response.get("Location", "")):
        return f"leads to {response['Location'][:100]}"
    return ""


def raised_by(response: Any) -> str:
    """What was raised, and where in the site's own code it came from last."""
    kind, error, trace = getattr(response, "exc_info", None) or (None, None, None)
    if kind is None:
        return ""
    frames = [frame for frame in traceback.extract_tb(trace) if "/engagement/" in frame.filename]
    where = f", {frames[-1].filename.rpartition('/engagement/')[2]}:{frames[-1].lineno}" if frames else ""
    return f" {kind.__name__} {error!s:.120}{where}"


def leads_away(location: str) -> bool:
    """Whether browsers would go to another site."""
    parts = urlsplit(location.replace("\\", "/"))
    return bool(parts.scheme or parts.netloc) and f"{parts.scheme}://{parts.netloc}" != HERE


def ask(client: Client, tally: Tally, method: str, address: str, about: str = "", **more: Any) -> None:
    """One input; `about` says what of it a report of faults shows beside the address. What it wrote is taken back, and
    an error of the database does not reach the next one."""
    began = time.perf_counter()
    with transaction.atomic():
        # The host is named: an address that begins with // would be taken for that of another.
        response = client.generic(method, HERE + address, **more)
        tally.note(f"{method} {address[:200]} {about}".strip(), response, time.perf_counter() - began)
        transaction.set_rollback(True)


def ask_all(client: Client, addresses: Iterable[str]) -> Tally:
    """GET each address."""
    tally = Tally()
    for address in addresses:
        ask(client, tally, "GET", address)
    return tally
