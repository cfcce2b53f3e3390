"""`manage.py prepare`: everything between a checkout and serving; see engagement/management/preparing.py."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.preparing import prepare, prepare_static


class Command(BaseCommand):
    help = "Migrates, collects static files, and loads the fixtures if the register is empty. Never touches data."
    # The checks run when the tables are made: before that, a broken database would end in a traceback.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--static", action="store_true", help="only the static files: for building an image")

    def handle(self, *args: Any, **options: Any) -> None:
        steps = prepare_static if options["static"] else prepare
        steps(self.report if options["verbosity"] else lambda line: None)

    def report(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
