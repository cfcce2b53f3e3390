"""`manage.py prepare`: everything between a checkout and serving; see engagement/management/preparing.py."""

from typing import Any

from django.core.management.base import BaseCommand

from engagement.management.preparing import prepare


class Command(BaseCommand):
    help = "Migrates, collects static files, and loads the fixtures if the register is empty. Never touches data."
    # The checks run when the tables are made: before that, a broken database would end in a traceback.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.report if options["verbosity"] else lambda line: None)

    def report(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
