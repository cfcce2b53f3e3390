"""What is asked about: a register of invented organizations, kept in var/bench/, the same rows as plain tables, and
what the questions name of them."""

import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from bench.servers import ROOT, environment

SEED = 7
PAGE_SIZE = 25
WORD = "rights"
CATEGORY, REGION = "special-list", "africa"

INDEXED = ("sort_name", "kind", "region", "country", "category")

Say = Callable[[str], object]


@dataclass(frozen=True)
class Data:
    """A register of `size` organizations: its directory (VAR_DIR), its address, and the files with the same rows."""

    size: int
    directory: Path
    url: str

    @property
    def plain(self) -> Path:
        return self.directory / "plain.sqlite3"

    @property
    def datasette(self) -> Path:
        return self.directory / "register.db"


@dataclass(frozen=True)
class Subjects:
    """What the questions are about, out of the rows themselves, and how many rows answer."""

    total: int
    category: str
    region: str
    filtered: int
    country: str
    theme: str
    both: int
    word: str
    slug: str
    row: int
    name: str
    misspelt: str
    before: dict[int, tuple[str, int]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def made(home: Path, size: int, server: str, say: Say) -> Data:
    """The register of that size, as it was kept or made now: on the PostgreSQL server at `server`, or as a file."""
    directory = home / f"{'postgresql' if server else 'sqlite'}-{size}"
    unfinished = directory.with_name(f"{directory.name}-unfinished")
    if not directory.exists():
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        url = new_database(server, size) if server else f"sqlite:///{unfinished / 'register.sqlite3'}"
        say(f"Inventing {size:,} organizations (once)")
        for command in (("migrate", "--verbosity=0"), ("synthesize", f"--organizations={size}", f"--seed={SEED}")):
            manage(unfinished, url, *command)
        unfinished.rename(directory)
    url = database_url(server, size) if server else f"sqlite:///{directory / 'register.sqlite3'}"
    data = Data(size, directory, url)
    manage(directory, url, "prepare", quiet=True)
    make_plain(data, say)
    return data


def manage(directory: Path, url: str, *arguments: str, quiet: bool = False) -> None:
    output = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(directory, url), stdout=output, check=True)


def database_url(server: str, size: int) -> str:
    return f"{server.rsplit('/', 1)[0]}/register_bench_{size}"


def new_database(server: str, size: int) -> str:
    name = f"register_bench_{size}"
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        connection.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.cursor().execute(f'CREATE DATABASE "{name}"')
    return database_url(server, size)


# -- The same rows as plain tables ---------------------------------------------------------------------------------


def make_plain(data: Data, say: Say) -> None:
    """The files for bare SQL and for Datasette, each once."""
    if not data.plain.exists():
        say("Writing the same rows as plain tables (once)")
        unfinished = data.plain.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        manage(
            data.directory,
            data.url,
            "shell",
            "--no-imports",
            "-c",
            f"from bench.exporting import write; write({str(unfinished)!r})",
        )
        with closing(sqlite3.connect(unfinished)) as plain:
            index_for_sql(plain)
        unfinished.rename(data.plain)
    if not data.datasette.exists():
        unfinished = data.datasette.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as target:
            fill_for_datasette(target, data.plain)
        unfinished.rename(data.datasette)


def index_for_sql(plain: sqlite3.Connection) -> None:
    """An index for every order and filter that is measured, words, and the words that are near to others."""
    tokenize = "tokenize='unicode61 remove_diacritics 2'"
    plain.executescript(f"""
        CREATE INDEX by_name ON organizations(sort_name, id);
        CREATE UNIQUE INDEX by_slug ON organizations(slug);
        CREATE TABLE facet AS SELECT id, kind, region, country, category FROM organizations ORDER BY id;
        CREATE UNIQUE INDEX facet_id ON facet(id, kind, region, country, category);
        CREATE VIRTUAL TABLE words USING fts5(
          name, acronym, other_names, themes, content='organizations', content_rowid='id', {tokenize});
        INSERT INTO words(words) VALUES ('rebuild');
        INSERT INTO words(words) VALUES ('optimize');
        CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
        CREATE VIRTUAL TABLE near USING fts5(word, tokenize='trigram');
        INSERT INTO near SELECT term FROM vocabulary WHERE length(term) > 2;
        ANALYZE;
    """)


