"""What a run found, as the table of docs/performance.md."""

import datetime
import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench import client
from bench.goals import CALLED, UNITS, Figures, Goal
from bench.requests import Question
from bench.running import Measured

NAMES = {"datasette": "Datasette", "constant": "constant", "sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Beside these stands the one view of constant bytes.
OF_CONSTANT = ("again", "again-filters", "not-modified")
FURTHER = {
    "again": "the list, asked again (brotli)",
    "again-filters": "two filters, asked again (brotli)",
    "not-modified": "the list that the asker has: 304",
    "csv": "everything as CSV, streamed",
    "csv-again": "everything as CSV, asked again",
    "during": "the list during an export",
    "start": "start to first answer; memory (PSS) of a worker",
    "weight": "the list with its stylesheets, brotli",
}


@dataclass(frozen=True)
class Run:
    """What is said of a run besides its figures."""

    size: int
    database: str
    rounds: int
    seconds: int
    of_database: str


def number(value: float) -> str:
    """With two or three figures that say something: 0.031, 4.2, 174, 12,004."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def cell(figures: Figures, request: str, who: str) -> str:
    """p50 / p95 and answers a second, or the other measures with their units."""
    found = {name: value for name, value in figures.get(beside(request, who), {}).items() if value is not None}
    parts = []
    if "p50" in found:
        parts.append(f"{number(found.pop('p50'))} / {number(found.pop('p95'))} ms")
    if "per_second" in found:
        parts.append(f"{number(found.pop('per_second'))}/s")
    parts += [f"{CALLED.get(name, '')}{number(value)} {UNITS[name]}" for name, value in found.items()]
    return "; ".join(parts)


def beside(request: str, who: str) -> str:
    """Where the figures stand with which the request's are compared."""
    return f"{'again' if who == 'constant' and request in OF_CONSTANT else request}/{who}"


def bare(figures: Figures, request: str) -> str:
    cells = [(NAMES[name], cell(figures, request, name)) for name in ("sqlite", "postgresql")]
    return "; ".join(f"{name} {text}" for name, text in cells if text)


def ratios(figures: Figures, request: str) -> str:
    """How many times the portal's time each of the others takes."""
    own = figures.get(f"{request}/portal", {})
    said = []
    for name in NAMES:
        other = figures.get(beside(request, name), {})
        measure = "p50" if "p50" in own else "seconds"
        mine, theirs = own.get(measure), other.get(measure)
        if mine and theirs:
            said.append(f"{NAMES[name]} {times(theirs / mine)}")
    return ", ".join(said)


def times(ratio: float) -> str:
    return number(ratio) if ratio >= 1 else f"1/{number(1 / ratio)}"


def judged(goals: list[Goal], request: str, figures: Figures) -> str:
    """“yes”, or each goal that was not reached with what was, or that it could not be told."""
    told = [(goal, goal.reached(request, figures), goal.value(request, figures)) for goal in goals]
    missed = [
        f"{goal.says}: {number(value)}" for goal, reached, value in told if reached is False and value is not None
    ]
    unknown = [goal.says for goal, reached, _value in told if reached is None]
    said = [f"**no** ({'; '.join(missed)})"] if missed else ["yes"] if len(unknown) < len(told) else []
    return "; ".join(said + [f"not measured: {each}" for each in unknown])


def table(measured: Measured, every: list[Question], goals: dict[str, list[Goal]]) -> list[str]:
    figures = measured.figures
    lines = [
        "| request | portal | Datasette | constant | bare SQL | times the portal’s | target | reached |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for request, title in {**{each.key: each.title for each in every}, **FURTHER}.items():
        wanted = goals.get(request, [])
        cells = [
            title,
            cell(figures, request, "portal"),
            cell(figures, request, "datasette"),
            cell(figures, request, "constant"),
            bare(figures, request),
            ratios(figures, request),
            "; ".join(goal.says for goal in wanted),
            judged(wanted, request, figures),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def report(run: Run, measured: Measured, every: list[Question], goals: dict[str, list[Goal]], datasette: str) -> str:
    """The whole page."""
    now = datetime.datetime.now(datetime.UTC)
    own = "a client of the benchmark’s own"
    slow = f"wrk; what takes over {client.SLOW * 1000:.0f} ms by {own}, which waits for what it has asked"
    by = slow if client.wrk() else f"{own}, which takes more of the machine than wrk: that was not found"
    versions = [f"{name} {version(name)}" for name in ("Django", "granian")]
    parts = [
        "# Performance",
        "",
        f"Written by `make bench N={run.size} DATABASE={run.database}`, {now:%Y-%m-%d %H:%M} UTC: {run.size:,} invented"
        f" organizations on {run.of_database}. {machine()}; Python {platform.python_version()}, {', '.join(versions)},"
        f" SQLite of bare SQL {sqlite3.sqlite_version}, Datasette {datasette or 'none'}.",
        "",
        f"p50 / p95 in milliseconds at one connection; answers a second at {client.CONNECTIONS} connections, at"
        f" {client.AT_ONCE} where one takes over {client.SLOWER:g} s. By {by}. Medians over {run.rounds} rounds of"
        f" {run.seconds} s, in which all are asked in turn. Everything shares this machine: compare columns, and do not"
        f" take them for its capacity. Other work took {measured.others:.2f} processors meanwhile.",
        "",
        *table(measured, every, goals),
        "",
        "Answers otherwise than they should be, and where the right answer is not comparable:",
        "",
        *(f"- {remark}" for remark in measured.remarks or ["none"]),
        "",
        "Not measured:",
        "",
        *(f"- {missing}" for missing in measured.missing or ["nothing was left out"]),
        "",
        HOW.read_text(encoding="utf-8").rstrip(),
        "",
    ]
    return "\n".join(parts)


HOW = Path(__file__).with_name("how.md")


def machine() -> str:
    """Its processors, memory and system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
