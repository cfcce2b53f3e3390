"""`manage.py keep_snapshot`: keeps what the register says now, so that it can be cited later; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from engagement.exchange.keeping import KEPT, KeptOtherwise, holding, keep, made_now
from engagement.management.exporting import known_site
from engagement.models import Keeper, Snapshot
from engagement.models.snapshots import WHOLE

# The collections, and the whole register as one archive.
ALL = (*KEPT, WHOLE)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("collection", nargs="*", help=f"all of these if none is named: {', '.join(ALL)}")
        parser.add_argument("--site", default="", help="as of export_data: what addresses in the rows begin with")
        parser.add_argument("--holding", metavar="TEXT", help="keep nothing; name the snapshots in which TEXT stands")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["holding"]:
            self.stdout.writelines(f"{snapshot.cited_path}\n" for snapshot in holding(options["holding"]))
            return
        names = options["collection"] or ALL
        if unknown := [name for name in names if name not in ALL]:
            raise CommandError(f"No snapshots are kept of {', '.join(unknown)}.")
        for snapshot in made_now(names, known_site(options["site"])):
            self.stdout.write(self.kept(snapshot))

    def kept(self, snapshot: Snapshot) -> str:
        """One line of what became of it."""
        try:
            found = keep(snapshot, Keeper.OPERATOR)
        except KeptOtherwise as other:
            return f"{snapshot}: not kept, as other rows were kept at this revision on {other.kept.day}"
        if found is not snapshot:
            return f"{snapshot}: kept before, on {found.day}"
        return f"{snapshot}: {found.rows} rows, {found.size} bytes, kept in {len(found.body)}"
