"""What the desk no longer needs is dropped: with the next operation, and with `manage.py prepare`."""

from typing import Any

from django.utils import timezone

from engagement.desk import checking, corrections, requests
from engagement.desk.models import KEPT, ImportRow, ImportRun, Operation, RecordChange


def forget_past() -> dict[str, Any]:
    """Drop what undoing would need, of operations that can no longer be undone; how much, by what it was."""
    bounds = timezone.now() - KEPT
    changes, _by_model = RecordChange.objects.filter(operation__in=Operation.objects.past()).delete()
    past_runs = ImportRun.objects.filter(brought_at__lt=bounds)
    rows, _by_model = ImportRow.objects.filter(run__in=past_runs).delete()
    files = past_runs.exclude(body=b"").update(body=b"")
    return {
        "changes": changes,
        "rows": rows,
        "files": files,
        "checks": checking.forget(),
        "senders": corrections.forget(),
        **requests.forget(),
    }
