"""`manage.py openapi`: the description of the API in OpenAPI 3.1, to standard output. docs/openapi.json is the one made
of the fixtures."""

import json
import sys
from difflib import unified_diff
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from drf_spectacular.settings import spectacular_settings

KEPT = settings.BASE_DIR / "docs" / "openapi.json"
# Lines of a difference that are shown.
FEW = 40


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        said = "print nothing, exit 1 if docs/openapi.json says anything else"
        parser.add_argument("--check", action="store_true", help=said)

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        made = json.dumps(spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(), ensure_ascii=False, indent=2)
        if not check:
            self.stdout.write(made)
            return
        kept = KEPT.read_text(encoding="utf-8").splitlines()
        differing = unified_diff(kept, made.splitlines(), "docs/openapi.json", "the API", n=1, lineterm="")
        if lines := list(islice(differing, FEW)):
            self.stderr.write("\n".join(lines))
            sys.exit(1)
