"""`manage.py rebuild_search`: makes what is searched anew from the register; --check tells what is out of step."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement import freshness
from engagement.directories.documents import DOCUMENTS
from engagement.directories.searching import projection
from engagement.search import compare


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if any document is out of step"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_documents()
        else:
            self.rebuild_documents()

    def rebuild_documents(self) -> None:
        self.line = ""
        freshness.rebuild(projection.name, self.tell)
        self.stdout.write(self.line)

    def tell(self, line: str) -> None:
        """One line a collection; while it grows, only for somebody who watches."""
        if self.line and self.line.partition(":")[0] != line.partition(":")[0]:
            self.stdout.write(self.line)
        elif self.stdout.isatty():
            self.stdout.write(line, ending="\r")
            self.stdout.flush()
        self.line = line

    def check_documents(self) -> None:
        out_of_step = False
        for collection, documents in DOCUMENTS.items():
            found = compare(collection, documents(None))
            counts = f"{len(found.stale)} stale, {len(found.missing)} missing, {len(found.superfluous)} superfluous"
            self.stdout.write(f"{collection}: {counts}")
            out_of_step = out_of_step or bool(found)
        if out_of_step:
            sys.exit(1)
