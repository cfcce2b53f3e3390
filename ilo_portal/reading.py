"""Which commands may run with READ_ONLY: those known to write nothing to the database."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

READ = frozenset(
    {
        "backup",
        "check",
        "collectstatic",
        "data_dictionary",
        "diffsettings",
        "draw_models",
        "dumpdata",
        "export_data",
        "findstatic",
        "help",
        "import_columns",
        "makemigrations",
        "messages",
        "openapi",
        "runserver",
        "sendtestemail",
        "serve",
        "shell",
        "showmigrations",
        "sqlmigrate",
        "version",
    }
)
# Of these, with this option.
READ_WITH = {"rebuild_search": "--check"}


def require_reading(arguments: Sequence[str]) -> None:
    """Refuse a command that writes, or of which nothing is known, while READ_ONLY is on. `arguments` as in sys.argv."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command.startswith("-") or command in READ or READ_WITH.get(command) in arguments:
        return
    if settings.READ_ONLY:
        raise ImproperlyConfigured(f"READ_ONLY is on, and {command} writes: nothing is done.")
