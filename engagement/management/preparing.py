"""Making an installation ready to serve: a directory it may write to, tables, static files, only in an empty register
the fixtures, and what is derived from the register. Every step may be repeated: it does nothing where nothing is
missing."""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction

from engagement import freshness
from engagement.accounts import lockout
from engagement.desk import erasing, histories
from engagement.desk.forgetting import forget_past
from engagement.models import Source

FIXTURES = ("profile", "register")

Report = Callable[[str], object]


def prepare(report: Report) -> None:
    """All the steps; whatever an operator has to mend is one CommandError line."""
    require_writable(Path(settings.VAR_DIR))
    try:
        migrate(report)
        collect_static(report)
        load_into_empty(report)
        begin_histories(report)
        erase_again(report)
        freshness.catch_up()
        lockout.purge()
        forget_past()
    except DatabaseError as error:
        raise CommandError(f"Database: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise CommandError(f"{error.strerror}: {error.filename}") from error


def prepare_static(report: Report) -> None:
    """What needs no database, for an image that is built where there is none."""
    require_writable(Path(settings.VAR_DIR))
    collect_static(report)


def require_writable(directory: Path) -> None:
    """Make the directory, and a file in it: permission bits say nothing about a full or read-only disk."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()
    except OSError as error:
        raise CommandError(f"Cannot write to {directory} ({error.strerror}): name another with VAR_DIR.") from error


def migrate(report: Report) -> None:
    connection.ensure_connection()
    report(f"Database: {connection.vendor}, {connection.settings_dict['NAME']}")
    call_command("migrate", interactive=False, verbosity=0)


def collect_static(report: Report) -> None:
    """Collect the static files if they are not those collected last."""
    noted, wanted = Path(settings.VAR_DIR) / "static.sha256", static_digest()
    if noted.is_file() and noted.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
        return
    report("Collecting static files")
    # Cleared first: otherwise a file whose time is older than the collected one's stays behind, whatever is in it.
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    noted.write_text(wanted)


def static_digest() -> str:
    """What collectstatic would collect, and for which storage. By content: a fresh clone has new file times."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: str(found[0])):
            digest.update(f"{path}\0".encode())
            with storage.open(path) as file:
                digest.update(file.read())
    return digest.hexdigest()


def load_into_empty(report: Report) -> None:
    """Load the fixtures if the register has no source yet, which is to say: if nothing was ever loaded or entered."""
    if Source.objects.exists():
        report(f"The register holds data ({Source.objects.count()} sources): left as it is")
        return
    report("Loading the register into the empty database")
    with transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
    report(f"Loaded: {Source.objects.count()} sources and what stands in them")


def begin_histories(report: Report) -> None:
    """Note as it is what was there before histories were kept, once: later edits are then told from it."""
    models = histories.without_history()
    if models:
        with transaction.atomic():
            number = histories.catch_up(models, DEFAULT_DB_ALIAS, histories.BASELINE)
        report(f"Began the history of {number} records")


def erase_again(report: Report) -> None:
    """A database that was restored is older than its erasures; a directory that was lost gets their ledger again."""
    if number := erasing.reapply():
        report(f"Erased again, as the ledger of erasures has it: {number} contacts")
