"""The whole benchmark, for a moment: everything but Datasette, which is not ours to install in a test."""

import json
import shutil
from pathlib import Path

import pytest

from bench.data import SEED
from bench.run import arguments, main
from tests import environment

pytestmark = pytest.mark.once


def invented(directory: Path, size: int) -> None:
    """A register as a run would make and keep it, without the minute that migrating takes."""
    directory.mkdir(parents=True)
    database = directory / "register.sqlite3"
    shutil.copyfile(environment.made(environment.TABLES), database)
    settings = environment.portal(directory, DATABASE_URL=f"sqlite:///{database}")
    done = environment.manage("synthesize", f"--organizations={size}", f"--seed={SEED}", settings=settings)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(bool(environment.TEST_DATABASE_URL), reason="the tables to begin with are not those of SQLite")
def test_a_run_asks_everybody_and_writes_the_page(tmp_path: Path) -> None:
    home, page = tmp_path / "home", tmp_path / "performance.md"
    invented(home / "sqlite-200", 200)
    short = ["--organizations=200", "--rounds=1", "--seconds=0", "--without-datasette"]
    assert main([*short, f"--home={home}", f"--report={page}"]) == 0
    figures = json.loads((home / "figures-sqlite-200.json").read_text(encoding="utf-8"))
    portal = {key.partition("/")[0] for key in figures if key.endswith("/portal")}
    asked = {"list", "filters", "facets", "word", "typo", "page-8", "one", "json"}
    assert portal >= asked | {"again", "again-filters", "csv", "csv-again", "idle", "during", "start", "weight"}
    assert {key for key in asked if f"{key}/sqlite" in figures} == asked
    text = page.read_text(encoding="utf-8")
    wrong = text.partition("Answers otherwise")[2].partition("Not measured:")[0]
    assert [line for line in wrong.splitlines() if line.startswith("- ")] == ["- none"]
    assert "Datasette: left out" in text


def test_postgresql_without_a_server_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BENCH_POSTGRESQL", raising=False)
    assert main(["--database=postgresql"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "DATABASE=postgresql needs BENCH_POSTGRESQL=postgres://user@host/database."
    ]


def test_without_arguments_it_measures_a_hundred_thousand_on_sqlite_into_the_page_of_the_project() -> None:
    asked = arguments([])
    assert (asked.organizations, asked.database) == (100_000, "sqlite")
    assert asked.report.parts[-2:] == ("docs", "performance.md")
