"""`manage.py restore FILE`: the register as it was when `backup` made the file; erasures since then hold."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.backing_up import restore


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="although the register holds data: it goes")

    def handle(self, *args: Any, **options: Any) -> None:
        restore(options["file"], self.stdout.write, replace=options["replace"])
