"""`manage.py synthesize`: it keeps away from a register, fills an empty database, and what it made is found."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from engagement.directories.invented import SLUG
from engagement.management.synthesizing import MOST, synthesize
from engagement.models import Organization
from tests import environment

LOOK = f"""
from engagement.models import *
from engagement import freshness
from engagement.search import match
ours = Organization.objects.filter(source__slug={SLUG!r})
typed = match(Organization.objects.all(), "confederaton of lamplihgters", "organizations").queryset
print(Organization.objects.count(), ours.count(), Country.objects.count(), freshness.behind(), typed[0].name)
"""


@pytest.mark.django_db
def test_a_register_is_left_alone() -> None:
    before = Organization.objects.count()
    with pytest.raises(CommandError, match=r"holds a register.*--force"):
        synthesize(10, 1, str)
    assert Organization.objects.count() == before


@pytest.mark.django_db
def test_by_force_it_becomes_a_trial_one_and_says_so_and_not_twice() -> None:
    said = list[str]()
    synthesize(10, 1, said.append, force=True)
    assert Organization.objects.filter(source__slug=SLUG).count() == 10
    assert "10 organizations" in said[0] and "a trial one from now on" in said[1]
    with pytest.raises(CommandError, match="holds invented organizations already"):
        synthesize(10, 1, str, force=True)


@pytest.mark.parametrize("number", [0, -1, MOST + 1])
def test_numbers_out_of_reason_are_refused(number: int) -> None:
    with pytest.raises(CommandError, match="from 1 to"):
        synthesize(number, 1, str)


def test_an_empty_database_gets_the_vocabularies_and_a_start_leaves_it_as_it_is(tmp_path: Path) -> None:
    with environment.own_database(tmp_path, "invented", environment.TABLES) as url:
        settings = environment.portal(tmp_path, DATABASE_URL=url)
        made = environment.manage("synthesize", "--organizations=50", settings=settings)
        assert made.returncode == 0 and made.stderr == ""  # no bar where there is no terminal
        looked = environment.manage("shell", "--no-imports", "-c", LOOK, settings=settings)
        assert looked.stdout.strip() == "50 50 189 0 Invented Confederation of Lamplighters", looked.stderr
        started = environment.manage("prepare", settings=settings)
        assert "left as it is" in started.stdout and "Began the history" not in started.stdout
