"""The documents of the register, written once a session as the command writes them."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def _documents_written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        call_command("rebuild_search", stdout=StringIO())


@pytest.fixture
def searched_register(_documents_written: None, db: None) -> None:
    """The register with its documents."""
