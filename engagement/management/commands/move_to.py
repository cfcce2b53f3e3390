"""`manage.py move_to DATABASE_URL`: the whole register into an empty database, of the other engine too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engagement.management.moving import move_to


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="DATABASE_URL", help="postgres://user@host/name, or sqlite:////path")

    def handle(self, *args: Any, **options: Any) -> None:
        move_to(options["url"], self.stdout.write)
