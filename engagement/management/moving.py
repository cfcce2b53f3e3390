"""What `move_to` does: the tables, the rows, the search of the other database; one CommandError line if it cannot."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError

from engagement.backups import moving
from engagement.management.backing_up import Report, one_line
from engagement.management.progress import Bar

NOTHING = "Nothing was moved"


def move_to(url: str, report: Report) -> None:
    with one_line(NOTHING), moving.connected(url) as target:
        moving.require_migrated()
        moving.require_empty(target)
        manage(url, "migrate", "--no-input", "--verbosity=0")
        with Bar("moving", moving.number_of_rows(), "rows") as bar:
            moved = moving.move(target, bar.reached)
    report(f"Moved {moved.rows:,} rows of {moved.tables} tables, revision {moved.revision}")
    manage(url, "rebuild_search")
    report("The register is in both databases now. Set DATABASE_URL to the new one before anything is served again.")


def manage(url: str, *command: str) -> None:
    """A command on the other database, in a process of its own, as it will be used there."""
    sys.stdout.flush()
    program = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *command]
    there = {"DATABASE_URL": url, "DATABASE_REPLICA_URL": ""}
    done = subprocess.run(program, env={**os.environ, **there}, check=False)
    if done.returncode:
        raise CommandError(f"`manage.py {command[0]}` failed on the other database. Mend that, and run it there again.")
