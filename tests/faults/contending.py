"""Many at one database: writers, each a process that reads and then writes, and readers in threads.

    manage.py shell --no-imports -c "from tests.faults.contending import contend; contend(8, 1500, 5, 10)"

It prints, as JSON, how many writes were committed, how many failed, how many are missing, and how long they took.
"""

import json
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from django.db import DatabaseError, connection, connections, transaction

from engagement.models import Organization, Region

TOGETHER = get_context("fork")
COUNTER = "a-counter"


def contend(writers: int, writes: int, reading: int, threads: int) -> None:
    """`reading` processes of so many reading threads each read for as long as the writers write."""
    counter = Region.objects.create(slug=COUNTER, name="0")
    connections.close_all()
    told, over = TOGETHER.Queue(), TOGETHER.Event()
    writing = [TOGETHER.Process(target=write, args=(each, writes, told)) for each in range(writers)]
    reading_ones = [TOGETHER.Process(target=read, args=(threads, over, told)) for _each in range(reading)]
    for process in (*reading_ones, *writing):
        process.start()
    written = [told.get(timeout=1200) for _process in writing]
    over.set()
    read_times = [told.get(timeout=120) for _process in reading_ones]
    for process in (*writing, *reading_ones):
        process.join()
    counter.refresh_from_db()
    committed = sum(len(took) for took, _failed in written)
    rows = Region.objects.filter(slug__startswith="by-writer-").count()
    print(  # noqa: T201
        json.dumps(
            {
                "committed": committed,
                "failed": [why for _took, failed in written for why in failed],
                "lost": [committed - rows, committed - int(counter.name)],
                "write": quantiles([each for took, _failed in written for each in took]),
                "reads": sum(len(took) for took, _failed in read_times),
                "read_failed": [why for _took, failed in read_times for why in failed],
                "read": quantiles([each for took, _failed in read_times for each in took]),
            }
        )
    )


def quantiles(seconds: list[float]) -> list[int]:
    """Median, 99th of a hundred and longest, in milliseconds."""
    ordered = sorted(seconds) or [0.0]
    return [round(1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]) for part in (0.5, 0.99, 1.0)]


def timed(work: Callable[[], object], took: list[float], failed: list[str]) -> None:
    began = time.monotonic()
    try:
        work()
    except DatabaseError as error:
        failed.append(str(error))
    else:
        took.append(time.monotonic() - began)


def write(writer: int, writes: int, told: Any) -> None:
    took: list[float] = []
    failed: list[str] = []
    for number in range(writes):
        timed(lambda number=number: count(f"by-writer-{writer}-{number}"), took, failed)  # type: ignore[misc]
    told.put((took, failed))


def count(slug: str) -> None:
    """Reads how many there are, and writes one more: who does not wait for the others loses theirs."""
    with transaction.atomic():
        counter = Region.objects.select_for_update().get(slug=COUNTER)
        Region.objects.create(slug=slug, name="Written")
        Region.objects.filter(pk=counter.pk).update(name=str(int(counter.name) + 1))


def read(threads: int, over: Any, told: Any) -> None:
    took: list[float] = []
    failed: list[str] = []

    def go_on() -> None:
        while not over.is_set():
            timed(lambda: list(Organization.objects.published().for_list()[:25]), took, failed)
        connection.close()

    readers = [threading.Thread(target=go_on) for _each in range(threads)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    told.put((took, failed))
