"""How the register is served: which port, and granian's options with the reason for each."""

import errno
import fcntl
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from django.core.management import CommandError

DEFAULT_PORT = "8000"


def port_from(environment: Mapping[str, str]) -> int:
    """PORT, or 8000."""
    wanted = environment.get("PORT") or DEFAULT_PORT
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise CommandError(f"PORT={wanted} is not a port: give a number from 1 to 65535.")
    return int(wanted)


def require_free(host: str, port: int) -> None:
    """Granian opens its port with SO_REUSEPORT: a second one beside the first would take half of its visitors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"Port {port} needs more rights: choose another with PORT=8000.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise in_use(port) from error
            raise CommandError(f"Cannot listen on {host} port {port}: {error.strerror}.") from error


def in_use(port: int) -> CommandError:
    return CommandError(f"Port {port} is in use: choose another with PORT={port % 65535 + 1}")


def claim(port: int, directory: Path) -> int:
    """Lock the port for this installation until the process ends; the descriptor, which an exec passes on.

    Two starts at the same moment both find the port free, for neither listens yet: the lock lets one of them through.
    """
    lock = os.open(directory / f"serve-{port}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise in_use(port) from error
    os.set_inheritable(lock, True)
    return lock


def granian(host: str, port: int) -> list[str]:
    """The command line of the server."""
    workers = min(os.cpu_count() or 1, 4)
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "workers": workers,
        # Each thread keeps a database connection; more threads than this only wait for Python's lock.
        "blocking-threads": 4,
        # Counts connections, idle ones too (tried: with 16, sixteen idle browsers shut the next one out).
        "backpressure": 512,
        "log-level": "warning",
    }
    arguments = [text for option, value in options.items() for text in (f"--{option}", str(value))]
    return [
        sys.executable,
        "-m",
        "granian",
        *arguments,
        "--no-ws",
        "--respawn-failed-workers",
        "ilo_portal.wsgi:application",
    ]
