"""Whether the process lives, and whether it can serve."""

import datetime
import shutil
import time
from collections.abc import Callable
from threading import Lock, Thread

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import backups
from engagement.freshness import lag, replica

# Of the disk that VAR_DIR is on. Backups are made daily, with two hours to spare.
LEAST_FREE = 0.1
OLDEST_BACKUP = datetime.timedelta(hours=26)
# Seconds in which all is looked into, each beside the others.
PATIENCE = 3.0


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches no database."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if nothing is missing that serving needs, else 503 with the first reason, in PATIENCE at most."""
    for probe in PROBES:
        probe.begin()
    reasons = [probe.reason() for probe in PROBES]
    if reason := next(filter(None, reasons), ""):
        return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    return JsonResponse({"status": "ok"})


class Probe:
    """Looks in a thread of its own, for what is asked may never answer: a database behind a cut cable, a lock, a disk
    that hangs. There is one at a time: while it is stuck, so is what it looks at."""

    def __init__(self, look: Callable[[], str], stuck: str) -> None:
        self._look, self._stuck = look, stuck
        self._found, self._began = "", 0.0
        self._thread: Thread | None = None
        self._lock = Lock()

    def begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="probe", daemon=True)
                self._began = time.monotonic()
                self._thread.start()

    def reason(self) -> str:
        """What is wrong, '' for nothing; known PATIENCE after it began, also for those who ask later."""
        thread = self._thread
        assert thread is not None
        thread.join(max(0.0, self._began + PATIENCE - time.monotonic()))
        return self._stuck if thread.is_alive() else self._found

    def _run(self) -> None:
        try:
            self._found = self._look()
        finally:
            connections.close_all()


def wrong_with_database() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return "migrations are missing" if missing else ""


def wrong_with_replica() -> str:
    """Only where there is one. Pages are then read from the primary: nothing is missing but room."""
    if not replica.is_configured():
        return ""
    behind = lag.watch.look(PATIENCE / 2)
    if behind is None:
        return "the replica does not answer"
    return "the replica is too far behind" if behind > lag.MOST else ""


def wrong_with_disk() -> str:
    try:
        disk = shutil.disk_usage(settings.VAR_DIR)
    except OSError:
        return "VAR_DIR cannot be read"
    return "the disk is nearly full" if disk.free < disk.total * LEAST_FREE else ""


def wrong_with_backups() -> str:
    """Only where it is said where they are."""
    if settings.BACKUP_DIR is None:
        return ""
    newest = backups.newest(settings.BACKUP_DIR)
    if newest is None:
        return "there is no backup"
    return "the newest backup is too old" if timezone.now() - newest > OLDEST_BACKUP else ""


PROBES = (
    Probe(wrong_with_database, "the database does not answer"),
    Probe(wrong_with_disk, "VAR_DIR cannot be read"),
    Probe(wrong_with_backups, "the backups cannot be read"),
    Probe(wrong_with_replica, "the replica does not answer"),
)
