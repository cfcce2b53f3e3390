"""Keeps what a release leaves behind, for the upgrades that are tested from it ever after. Once, at its tag:

    TEST_DATABASE_URL=postgres://user@host/name .venv/bin/python -m tests.releases.keep 1.0.0

makes tests/releases/1.0.0/: a backup of a small register on each engine, as `manage.py backup` makes them, the files
that it gave away, and the names of its migrations.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import environment
from tests.backups.lives import LIVED

HERE = Path(__file__).resolve().parent
EXPORT, MIGRATIONS = "export.json.gz", "migrations.txt"
# As many bytes as a release may take in the repository.
MOST_BYTES = 1_500_000

EXPORTED = """
import json
from engagement.management.exporting import COLLECTIONS, exported
site = "https://register.example"
print(json.dumps({kind: b"".join(exported(kind, "csv", "", "", site)).decode() for kind in sorted(COLLECTIONS)}))
"""
NAMES = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
ours = sorted((app, name) for app, name in MigrationRecorder(connection).applied_migrations()
              if app in ("engagement", "desk"))
print("\\n".join(f"{app} {name}" for app, name in ours))
"""
IMPORTED = "name\nInvented union of the first release\nInvented federation of the first release\n"


def python(settings: dict[str, str], code: str) -> str:
    return run(settings, "shell", "--no-imports", "-c", code)


def run(settings: dict[str, str], *command: str) -> str:
    done = environment.manage(*command, settings=settings, seconds=600)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def keep(directory: Path, var: Path, database: str) -> str:
    """Make the register in the empty database and its backup in the directory; what it gives away, as JSON."""
    settings = environment.portal(var, DATABASE_URL=database)
    file = var / "invented.csv"
    file.write_text(IMPORTED)
    run(settings, "migrate", "--verbosity=0")
    run(settings, "loaddata", "profile", "--verbosity=0")
    python(settings, LIVED)
    run(settings, "import_data", "organizations", str(file), "--source", "profile", "--as-of", "2008", "--commit")
    run(settings, "keep_snapshot", "organizations", "--site", "https://register.example")
    run(settings, "rebuild_search")
    run(settings, "backup", "--into", str(var / "backups"))
    (made,) = (var / "backups").glob("register-*.backup")
    engine = "postgresql" if database.startswith("postgres") else "sqlite"
    (directory / f"{engine}.backup").write_bytes(made.read_bytes())
    (directory / MIGRATIONS).write_text(python(settings, NAMES) + "\n")
    return python(settings, EXPORTED)


def main(version: str) -> None:
    directory = HERE / version
    directory.mkdir()
    with tempfile.TemporaryDirectory() as made:
        exports = [keep(directory, Path(made), f"sqlite:///{made}/register.sqlite3")]
    if environment.TEST_DATABASE_URL:
        var = Path(tempfile.mkdtemp())
        with environment.own_database(var, "register_kept") as database:
            exports.append(keep(directory, var, database))
        shutil.rmtree(var)
    if len(set(exports)) != 1:
        raise SystemExit("The two engines give away different files: nothing of this is to be kept.")
    (directory / EXPORT).write_bytes(gzip.compress(json.dumps(json.loads(exports[0]), indent=0).encode(), mtime=0))
    size = sum(path.stat().st_size for path in directory.iterdir())
    if size > MOST_BYTES:
        raise SystemExit(f"{directory}: {size:,} bytes are too many to keep in the repository.")
    subprocess.run(["ls", "-l", str(directory)], check=True, env=os.environ)


if __name__ == "__main__":
    main(sys.argv[1])
