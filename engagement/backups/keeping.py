"""Making backups, and how long they are kept."""

import datetime
import re
import shutil
import tempfile
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from engagement import freshness
from engagement.backups import archives
from engagement.backups.databases import engine
from engagement.desk import ledger
from ilo_portal.release import release

# Digits of the time in a name: that of the backup, in UTC, so that names come in the order of time.
NAME = re.compile(r"register-(\d{8}T\d{6}Z)\.backup")
TIME = "%Y%m%dT%H%M%SZ"
# What a backup is made in, and what it leaves if it is killed: taken for left behind after a day.
MAKING = ".making-"
LEFT_BEHIND = datetime.timedelta(days=1)


def back_up(directory: Path, using: str = DEFAULT_DB_ALIAS) -> tuple[Path, archives.Said]:
    """A new backup in the directory, which is made if need be, and what it says of itself.

    Raises Refused, or OSError where the disk does; then there is no new file.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    drop_unfinished(directory)
    with tempfile.TemporaryDirectory(dir=directory, prefix=MAKING) as made:
        # The copy may be of a moment later: of this revision, or of one after it.
        folder, at, revision = Path(made), timezone.now().replace(microsecond=0), freshness.revision(using)
        for name in (archives.DATABASE, archives.ERASURES):
            (folder / name).touch(archives.MODE)
        engine(using).copy(connections[using], folder / archives.DATABASE)
        (folder / archives.ERASURES).write_text("".join(ledger.line(*entry) for entry in ledger.known().items()))
        digests = {name: archives.digest_of(folder / name) for name in (archives.DATABASE, archives.ERASURES)}
        said = archives.Said(connections[using].vendor, at, release(), revision, digests)
        path = directory / f"register-{at.strftime(TIME)}.backup"
        archives.write(path, said, folder)
    ledger.keep_name(directory)
    return path, said


def drop_unfinished(directory: Path) -> None:
    """Delete what backups that were killed have left behind: nobody keeps the persons in it for long."""
    before = (timezone.now() - LEFT_BEHIND).timestamp()
    for path in [*directory.glob(f"{MAKING}*"), *directory.glob(archives.unfinished("*"))]:
        if path.stat().st_mtime < before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def kept(directory: Path) -> dict[datetime.datetime, Path]:
    """The backups in a directory by when they were made, the oldest first."""
    found = {}
    for path in sorted(directory.glob("register-*.backup")):
        if named := NAME.fullmatch(path.name):
            found[datetime.datetime.strptime(named[1], TIME).replace(tzinfo=datetime.UTC)] = path
    return found


def newest(directory: Path) -> datetime.datetime | None:
    """When the newest backup in a directory was made; None where there is none."""
    return max(kept(directory), default=None)


def drop_old(directory: Path, days: int) -> list[Path]:
    """Delete backups that are older than so many days, but never the newest; those deleted."""
    before = timezone.now() - datetime.timedelta(days=days)
    dropped = [path for at, path in list(kept(directory).items())[:-1] if at < before]
    for path in dropped:
        path.unlink()
    return dropped
