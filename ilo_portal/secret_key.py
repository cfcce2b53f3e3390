"""`python -m ilo_portal.secret_key`: makes the secret key that `make run` keeps in var/, once.

It stands outside Django's commands because the settings do not load without a key.
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path

DEFAULT_DIRECTORY = Path(__file__).resolve().parent.parent / "var"


def make_once(directory: Path) -> Path:
    """The file with the key, readable by its owner alone. A key that is there stays."""
    kept = directory / "secret_key"
    directory.mkdir(parents=True, exist_ok=True)
    if kept.is_file() and kept.stat().st_size:
        return kept
    # Written aside and moved: a start that is interrupted leaves no empty key, two at once leave one whole key.
    descriptor, aside = tempfile.mkstemp(dir=directory)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    os.replace(aside, kept)
    return kept


def main() -> None:
    directory = Path(os.environ.get("VAR_DIR") or DEFAULT_DIRECTORY)
    try:
        make_once(directory)
    except OSError as error:
        sys.exit(f"Cannot write to {directory} ({error.strerror}): name another with VAR_DIR.")


if __name__ == "__main__":
    main()
