"""`manage.py messages`: brings locale/ up to the texts of the sources and compiles it; --check tells what is wrong.

Both need GNU gettext. A running portal needs it not: compiled catalogs come with the sources.
"""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from engagement.management import catalogs, extracting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        extracting.need_gettext()
        if options["check"]:
            self.check_catalogs()
        else:
            extracting.bring_up(settings.BASE_DIR)
            extracting.compile_catalogs(settings.BASE_DIR / extracting.FOLDER)
            self.count_what_is_missing()

    def check_catalogs(self) -> None:
        folder = settings.BASE_DIR / extracting.FOLDER
        found = [
            *extracting.out_of_step(settings.BASE_DIR),
            *extracting.malformed(folder),
            *catalogs.faults(folder),
        ]
        self.stdout.writelines(f"{line}\n" for line in found)
        if found:
            sys.exit(1)

    def count_what_is_missing(self) -> None:
        for language, path in catalogs.catalogs(settings.BASE_DIR / extracting.FOLDER).items():
            messages = catalogs.read(path)
            missing = sum(not all(message.texts) for message in messages)
            self.stdout.write(f"{language}: {len(messages) - 1} texts, {missing} of them not translated")
