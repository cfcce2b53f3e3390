"""Whether the process lives, and whether it can serve."""

import datetime
import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import backups

# Of the disk that VAR_DIR is on. Backups are made daily, with two hours to spare.
LEAST_FREE = 0.1
OLDEST_BACKUP = datetime.timedelta(hours=26)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches no database."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if nothing is missing that serving needs, else 503 with the first reason."""
    for wrong_with in (wrong_with_database, wrong_with_disk, wrong_with_backups):
        if reason := wrong_with():
            return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    return JsonResponse({"status": "ok"})


def wrong_with_database() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the database does not answer"
    return "migrations are missing" if missing else ""


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
