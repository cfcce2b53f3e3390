"""What is past its time goes each night, whether staff do anything or not."""

from collections.abc import Callable
from typing import Any

from django.core.management import CommandError, call_command
from django.db import DatabaseError

from engagement.accounts import lockout
from engagement.desk.forgetting import forget_past

Report = Callable[[str], object]


def forget(report: Report) -> None:
    """Drop it and say how much, by what it was; a database that does not answer is one CommandError line."""
    try:
        dropped = forget_past()
        lockout.purge()
        call_command("clearsessions")
    except DatabaseError as error:
        raise CommandError(f"Database: {' '.join(str(error).split())}") from error
    report(said(dropped))


def said(dropped: dict[str, Any]) -> str:
    numbers = ", ".join(f"{what} {number}" for what, number in dropped.items() if number)
    return f"Forgotten: {numbers}" if numbers else "Nothing was past its time"
