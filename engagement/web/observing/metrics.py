"""Figures for Prometheus: of the requests, counted by each process and added up when they are read; of the register.

Processes of one server share what they counted through files in PROMETHEUS_MULTIPROC_DIR, which prometheus_client
writes; those of a process that has ended still count.
"""

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from engagement import backups, freshness
from engagement.directories.invented import holds_invented
from engagement.freshness import lag, replica

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# Seconds that a scrape waits to hear how far the replica is.
PATIENCE = 2.0


class Counts:
    """What is counted of each request."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        into = self.registry
        self._requests = Counter("register_requests", "Requests answered", ["kind", "status"], registry=into)
        self._seconds = Histogram(
            "register_request_seconds", "Until the answer was made", ["kind"], buckets=SECONDS, registry=into
        )
        self._pages = Counter("register_pages", "Pages that were kept (hit) or made (miss)", ["found"], registry=into)
        self._errors = Counter("register_database_errors", "Faults of the database", ["error"], registry=into)
        got_request_exception.connect(self._count_database_error)

    def add(self, kind: str, status: int, seconds: float, found: str) -> None:
        """`found`: `hit` or `miss`, '' for what the page cache does not keep."""
        self._requests.labels(kind, str(status)).inc()
        self._seconds.labels(kind).observe(seconds)
        if found:
            self._pages.labels(found).inc()

    def _count_database_error(self, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, DatabaseError):
            self._errors.labels(type(error).__name__).inc()


@cache
def counts() -> Counts:
    """Those of this process."""
    if shared := os.environ.get(SHARED):
        Path(shared).mkdir(parents=True, exist_ok=True)
    return Counts()


def begin_anew() -> None:
    """Forget what a former server counted: for the one that starts, before it has processes."""
    if shared := os.environ.get(SHARED):
        for path in Path(shared).glob("*.db"):
            path.unlink(missing_ok=True)


class OfRegister(Collector):
    """What is so at the moment of the scrape, whichever process is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        newest = freshness.newest_entry()
        yield GaugeMetricFamily("register_database_up", "Whether the database answers", float(newest is not None))
        if newest is not None:
            yield GaugeMetricFamily("register_revision", "The newest number of the change log", newest.number)
            yield GaugeMetricFamily("register_invented", "Whether it holds invented data", float(holds_invented()))
        if settings.BACKUP_DIR is not None and (made := backups.newest(settings.BACKUP_DIR)) is not None:
            age = (timezone.now() - made).total_seconds()
            yield GaugeMetricFamily("register_backup_age_seconds", "Since the newest backup", age)
        if replica.is_configured():
            behind = lag.watch.look(PATIENCE)
            yield GaugeMetricFamily("register_replica_up", "Whether the replica answers", float(behind is not None))
            if behind is not None:
                yield GaugeMetricFamily("register_replica_lag_seconds", "Behind the primary, at most", behind)


def exposition() -> bytes:
    """All of it, as Prometheus reads it."""
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)
    else:
        registry = counts().registry
    of_register = OfRegister()
    registry.register(of_register)
    try:
        return generate_latest(registry)
    finally:
        registry.unregister(of_register)
