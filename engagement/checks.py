"""System checks of the installation. Imported by EngagementConfig.ready(), which registers them."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from ilo_portal.sqlite import FIRST_FIXED_VERSION, library_version


@register(Tags.database)
def sqlite_has_no_wal_fault(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn if the register stands in a SQLite whose library can corrupt it (docs/adr/0003-sqlite-library.md)."""
    on_sqlite = any(connections[alias].vendor == "sqlite" for alias in databases or [])
    if not on_sqlite or library_version() >= FIRST_FIXED_VERSION:
        return []
    running, wanted = (".".join(map(str, version)) for version in (library_version(), FIRST_FIXED_VERSION))
    return [
        Warning(
            f"SQLite {running} can corrupt a database in WAL mode.",
            hint=f"Use Python with SQLite {wanted} or newer, install pysqlite3, or move to PostgreSQL (DATABASE_URL).",
            id="engagement.W001",
        )
    ]


@register()
def requests_have_a_publisher(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where requests are to be taken and nobody is named who answers them: then none are."""
    if not settings.REQUESTS or settings.SITE_PUBLISHER.strip():
        return []
    return [
        Warning(
            "REQUESTS is on and SITE_PUBLISHER is empty: no requests are taken.",
            hint="Name who answers them in SITE_PUBLISHER, or set REQUESTS=0.",
            id="engagement.W002",
        )
    ]
