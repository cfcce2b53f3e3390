"""`manage.py export_data KIND`: the data of the register as a file, to standard output, as the web gives it."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.exporting import COLLECTIONS, WHOLE, exported


class Command(BaseCommand):
    help = __doc__
    # Warnings of the checks would stand among the errors, of which there is one line.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join([*COLLECTIONS, *WHOLE]))
        parser.add_argument("--format", default="", help="of a collection: csv (if nothing is said), xlsx or json")
        parser.add_argument("--on", default="", metavar="DATE", help="as of a day, where the collection has that")
        parser.add_argument("--query", default="", help="as in the address of the page: 'category=special-list&q=…'")
        parser.add_argument(
            "--site",
            default="",
            help="what addresses in the file begin with; if nothing is said, the first name of ALLOWED_HOSTS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [options[name] for name in ("kind", "format", "on", "query", "site")]
        try:
            for chunk in exported(*asked):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Whoever reads has enough. Python would write the rest at its end, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
