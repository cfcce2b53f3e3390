"""What is measured once a run: exports, what they do to other readers and to memory, and the weight of a page."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bench import client, servers, sql
from bench.client import Answer, Target, ask
from bench.data import Subjects
from bench.requests import exports
from bench.running import BROTLI, Measured, Options, Running
from bench.servers import Server

READ_OVER_AND_OVER = """
import sys, urllib.request
while True:
    with urllib.request.urlopen(sys.argv[1]) as answer:
        while answer.read(1 << 18):
            pass
"""


def measure_exports(running: Running, asked: Subjects, found: Measured) -> None:
    """Everything as CSV: MB a second, milliseconds to the first byte, and what the workers grow by meanwhile."""
    for name, server, path in zip(
        ("portal", "datasette"), (running.uncached, running.datasette), exports(), strict=True
    ):
        if server is None:
            continue
        target = Target(server.url + path)
        ask(target, keep=False)  # What is read once and kept is no growth of an export.
        with growth(server) as grown:
            answer = ask(target, keep=False)
        found.figures[f"csv/{name}"] = {**pace(answer), "grown": max(grown) if grown else None}
        if answer.lines < asked.total + 1:
            found.remarks.append(f"CSV of everything: {name} gives {answer.lines:,} lines for {asked.total:,} rows")
    again = Target(running.again.url + exports()[0])
    ask(again, keep=False)  # The first reader has it made.
    found.figures["csv-again/portal"] = pace(ask(again, keep=False))
    for bare in running.bare:
        if load := sql.timed(bare, "csv", 0):
            found.figures[f"csv/{bare.name.lower()}"] = {"seconds": load.p50 / 1000}


def pace(answer: Answer) -> dict[str, float | None]:
    return {
        "mb_s": answer.size / 1e6 / answer.seconds,
        "first": answer.first * 1000,
        "seconds": answer.seconds,
    }


@contextmanager
def growth(server: Server) -> Iterator[list[float]]:
    """What the server's processes hold more than before, in MB: looked at over and over until the block ends."""
    seen: list[float] = []
    before = sum(servers.memory_of(server).values())
    ended = threading.Event()

    def look() -> None:
        while before and not ended.wait(0.2):
            seen.append(sum(servers.memory_of(server).values()) - before)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        ended.set()
        looking.join()


def measure_during(running: Running, options: Options, found: Measured) -> None:
    """p95 of the list while another reader takes everything along, beside its value when idle."""
    page = Target(f"{running.uncached.url}/organizations/")
    found.figures["idle/portal"] = {"p95": p95_over_connections(page, options.seconds)}
    export = running.uncached.url + exports()[0]
    reader = subprocess.Popen([sys.executable, "-c", READ_OVER_AND_OVER, export])
    try:
        found.figures["during/portal"] = {"p95": p95_over_connections(page, options.seconds)}
    finally:
        reader.terminate()
        reader.wait()


def p95_over_connections(target: Target, seconds: float) -> float:
    """Over eight connections one after the other, each for half of `seconds`: each worker gets some of them."""
    times = [time for _ in range(8) for time in client.times_over(target, seconds / 2)]
    return client.percentile(times, 0.95)


def weight(server: Server) -> int:
    """Bytes of the list with its stylesheets, in brotli."""
    page = ask(Target(f"{server.url}/organizations/", BROTLI))
    plain = ask(Target(f"{server.url}/organizations/", {"Accept-Encoding": "identity"})).body.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', plain)
    return page.size + sum(ask(Target(server.url + sheet, BROTLI)).size for sheet in sheets)
