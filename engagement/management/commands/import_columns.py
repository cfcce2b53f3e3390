"""`manage.py import_columns`: the columns of each kind of import, as docs/importing.md has them behind its mark."""

from typing import Any

from django.core.management.base import BaseCommand

from engagement.exchange.importing.describing import columns_of_kinds


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.writelines(f"{line}\n" for line in columns_of_kinds())
