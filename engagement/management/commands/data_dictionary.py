"""`manage.py data_dictionary`: docs/data-dictionary.md, to standard output."""

from typing import Any

from django.core.management.base import BaseCommand

from engagement.management.dictionary import dictionary


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(dictionary()))
