"""`manage.py synthesize --organizations N`: fills an empty database with invented organizations, to try how the
register bears so many. Everything it writes is marked as invented."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.synthesizing import synthesize


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organizations", type=int, required=True, metavar="N", help="how many")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same organizations")
        parser.add_argument("--force", action="store_true", help="even into a register, which is a trial one then")

    def handle(self, *args: Any, **options: Any) -> None:
        synthesize(options["organizations"], options["seed"], self.stdout.write, force=options["force"])
