"""`manage.py import_data KIND FILE`: what a CSV or XLSX file would change in the register; with --commit it changes it.
Exit code 1 if anything is wrong: then nothing is written, unless what is wrong is to be left out."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.exchange.importing.runs import KINDS
from engagement.management.importing import import_file, wished


class Command(BaseCommand):
    help = __doc__
    # Warnings of the checks would stand among the problems, of which there is one a line.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write it; else it is only said what would change")
        parser.add_argument("--source", default="", metavar="KEY", help="the source of rows that name none")
        parser.add_argument("--as-of", default="", metavar="DATE", help="the date for which that source speaks")
        parser.add_argument("--clear-blanks", action="store_true", help="blank cells empty what the register has")
        order = parser.add_mutually_exclusive_group()
        order.add_argument("--day-first", action="store_true", help="03/04/2006 is in April")
        order.add_argument("--month-first", action="store_true", help="03/04/2006 is in March")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=COLUMN",
            help="which column a header is (repeatable); HEADER= leaves it out",
        )
        parser.add_argument(
            "--look-alikes", choices=["new"], help="organizations that look like one that is there are new"
        )
        parser.add_argument("--leave-out-rejected", action="store_true", help="write the rest where rows are rejected")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = wished(options)
        if not import_file(options["kind"], options["file"], wish, self.stdout.write, self.stderr.write):
            sys.exit(1)
