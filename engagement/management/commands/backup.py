"""`manage.py backup`: the database and the ledger of erasures as one file, while the register is used; for a timer."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.backing_up import back_up, backup_directory


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", type=Path, help="a directory (default: BACKUP_DIR, or backups/ in VAR_DIR)")
        parser.add_argument("--keep-days", type=int, metavar="N", help="delete backups older than N days afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        back_up(options["into"] or backup_directory(), options["keep_days"], self.stdout.write)
