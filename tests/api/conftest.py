"""Each test of the API begins within the limits."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """The limits count on."""
    cache.clear()
    yield
