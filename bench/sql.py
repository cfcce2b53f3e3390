"""The floor of a database: the bare queries of each question, in process, over tables made for them."""

import csv
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2

from bench.client import Load, percentile
from bench.data import PAGE_SIZE, Subjects

SHOWN = "o.id, o.slug, o.name, o.acronym, o.kind, o.country, o.city, o.themes, o.category, o.granted"
MOST_TIMES = 500

Statements = dict[str, list[str]]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def shared(asked: Subjects) -> Statements:
    """By question, what both engines are asked alike. Each number beside a filter is a count of its own."""
    standing = f"standing WHERE category = {quoted(asked.category)} AND region = {quoted(asked.region)}"
    both = f"country_theme WHERE country = {quoted(asked.country)} AND theme = {quoted(asked.theme)}"

    def rows(found: str, limit: int = PAGE_SIZE) -> str:
        ids = f"SELECT organization FROM {found} ORDER BY sort_name LIMIT {limit}"
        return f"SELECT {SHOWN} FROM organizations AS o WHERE id IN ({ids}) ORDER BY sort_name, id"

    def page(number: int) -> list[str]:
        ids = f"SELECT id FROM organizations ORDER BY sort_name, id LIMIT {PAGE_SIZE} OFFSET {PAGE_SIZE * (number - 1)}"
        return [f"SELECT {SHOWN} FROM organizations AS o WHERE id IN ({ids}) ORDER BY sort_name, id"]

    return {
        "list": page(1),
        "filters": [rows(standing), f"SELECT count(*) FROM {standing}"],
        "facets": [
            rows(both),
            *(f"SELECT {name}, count(*) FROM {both} GROUP BY 1" for name in ("kind", "region", "category", "country")),
            f"SELECT theme, count(*) FROM field WHERE organization IN (SELECT organization FROM {both}) GROUP BY 1",
        ],
        **{f"page-{number}": page(number) for number in asked.before},
        "one": [
            f"SELECT * FROM organizations WHERE slug = {quoted(asked.slug)}",
            *(f"SELECT * FROM {table} WHERE organization = {asked.row}" for table in ("seat", "field", "status")),
        ],
        "json": [rows(standing, 50), f"SELECT count(*) FROM {standing}"],
        "csv": ["SELECT * FROM organizations"],
    }


class BareSQLite:
    name = "SQLite"

    def __init__(self, plain: Path, asked: Subjects) -> None:
        self.connection = sqlite3.connect(f"file:{plain}?mode=ro&immutable=1", uri=True)
        self.connection.execute("PRAGMA cache_size = -400000")
        self.connection.execute("PRAGMA mmap_size = 4000000000")
        found = f"words WHERE words MATCH {quoted(asked.word)}"
        self.statements = shared(asked) | {
            "word": [
                f"SELECT {SHOWN} FROM organizations AS o"
                f" WHERE id IN (SELECT rowid FROM {found} ORDER BY rank LIMIT {PAGE_SIZE})",
                "SELECT kind, region, country, category, count(*) FROM words CROSS JOIN facet ON facet.id = words.rowid"
                f" WHERE words MATCH {quoted(asked.word)} GROUP BY 1, 2, 3, 4",
                "SELECT theme, count(*) FROM words CROSS JOIN field ON field.organization = words.rowid"
                f" WHERE words MATCH {quoted(asked.word)} GROUP BY 1",
            ],
            "typo": [
                *(f"SELECT word FROM near WHERE near MATCH {quoted(trigrams(word))} ORDER BY rank LIMIT 5"
                  for word in asked.misspelt.casefold().split() if len(word) > 3),
                f"SELECT {SHOWN} FROM organizations AS o WHERE id IN (SELECT rowid FROM words"
                f" WHERE words MATCH {quoted(words_of(asked.name))} ORDER BY rank LIMIT {PAGE_SIZE})",
            ],
        }  # fmt: skip

    def run(self, statement: str) -> int:
        """How many rows it gives."""
        return sum(1 for _row in self.connection.execute(statement))


def trigrams(word: str) -> str:
    return " OR ".join(f'"{word[n : n + 3]}"' for n in range(len(word) - 2))


