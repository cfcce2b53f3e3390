"""`manage.py undo_operation NUMBER`: every record says again what it said before the operation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.importing import undo_operation


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        undo_operation(options["number"], self.stdout.write)
