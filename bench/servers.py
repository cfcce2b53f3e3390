"""The servers that are measured, each as its users start it, on free ports; and what they take of memory."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Answer

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
STARTS_WITHIN = 120
DATASETTE = "datasette>=0.65,<1"
CONSTANT = """
import sys
from engagement.management.server import server
server(sys.argv[1], int(sys.argv[2]), "bench.constant:application").serve()
"""
# Datasette's limits would cut answers short: it drops numbers after 0.2 seconds and gives up after one.
NO_LIMITS = {
    "sql_time_limit_ms": 600_000,
    "facet_time_limit_ms": 600_000,
    "suggest_facets": "off",
    "max_csv_mb": 0,
    "default_page_size": 25,
}


@dataclass(frozen=True)
class Server:
    """A running server: its address, the leader of its processes, and the seconds to its first answer."""

    url: str
    pid: int
    started_in: float


def environment(directory: Path, database: str, **more: str) -> dict[str, str]:
    """The shell's environment, with the settings of the portal that is measured and no others of its data."""
    own = {
        "VAR_DIR": str(directory),
        "DATABASE_URL": database,
        "HTTPS": "0",
        "DEBUG": "0",
        "SECRET_KEY": "for measuring alone " + "k" * 40,
        "RATE_LIMITS": "0",
        **more,
    }
    foreign = {"CACHE_URL", "PAGE_CACHE", "ALLOWED_HOSTS", *(f"{name}_FILE" for name in own)}
    return {**{name: value for name, value in os.environ.items() if name not in foreign}, **own}


@contextmanager
def portal(directory: Path, database: str, first: str, **more: str) -> Iterator[Server]:
    """`manage.py serve`. `first` is the path of the answer that it is waited for."""
    port = free_port()
    settings = environment(directory, database, PORT=str(port), **more)
    with running([sys.executable, "manage.py", "serve"], port, first, directory / "serve.log", settings) as server:
        yield server


@contextmanager
def constant(answer: Answer, directory: Path) -> Iterator[Server]:
    """The view of constant bytes on the portal's own server, with the headers of the answer that it imitates."""
    port = free_port()
    described = directory / "constant.json"
    kept = {
        name: value for name, value in answer.headers.items() if name not in ("date", "server", "transfer-encoding")
    }
    described.write_text(json.dumps(kept), encoding="utf-8")
    described.with_suffix(".body").write_bytes(answer.body)
    command = [sys.executable, "-c", CONSTANT, HOST, str(port)]
    settings = {**os.environ, "BENCH_ANSWER": str(described)}
    settings.pop("DJANGO_SETTINGS_MODULE", None)
    with running(command, port, "/", directory / "constant.log", settings) as server:
        yield server


@contextmanager
def datasette(home: Path, database: Path) -> Iterator[Server]:
    """Datasette over the file, told beforehand how many rows it has, without its limits."""
    program = installed_datasette(home)
    inspected = database.with_suffix(".counts.json")
    with inspected.open("w") as file:
        subprocess.run([program, "inspect", str(database)], stdout=file, check=True)
    port = free_port()
    options = [text for name, value in NO_LIMITS.items() for text in ("--setting", name, str(value))]
    command = [program, "serve", "-i", str(database), "--inspect-file", str(inspected), "-h", HOST, "-p", str(port)]
    with running([*command, *options], port, "/", database.with_suffix(".log"), os.environ) as server:
        yield server


def installed_datasette(home: Path) -> str:
    """Its program, in an environment of its own. CalledProcessError where it cannot be had."""
    programs = home / "venv" / "bin"
    if not (programs / "datasette").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home / "venv")], check=True)
        install = [str(programs / "pip"), "--disable-pip-version-check", "--quiet", "install", DATASETTE]
        subprocess.run(install, check=True, capture_output=True)
    return str(programs / "datasette")


def version_of_datasette(home: Path) -> str:
    """'' where it is not installed."""
    program = home / "venv" / "bin" / "datasette"
    if not program.exists():
        return ""
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


@contextmanager
def running(command: list[str], port: int, first: str, log: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    """The command in a process group of its own, from its first answer until the block ends."""
    began = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            url = f"http://{HOST}:{port}"
            wait_for(url + first, process, log)
            yield Server(url, process.pid, time.perf_counter() - began)
        finally:
            end(process)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=STARTS_WITHIN):
                return
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{url} answers {error.code}:\n{log.read_text()}") from error
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{url} did not answer:\n{log.read_text()}")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind((HOST, 0))
        port: int = attempt.getsockname()[1]
        return port


# -- Memory --------------------------------------------------------------------------------------------------------


def memory_of(server: Server) -> dict[int, float]:
    """By process of the server, its proportional set size in MB; empty where the system does not tell."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            group = int((place / "stat").read_text().rsplit(")", 1)[1].split()[2])
            pss = (
                re.search(r"^Pss: +(\d+) kB", (place / "smaps_rollup").read_text(), re.M)
                if group == server.pid
                else None
            )
        except (OSError, ValueError):
            continue
        if pss:
            found[int(place.name)] = int(pss[1]) / 1024
    return found


def of_a_worker(server: Server) -> float | None:
    """The largest of the workers, in MB."""
    workers = [size for pid, size in memory_of(server).items() if pid != server.pid]
    return max(workers, default=None)
