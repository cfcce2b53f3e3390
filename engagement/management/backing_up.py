"""What `backup` and `restore` do: whatever an operator has to mend is one CommandError line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection

from engagement import backups, freshness
from engagement.management.preparing import prepare
from engagement.models import Source

Report = Callable[[str], object]

# For which backups may be asked to be kept: a century.
MOST_DAYS = 36_500


def backup_directory() -> Path:
    return settings.BACKUP_DIR or Path(settings.VAR_DIR) / "backups"


def back_up(directory: Path, days: int | None, report: Report) -> None:
    """A new backup; then those older than so many days go."""
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise CommandError(f"--keep-days: {days} is no number of days from 1 to {MOST_DAYS:,}. No backup was made.")
    with one_line(f"No backup was made in {directory}"):
        path, said = backups.back_up(directory)
        report(f"{path}: {path.stat().st_size:,} bytes, revision {said.revision}")
        for dropped in backups.drop_old(directory, days) if days is not None else []:
            report(f"{dropped}: older than {days} days, deleted")


def restore(path: Path, report: Report, *, replace: bool) -> None:
    """The database from the file, migrated, without those who were erased since, ready to be served."""
    require_empty(path, replace=replace)
    with one_line(f"Nothing was restored from {path}"):
        said = backups.restore(path)
    report(f"Restored from {path}, made {said.made:%Y-%m-%d %H:%M} UTC")
    prepare(report)
    report(f"Revision {freshness.revision()}. Restart whatever serves this register.")


def require_empty(path: Path, *, replace: bool) -> None:
    """Of a database without tables nothing can be lost."""
    with one_line(f"Nothing was restored from {path}"):
        holds = Source._meta.db_table in connection.introspection.table_names() and Source.objects.exists()
    if holds and not replace:
        raise CommandError("The register holds data. To have what is in the backup instead of it, say --replace.")


@contextmanager
def one_line(what: str) -> Iterator[None]:
    try:
        yield
    except (backups.NotABackup, backups.Refused) as error:
        raise CommandError(f"{what}: {error}") from error
    except DatabaseError as error:
        raise CommandError(f"{what}: {' '.join(str(error).split())}") from error
    except OSError as error:
        said = ": ".join(str(each) for each in (error.strerror or error, error.filename) if each)
        raise CommandError(f"{what}: {said}") from error
