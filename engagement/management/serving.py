"""How the register is served: on which port, and what the processes share that answer."""

import errno
import fcntl
import gc
import multiprocessing
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from django.core.management import CommandError
from django.db import connections

from engagement.management.server import server
from engagement.web.observing import lines, metrics

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
    """Lock the port for this installation until the process ends; the descriptor.

    Two starts at the same moment both find the port free, for neither listens yet: the lock lets one of them through.
    """
    lock = os.open(directory / f"serve-{port}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise in_use(port) from error
    return lock


def serve(host: str, port: int) -> None:
    """Until a signal ends it. What is loaded by now, the processes that answer share, in time and in memory."""
    if sys.platform == "linux":  # elsewhere the system's libraries do not bear it, and each process loads its own
        multiprocessing.set_start_method("fork")
    metrics.begin_anew()
    connections.close_all()  # No process may go on with another's.
    gc.freeze()  # The collector would write to what is shared, and so make copies of it.
    server(host, port, logging=lines.configuration()).serve()
