"""`manage.py serve`: the register over HTTP, until Ctrl-C."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from engagement.management.preparing import require_writable
from engagement.management.serving import claim, port_from, require_free, serve
from ilo_portal.release import STARTED


class Command(BaseCommand):
    help = "Serves the register on PORT (8000). Run `prepare` first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], port_from(os.environ)
        require_writable(Path(settings.VAR_DIR))
        claim(port, Path(settings.VAR_DIR))
        require_free(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"The register is at http://{shown}:{port}/ (Ctrl-C ends it)")
        self.stdout.write(f"Staff account: {self.python()} manage.py createstaff NAME")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        os.environ[STARTED] = str(int(time.time()))
        serve(host, port)

    def python(self) -> str:
        """The interpreter as one would type it in the project's directory."""
        running = Path(sys.executable)
        return str(running.relative_to(settings.BASE_DIR) if running.is_relative_to(settings.BASE_DIR) else running)
