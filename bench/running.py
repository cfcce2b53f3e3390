"""Everything that is asked, running side by side; and where it is noted what comes of it."""

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from bench import servers, sql
from bench.client import Target, ask
from bench.data import Data, Subjects
from bench.servers import Server

BROTLI = {"Accept-Encoding": "br"}


@dataclass
class Measured:
    """`figures` by request and who answered ("list/portal"), then by measure; `remarks`: what was answered otherwise
    than it should be; `missing`: what could not be measured; `others`: processors that other work took meanwhile."""

    figures: dict[str, dict[str, float | None]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    others: float = 0.0


@dataclass(frozen=True)
class Running:
    """All that is asked: `uncached` renders each page anew, `again` keeps them."""

    uncached: Server
    again: Server
    constant: Server
    datasette: Server | None
    bare: tuple[sql.Bare, ...]

    @property
    def servers(self) -> list[Server]:
        return [each for each in (self.uncached, self.again, self.constant, self.datasette) if each]


@dataclass(frozen=True)
class Options:
    """How long and how often; `server`: a PostgreSQL server, '' for none."""

    home: Path
    rounds: int
    seconds: int
    server: str
    with_datasette: bool


def started(stack: ExitStack, data: Data, asked: Subjects, options: Options, found: Measured) -> Running:
    uncached = stack.enter_context(servers.portal(data.directory, data.url, "/organizations/", PAGE_CACHE="0"))
    again = stack.enter_context(servers.portal(data.directory, data.url, "/organizations/"))
    page = ask(Target(f"{again.url}/organizations/", BROTLI))
    constant = stack.enter_context(servers.constant(page, data.directory))
    bare: list[sql.Bare] = [sql.BareSQLite(data.plain, asked)]
    if options.server:
        try:
            bare.append(sql.BarePostgreSQL(data.plain, asked, plain_url(data, options.server)))
        except psycopg2.Error as error:
            found.missing.append(f"bare PostgreSQL: {' '.join(str(error).split())}")
    else:
        found.missing.append("bare PostgreSQL: no server was named (BENCH_POSTGRESQL)")
    return Running(uncached, again, constant, datasette(stack, data, options, found), tuple(bare))


def plain_url(data: Data, server: str) -> str:
    """The database for the plain tables: the portal's own where it is one of PostgreSQL, else one beside."""
    if data.url.startswith("postgres"):
        return data.url
    name = f"register_bench_plain_{data.size}"
    connection = psycopg2.connect(server)
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    finally:
        connection.close()
    return f"{server.rsplit('/', 1)[0]}/{name}"


def datasette(stack: ExitStack, data: Data, options: Options, found: Measured) -> Server | None:
    if not options.with_datasette:
        found.missing.append("Datasette: left out")
        return None
    try:
        return stack.enter_context(servers.datasette(options.home, data.datasette))
    except (subprocess.CalledProcessError, OSError, RuntimeError) as error:
        found.missing.append(f"Datasette: could not be had ({error})")
        return None
