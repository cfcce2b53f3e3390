"""Asking over HTTP: one answer with its times, and load, by wrk where it is found, else by a client of its own."""

import asyncio
import http.client
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 16
# Answers that take longer than this many seconds are not asked by wrk: it goes without waiting for what it asked last,
# and the server works on while the next one is measured.
SLOW = 0.02
# Of those that take longer than this, a few at once are asked once; and no more than one, of those beyond the last.
SLOWER, SLOWEST = 0.5, 3
AT_ONCE = 8
# Seconds that an answer is waited for.
PATIENCE = 60
PERCENTILES = Path(__file__).with_name("percentiles.lua")


@dataclass(frozen=True)
class Target:
    """What is asked: the address and the headers."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """One answer. `seconds` until its end, `first` until the first byte of its body; `lines` and `size` of the body,
    which is left out where it was not to be kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int
    lines: int
    first: float
    seconds: float


@dataclass(frozen=True)
class Load:
    """Times in milliseconds, and answers in a second (None where that was not measured)."""

    p50: float
    p95: float
    per_second: float | None
    failed: int = 0


def wrk() -> str | None:
    return shutil.which("wrk")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie: the nearest one that occurs."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ask(target: Target, keep: bool = True) -> Answer:
    """TimeoutError where nothing comes for PATIENCE seconds."""
    parts = urlsplit(target.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    began = time.perf_counter()
    connection.request("GET", path_of(target.url), headers=dict(target.headers))
    response = connection.getresponse()
    chunk = response.read(1)
    first = time.perf_counter() - began
    kept, size, lines = [], 0, 0
    while chunk:
        size, lines = size + len(chunk), lines + chunk.count(b"\n")
        if keep:
            kept.append(chunk)
        chunk = response.read1(1 << 18)
    seconds = time.perf_counter() - began
    connection.close()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, b"".join(kept), size, lines, first, seconds)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


# -- Load ----------------------------------------------------------------------------------------------------------


def loaded(target: Target, seconds: int) -> Load:
    """Times at one connection, answers a second at CONNECTIONS, of slower ones at AT_ONCE. 0 `seconds`: each once."""
    alone = ask(target, keep=False).seconds
    if alone < 1:
        alone = min(alone, ask(target, keep=False).seconds)
    run = by_wrk if wrk() and seconds and alone <= SLOW else by_own_client
    single = run(target, 1, seconds)
    if alone > SLOWEST:
        return Load(single.p50, single.p95, None, single.failed)
    many = run(target, CONNECTIONS, seconds) if alone <= SLOWER else by_own_client(target, AT_ONCE, 0)
    return Load(single.p50, single.p95, many.per_second, single.failed + many.failed)


def by_wrk(target: Target, connections: int, seconds: int) -> Load:
    headers = [text for name, value in target.headers.items() for text in ("-H", f"{name}: {value}")]
    command = [wrk() or "wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", f"{PATIENCE}s"]
    done = subprocess.run(
        [*command, *headers, "-s", str(PERCENTILES), target.url], capture_output=True, text=True, check=True
    )
    return read_wrk(done.stdout)


def read_wrk(output: str) -> Load:
    """What percentiles.lua has written: microseconds, answers, microseconds of the whole, failures."""
    found = re.search(r"^measured (\S+) (\S+) (\d+) (\d+) (\d+)$", output, re.MULTILINE)
    if found is None:
        raise ValueError(f"wrk said nothing that can be read:\n{output}")
    p50, p95, answers, lasted, failed = (float(text) for text in found.groups())
    return Load(p50 / 1000, p95 / 1000, answers / (lasted / 1e6), int(failed))


# -- A client of its own -------------------------------------------------------------------------------------------


def by_own_client(target: Target, connections: int, seconds: float) -> Load:
    """Ask over and over on connections that stay open, each at least once; what was asked is waited for."""
    times: list[float] = []
    statuses: list[int] = []
    began = time.perf_counter()
    asyncio.run(_all(target, connections, began + seconds, times, statuses))
    lasted = time.perf_counter() - began
    failed = sum(status >= 400 for status in statuses)
    return Load(percentile(times, 0.5), percentile(times, 0.95), len(times) / lasted, failed)


def times_over(target: Target, seconds: float, connections: int = 1) -> list[float]:
    """The times, in milliseconds, of asking over and over for so long."""
    times: list[float] = []
    asyncio.run(_all(target, connections, time.perf_counter() + seconds, times, []))
    return times


async def _all(target: Target, connections: int, until: float, times: list[float], statuses: list[int]) -> None:
    await asyncio.gather(*(_one(target, until, times, statuses) for _ in range(connections)))


async def _one(target: Target, until: float, times: list[float], statuses: list[int]) -> None:
    parts = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    headers = "".join(f"{name}: {value}\r\n" for name, value in target.headers.items())
    request = f"GET {path_of(target.url)} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n".encode()
    while True:
        began = time.perf_counter()
        writer.write(request)
        statuses.append(await _answered(reader))
        times.append((time.perf_counter() - began) * 1000)
        if time.perf_counter() >= until:
            break
    writer.close()
    await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if length := re.search(rb"\r\ncontent-length: *(\d+)", head):
        await reader.readexactly(int(length[1]))
    elif b"\r\ntransfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return status