def words_of(name: str) -> str:
    return " ".join(f'"{word}"' for word in name.replace('"', " ").split())


class BarePostgreSQL:
    name = "PostgreSQL"

    def __init__(self, plain: Path, asked: Subjects, url: str) -> None:
        """`url` is that of a database in which a schema `plain` may be made."""
        self.connection = psycopg2.connect(url, options="-c search_path=plain,public -c jit=off")
        self.connection.autocommit = True
        self.fill(plain)
        matching = f"words @@ to_tsquery('simple', {quoted(asked.word)})"
        typo = quoted(asked.misspelt)
        self.statements = shared(asked) | {
            "word": [
                f"SELECT {SHOWN} FROM organizations AS o WHERE {matching} ORDER BY sort_name, id LIMIT {PAGE_SIZE}",
                f"SELECT kind, region, country, category, count(*) FROM organizations WHERE {matching} GROUP BY"
                " GROUPING SETS ((kind), (region), (country), (category))",
                f"SELECT theme, count(*) FROM field JOIN organizations ON id = organization WHERE {matching}"
                " GROUP BY 1",
            ],
            "typo": [
                f"SELECT {SHOWN} FROM organizations AS o WHERE name % {typo} ORDER BY similarity(name, {typo}) DESC"
                f" LIMIT {PAGE_SIZE}"
            ],
        }

    def run(self, statement: str) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return len(cursor.fetchall())

    def fill(self, plain: Path) -> None:
        """The plain tables, once."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('plain.filled')")
            if cursor.fetchone()[0]:
                return
            cursor.execute("DROP SCHEMA IF EXISTS plain CASCADE; CREATE SCHEMA plain")
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
            with closing(sqlite3.connect(f"file:{plain}?mode=ro", uri=True)) as source:
                for table in ("organizations", "seat", "field", "status", "standing", "country_theme"):
                    copy(source, cursor, table)
            cursor.execute("""
                ALTER TABLE organizations ADD PRIMARY KEY (id);
                ALTER TABLE organizations ADD COLUMN words tsvector
                  GENERATED ALWAYS AS
                  (to_tsvector('simple', name || ' ' || acronym || ' ' || other_names || ' ' || themes)) STORED;
                CREATE INDEX ON organizations(sort_name, id);
                CREATE UNIQUE INDEX ON organizations(slug);
                CREATE INDEX ON organizations USING gin(words);
                CREATE INDEX ON organizations USING gin(name gin_trgm_ops);
                CREATE INDEX ON seat(organization);
                CREATE INDEX ON field(organization, theme);
                CREATE INDEX ON status(organization);
                CREATE INDEX ON standing(category, region, sort_name, organization);
                CREATE INDEX ON country_theme(country, theme, sort_name) INCLUDE (organization, kind, region, category);
                CREATE TABLE filled();
            """)
            cursor.execute("VACUUM ANALYZE")


def copy(source: sqlite3.Connection, cursor: Any, table: str) -> None:
    """The table of the SQLite file into a new one of the same columns."""
    columns = source.execute("SELECT name, type FROM pragma_table_info(?)", [table]).fetchall()
    types = {"INTEGER": "bigint", "TEXT": 'text COLLATE "C"'}
    shape = ", ".join(f"{name} {types[kind]}" for name, kind in columns)
    cursor.execute(f"CREATE UNLOGGED TABLE {table} ({shape})")
    with tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(source.execute(f"SELECT * FROM {table}"))
        file.seek(0)
        cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", file)


Bare = BareSQLite | BarePostgreSQL


def timed(bare: Bare, question: str, seconds: float) -> Load | None:
    """The time of a question's queries together, in milliseconds; None where the question is not one for it."""
    statements = bare.statements.get(question)
    if not statements:
        return None
    times: list[float] = []
    until = time.perf_counter() + seconds
    while len(times) < MOST_TIMES and (not times or time.perf_counter() < until):
        began = time.perf_counter()
        for statement in statements:
            bare.run(statement)
        times.append((time.perf_counter() - began) * 1000)
    return Load(statistics.median(times), percentile(times, 0.95), None)
