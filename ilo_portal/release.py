"""Which code is running: what an answer is made of besides the data and the settings."""

import hashlib
import os
import time
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("engagement", "ilo_portal", "templates", "static", "locale")
# Set by `manage.py serve` for all its processes, also for those that take the place of one that failed.
STARTED = "REGISTER_STARTED"
KINDS = frozenset({".py", ".html", ".xml", ".txt", ".css", ".js", ".mo"})


@cache
def release() -> str:
    """A digest of the code, the templates and the texts: another one after each upgrade, the same in every process."""
    digest = hashlib.sha256()
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in KINDS:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def started() -> int:
    """When the server was started, in seconds since 1970; without one this process."""
    return int(os.environ.get(STARTED) or time.time())
