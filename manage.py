#!/usr/bin/env python
"""Django's command line for the register."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from ilo_portal.reading import require_reading


def main() -> None:
    """Run a command; what an operator can mend (a setting, the database) is one line, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilo_portal.settings")
    try:
        require_reading(sys.argv)
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Configuration: {error}")
    except OperationalError as error:
        sys.exit(f"Database: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main()
