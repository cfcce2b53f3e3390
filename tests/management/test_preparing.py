"""What `manage.py prepare` does for an installation that is older than the histories of its records."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.desk.histories import BASELINE
from engagement.management.preparing import begin_histories
from engagement.models import Organization, Theme
from tests.admin.rows import MODELS, make

pytestmark = pytest.mark.django_db


def begun() -> list[str]:
    said: list[str] = []
    begin_histories(said.append)
    return said


def test_records_from_before_their_history_get_one_row_that_says_what_they_say() -> None:
    theme, body = make(Theme), make(Organization)
    body.themes.add(theme)
    Theme.history.all().delete()
    Organization.history.all().delete()
    number = Theme.objects.count() + Organization.objects.count()
    assert begun() == [f"Began the history of {number} records"]
    (row,) = body.history.all()
    assert (row.history_type, row.history_change_reason, row.name) == ("+", BASELINE, body.name)
    assert [link.theme for link in row.themes.all()] == [theme]
    assert Theme.history.count() == Theme.objects.count()


def test_what_has_a_history_is_left_as_it_is_with_a_look_at_each_table() -> None:
    Theme.objects.filter(pk=make(Theme).pk).update(name_fr="Inventé")
    before = Theme.history.count()
    with CaptureQueriesContext(connection) as captured:
        assert begun() == []
    assert Theme.history.count() == before
    assert len(captured) <= 2 * len(MODELS)


def test_a_second_run_writes_nothing() -> None:
    make(Theme)
    Theme.history.all().delete()
    assert begun() != [] and begun() == []
