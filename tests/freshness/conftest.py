"""The own database of the tests that commit, and an empty list of projections."""

from collections.abc import Iterator
from pathlib import Path

import environ
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from engagement.freshness import install, projector
from tests import environment
from tests.freshness.toys import LINK, OWN, TABLES, TOY, run


@pytest.fixture
def own(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The alias of a new database with toys in it, watched: a file, so that threads have connections of their own."""
    with environment.own_database(tmp_path, "toys") as url, django_db_blocker.unblock():
        connections.databases[OWN] = {**connections.databases["default"], **environ.Env.db_url_config(url)}
        try:
            for statement in TABLES:
                run(statement)
            install([TOY, LINK], using=OWN)
            yield OWN
        finally:
            connections[OWN].close()
            del connections[OWN], connections.databases[OWN]


@pytest.fixture(autouse=True)
def _no_projections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the register have tests of their own."""
    monkeypatch.setattr(projector, "_registered", {})
