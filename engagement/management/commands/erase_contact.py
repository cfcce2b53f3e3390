"""`manage.py erase_contact ID`: erases a contact for good, with all that is kept of it; it does not come back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.erasing import erase_contact


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contact", metavar="ID", help="its number in the admin, or its key; also of one deleted")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        ask = input if sys.stdin.isatty() else None
        erase_contact(options["contact"], ask, self.stdout.write, is_sure=options["yes"])
