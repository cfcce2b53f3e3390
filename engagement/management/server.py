"""Granian, with the reason for each of its options. Nothing here asks for settings: any application can be served."""

import os
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer


def server(
    host: str, port: int, application: str = "ilo_portal.wsgi:application", logging: dict[str, Any] | None = None
) -> AbstractServer[Any]:
    """The server, which serves in processes of its own until it is told to end. logging: as dictConfig takes it."""
    return Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(os.cpu_count() or 1, 4),
        # Each thread keeps a database connection; more threads than this only wait for Python's lock.
        blocking_threads=4,
        # Counts connections, idle ones too (tried: with 16, sixteen idle browsers shut the next one out).
        backpressure=512,
        websockets=False,
        # A proxy speaks HTTP/1.1 to it, and browsers no HTTP/2 without TLS.
        http=HTTPModes.http1,
        # Of requests the portal itself says more, and nothing of their queries (engagement/web/observing/).
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=logging,
        respawn_failed_workers=True,
    )
