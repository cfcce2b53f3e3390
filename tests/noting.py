"""The change log in a test: what was noted before it lies in the past, what it does at once is noted at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from engagement.freshness import revision
from tests.freshness.toys import ON_POSTGRESQL, number, run


def age(hours: int = 1) -> None:
    """What is noted so far was noted so long before: not in the same minute as what the test does next."""
    number()
    if ON_POSTGRESQL:
        run("UPDATE freshness_change SET noted_at = noted_at - make_interval(hours => %s)", [hours], using="default")
    else:
        run("UPDATE freshness_change SET noted_at = noted_at - %s", [hours * 3_600_000], using="default")


@contextmanager
def at_once(after: int | None = None) -> Iterator[None]:
    """What is noted in the block was noted at one moment, whatever the clock says; or what is after that number."""
    number()
    after = revision() if after is None else after
    yield
    number()
    newest = "(SELECT max(noted_at) FROM freshness_change)"
    run(f"UPDATE freshness_change SET noted_at = {newest} WHERE number > %s", [after], using="default")


def all_long_ago() -> None:
    """The register was loaded at one moment, and long ago."""
    with at_once(after=0):
        pass
    age()
