"""What the tests of several chapters ask of."""

from tests.asvs.deployed import deployed, running

__all__ = ["deployed", "running"]
