"""The tests here are marked, and count what they do (figures.py)."""

from collections.abc import Callable

import pytest

from tests.faults.figures import FIGURE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/faults" in item.path.as_posix():
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """figure("965 acknowledged, 0 missing") is a line under the results."""
    return lambda text: record_property(FIGURE, text)
