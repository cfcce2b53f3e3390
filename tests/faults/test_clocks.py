"""A clock that goes wrong: pages are answered, and what came first stays first, whatever the clock says."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import environment
from tests.environment import REGISTER
from tests.faults.doing import Figure, manage, python, require_whole

FAKETIME = next(Path("/usr/lib").glob("*-linux-gnu/faketime/libfaketime.so.1"), None)
SKEWS = ("+15d", "-15d", "+10y")

# Asks for pages, and makes an edit, whose number in the log it prints.
VISIT = """
from django.test import Client
from engagement import freshness
from engagement.models import Source
client = Client(SERVER_NAME="127.0.0.1")
for page in {pages!r}:
    assert client.get(page, follow=True).status_code == 200, page
source = Source.objects.order_by("pk").first()
source.note = "Written {skew}"
source.save()
print(freshness.revision())
"""
PAGES = (
    "/",
    "/organizations/",
    "/organizations/?on=2006-11-15",
    "/changes/",
    "/organizations.atom",
    "/api/v1/sources/",
)
SINCE = """
from engagement import freshness
from engagement.models import Source
print([change.number for change in freshness.changes({after})],
      [*Source.objects.order_by("pk").first().history.order_by("-pk").values_list("note", flat=True)[:{edits}]])
"""


@pytest.fixture
def register(tmp_path: Path) -> Iterator[dict[str, str]]:
    with environment.own_database(tmp_path, "register_clocks", REGISTER) as database:
        yield environment.portal(tmp_path, DATABASE_URL=database)


@pytest.mark.once  # the clock is the portal’s, not the database’s
@pytest.mark.skipif(FAKETIME is None, reason="libfaketime was not found (on Debian: apt install libfaketime)")
@pytest.mark.skipif(sys.platform != "linux", reason="preloads a library, as Linux does it")
def test_with_a_clock_that_is_wrong_pages_are_answered_and_edits_keep_their_order(
    register: dict[str, str], figure: Figure
) -> None:
    manage(register, "prepare")
    numbers: list[int] = []
    for skew in ("", *SKEWS, ""):
        wrong = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": skew} if skew else {}
        code = VISIT.format(pages=PAGES, skew=f"{skew or 'on time'}, {len(numbers)}")
        numbers.append(int(python({**register, **wrong}, code)))
    assert numbers == sorted(set(numbers))
    changed, notes = python(register, SINCE.format(after=numbers[0], edits=5)).split("] [")
    assert changed.strip("[]").split(", ") == [str(number) for number in numbers[1:]]
    written = ["on time, 4", *(f"{skew}, {place}" for place, skew in reversed([*enumerate(SKEWS, 1)])), "on time, 0"]
    assert notes == str([f"Written {text}" for text in written])[1:]
    figure(f"{len(PAGES)} pages and an edit at each of {', '.join(SKEWS)}: all 200, edits in the order they were made")
    require_whole(register)


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime was not found (on Debian: apt install libfaketime)")
def test_a_backup_made_by_a_clock_that_is_ahead_costs_no_other_backup(register: dict[str, str], tmp_path: Path) -> None:
    """The clock was ten years ahead for one night: the next night's backup is kept beside it."""
    into = ("backup", "--into", str(tmp_path / "backups"), "--keep-days", "35")
    manage({**register, "LD_PRELOAD": str(FAKETIME), "FAKETIME": "+10y"}, *into)
    manage(register, *into)
    assert len(list((tmp_path / "backups").glob("register-*.backup"))) == 2
