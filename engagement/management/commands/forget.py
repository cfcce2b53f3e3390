"""`manage.py forget`: drops what is kept of persons and for undoing past its time, and sessions that ended; for a
timer."""

from typing import Any

from django.core.management.base import BaseCommand

from engagement.management.forgetting import forget


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        forget(self.stdout.write)