def fill_for_datasette(target: sqlite3.Connection, plain: Path) -> None:
    """One table with its indexes and its full-text search, as Datasette's own guide has them."""
    target.execute("PRAGMA journal_mode = OFF")
    target.execute("ATTACH ? AS plain", [str(plain)])
    shape = target.execute("SELECT sql FROM plain.sqlite_master WHERE name = 'organizations'").fetchone()[0]
    target.execute(shape)
    target.execute("INSERT INTO main.organizations SELECT * FROM plain.organizations")
    target.commit()
    target.execute("DETACH plain")
    for column in INDEXED:
        target.execute(f"CREATE INDEX by_{column} ON organizations({column})")
    target.executescript("""
        CREATE VIRTUAL TABLE organizations_fts USING fts5(name, acronym, other_names, themes,
          content="organizations", content_rowid="id", tokenize="unicode61 remove_diacritics 2");
        INSERT INTO organizations_fts(organizations_fts) VALUES ('rebuild');
        ANALYZE;
    """)


# -- What is asked -------------------------------------------------------------------------------------------------


def subjects(plain: Path, pages: tuple[int, ...] = (200, 2000)) -> Subjects:
    """The two filters of the targets, the commonest country with the commonest theme, one organization, one name."""
    with closing(sqlite3.connect(f"file:{plain}?mode=ro", uri=True)) as connection:

        def first(sql: str, *values: Any) -> Any:
            return connection.execute(sql, values).fetchone()

        (total,) = first("SELECT count(*) FROM organizations")
        country, theme, both = first(
            "SELECT country, theme, count(*) AS n FROM country_theme GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT 1"
        )
        (filtered,) = first("SELECT count(*) FROM standing WHERE category = ? AND region = ?", CATEGORY, REGION)
        names = [name for (name,) in connection.execute("SELECT name FROM organizations ORDER BY id")]
        name = most_distinct(names)
        row, slug = first("SELECT id, slug FROM organizations WHERE name = ?", name)
        last = max(1, -(-total // PAGE_SIZE))
        numbers = sorted({min(page, last) for page in pages})
        offsets = {page: PAGE_SIZE * (page - 1) - 1 for page in numbers if page > 1}
        before = {
            page: first("SELECT sort_name, id FROM organizations ORDER BY sort_name, id LIMIT 1 OFFSET ?", offset)
            for page, offset in offsets.items()
        }
    return Subjects(
        total, CATEGORY, REGION, filtered, country, theme, both, WORD, slug, row, name, misspelt(name), before
    )


def most_distinct(names: list[str]) -> str:
    """The name of plain letters whose rarest words are told from all others: a search has one right answer."""
    common = Counter(word for name in names for word in set(name.casefold().split()))
    plain = [
        name for name in names if name.isascii() and sum(len(word) > 6 and word.isalpha() for word in name.split()) > 1
    ]
    return min(plain or names, key=lambda name: (sum(sorted(common[w] for w in name.casefold().split())[:2]), name))


def misspelt(name: str) -> str:
    """The name with a letter missing in the first of its long words and two changing places in the last."""
    words = name.split()
    long = [number for number, word in enumerate(words) if len(word) > 6 and word.isalpha()] or [0]
    first, last = long[0], long[-1]
    words[first] = words[first][:3] + words[first][4:]
    if last != first:
        word = words[last]
        words[last] = word[:3] + word[4] + word[3] + word[5:]
    return " ".join(words)
