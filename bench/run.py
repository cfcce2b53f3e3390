"""`python -m bench.run`: makes what is measured, measures it, writes docs/performance.md (`make bench`)."""

import argparse
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg2

from bench.data import Data, made, subjects
from bench.goals import goals
from bench.measuring import measured
from bench.report import Run, report
from bench.requests import questions
from bench.running import Measured, Options
from bench.servers import ROOT, version_of_datasette

DATABASES = ("sqlite", "postgresql")


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--organizations", type=int, default=100_000, help="how many are invented (100000)")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--rounds", type=int, default=4, help="how often everything is asked in turn (4)")
    parser.add_argument("--seconds", type=int, default=1, help="how long each is asked each time (1)")
    parser.add_argument("--without-datasette", action="store_true")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench", help="where the data are kept")
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "performance.md", help="the page to write")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    asked = arguments(given)
    server = os.environ.get("BENCH_POSTGRESQL", "")
    if asked.database == "postgresql" and not server:
        print("DATABASE=postgresql needs BENCH_POSTGRESQL=postgres://user@host/database.", file=sys.stderr)
        return 2
    home: Path = asked.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    data = made(home, asked.organizations, server if asked.database == "postgresql" else "", say)
    options = Options(home, asked.rounds, asked.seconds, server, not asked.without_datasette)
    try:
        found = measured(data, subjects(data.plain), options, say)
    except RuntimeError as error:
        print(f"Nothing was measured: {error}", file=sys.stderr)
        return 1
    keep(home, asked.database, data.size, found)
    recall(home, asked.database, data.size, found)
    page = written(data, asked.database, options, found)
    asked.report.write_text(page, encoding="utf-8")
    print(page)
    return 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def written(data: Data, database: str, options: Options, found: Measured) -> str:
    asked = subjects(data.plain)
    every = questions(asked, 0)
    run = Run(data.size, database, options.rounds, options.seconds, described(data))
    datasette = version_of_datasette(options.home) if options.with_datasette else ""
    return report(run, found, every, goals(data.size, database), datasette)


def described(data: Data) -> str:
    """The engine of the portal's database, with its version."""
    if not data.url.startswith("postgres"):
        return f"SQLite {sqlite3.sqlite_version}"
    with closing(psycopg2.connect(data.url)) as connection:
        return f"PostgreSQL {connection.server_version // 10000}"


# -- Figures of other runs -----------------------------------------------------------------------------------------


def kept_in(home: Path, database: str, size: int) -> Path:
    return home / f"figures-{database}-{size}.json"


def keep(home: Path, database: str, size: int, found: Measured) -> None:
    kept_in(home, database, size).write_text(json.dumps(found.figures, indent=1), encoding="utf-8")


def recall(home: Path, database: str, size: int, found: Measured) -> None:
    """Beside the figures of this run those that it is judged by: of 10,000, and on SQLite."""
    others = {"10000": kept_in(home, database, 10_000), "sqlite": kept_in(home, "sqlite", size)}
    for name, path in others.items():
        if path.exists():
            figures = json.loads(path.read_text(encoding="utf-8"))
            found.figures.update(
                {f"{key}@{name}": figure for key, figure in figures.items() if key.endswith("/portal")}
            )


if __name__ == "__main__":
    # So that the servers are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    raise SystemExit(main(sys.argv[1:]))
