"""A register whose search documents stand, for tests that look for names."""

import pytest

from tests.projecting import catch_up


@pytest.fixture
def documents(db: None) -> None:
    catch_up()
