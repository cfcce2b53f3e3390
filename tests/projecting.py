"""What is derived from the register, brought up to date inside a test's own transaction."""

from engagement import freshness
from tests.freshness.toys import number


def catch_up() -> None:
    number()
    assert freshness.catch_up() == []
